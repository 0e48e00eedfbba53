package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.nifti.Nifti;
import dev.lss.dicom.Dicom;
import dev.lss.dicom.DicomLabels;
import dev.lss.dicom.DicomSeries;
import dev.lss.examples.TinyModel;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DICOM in, DICOM out, on eight real slices. The model marks what is brighter than a value. */
class DicomOutputTest {

  private static final SeriesRole ANY = new SeriesRole("any");

  @TempDir private Path folder;
  private Path source;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    source = RealData.path("dicom/series/s00_ok");
    out = folder.resolve("out");
    TinyModel.write(folder.resolve("model"), "segment", "vertebra/L3", List.of(ANY), -900, 1);
  }

  private Cli segment(Path input, Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("segment", "--model", folder.resolve("model"), "--threads", 1));
    words.addAll(List.of("--input", input, "--out", out));
    words.addAll(Arrays.asList(more));
    return Cli.run(words.toArray());
  }

  private JsonNode result() throws IOException {
    return new ObjectMapper().readTree(out.resolve("result.json").toFile());
  }

  private static DicomSeries series(Path path) throws IOException {
    return Dicom.scan(path).series().get(0);
  }

  @Test
  void a_segmentation_holds_the_labels_of_the_nifti_on_the_slices_of_the_series()
      throws IOException {
    Cli run = segment(source, "--format", "nifti,dicom-seg");

    assertThat(run.exitCode()).as(run.err()).isZero();
    LabelVolume nifti = Nifti.readLabels(out.resolve("labels.nii.gz")).labels();
    DicomLabels seg = DicomLabels.read(out.resolve("labels.dcm"));
    LabelVolume back = seg.labelsOf(series(source)).labels();
    assertThat(nifti.count(1)).isPositive();
    assertThat(back.count(22)).isEqualTo(nifti.count(1));
    short[] ours = back.toArray();
    short[] theirs = nifti.toArray();
    for (int n = 0; n < ours.length; n++) {
      assertThat(ours[n]).isEqualTo((short) (theirs[n] == 1 ? 22 : 0));
    }
    assertThat(result().at("/notices").findValuesAsText("code")).contains("SERIES_CHOSEN");
  }

  @Test
  void without_nifti_only_the_segmentation_is_written() {
    Cli run = segment(source, "--format", "dicom-labelmap");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(out.resolve("labels.dcm")).exists();
    assertThat(out.resolve("labels.nii.gz")).doesNotExist();
    assertThat(segment(source).exitCode()).isZero();
    assertThat(out.resolve("labels.dcm")).as("of the earlier result").doesNotExist();
  }

  @Test
  void a_nifti_image_makes_no_dicom() throws IOException {
    Path image = folder.resolve("image.nii");
    Nifti.write(image, series(source).read(ANY).series().volume());

    Cli run = segment(image, "--format", "dicom-seg");

    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("[NO_DICOM_SOURCE]", "--format nifti");
    assertThat(out).doesNotExist();
  }

  @Test
  void nothing_found_writes_no_segmentation_and_says_so() throws IOException {
    TinyModel.write(folder.resolve("blind"), "segment", "vertebra/L3", List.of(ANY), -1e6f, 1);

    Cli run =
        Cli.run(
            "segment",
            "--model",
            folder.resolve("blind"),
            "--input",
            source,
            "--out",
            out,
            "--format",
            "dicom-seg");

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOTHING_FOUND);
    assertThat(out.resolve("labels.dcm")).doesNotExist();
    assertThat(result().at("/notices").findValuesAsText("code")).contains("SEG_NOT_WRITTEN");
  }

  @Test
  void a_file_of_somebody_else_is_not_replaced() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("labels.dcm"), "mine");

    Cli run = segment(source, "--format", "dicom-seg");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("labels.dcm was not written by LSS");
    assertThat(out.resolve("labels.dcm")).hasContent("mine");
  }

  @Test
  void empty_identifiers_are_refused_unless_new_ones_are_allowed() throws IOException {
    Path empty = RealData.path("ct/abdomen_dicom");
    TinyModel.write(
        folder.resolve("bone"), "segment", "vertebra/L3", List.of(SeriesRole.CT), -300, 1);
    Object[] words = {
      "segment",
      "--model",
      folder.resolve("bone"),
      "--input",
      empty,
      "--out",
      out,
      "--format",
      "dicom-labelmap",
      "--threads",
      1
    };
    Object[] allowed = Arrays.copyOf(words, words.length + 1);
    allowed[words.length] = "--new-identifiers";

    Cli refused = Cli.run(words);
    Cli made = Cli.run(allowed);

    assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).contains("[NO_IDENTIFIERS]");
    assertThat(made.exitCode()).as(made.err()).isZero();
    DicomLabels labels = DicomLabels.read(out.resolve("labels.dcm"));
    assertThat(labels.grid().extents().i()).isEqualTo(512);
  }

  @Test
  void a_segmentation_is_measured_on_its_series_and_on_a_converted_image() throws IOException {
    segment(source, "--format", "dicom-seg");
    Path labels = Files.move(out.resolve("labels.dcm"), folder.resolve("seg.dcm"));
    Path image = folder.resolve("image.nii");
    Nifti.write(image, series(source).read(ANY).series().volume());

    Cli onDicom = measure(source, labels, "dicom");
    Cli onNifti = measure(image, labels, "nifti");

    assertThat(onDicom.exitCode()).as(onDicom.err()).isZero();
    assertThat(onNifti.exitCode()).as(onNifti.err()).isZero();
    assertThat(volume("dicom")).isPositive().isCloseTo(volume("nifti"), within(1e-4));
  }

  private Cli measure(Path image, Path labels, String name) {
    return Cli.run(
        "measure",
        "--task",
        "ct-vertebrae",
        "--input",
        "CT=" + image,
        "--labels",
        labels,
        "--out",
        folder.resolve(name));
  }

  private double volume(String name) throws IOException {
    JsonNode result =
        new ObjectMapper().readTree(folder.resolve(name).resolve("result.json").toFile());
    return result.at("/measurements/vertebrae/0/volumeMm3").asDouble();
  }

  @Test
  void a_report_of_measurements_comes_with_the_segmentation_that_it_refers_to() throws Exception {
    segment(source, "--format", "dicom-seg");
    Path labels = Files.move(out.resolve("labels.dcm"), folder.resolve("seg.dcm"));

    Cli run =
        Cli.run(
            "measure",
            "--task",
            "ct-vertebrae",
            "--input",
            "CT=" + source,
            "--labels",
            labels,
            "--out",
            folder.resolve("report"),
            "--format",
            "dicom-sr");

    assertThat(run.exitCode()).as(run.err()).isZero();
    byte[] report = Files.readAllBytes(folder.resolve("report").resolve("report.dcm"));
    String seg = text(Files.readAllBytes(folder.resolve("report").resolve("labels.dcm")));
    assertThat(text(report)).contains("Imaging Measurement Report", "L3 vertebra");
    // the instance that the report refers to is the one beside it
    int at = seg.indexOf("2.25.");
    assertThat(text(report)).contains(seg.substring(at, at + 40));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @Test
  void image_and_labels_that_were_mixed_up_are_refused_with_a_hint() throws IOException {
    segment(source, "--format", "nifti,dicom-seg");
    Path seg = Files.move(out.resolve("labels.dcm"), folder.resolve("seg.dcm"));

    Cli both = measure(seg, source, "a");
    Cli images = measure(source, source, "b");

    assertThat(both.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(both.err()).contains("[NO_PIXELS]", "a segmentation is labels and no image");
    assertThat(images.err()).contains("[NOT_A_SEG]");
    Path image = folder.resolve("image.nii");
    GridGeometry grid = series(source).geometry();
    float[] below = new float[grid.extents().voxels()];
    Arrays.fill(below, -1000);
    Nifti.write(image, dev.lss.api.image.Volume.wrap(grid, below));
    assertThat(measure(source, image, "c").err())
        .contains("[BAD_LABELS]", "images go to --input, labels to --labels");
  }

  @Test
  void segmentations_and_nifti_labels_are_compared_voxel_by_voxel() {
    segment(source, "--format", "nifti,dicom-seg");
    Path nifti = out.resolve("labels.nii.gz");
    Path seg = out.resolve("labels.dcm");

    Cli same = Cli.run("evaluate", "--reference", seg, "--prediction", seg);
    Cli mixed = Cli.run("evaluate", "--reference", nifti, "--prediction", seg, "--overlap-only");

    assertThat(same.exitCode()).as(same.err()).isZero();
    assertThat(same.out()).contains("vertebra/L3", "1.000");
    assertThat(mixed.exitCode()).as(mixed.err()).isZero();
    // result.json and the codes of the segmentation both say vertebra/L3
    assertThat(mixed.out()).contains("vertebra/L3", "1.000");
  }
}
