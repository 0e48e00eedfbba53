package dev.lss.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.SegmentationResult;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.dicom.SegExamples.Example;
import dev.lss.dicom.data.DataSet;
import dev.lss.dicom.data.DicomFile;
import dev.lss.dicom.data.FileSource;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.pixel.Frames;
import dev.lss.dicom.series.Slice;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Segmentations as any reader sees them: frames, the slices that they name, and their places. */
class DicomSegmentationTest {

  @TempDir private Path folder;

  private static List<Example> examples() {
    return SegExamples.all();
  }

  private DicomSeries series(Example example) throws IOException {
    SegExamples.write(example, folder.resolve("source"));
    return SegExamples.series(folder.resolve("source"));
  }

  private DicomFile written(DicomSeries source, SegmentationOptions options) throws IOException {
    SegmentationResult result = SegExamples.result(SegExamples.labels(source.geometry()));
    Path file = folder.resolve("seg.dcm");
    SegExamples.write(DicomSegmentation.of(source, result, options).orElseThrow(), file);
    return DicomFile.readWithPatient(new FileSource(file));
  }

  private static DataSet in(DataSet group, Tag sequence) {
    return group.item(sequence).orElseThrow();
  }

  /** Returns which slice of the source a frame names. */
  private static int named(DicomSeries source, DataSet group) {
    DataSet image = in(in(group, Tag.DERIVATION_IMAGE), Tag.SOURCE_IMAGE);
    String uid = image.text(Tag.REFERENCED_SOP_INSTANCE_UID).orElseThrow();
    List<Slice> slices = source.stack().slices();
    for (int k = 0; k < slices.size(); k++) {
      int frame = slices.get(k).frame() + 1;
      if (slices.get(k).file().data().text(Tag.SOP_INSTANCE_UID).orElseThrow().equals(uid)
          && image.integer(Tag.REFERENCED_FRAME_NUMBER).orElse(frame) == frame) {
        return k;
      }
    }
    throw new AssertionError("a frame names no slice of the source");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void every_frame_holds_a_segment_on_the_slice_that_it_names(Example example) throws IOException {
    DicomSeries source = series(example);
    LabelVolume labels = SegExamples.labels(source.geometry());

    DicomFile seg = written(source, SegmentationOptions.defaults());

    Frames frames = Frames.of(seg);
    List<DataSet> groups = seg.data().items(Tag.PER_FRAME_FUNCTIONAL_GROUPS);
    assertThat(groups).hasSize(frames.format().frames());
    int[] labelOf = {0, 7, 20, 23};
    long seen = 0;
    Set<List<Integer>> once = new HashSet<>();
    for (int f = 0; f < groups.size(); f++) {
      int k = named(source, groups.get(f));
      int number =
          in(groups.get(f), Tag.SEGMENT_IDENTIFICATION)
              .integer(Tag.REFERENCED_SEGMENT_NUMBER)
              .orElseThrow();
      assertThat(once.add(List.of(number, k))).isTrue();
      int[] bits = frames.frame(f).values();
      for (int n = 0; n < bits.length; n++) {
        int i = n % SegExamples.COLUMNS;
        int j = n / SegExamples.COLUMNS;
        assertThat(bits[n]).isEqualTo(labels.get(i, j, k) == labelOf[number] ? 1 : 0);
        seen += bits[n];
      }
    }
    assertThat(seen).isEqualTo(labels.count(7) + labels.count(20) + labels.count(23));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void every_frame_lies_where_its_slice_lies(Example example) throws IOException {
    DicomSeries source = series(example);

    for (SegmentationOptions options :
        List.of(SegmentationOptions.defaults(), SegmentationOptions.defaults().withLabelmap())) {
      DataSet seg = written(source, options).data();

      DataSet shared = in(seg, Tag.SHARED_FUNCTIONAL_GROUPS);
      double[] cosines = in(shared, Tag.PLANE_ORIENTATION).numbers(Tag.IMAGE_ORIENTATION_PATIENT);
      assertThat(cosines).containsExactly(source.stack().first().orientation());
      assertThat(in(shared, Tag.PIXEL_MEASURES).numbers(Tag.PIXEL_SPACING))
          .containsExactly(SegExamples.ROW_MM, SegExamples.COLUMN_MM);
      assertThat(in(shared, Tag.PIXEL_MEASURES).number(Tag.SPACING_BETWEEN_SLICES).orElseThrow())
          .isCloseTo(example.step().norm(), within(1e-9));
      for (DataSet group : seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS)) {
        int k = named(source, group);
        double[] at = in(group, Tag.PLANE_POSITION).numbers(Tag.IMAGE_POSITION_PATIENT);
        Vector3 expected = source.geometry().toWorldMm(new Vector3(0, 0, k));
        assertThat(at).containsExactly(source.stack().slices().get(k).position());
        assertThat(new Vector3(at[0], at[1], at[2]).minus(expected).norm()).isLessThan(1e-4);
      }
      assertThat(seg.text(Tag.FRAME_OF_REFERENCE_UID))
          .isEqualTo(source.stack().first().file().data().text(Tag.FRAME_OF_REFERENCE_UID));
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void a_label_map_holds_the_labels_themselves(Example example) throws IOException {
    DicomSeries source = series(example);
    LabelVolume labels = SegExamples.labels(source.geometry());

    DicomFile seg = written(source, SegmentationOptions.defaults().withLabelmap());

    Frames frames = Frames.of(seg);
    List<DataSet> groups = seg.data().items(Tag.PER_FRAME_FUNCTIONAL_GROUPS);
    long seen = 0;
    for (int f = 0; f < groups.size(); f++) {
      int k = named(source, groups.get(f));
      int[] values = frames.frame(f).values();
      for (int n = 0; n < values.length; n++) {
        int i = n % SegExamples.COLUMNS;
        assertThat(values[n]).isEqualTo(labels.get(i, n / SegExamples.COLUMNS, k));
        seen += values[n] == 0 ? 0 : 1;
      }
    }
    assertThat(seen).isEqualTo(labels.count(7) + labels.count(20) + labels.count(23));
  }

  @Test
  void segments_have_verified_codes_sides_and_colours_of_their_own() throws IOException {
    DataSet seg = written(series(examples().get(0)), SegmentationOptions.defaults()).data();

    List<DataSet> segments = seg.items(Tag.SEGMENTS);
    assertThat(segments)
        .extracting(
            s -> s.integer(Tag.SEGMENT_NUMBER).orElseThrow(),
            s -> s.text(Tag.SEGMENT_LABEL).orElseThrow(),
            s -> code(in(s, Tag.SEGMENTED_PROPERTY_CATEGORY_CODE)),
            s -> code(in(s, Tag.SEGMENTED_PROPERTY_TYPE_CODE)),
            s ->
                in(s, Tag.SEGMENTED_PROPERTY_TYPE_CODE)
                    .item(Tag.SEGMENTED_PROPERTY_TYPE_MODIFIER_CODE)
                    .map(DicomSegmentationTest::code)
                    .orElse(""))
        .containsExactly(
            tuple(1, "Left multifidus", "SCT 91723000", "MDC 7:508", "SCT 7771000"),
            tuple(2, "L1 vertebra", "SCT 91723000", "SCT 66794005", ""),
            tuple(3, "L4 vertebra", "SCT 91723000", "SCT 11994002", ""));
    assertThat(segments)
        .extracting(
            s ->
                List.of(
                    s.numbers(Tag.RECOMMENDED_DISPLAY_CIELAB_VALUE)[0],
                    s.numbers(Tag.RECOMMENDED_DISPLAY_CIELAB_VALUE)[1]))
        .doesNotHaveDuplicates();
    DataSet algorithm = in(segments.get(0), Tag.SEGMENTATION_ALGORITHM_IDENTIFICATION);
    assertThat(algorithm.text(Tag.ALGORITHM_NAME)).contains("example-spine");
    assertThat(algorithm.text(Tag.ALGORITHM_VERSION)).contains("1.2.0");
    assertThat(code(in(algorithm, Tag.ALGORITHM_FAMILY_CODE))).isEqualTo("DCM 123110");
    assertThat(seg.texts(Tag.SOFTWARE_VERSIONS))
        .containsExactly("LSS 0.1.0", "example-spine 1.2.0", "ab".repeat(32));
  }

  private static String code(DataSet item) {
    return item.text(Tag.CODING_SCHEME_DESIGNATOR).orElseThrow()
        + " "
        + item.text(Tag.CODE_VALUE).orElseThrow();
  }

  @Test
  void patient_and_study_are_those_of_the_source_letter_by_letter() throws IOException {
    DicomSeries source = series(examples().get(3));
    DataSet seg = written(source, SegmentationOptions.defaults()).data();
    DataSet image = DicomFile.readWithPatient(source.stack().first().file().source()).data();

    for (Tag tag :
        List.of(
            Tag.SPECIFIC_CHARACTER_SET,
            Tag.PATIENT_NAME,
            Tag.PATIENT_ID,
            Tag.PATIENT_BIRTH_DATE,
            Tag.PATIENT_SEX,
            Tag.PATIENT_AGE,
            Tag.STUDY_INSTANCE_UID,
            Tag.STUDY_DATE,
            Tag.STUDY_TIME,
            Tag.STUDY_ID,
            Tag.STUDY_DESCRIPTION,
            Tag.ACCESSION_NUMBER,
            Tag.POSITION_REFERENCE_INDICATOR)) {
      assertThat(seg.text(tag)).as(tag.name()).isPresent().isEqualTo(image.text(tag));
    }
    assertThat(seg.text(Tag.PATIENT_NAME)).contains("Müller^Jörg");
    assertThat(seg.element(Tag.REFERRING_PHYSICIAN_NAME)).isPresent();
    assertThat(seg.text(Tag.SERIES_INSTANCE_UID))
        .isNotEqualTo(image.text(Tag.SERIES_INSTANCE_UID))
        .isPresent();
    assertThat(in(seg, Tag.REFERENCED_SERIES).text(Tag.SERIES_INSTANCE_UID))
        .isEqualTo(image.text(Tag.SERIES_INSTANCE_UID));
    assertThat(in(seg, Tag.REFERENCED_SERIES).items(Tag.REFERENCED_INSTANCES)).hasSize(5);
  }

  @Test
  void labels_on_another_grid_are_refused() throws IOException {
    DicomSeries source = series(examples().get(0));
    GridGeometry other = GridGeometry.ofSpacing(source.geometry().extents(), new Vector3(1, 1, 1));
    SegmentationResult result = SegExamples.result(SegExamples.labels(other));

    assertThatThrownBy(() -> DicomSegmentation.of(source, result, SegmentationOptions.defaults()))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("must lie on the grid of the series")
        .extracting(e -> ((InvalidStudyException) e).code())
        .isEqualTo("GRID_MISMATCH");
  }

  @Test
  void nothing_found_makes_no_segmentation() throws IOException {
    DicomSeries source = series(examples().get(0));
    SegmentationResult nothing = SegExamples.result(LabelVolume.empty(source.geometry()));

    assertThat(DicomSegmentation.of(source, nothing, SegmentationOptions.defaults())).isEmpty();
  }

  @Test
  void slices_that_drift_sideways_keep_their_own_places() throws IOException {
    DicomSeries source =
        SegExamples.series(RealData.path("dicom/series/s10_shear_0.5deg_untagged"));
    Path file = folder.resolve("sheared.dcm");
    SegmentationResult result = SegExamples.result(SegExamples.labels(source.geometry()));
    SegExamples.write(
        DicomSegmentation.of(source, result, SegmentationOptions.defaults()).orElseThrow(), file);

    DicomLabels back = DicomLabels.read(file);

    assertThat(back.labelsOf(source).labels().count(20)).isEqualTo(result.labels().count(20));
    assertThat(back.labels().count(23)).isEqualTo(result.labels().count(23));
    assertThat(back.grid().affine().shearDegrees()).isBetween(0.45, 0.55);
  }

  @Test
  void frames_of_a_tilt_that_was_corrected_lie_on_the_straight_grid_and_name_no_image()
      throws IOException {
    DicomSeries source =
        Dicom.scan(
                List.of(RealData.path("dicom/series/s09_gantry_tilt_15")),
                DicomOptions.defaults().withTiltCorrected())
            .series()
            .get(0);
    DicomFile seg = written(source, SegmentationOptions.defaults());

    for (DataSet group : seg.data().items(Tag.PER_FRAME_FUNCTIONAL_GROUPS)) {
      double[] at = in(group, Tag.PLANE_POSITION).numbers(Tag.IMAGE_POSITION_PATIENT);
      Vector3 index = source.geometry().toIndex(new Vector3(at[0], at[1], at[2]));
      assertThat(index.x()).isCloseTo(0, within(1e-3));
      assertThat(index.y()).isCloseTo(0, within(1e-3));
      assertThat(group.item(Tag.DERIVATION_IMAGE)).isEmpty();
    }
    DicomLabels back = DicomLabels.read(folder.resolve("seg.dcm"));
    assertThat(back.labelsOf(source).labels().count(20))
        .isEqualTo(SegExamples.labels(source.geometry()).count(20));
    assertThat(back.notices()).extracting(n -> n.code()).containsExactly("SEG_WITHOUT_SOURCE");
  }

  @Test
  void identifiers_that_are_missing_are_refused_or_made_the_same_every_time() throws IOException {
    Path empty = RealData.path("ct/abdomen_dicom");
    DicomSeries source = SegExamples.series(empty);
    SegmentationOptions options = SegmentationOptions.defaults().withNewIdentifiers();

    assertThatThrownBy(() -> written(source, SegmentationOptions.defaults()))
        .isInstanceOf(InvalidStudyException.class)
        .extracting(e -> ((InvalidStudyException) e).code())
        .isEqualTo("NO_IDENTIFIERS");
    DataSet one = written(source, options).data();
    DataSet other = written(source, options).data();
    assertThat(one.text(Tag.STUDY_INSTANCE_UID).orElseThrow()).startsWith("2.25.");
    assertThat(one.text(Tag.STUDY_INSTANCE_UID)).isEqualTo(other.text(Tag.STUDY_INSTANCE_UID));
    Optional<String> series = in(one, Tag.REFERENCED_SERIES).text(Tag.SERIES_INSTANCE_UID);
    assertThat(series.orElseThrow()).startsWith("2.25.");
    assertThat(series).isEqualTo(in(other, Tag.REFERENCED_SERIES).text(Tag.SERIES_INSTANCE_UID));
    // the frame of reference is the only identifier that its data sets hold
    assertThat(one.text(Tag.FRAME_OF_REFERENCE_UID))
        .isEqualTo(source.stack().first().file().data().text(Tag.FRAME_OF_REFERENCE_UID));
    assertThat(one.text(Tag.SOP_INSTANCE_UID)).isNotEqualTo(other.text(Tag.SOP_INSTANCE_UID));
    // the file meta information still names the images
    assertThat(one.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS))
        .allMatch(group -> group.item(Tag.DERIVATION_IMAGE).isPresent());
  }
}
