package dev.lss.examples.cli;

import dev.lss.api.ModelException;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.core.model.Model;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.nnunet.NnUnetModel;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The networks of a model: a package, a bundled model or a results folder of nnU-Net. Immutable.
 *
 * @param model the model
 */
record ExportSource(Model model) {

  /** One network to export. */
  record Choice(Stage stage, ModelSource.Described network) {}

  static ExportSource open(String model) throws IOException {
    ClassLoader loader = ExportSource.class.getClassLoader();
    Path path = Path.of(model);
    if (NnUnetModel.isResultsFolder(path)) {
      return new ExportSource(NnUnetModel.read(path));
    }
    return new ExportSource(
        !Files.exists(path) && ModelPackage.bundledIds(loader).contains(model)
            ? ModelPackage.bundled(model, loader)
            : ModelPackage.open(path));
  }

  /** Returns what the model says about itself. */
  ModelDescription description() {
    return model.description();
  }

  /**
   * Returns the one network that is meant.
   *
   * @throws ModelException {@code WHICH_NETWORK} when there are several or none, with their names
   */
  Choice choose(Optional<String> stage, Optional<String> fold) throws IOException {
    List<String> names = new ArrayList<>();
    List<Choice> found = new ArrayList<>();
    for (Stage candidate : description().stages()) {
      List<ModelSource> sources = model.sources(candidate);
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
              .formatted(description().id(), String.join(", ", names)));
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
