package dev.lss.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LengthUnit;
import dev.lss.api.Measurement;
import dev.lss.api.Measurements;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import dev.lss.dicom.data.DataSet;
import dev.lss.dicom.data.DicomFile;
import dev.lss.dicom.data.FileSource;
import dev.lss.dicom.data.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reports as any reader sees them: which number of what, on which segment, and what is said of it.
 */
class DicomReportTest {

  private static final String COMMENT = "DCM 121106";
  private static final String FINDING = "DCM 121071";
  private static final String FINDING_SITE = "SCT 363698007";

  @TempDir private Path folder;

  private static VertebraMeasurement.Builder vertebra(VertebraLevel level, double volumeMm3) {
    return VertebraMeasurement.builder(level, volumeMm3, new Vector3(0, 0, 0));
  }

  private DicomSeries source() throws IOException {
    SegExamples.write(SegExamples.all().get(5), folder.resolve("source"));
    return SegExamples.series(folder.resolve("source"));
  }

  private static SegmentationResult result(DicomSeries source, Measurement... measured) {
    return SegExamples.result(SegExamples.labels(source.geometry())).toBuilder()
        .measurements(Measurements.copyOf(List.of(measured)))
        .build();
  }

  private DataSet report(DicomSeries source, SegmentationResult result) throws IOException {
    SegmentationOptions options = SegmentationOptions.defaults();
    DicomSegmentation seg = DicomSegmentation.of(source, result, options).orElseThrow();
    SegExamples.write(seg, folder.resolve("seg.dcm"));
    return read(DicomReport.of(source, result, seg, options).orElseThrow());
  }

  private DataSet read(DicomReport report) throws IOException {
    Path file = folder.resolve("sr.dcm");
    ReportExamples.write(report, file);
    return DicomFile.readWithPatient(new FileSource(file)).data();
  }

  private static String code(DataSet item, Tag sequence) {
    return item.item(sequence)
        .map(c -> c.text(Tag.CODING_SCHEME_DESIGNATOR).get() + " " + c.text(Tag.CODE_VALUE).get())
        .orElse("");
  }

  private static List<DataSet> named(DataSet parent, String name) {
    return parent.items(Tag.CONTENT).stream()
        .filter(item -> code(item, Tag.CONCEPT_NAME_CODE).equals(name))
        .toList();
  }

  /** Returns the value of an item: a code, a text or a UID; empty when it is not there. */
  private static String value(DataSet parent, String name) {
    return named(parent, name).stream()
        .findFirst()
        .map(
            item ->
                item.text(Tag.TEXT_VALUE)
                    .or(() -> item.text(Tag.UID))
                    .orElseGet(() -> code(item, Tag.CONCEPT_CODE)))
        .orElse("");
  }

  private static List<DataSet> groups(DataSet report) {
    return named(named(report, "DCM 126010").get(0), "DCM 125007");
  }

  private static List<DataSet> numbers(DataSet group) {
    return group.items(Tag.CONTENT).stream()
        .filter(item -> item.text(Tag.VALUE_TYPE).orElseThrow().equals("NUM"))
        .toList();
  }

  private static double number(DataSet item) {
    return item.item(Tag.MEASURED_VALUE).orElseThrow().number(Tag.NUMERIC_VALUE).orElseThrow();
  }

  private static String unit(DataSet item) {
    return code(item.item(Tag.MEASURED_VALUE).orElseThrow(), Tag.MEASUREMENT_UNITS_CODE);
  }

