package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Orient;
import dev.lss.core.nifti.Nifti;
import dev.lss.examples.TinyModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which file becomes which series, and on which grid labels come back. The model marks what is
 * above 50; images are 12 x 10 x 8 voxels of 1 mm, 100 in the half where i is below 6 and 0
 * elsewhere.
 */
class SeriesOptionsTest {

  private static final GridGeometry GRID =
      GridGeometry.ofSpacing(new Extents(12, 10, 8), new Vector3(1, 1, 1));

  @TempDir private Path folder;
  private Path image;

  @BeforeEach
  void write() throws IOException {
    TinyModel.write(folder.resolve("one"), "segment", "marked", List.of(SeriesRole.T1), -50, 1);
    TinyModel.write(
        folder.resolve("two"),
        "segment",
        "marked",
        List.of(SeriesRole.T1, SeriesRole.T2),
        -50,
        1,
        0);
    image = folder.resolve("image.nii");
    Nifti.write(image, half(GRID));
    Nifti.write(folder.resolve("dark.nii"), Volume.wrap(GRID, new float[12 * 10 * 8]));
  }

  private static Volume half(GridGeometry grid) {
    Extents n = grid.extents();
    float[] samples = new float[n.voxels()];
    for (int at = 0; at < samples.length; at++) {
      samples[at] = at % n.i() < n.i() / 2 ? 100 : 0;
    }
    return Volume.wrap(grid, samples);
  }

  private Cli segment(String model, Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("segment", "--model", folder.resolve(model), "--threads", 1));
    words.addAll(List.of("--out", folder.resolve("out")));
    words.addAll(Arrays.asList(more));
    return Cli.run(words.toArray());
  }

  private LabelVolume labels() throws IOException {
    return Nifti.readLabels(folder.resolve("out/labels.nii.gz")).labels();
  }

  private List<String> notices() throws IOException {
    JsonNode result = new ObjectMapper().readTree(folder.resolve("out/result.json").toFile());
    return result.path("notices").findValuesAsText("code");
  }

  @Test
  void files_without_a_role_fill_those_that_are_left_in_order() throws IOException {
    Cli run = segment("two", "--input", "T2=" + folder.resolve("dark.nii"), "--input", image);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(labels().count(1)).isEqualTo(6 * 10 * 8);
  }

  @Test
  void a_missing_series_is_named_before_any_file_is_read() {
    Cli run = segment("two", "--input", "T2=" + folder.resolve("nothing.nii"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("takes the images T1, T2; T1 is missing");
  }

  @Test
  void one_file_too_many_is_refused() {
    Cli run = segment("one", "--input", image, "--input", image);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("the task segment takes one image, T1, was given 2");
  }

  @Test
  void two_series_of_one_role_are_for_the_task_to_choose_from() {
    Cli run = segment("one", "--input", "T1=" + image, "--input", "T1=" + image);

    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("[AMBIGUOUS_SERIES]");
  }

  @Test
  void labels_have_the_grid_and_the_header_of_the_first_file() throws IOException {
    Path stored = folder.resolve("stored.nii");
    Nifti.write(stored, Orient.to(half(GRID), AnatomicalCode.parse("PIR")));

    Cli run = segment("two", "--input", "T1=" + stored, "--input", "T2=" + stored);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(labels().geometry()).isEqualTo(Nifti.read(stored).volume().geometry());
    assertThat(notices()).isEmpty();
  }

  @Test
  void an_nrrd_file_gives_nifti_labels_on_its_grid() throws IOException {
    Path nrrd = folder.resolve("image.nrrd");
    String header =
        """
        NRRD0004
        type: uint8
        dimension: 3
        space: left-posterior-superior
        sizes: 4 3 2
        space directions: (1,0,0) (0,1,0) (0,0,1)
        space origin: (5,6,7)
        encoding: raw

        """;
    byte[] voxels = new byte[24];
    voxels[1] = 100;
    try (OutputStream out = Files.newOutputStream(nrrd)) {
      out.write(header.getBytes(StandardCharsets.US_ASCII));
      out.write(voxels);
    }

    Cli run = segment("one", "--input", nrrd);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(labels().count(1)).isEqualTo(1);
    assertThat(labels().get(1, 0, 0)).isEqualTo(1);
    assertThat(labels().geometry().toWorldMm(new Vector3(0, 0, 0))).isEqualTo(new Vector3(5, 6, 7));
  }

  @Test
  void another_series_may_be_the_reference_though_the_task_does_not_look_at_it()
      throws IOException {
    GridGeometry coarse = GridGeometry.ofSpacing(new Extents(6, 5, 4), new Vector3(2, 2, 2));
    Path other = folder.resolve("other.nii");
    Nifti.write(other, Volume.wrap(coarse, new float[6 * 5 * 4]));

    Cli run = segment("one", "--input", "PD=" + other, "--input", image, "--reference", "PD");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(labels().extents()).isEqualTo(new Extents(6, 5, 4));
    assertThat(labels().get(2, 2, 2)).isEqualTo(1); // 4 mm
    assertThat(labels().get(3, 2, 2)).isZero(); // 6 mm
    assertThat(notices()).containsExactly("LABELS_RESAMPLED");
  }

  @Test
  void a_reference_that_is_not_among_the_inputs_is_refused() {
    Cli run = segment("one", "--input", image, "--reference", "T2");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--reference T2: no input has that role");
  }

  @Test
  void a_picture_for_a_model_that_takes_any_image_gives_a_label_picture() throws IOException {
    BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 10; i++) {
      picture.getRaster().setSample(i, 7, 0, 200);
    }
    Path file = folder.resolve("picture of no name");
    ImageIO.write(picture, "png", file.toFile());

    Cli run = segment("one", "--input", file, "--spacing", 1);

    assertThat(run.exitCode()).as(run.err()).isZero();
    BufferedImage labels = ImageIO.read(folder.resolve("out/labels.png").toFile());
    assertThat(labels.getWidth()).isEqualTo(40);
    assertThat(labels.getRaster().getSample(9, 7, 0)).isEqualTo(1);
    assertThat(labels.getRaster().getSample(10, 7, 0)).isZero();
    assertThat(folder.resolve("out/overlay.png")).exists();
    assertThat(folder.resolve("out/labels.nii.gz")).doesNotExist();
  }

  @Test
  void a_model_of_another_task_than_the_one_asked_for_is_refused() {
    Cli run = segment("one", "--task", "us-fascia", "--input", image);

    assertThat(run.exitCode()).isEqualTo(ExitCode.MODEL_OR_BACKEND);
    assertThat(run.err())
        .contains("the model tiny serves the task segment, asked for us-fascia [WRONG_TASK]");
  }

  @Test
  void a_limit_of_memory_holds_for_every_model_and_says_numbers() {
    Cli run = segment("one", "--input", image, "--max-memory", "1k");

    assertThat(run.exitCode()).isEqualTo(ExitCode.MEMORY);
    assertThat(run.err()).contains("MiB", "[TOO_LARGE]");
  }

  @Test
  void a_task_that_measures_nothing_says_so() {
    Cli run =
        Cli.run(
            "measure", "--task", "segment", "--input", image, "--labels", image, "--out", folder);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("the task segment measures nothing");
  }
}
