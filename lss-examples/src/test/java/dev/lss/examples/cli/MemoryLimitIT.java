package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.model.PackageWriter;
import dev.lss.core.model.Safetensors.Dtype;
import dev.lss.core.model.SafetensorsWriter;
import dev.lss.core.nifti.Nifti;
import dev.lss.examples.Forked;
import dev.lss.examples.Jars;
import dev.lss.testkit.SampleNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code --max-memory} promises: a run is refused with the memory that it needs, or the
 * process stays within a tenth of the limit. A U-Net of 16 channels on two tiles of 96 x 96 x 96.
 */
@EnabledOnOs(OS.LINUX)
class MemoryLimitIT {

  private static final Pattern NEEDS = Pattern.compile("needs about (\\d+) MiB");
  private static final int TOO_LITTLE = 6;

  @TempDir static Path folder;

  private static Path image;
  private static Path model;

  @BeforeAll
  static void write_image_and_model() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    float[] samples = new float[96 * 96 * 144];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = (float) random.nextDouble(-1, 1);
    }
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(96, 96, 144), new Vector3(1, 1, 1));
    image = folder.resolve("image.nii");
    Nifti.write(image, Volume.wrap(grid, samples));
    model = folder.resolve("model");
    SampleNetwork network = SampleNetwork.uNet(3, 16, 3);
    SafetensorsWriter tensors = new SafetensorsWriter();
    for (String name : network.network().tensorNames()) {
      tensors.add(name, Dtype.F32, network.weights().shape(name), network.weights().values(name));
    }
    StageNetwork.Layers layers =
        new StageNetwork.Layers(network.network(), List.of("weights.safetensors"));
    Stage stage =
        Stage.builder(Stage.Role.SEGMENTER, "u-net", layers)
            .inputs(List.of(new InputChannel(SeriesRole.CT, new Normalization.None())))
            .grid(StageGrid.Spacing.of(List.of(1.0, 1.0, 1.0), ResamplingRule.LINEAR))
            .window(
                new StageWindow.Tiles(
                    List.of(96, 96, 96),
                    TileRule.NnUnet.DEFAULT,
                    StageWindow.Outside.ZERO,
                    List.of()))
            .output(
                new StageOutput.Softmax(
                    List.of(
                        new StageOutput.Label(1, "vertebra/L1"),
                        new StageOutput.Label(2, "vertebra/L2"))))
            .build();
    AtomicFiles.Content license = out -> out.write("CC0-1.0\n".getBytes(StandardCharsets.UTF_8));
    PackageWriter.write(
        model,
        ModelDescription.builder("u-net", "1", "segment", "CC0-1.0")
            .title("a U-Net of random weights")
            .intendedUse("tests")
            .trainingData("none")
            .stages(List.of(stage))
            .build(),
        Map.of("LICENSE", license, "weights.safetensors", tensors::writeTo));
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl", "tf"})
  void a_limit_is_kept_or_the_run_refused_with_what_it_needs(String backend) throws Exception {
    Forked refused = segment(backend, 1);
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(TOO_LITTLE);
    Matcher needs = NEEDS.matcher(refused.err());
    assertThat(needs.find()).as(refused.err()).isTrue();
    // What a process holds beside, before it asks, differs by some MiB from one to the next.
    int limit = Integer.parseInt(needs.group(1)) * 106 / 100;

    Forked run = segment(backend, limit);

    assertThat(run.exitCode()).as(run.err()).isLessThan(TOO_LITTLE - 1);
    long peak =
        new ObjectMapper()
            .readTree(out(backend, limit).resolve("result.json").toFile())
            .findValue("peakMemoryBytes")
            .asLong();
    assertThat(peak >> 20).isBetween(limit / 2L, limit * 110L / 100);
  }

  private static Path out(String backend, int mebibytes) {
    return folder.resolve(backend + mebibytes);
  }

  private static Forked segment(String backend, int mebibytes) throws Exception {
    String unpacked = System.getProperty("ENGINE_CACHE_DIR", System.getProperty("java.io.tmpdir"));
    String cache = "-DENGINE_CACHE_DIR=" + unpacked;
    List<String> command =
        new ArrayList<>(Jars.java("-Xmx1g", "-XX:+UseSerialGC", cache, "-cp", Jars.all()));
    command.addAll(List.of(Lss.class.getName(), "segment", "--backend", backend, "--threads", "2"));
    command.addAll(List.of("--max-memory", mebibytes + "m", "--model", model.toString()));
    command.addAll(List.of("--input", image.toString()));
    command.addAll(List.of("--out", out(backend, mebibytes).toString()));
    return Forked.run(folder, command);
  }
}