  @Test
  void every_number_says_what_of_what_and_by_whom() throws IOException {
    DicomSeries source = source();
    VertebraMeasurement l4 =
        vertebra(VertebraLevel.L4, 43251.5)
            .meanHu(OptionalDouble.of(231.25))
            .bodyMeanHu(OptionalDouble.of(-12.5))
            .levelConfidence(OptionalDouble.of(0.97))
            .build();

    DataSet report = report(source, result(source, l4));

    assertThat(groups(report)).hasSize(1);
    DataSet group = groups(report).get(0);
    assertThat(value(group, FINDING)).isEqualTo("SCT 11994002");
    assertThat(value(group, FINDING_SITE)).isEqualTo("SCT 11994002");
    assertThat(value(group, "DCM 112039")).isEqualTo("L4 vertebra");
    assertThat(numbers(group))
        .extracting(
            n -> code(n, Tag.CONCEPT_NAME_CODE),
            DicomReportTest::number,
            DicomReportTest::unit,
            n -> value(n, "DCM 121401"),
            n -> value(n, "SCT 370129005"),
            n -> value(n, FINDING_SITE))
        .containsExactly(
            tuple("SCT 118565006", 43251.5, "UCUM mm3", "", "DCM 126030", ""),
            tuple("DCM 112031", 231.25, "UCUM [hnsf'U]", "SCT 373098007", "", ""),
            tuple(
                "DCM 112031",
                -12.5,
                "UCUM [hnsf'U]",
                "SCT 373098007",
                "99LSS body-core",
                "SCT 3572006"));
    for (DataSet number : numbers(group)) {
      assertThat(value(number, "DCM 111001")).isEqualTo("example-spine");
      assertThat(value(number, "DCM 111003")).isEqualTo("1.2.0");
      assertThat(value(number, "DCM 111002"))
          .isEqualTo("LSS 0.1.0; example-spine 1.2.0; " + "ab".repeat(32));
    }
    assertThat(named(group, COMMENT)).isEmpty();
  }

  @Test
  void a_group_refers_to_the_segment_of_its_vertebra() throws IOException {
    DicomSeries source = source();
    SegmentationResult result =
        result(
            source, vertebra(VertebraLevel.L1, 5).build(), vertebra(VertebraLevel.L4, 6).build());

    DataSet report = report(source, result);

    DataSet seg = DicomFile.read(new FileSource(folder.resolve("seg.dcm"))).data();
    List<DataSet> groups = groups(report);
    assertThat(groups)
        .extracting(g -> value(g, FINDING))
        .containsExactly("SCT 66794005", "SCT 11994002");
    for (int n = 0; n < 2; n++) {
      DataSet segment = seg.items(Tag.SEGMENTS).get(n + 1); // the first one is a muscle
      DataSet reference =
          named(groups.get(n), "DCM 121191").get(0).item(Tag.REFERENCED_SOP).orElseThrow();
      assertThat(reference.text(Tag.REFERENCED_SOP_INSTANCE_UID))
          .isEqualTo(seg.text(Tag.SOP_INSTANCE_UID));
      assertThat(reference.integer(Tag.REFERENCED_SEGMENT_NUMBER))
          .isEqualTo(segment.integer(Tag.SEGMENT_NUMBER));
      assertThat(value(groups.get(n), "DCM 112040"))
          .isEqualTo(segment.text(Tag.TRACKING_UID).orElseThrow());
      assertThat(code(segment, Tag.SEGMENTED_PROPERTY_TYPE_CODE))
          .isEqualTo(value(groups.get(n), FINDING));
      assertThat(value(groups.get(n), "DCM 121232"))
          .isEqualTo(
              source.stack().first().file().data().text(Tag.SERIES_INSTANCE_UID).orElseThrow());
    }
  }

  @Test
  void the_evidence_lists_every_instance_that_is_referred_to() throws IOException {
    DicomSeries source = source();

    DataSet report = report(source, result(source, vertebra(VertebraLevel.L1, 5).build()));

    Set<String> evidence = new HashSet<>();
    DataSet study = report.item(Tag.EVIDENCE).orElseThrow();
    collect(study, evidence);
    Set<String> referred = new HashSet<>();
    report.items(Tag.CONTENT).forEach(item -> collect(item, referred));
    assertThat(referred).hasSize(source.pictures() + 1).isEqualTo(evidence);
    assertThat(study.text(Tag.STUDY_INSTANCE_UID)).isEqualTo(report.text(Tag.STUDY_INSTANCE_UID));
    assertThat(study.items(Tag.REFERENCED_SERIES)).hasSize(2);
  }

