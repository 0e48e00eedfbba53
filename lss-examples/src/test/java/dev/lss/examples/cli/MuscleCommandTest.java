package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.Nifti;
import dev.lss.dicom.Dicom;
import dev.lss.testkit.RealData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code lss measure --task mr-muscle}: files in, files out. Two boxes, 2 and 3 of another program.
 */
class MuscleCommandTest {

  private static final GridGeometry GRID =
      GridGeometry.of(
          new Extents(40, 20, 4),
          new Affine(
              new Vector3(1, 0, 0),
              new Vector3(0, 1, 0),
              new Vector3(0, 0, 4),
              new Vector3(-19.5, 0, 0)),
          new Vector3(1, 1, 4));

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    short[] labels = new short[GRID.extents().voxels()];
    float[] water = new float[labels.length];
    float[] fat = new float[labels.length];
    for (int n = 0; n < labels.length; n++) {
      int i = n % 40;
      boolean inside = n / 40 % 20 >= 5 && n / 40 % 20 < 15;
      labels[n] = (short) (inside && i >= 5 && i < 15 ? 2 : inside && i >= 25 && i < 35 ? 3 : 0);
      water[n] = labels[n] == 0 ? 0 : 80;
      fat[n] = labels[n] == 0 ? 0 : 20;
    }
    Nifti.writeLabels(folder.resolve("labels.nii.gz"), LabelVolume.wrap(GRID, labels));
    Nifti.write(folder.resolve("water.nii.gz"), Volume.wrap(GRID, water));
    Nifti.write(folder.resolve("fat.nii.gz"), Volume.wrap(GRID, fat));
    BufferedImage picture = new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage marked = new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY);
    for (int n = 0; n < 800; n++) {
      picture.getRaster().setSample(n % 40, n / 40, 0, labels[n] == 0 ? 0 : 90 + n % 37);
      marked.getRaster().setSample(n % 40, n / 40, 0, labels[n] == 0 ? 0 : labels[n] - 1);
    }
    ImageIO.write(picture, "png", folder.resolve("picture.png").toFile());
    ImageIO.write(marked, "png", folder.resolve("labels.png").toFile());
  }

  private Cli measure(Object... more) {
    Object[] words = {"measure", "--task", "mr-muscle", "--out", folder.resolve("out")};
    Object[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return Cli.run(all);
  }

  private JsonNode muscles() throws IOException {
    JsonNode result = new ObjectMapper().readTree(folder.resolve("out/result.json").toFile());
    return result.get("measurements").get("muscles");
  }

  @Test
  void water_and_fat_by_their_roles_give_size_and_fat_of_both_sides() throws IOException {
    Cli cli =
        measure(
            "--input",
            "water=" + folder.resolve("water.nii.gz"),
            "--input",
            "Fat=" + folder.resolve("fat.nii.gz"),
            "--labels",
            folder.resolve("labels.nii.gz"),
            "--ids",
            "lpm_segmentator");

    assertThat(cli.err()).isEmpty();
    assertThat(cli.exitCode()).isZero();
    assertThat(muscles()).hasSize(2);
    JsonNode left = muscles().get(0);
    assertThat(left.get("key").asText()).isEqualTo("muscle/multifidus/left");
    assertThat(left.get("volumeMl").asDouble()).isEqualTo(1.6);
    assertThat(left.get("meanCsaMm2").asDouble()).isEqualTo(100);
    assertThat(left.get("fatFraction").asDouble()).isCloseTo(0.2, within(1e-6));
    assertThat(left.get("fatMethod").asText()).isEqualTo("DIXON_MEAN_OF_VOXELS");
    assertThat(left.get("leanVolumeMl").asDouble()).isCloseTo(1.28, within(1e-6));
    assertThat(left.get("slices").asInt()).isEqualTo(4);
    assertThat(left.get("touchesBorder").asBoolean()).isTrue();
    assertThat(left.get("perSlice").get(3).get("centreMm").get(0).asDouble()).isEqualTo(10);
    assertThat(folder.resolve("out/overlay.png")).exists();
    assertThat(Files.readString(folder.resolve("out/result.json")))
        .contains("\"segmentedSeries\": \"DIXON_WATER\"");
  }

  @Test
  void a_picture_is_refused_until_somebody_says_how_it_lies() throws IOException {
    Object[] words = {
      "--input", folder.resolve("picture.png"), "--labels", folder.resolve("labels.png")
    };

    Cli unplaced = measure(words);

    assertThat(unplaced.exitCode()).isEqualTo(2);
    assertThat(unplaced.err()).contains("--view axial --left-is left|right");
    Object[] placed = Arrays.copyOf(words, 10);
    System.arraycopy(
        new Object[] {"--spacing", 0.5, "--view", "axial", "--left-is", "right"}, 0, placed, 4, 6);

    Cli cli = measure(placed);

    assertThat(cli.err()).isEmpty();
    assertThat(cli.exitCode()).isZero();
    assertThat(cli.out()).contains("PICTURE_AS_SLICE");
    // label 1 lies at the picture's left edge, which is the patient's right
    assertThat(muscles().get(0).get("meanCsaMm2").asDouble()).isEqualTo(25);
    assertThat(muscles().get(0).get("perSlice").get(0).get("centreMm").get(0).asDouble())
        .isEqualTo(4.75);
  }

  @Test
  void of_a_study_of_dicom_the_series_are_chosen_by_their_roles() throws IOException {
    Path study = RealData.path("dicom/series/s13_dixon4_in_one_series");
    GridGeometry grid = Dicom.scan(study).series().get(0).geometry();
    short[] labels = new short[grid.extents().voxels()];
    Arrays.fill(labels, labels.length / 2, labels.length / 2 + 200, (short) 1);
    Nifti.writeLabels(folder.resolve("dicom-labels.nii.gz"), LabelVolume.wrap(grid, labels));

    Cli cli = measure("--input", study, "--labels", folder.resolve("dicom-labels.nii.gz"));

    assertThat(cli.err()).isEmpty();
    assertThat(cli.exitCode()).isZero();
    assertThat(Files.readString(folder.resolve("out/result.json")))
        .contains("\"segmentedSeries\": \"DIXON_WATER\"", "SERIES_CHOSEN");
    assertThat(muscles().get(0).get("fatMethod").asText()).isEqualTo("DIXON_MEAN_OF_VOXELS");
  }

  @Test
  void unknown_ids_are_refused_with_those_that_are_known() {
    Cli cli =
        measure(
            "--input",
            folder.resolve("fat.nii.gz"),
            "--labels",
            folder.resolve("labels.nii.gz"),
            "--ids",
            "mine");

    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.err()).contains("--ids mine", "MuscleMap", "TotalSegmentator");
  }
}
