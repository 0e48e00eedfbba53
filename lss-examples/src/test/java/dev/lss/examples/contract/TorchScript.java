package dev.lss.examples.contract;

import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import dev.lss.core.inference.Backends;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.model.Model;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.model.PackageWriter;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model again, with every network as a TorchScript file. */
final class TorchScript {

  private TorchScript() {}

  static Model of(Model layers, Path folder) throws IOException {
    InferenceBackend writer =
        Backends.discover(TorchScript.class.getClassLoader()).unprobed().stream()
            .filter(backend -> backend.formats().contains(ModelFormat.TORCHSCRIPT))
            .findFirst()
            .orElseThrow();
    Map<String, AtomicFiles.Content> files = new LinkedHashMap<>();
    files.put("LICENSE", out -> out.write("for tests\n".getBytes(StandardCharsets.UTF_8)));
    List<Stage> stages = new ArrayList<>();
    for (Stage stage : layers.description().stages()) {
      String file = stage.name() + ".pt";
      ModelSource.Described network = (ModelSource.Described) layers.sources(stage).get(0);
      files.put(file, out -> writer.export(network, ModelFormat.TORCHSCRIPT, out));
      stages.add(
          with(
              stage,
              new StageNetwork.Opaque(ModelFormat.TORCHSCRIPT, List.of(file), stage.signature())));
    }
    ModelDescription from = layers.description();
    ModelDescription description =
        ModelDescription.builder(from.id() + "-program", "1", from.task(), from.license())
            .title(from.title())
            .intendedUse(from.intendedUse())
            .trainingData(from.trainingData())
            .stages(stages)
            .build();
    PackageWriter.write(folder, description, files);
    return ModelPackage.open(folder);
  }

  private static Stage with(Stage stage, StageNetwork network) {
    Stage.Builder same =
        Stage.builder(stage.role(), stage.name(), network)
            .inputs(stage.inputs())
            .transpose(stage.transpose())
            .cropsToNonZero(stage.cropsToNonZero())
            .grid(stage.grid())
            .window(stage.window())
            .output(stage.output());
    stage.orientation().ifPresent(same::orientation);
    stage.previousStage().ifPresent(same::previousStage);
    return same.build();
  }
}