  private static void collect(DataSet item, Set<String> found) {
    item.text(Tag.REFERENCED_SOP_INSTANCE_UID).ifPresent(found::add);
    for (Tag tag : List.of(Tag.CONTENT, Tag.REFERENCED_SERIES, Tag.REFERENCED_SOP)) {
      item.items(tag).forEach(child -> collect(child, found));
    }
  }

  @Test
  void a_number_that_is_not_defined_is_not_there() throws IOException {
    DicomSeries source = source();

    DataSet report = report(source, result(source, vertebra(VertebraLevel.L1, 5).build()));

    assertThat(numbers(groups(report).get(0)))
        .extracting(n -> code(n, Tag.CONCEPT_NAME_CODE))
        .containsExactly("SCT 118565006");
  }

  @Test
  void a_number_of_many_digits_keeps_all_its_bits() throws IOException {
    DicomSeries source = source();
    double volume = 100000 / 3.0;

    DataSet report = report(source, result(source, vertebra(VertebraLevel.L1, volume).build()));

    DataSet measured = numbers(groups(report).get(0)).get(0).item(Tag.MEASURED_VALUE).orElseThrow();
    assertThat(measured.text(Tag.NUMERIC_VALUE).orElseThrow()).hasSizeLessThanOrEqualTo(16);
    assertThat(measured.number(Tag.FLOATING_POINT_VALUE)).hasValue(volume);
  }

  @Test
  void a_vertebra_of_doubtful_level_is_called_a_vertebra() throws IOException {
    DicomSeries source = source();
    VertebraMeasurement unsure =
        vertebra(VertebraLevel.L4, 6).levelConfidence(OptionalDouble.of(0.62)).build();

    DataSet byConfidence = groups(report(source, result(source, unsure))).get(0);

    assertThat(value(byConfidence, FINDING)).isEqualTo("SCT 51282000");
    assertThat(value(byConfidence, FINDING_SITE)).isEqualTo("SCT 51282000");
    assertThat(value(byConfidence, "DCM 112039")).isEqualTo("L4 vertebra, level not sure");
    assertThat(value(byConfidence, COMMENT))
        .isEqualTo(
            "The level is not sure: it is taken for L4 with a probability of 0.62, and all levels"
                + " may be shifted.");

    SegmentationResult noticed =
        result(source, vertebra(VertebraLevel.L4, 6).build()).toBuilder()
            .notices(List.of(new Notice("TRANSITIONAL_VERTEBRA", "it looks as if there were six")))
            .build();
    DataSet report = report(source, noticed);
    assertThat(value(groups(report).get(0), FINDING)).isEqualTo("SCT 51282000");
    assertThat(named(named(report, "UMLS C0034375").get(0), COMMENT))
        .extracting(item -> item.text(Tag.TEXT_VALUE).orElseThrow())
        .containsExactly(
            "Not a medical device. For research only; not for diagnosis or treatment.",
            "it looks as if there were six");
  }

  @Test
  void what_makes_numbers_doubtful_is_said_beside_them() throws IOException {
    DicomSeries source = source();
    VertebraMeasurement cut =
        vertebra(VertebraLevel.L4, 6).touchesBorder(true).holdsMetal(true).build();

    DataSet group = groups(report(source, result(source, cut))).get(0);

    assertThat(named(group, COMMENT))
        .extracting(item -> item.text(Tag.TEXT_VALUE).orElseThrow())
        .containsExactly(
            "It touches the border of the images: all numbers are of the part in view.",
            "It holds metal or cement: its outline and its CT numbers are unreliable.");
    assertThat(value(group, FINDING)).isEqualTo("SCT 11994002");
  }

