package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.Nifti;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A grid of 10 x 10 x 10 voxels of 2 mm, so 8 mm³ each; the image is 100 HU everywhere. */
class MeasureCommandTest {

  private static final GridGeometry GRID =
      GridGeometry.ofSpacing(new Extents(10, 10, 10), new Vector3(2, 2, 2));

  @TempDir private Path folder;
  private Path image;

  @BeforeEach
  void writeImage() throws IOException {
    image = folder.resolve("ct.nii.gz");
    float[] hu = new float[1000];
    Arrays.fill(hu, 100);
    Nifti.write(image, Volume.wrap(GRID, hu));
  }

  @Test
  void a_block_of_64_voxels_measures_512_mm3_at_its_centre() throws IOException {
    Cli run = measure(writeLabels(GRID, 22, 3));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("L3", "0.51");
    JsonNode result = result();
    JsonNode vertebra = result.at("/measurements/vertebrae/0");
    assertThat(result.at("/measurements/vertebrae")).hasSize(1);
    assertThat(vertebra.path("key").asText()).isEqualTo("vertebra/L3");
    assertThat(vertebra.path("volumeMm3").asDouble()).isEqualTo(512, within(1e-9));
    assertThat(vertebra.at("/centroidMm/0").asDouble()).isEqualTo(9, within(1e-9));
    assertThat(vertebra.path("meanHu").asDouble()).isEqualTo(100, within(1e-9));
    assertThat(vertebra.path("touchesBorder").asBoolean()).isFalse();
    assertThat(folder.resolve("out/overlay.png")).exists();
  }

  @Test
  void no_network_is_named_and_both_inputs_are() throws IOException {
    measure(writeLabels(GRID, 22, 3));

    assertThat(result().at("/provenance/models")).isEmpty();
    assertThat(result().at("/provenance/backend").isNull()).isTrue();
    assertThat(result().at("/provenance/inputs")).hasSize(2);
  }

  @Test
  void a_block_at_the_border_touches_it() throws IOException {
    measure(writeLabels(GRID, 22, 0));

    assertThat(result().at("/measurements/vertebrae/0/touchesBorder").asBoolean()).isTrue();
  }

  @Test
  void labels_of_nothing_that_the_task_knows_are_named_and_nothing_is_found() throws IOException {
    Cli run = measure(writeLabels(GRID, 7, 3));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(result().at("/notices").findValuesAsText("code"))
        .containsExactly("LABELS_NOT_MEASURED", "NOTHING_FOUND");
    assertThat(run.out()).contains("[7]");
  }

  @Test
  void labels_on_another_grid_are_bad_input() throws IOException {
    GridGeometry shifted = GridGeometry.ofSpacing(new Extents(10, 10, 10), new Vector3(2, 2, 2.5));

    Cli run = measure(writeLabels(shifted, 22, 3));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("[GRID_MISMATCH]");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void labels_that_do_not_exist_are_bad_input() {
    Cli run = measure(folder.resolve("nothing.nii.gz"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("nothing.nii.gz");
  }

  private Path writeLabels(GridGeometry grid, int label, int start) throws IOException {
    short[] labels = new short[1000];
    for (int k = start; k < start + 4; k++) {
      for (int j = start; j < start + 4; j++) {
        for (int i = start; i < start + 4; i++) {
          labels[grid.extents().offset(i, j, k)] = (short) label;
        }
      }
    }
    Path path = folder.resolve("labels.nii.gz");
    Nifti.writeLabels(path, LabelVolume.wrap(grid, labels));
    return path;
  }

  private Cli measure(Path labels) {
    return Cli.run(
        "measure",
        "--task",
        "ct-vertebrae",
        "--input",
        "CT=" + image,
        "--labels",
        labels,
        "--out",
        folder.resolve("out"));
  }

  private JsonNode result() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/result.json").toFile());
  }
}
