package dev.lss.examples.cli;

import dev.lss.api.ModelException;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.nnunet.NnUnetImport;
import dev.lss.core.nnunet.NnUnetModel;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The networks of a model: a package, a bundled model or a results folder of nnU-Net. Immutable.
 *
 * @param description the model
 * @param networks by stage, one for each of the stage's weight files
 */
record ExportSource(ModelDescription description, Map<String, List<ModelSource>> networks) {

  /** One network to export. */
  record Choice(Stage stage, ModelSource.Described network) {}

  static ExportSource open(String model) throws IOException {
    ClassLoader loader = ExportSource.class.getClassLoader();
    if (Files.isRegularFile(Path.of(model, "plans.json"))) {
      return results(Path.of(model));
    }
    ModelPackage opened =
        !Files.exists(Path.of(model)) && ModelPackage.bundledIds(loader).contains(model)
            ? ModelPackage.bundled(model, loader)
            : ModelPackage.open(Path.of(model));
    Map<String, List<ModelSource>> networks = new HashMap<>();
    for (Stage stage : opened.description().stages()) {
      networks.put(stage.name(), opened.sources(stage));
    }
    return new ExportSource(opened.description(), networks);
  }

  private static ExportSource results(Path folder) throws IOException {
    NnUnetModel model =
        NnUnetModel.read(
            folder, new NnUnetModel.Choice(List.of(), "checkpoint_final.pth", Optional.empty()));
    Map<String, List<ModelSource>> networks = new HashMap<>();
    networks.put(model.configuration().name(), List.copyOf(model.folds()));
    model
        .previousStage()
        .ifPresent(first -> networks.put(first.configuration().name(), List.copyOf(first.folds())));
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    return new ExportSource(
        NnUnetImport.description(
            model,
            new NnUnetImport.Details(
                name, "1", name, "NOASSERTION", "", "Not stated.", "Not stated.")),
        networks);
  }

  /**
   * Returns the one network that is meant.
   *
   * @throws ModelException {@code WHICH_NETWORK} when there are several or none, with their names
   */
  Choice choose(Optional<String> stage, Optional<String> fold) {
    List<String> names = new ArrayList<>();
    List<Choice> found = new ArrayList<>();
    for (Stage candidate : description.stages()) {
      List<ModelSource> sources = Objects.requireNonNull(networks.get(candidate.name()));
      for (int i = 0; i < sources.size(); i++) {
        String file = candidate.network().files().get(i);
        String name = file.substring(file.lastIndexOf('/') + 1).replaceAll("\\..*", "");
        names.add("--stage %s --fold %s".formatted(candidate.name(), name));
        if (stage.orElse(candidate.name()).equals(candidate.name())
            && fold.orElse(name).equals(name)) {
          found.add(new Choice(candidate, described(sources.get(i))));
        }
      }
    }
    if (found.size() != 1) {
      throw new ModelException(
          "WHICH_NETWORK",
          "%s: an export holds one network, name one of %s"
              .formatted(description.id(), String.join(", ", names)));
    }
    return found.get(0);
  }

  private static ModelSource.Described described(ModelSource source) {
    if (source instanceof ModelSource.Described network) {
      return network;
    }
    throw new ModelException(
        "OPAQUE_NETWORK", source.name() + " is a file of a runtime already: take it as it is");
  }
}