  @Test
  void it_is_unverified_of_the_same_patient_and_in_a_series_of_its_own() throws IOException {
    DicomSeries source = source();

    DataSet report = report(source, result(source, vertebra(VertebraLevel.L1, 5).build()));

    DataSet image = DicomFile.readWithPatient(source.stack().first().file().source()).data();
    DataSet seg = DicomFile.read(new FileSource(folder.resolve("seg.dcm"))).data();
    assertThat(report.text(Tag.SOP_CLASS_UID)).contains("1.2.840.10008.5.1.4.1.1.88.34");
    assertThat(report.text(Tag.MODALITY)).contains("SR");
    assertThat(report.text(Tag.VERIFICATION_FLAG)).contains("UNVERIFIED");
    assertThat(report.text(Tag.PRELIMINARY_FLAG)).contains("PRELIMINARY");
    assertThat(report.item(Tag.CONTENT_TEMPLATE).orElseThrow().text(Tag.TEMPLATE_IDENTIFIER))
        .contains("1500");
    for (Tag tag : List.of(Tag.PATIENT_NAME, Tag.PATIENT_ID, Tag.STUDY_INSTANCE_UID)) {
      assertThat(report.text(tag)).isPresent().isEqualTo(image.text(tag));
    }
    assertThat(report.text(Tag.SERIES_INSTANCE_UID))
        .isPresent()
        .isNotEqualTo(image.text(Tag.SERIES_INSTANCE_UID))
        .isNotEqualTo(seg.text(Tag.SERIES_INSTANCE_UID));
  }

  @Test
  void a_picture_is_reported_without_a_segment() throws IOException {
    DicomSeries picture = ReportExamples.picture(folder.resolve("us.dcm"));
    SegmentationResult result = ReportExamples.fascia(picture, LengthUnit.MM);

    DataSet report = read(DicomReport.ofPicture(picture, result).orElseThrow());

    DataSet group = groups(report).get(0);
    assertThat(group.item(Tag.CONTENT_TEMPLATE).orElseThrow().text(Tag.TEMPLATE_IDENTIFIER))
        .contains("1501");
    assertThat(value(group, FINDING)).isEqualTo("SCT 120576005");
    assertThat(value(group, FINDING_SITE)).isEqualTo("SCT 52612000");
    assertThat(value(group, "DCM 112039")).isEqualTo("thoracolumbar fascia, layer 2");
    assertThat(
            named(group, "DCM 121112")
                .get(0)
                .item(Tag.REFERENCED_SOP)
                .orElseThrow()
                .text(Tag.REFERENCED_SOP_INSTANCE_UID))
        .isEqualTo(picture.stack().first().file().data().text(Tag.SOP_INSTANCE_UID));
    assertThat(numbers(group))
        .extracting(
            n -> code(n, Tag.CONCEPT_NAME_CODE),
            DicomReportTest::number,
            DicomReportTest::unit,
            n -> value(n, "DCM 121401"),
            n -> value(n, "SCT 370129005"))
        .containsExactly(
            tuple("LN 59089-3", 2.5, "UCUM mm", "SCT 373098007", ""),
            tuple("LN 59089-3", 0.25, "UCUM mm", "SCT 386136009", ""),
            tuple("LN 59089-3", 2.4, "UCUM mm", "SCT 373099004", ""),
            tuple("LN 59089-3", 2.0, "UCUM mm", "SCT 255605001", ""),
            tuple("LN 59089-3", 3.0, "UCUM mm", "SCT 56851009", ""),
            tuple("LN 59089-3", 2.1, "UCUM mm", "SCT 371888009", ""),
            tuple("LN 59089-3", 2.9, "UCUM mm", "SCT 371889001", ""),
            tuple("LN 59089-3", 2.6, "UCUM mm", "SCT 373098007", "99LSS along-vertical"),
            tuple("SCT 410668003", 31.5, "UCUM mm", "", ""),
            tuple("DCM 110859", -4.5, "UCUM deg", "", ""),
            tuple("SCT 131197000", 12.25, "UCUM mm", "SCT 373098007", ""),
            tuple("DCM 110849", 150.0, "UCUM 1", "SCT 373098007", "99LSS grey-0-255"),
            tuple("DCM 110849", 60.0, "UCUM 1", "SCT 373098007", "99LSS grey-0-255"),
            tuple("SCT 118586006", 2.5, "UCUM {ratio}", "", "99LSS echo-to-muscle"));
    assertThat(named(group, COMMENT)).isEmpty();
  }

