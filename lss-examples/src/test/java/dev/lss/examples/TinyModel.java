package dev.lss.examples;

import dev.lss.api.SeriesRole;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
import dev.lss.api.model.TileRule;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.model.PackageWriter;
import dev.lss.core.model.Safetensors.Dtype;
import dev.lss.core.model.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A package whose only layer is one weighted sum of the voxels of all channels: label 1 where it is
 * positive.
 */
public final class TinyModel {

  private static final List<Integer> ONE = List.of(1, 1, 1);

  private TinyModel() {}

  /**
   * Writes a package.
   *
   * @param folder must not exist
   * @param task id of its task
   * @param structure key of label 1
   * @param roles the channels
   * @param bias added to the sum
   * @param weights one for each channel
   * @return the folder
   */
  public static Path write(
      Path folder,
      String task,
      String structure,
      List<SeriesRole> roles,
      float bias,
      float... weights)
      throws IOException {
    int channels = roles.size();
    Network network =
        new Network(
            3,
            channels,
            List.of(
                new Layer.Convolution(
                    "sum", Network.INPUT, ONE, ONE, List.of(0, 0, 0), 2, "w", Optional.of("b"))),
            "sum");
    float[] both = new float[2 * channels]; // the background's logit is 0
    System.arraycopy(weights, 0, both, channels, channels);
    SafetensorsWriter tensors =
        new SafetensorsWriter()
            .add("w", Dtype.F32, List.of(2, channels, 1, 1, 1), both)
            .add("b", Dtype.F32, List.of(2), 0, bias);
    Stage stage =
        Stage.builder(
                Stage.Role.SEGMENTER,
                "sum",
                new StageNetwork.Layers(network, List.of("sum.safetensors")))
            .inputs(
                Stream.iterate(0, c -> c < channels, c -> c + 1)
                    .map(c -> new InputChannel(roles.get(c), new Normalization.None()))
                    .toList())
            .grid(StageGrid.Spacing.of(List.of(1.0, 1.0, 1.0), ResamplingRule.LINEAR))
            .window(
                new StageWindow.Tiles(
                    List.of(8, 8, 8), TileRule.NnUnet.DEFAULT, StageWindow.Outside.ZERO, List.of()))
            .output(new StageOutput.Softmax(List.of(new StageOutput.Label(1, structure))))
            .build();
    ModelDescription model =
        ModelDescription.builder("tiny", "1", task, "CC0-1.0")
            .title("one weighted sum")
            .intendedUse("tests")
            .trainingData("none")
            .stages(List.of(stage))
            .build();
    AtomicFiles.Content license = out -> out.write("CC0-1.0\n".getBytes(StandardCharsets.UTF_8));
    PackageWriter.write(
        folder, model, Map.of("LICENSE", license, "sum.safetensors", tensors::writeTo));
    return folder;
  }
}
