package dev.lss.core;

import dev.lss.api.model.ModelDescription;
import dev.lss.core.io.Sha256;
import dev.lss.core.nnunet.NnUnetFolder;
import dev.lss.core.nnunet.NnUnetImport;
import dev.lss.core.nnunet.NnUnetModel;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** What is known of a results folder, in the words of a model package. */
final class NnUnetDescription {

  private static final String NOT_KNOWN = "not known; the results folder does not say";

  private NnUnetDescription() {}

  /** Returns the description; licence {@code NOASSERTION}, since no results folder names one. */
  static ModelDescription of(NnUnetFolder folder, NnUnetModel model) {
    String dataset = folder.plans().datasetName().orElse("nnunet");
    return NnUnetImport.description(
        model,
        new NnUnetImport.Details(
            dataset + "/" + model.configuration().name(),
            model.trainer().orElse("unknown"),
            "%s, %s, %d fold(s)"
                .formatted(dataset, model.configuration().name(), model.folds().size()),
            "NOASSERTION",
            "",
            NOT_KNOWN,
            NOT_KNOWN));
  }

  /**
   * Returns a hash of the model: that of the lines {@code <SHA-256> <file>} for plans.json,
   * dataset.json and the checkpoints that were loaded; not of a cascade's first stage.
   */
  static String sha256(NnUnetFolder folder, NnUnetModel model, String checkpoint)
      throws IOException {
    List<String> files = new ArrayList<>(List.of("plans.json", "dataset.json"));
    for (ModelSource fold : model.folds()) {
      files.add(fold.name().substring(fold.name().lastIndexOf('/') + 1) + "/" + checkpoint);
    }
    StringBuilder lines = new StringBuilder();
    for (String file : files) {
      Sha256 hash = new Sha256();
      try (InputStream in = Files.newInputStream(folder.path().resolve(file))) {
        hash.addAll(in);
      }
      lines.append(hash.hex()).append(' ').append(file).append('\n');
    }
    return Sha256.of(lines.toString().getBytes(StandardCharsets.UTF_8));
  }
}