  @Test
  void lengths_without_a_scale_are_in_pixels_and_say_so() throws IOException {
    DicomSeries picture = ReportExamples.picture(folder.resolve("us.dcm"));
    SegmentationResult result = ReportExamples.fascia(picture, LengthUnit.PX);

    DataSet group = groups(read(DicomReport.ofPicture(picture, result).orElseThrow())).get(0);

    assertThat(numbers(group)).extracting(DicomReportTest::unit).doesNotContain("UCUM mm");
    assertThat(numbers(group)).extracting(DicomReportTest::unit).contains("UCUM {pixels}");
    assertThat(value(group, COMMENT))
        .isEqualTo("The scale of the image is not known: lengths are in pixels.");
  }

  @Test
  void every_code_is_one_of_the_list() throws IOException {
    DicomSeries source = source();
    VertebraMeasurement l4 =
        vertebra(VertebraLevel.L4, 1)
            .meanHu(OptionalDouble.of(1))
            .bodyMeanHu(OptionalDouble.of(1))
            .build();
    DicomSeries picture = ReportExamples.picture(folder.resolve("us.dcm"));
    List<String> used = new ArrayList<>();
    codes(report(source, result(source, l4)), used);
    codes(
        read(
            DicomReport.ofPicture(picture, ReportExamples.fascia(picture, LengthUnit.PX))
                .orElseThrow()),
        used);

    Set<String> known = new HashSet<>();
    try (InputStream in =
        Objects.requireNonNull(DicomReportTest.class.getResourceAsStream("report-codes.txt"))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(known::add);
    }
    assertThat(used).hasSizeGreaterThan(50).isSubsetOf(known);
  }

  /** Collects every code with its meaning. */
  private static void codes(DataSet item, List<String> found) {
    for (Tag tag : List.of(Tag.CONCEPT_NAME_CODE, Tag.CONCEPT_CODE, Tag.MEASUREMENT_UNITS_CODE)) {
      item.item(tag)
          .ifPresent(
              c ->
                  found.add(
                      String.join(
                          " | ",
                          c.text(Tag.CODING_SCHEME_DESIGNATOR).orElseThrow(),
                          c.text(Tag.CODE_VALUE).orElseThrow(),
                          c.text(Tag.CODE_MEANING).orElseThrow())));
    }
    item.items(Tag.MEASURED_VALUE).forEach(child -> codes(child, found));
    item.items(Tag.CONTENT).forEach(child -> codes(child, found));
  }

  @Test
  void a_picture_without_identifiers_is_refused_before_the_work() throws IOException {
    DicomSeries picture = ReportExamples.picture(folder.resolve("us.dcm"), "");

    assertThatThrownBy(
            () -> DicomReport.check(picture, SegmentationOptions.defaults().withNewIdentifiers()))
        .isInstanceOf(InvalidStudyException.class)
        .extracting(e -> ((InvalidStudyException) e).code())
        .isEqualTo("NO_IDENTIFIERS");
  }

  @Test
  void without_measurements_there_is_no_report() throws IOException {
    DicomSeries source = source();
    SegmentationResult result = result(source);
    SegmentationOptions options = SegmentationOptions.defaults();
    DicomSegmentation seg = DicomSegmentation.of(source, result, options).orElseThrow();

    assertThat(DicomReport.of(source, result, seg, options)).isEmpty();
  }

  @Test
  void what_is_no_segment_is_refused() throws IOException {
    DicomSeries source = source();
    SegmentationResult result = result(source, vertebra(VertebraLevel.L5, 5).build());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> report(source, result))
        .withMessage("vertebra/L5 was measured and is no segment of the segmentation");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DicomReport.ofPicture(source, result))
        .withMessage("the report of a volume refers to its segmentation");
  }
}
