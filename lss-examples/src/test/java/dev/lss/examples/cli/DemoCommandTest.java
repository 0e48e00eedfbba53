package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir private Path folder;

  @Test
  void the_demo_finds_five_lumbar_vertebrae_and_writes_all_files() throws Exception {
    Cli run = Cli.run("demo", "--out", folder);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("L1", "L2", "L3", "L4", "L5", "off the true volume by");
    assertThat(run.err()).isEmpty();
    JsonNode result = new ObjectMapper().readTree(folder.resolve("result.json").toFile());
    assertThat(result.path("labels").findValuesAsText("key"))
        .containsExactly("vertebra/L1", "vertebra/L2", "vertebra/L3", "vertebra/L4", "vertebra/L5");
    assertThat(result.at("/provenance/backend/id").asText()).isEqualTo("onnx");
    assertSumsToTotal(result.path("timingsMs"));
    assertThat(ImageIO.read(folder.resolve("overlay.png").toFile()).getWidth()).isPositive();
    try (var files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder(
              "ct.nii", "labels.nii.gz", "overlay.png", "result.json", WrittenFiles.LIST);
    }
  }

  /** Every millisecond of the total is in a stage, to 5 %. */
  static void assertSumsToTotal(JsonNode timings) {
    double total = timings.path("total").asDouble();
    double sum = -total;
    for (JsonNode stage : timings) {
      sum += stage.asDouble(0);
    }
    assertThat(sum).as(timings.toString()).isBetween(0.95 * total, 1.0001 * total);
  }
}
