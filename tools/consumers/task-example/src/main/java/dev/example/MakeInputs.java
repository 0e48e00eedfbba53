package dev.example;

import dev.lss.api.SeriesRole;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
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
import dev.lss.core.nifti.Nifti;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes what the task needs to run: a model package of one layer, and two images. */
public final class MakeInputs {

  private MakeInputs() {}

  /** Writes {@code model}, {@code t1.nii.gz} and {@code t2.nii.gz} into the folder {@code args[0]}. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    writeModel(folder.resolve("model"));
    Nifti.write(folder.resolve("t1.nii.gz"), image(100, 700));
    Nifti.write(folder.resolve("t2.nii.gz"), image(200, 900));
  }

  /** A bright block in the middle of an even image. */
  private static Volume image(float outside, float inside) {
    Extents n = new Extents(20, 20, 10);
    float[] samples = new float[n.voxels()];
    for (int at = 0; at < samples.length; at++) {
      int i = at % 20;
      int j = at / 20 % 20;
      int k = at / 400;
      boolean block = i >= 5 && i < 15 && j >= 5 && j < 15 && k >= 3 && k < 7;
      samples[at] = block ? inside : outside;
    }
    return Volume.wrap(GridGeometry.ofSpacing(n, new Vector3(1, 1, 1)), samples);
  }

  /** One layer: a voxel is disc where T1 and T2 together exceed 1000. */
  private static void writeModel(Path target) throws IOException {
    List<Integer> one = List.of(1, 1, 1);
    Layer sum =
        new Layer.Convolution(
            "sum", Network.INPUT, one, one, List.of(0, 0, 0), 2, "w", Optional.of("b"));
    Network network = new Network(3, 2, List.of(sum), "sum");
    Stage stage =
        Stage.builder(
                Stage.Role.SEGMENTER, "sum", new StageNetwork.Layers(network, List.of("sum.st")))
            .inputs(
                List.of(
                    new InputChannel(SeriesRole.T1, new Normalization.None()),
                    new InputChannel(SeriesRole.T2, new Normalization.None())))
            .grid(StageGrid.Spacing.of(List.of(1.0, 1.0, 1.0), ResamplingRule.LINEAR))
            .window(
                new StageWindow.Tiles(
                    List.of(8, 8, 8), TileRule.NnUnet.DEFAULT, StageWindow.Outside.ZERO, List.of()))
            .output(
                new StageOutput.Softmax(List.of(new StageOutput.Label(1, "disc/L4-L5"))))
            .build();
    ModelDescription model =
        ModelDescription.builder("brightness", "1", "mr-brightness", "CC0-1.0")
            .title("the sum of two images")
            .intendedUse("an example")
            .trainingData("none")
            .stages(List.of(stage))
            .build();
    SafetensorsWriter weights =
        new SafetensorsWriter()
            .add("w", Dtype.F32, List.of(2, 2, 1, 1, 1), 0, 0, 1, 1)
            .add("b", Dtype.F32, List.of(2), 0, -1000);
    AtomicFiles.Content license = out -> out.write("CC0-1.0\n".getBytes(StandardCharsets.UTF_8));
    PackageWriter.write(target, model, Map.of("LICENSE", license, "sum.st", weights::writeTo));
  }
}
