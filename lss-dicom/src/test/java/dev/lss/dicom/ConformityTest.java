package dev.lss.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lss.api.LengthUnit;
import dev.lss.api.SegmentationResult;
import dev.lss.dicom.SegExamples.Example;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is written keeps the rules of DICOM, as the validators of dicom3tools know them: {@code
 * dciodvfy} judges each file, {@code dcentvfy} compares patient, study and frame of reference with
 * the source. Where they are not installed the tests are reported as skipped, with the word how.
 */
class ConformityTest {

  @TempDir private Path folder;

  private static List<Example> examples() {
    return SegExamples.all().stream()
        .filter(e -> !e.name().startsWith("axes") || e.name().matches("axes-(010|117|225)"))
        .toList();
  }

  @BeforeAll
  static void requireValidators() {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "dciodvfy")));
    assumeTrue(there, "dciodvfy is not installed, so no file is judged (Debian: dicom3tools)");
  }

  private static List<String> said(Object... command) throws IOException {
    Process process =
        new ProcessBuilder(Arrays.stream(command).map(Object::toString).toList())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    try (var out = process.inputReader(StandardCharsets.ISO_8859_1)) {
      return out.lines().toList();
    }
  }

  private static List<String> errors(List<String> said) {
    return said.stream().filter(line -> line.startsWith("Error")).toList();
  }

  private Path written(Example example, SegmentationOptions options) throws IOException {
    SegExamples.write(example, folder.resolve("source"));
    DicomSeries source = SegExamples.series(folder.resolve("source"));
    Path file = folder.resolve("seg.dcm");
    SegExamples.write(
        DicomSegmentation.of(
                source, SegExamples.result(SegExamples.labels(source.geometry())), options)
            .orElseThrow(),
        file);
    return file;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void a_segmentation_has_no_error(Example example) throws IOException {
    List<String> said = said("dciodvfy", "-new", written(example, SegmentationOptions.defaults()));

    assertThat(said).contains("Segmentation");
    assertThat(errors(said)).isEmpty();
    assertThat(said).noneMatch(line -> line.startsWith("Warning"));
  }

  @Test
  void a_label_map_has_only_the_two_errors_that_the_validator_of_2022_finds_in_all()
      throws IOException {
    List<String> said =
        said(
            "dciodvfy",
            "-new",
            written(examples().get(0), SegmentationOptions.defaults().withLabelmap()));

    // its numbers are the labels themselves (supplement 243), and its SOP class is of 2024
    assertThat(errors(said))
        .hasSize(2)
        .anyMatch(line -> line.contains("SegmentNumber not monotonically increasing"))
        .anyMatch(line -> line.contains("Information Object Not found"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void patient_study_and_place_agree_with_the_source(Example example) throws IOException {
    List<Object> command = new ArrayList<>(List.of("dcentvfy"));
    command.add(written(example, SegmentationOptions.defaults()));
    try (Stream<Path> files = Files.list(folder.resolve("source"))) {
      files.sorted().forEach(command::add);
    }

    assertThat(said(command.toArray())).isEmpty();
  }

  @Test
  void a_report_of_vertebrae_has_no_error_and_agrees_with_its_source() throws IOException {
    SegExamples.write(examples().get(0), folder.resolve("source"));
    DicomSeries source = SegExamples.series(folder.resolve("source"));
    SegmentationResult result = ReportExamples.vertebrae(source);
    SegmentationOptions options = SegmentationOptions.defaults();
    DicomSegmentation seg = DicomSegmentation.of(source, result, options).orElseThrow();
    SegExamples.write(seg, folder.resolve("seg.dcm"));

    List<Object> together = new ArrayList<>(List.of("dcentvfy", folder.resolve("seg.dcm")));
    together.add(judged(DicomReport.of(source, result, seg, options).orElseThrow()));
    try (Stream<Path> files = Files.list(folder.resolve("source"))) {
      files.sorted().forEach(together::add);
    }

    // of reports it takes the number of the order for an attribute of the series
    assertThat(said(together.toArray()))
        .allMatch(line -> line.contains("Different information entities for attribute"))
        .allMatch(line -> line.contains("<AccessionNumber>"));
  }

  @Test
  void a_report_of_a_picture_has_no_error() throws IOException {
    DicomSeries picture = ReportExamples.picture(folder.resolve("us.dcm"));
    SegmentationResult result = ReportExamples.fascia(picture, LengthUnit.PX);

    assertThat(judged(DicomReport.ofPicture(picture, result).orElseThrow())).exists();
  }

  /** Writes a report and holds it against the rules; the private scheme alone gives warnings. */
  private Path judged(DicomReport report) throws IOException {
    Path file = folder.resolve("sr.dcm");
    ReportExamples.write(report, file);

    List<String> said = said("dciodvfy", "-new", file);

    assertThat(said).contains("Comprehensive3DSR");
    assertThat(errors(said)).isEmpty();
    assertThat(said.stream().filter(line -> line.startsWith("Warning")).toList())
        .allMatch(line -> line.endsWith("Unrecognized defined term = <99LSS>"));
    return file;
  }
}
