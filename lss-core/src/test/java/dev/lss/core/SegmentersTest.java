package dev.lss.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.SourceRef;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.ct.CtVertebrae;
import dev.lss.core.segment.SegmentTask;
import dev.lss.core.ultrasound.UsFascia;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Measuring labels that exist already. */
class SegmentersTest {

  private static final GridGeometry GRID =
      GridGeometry.ofSpacing(new Extents(6, 6, 6), new Vector3(1, 1, 1));
  private static final GridGeometry PLANE = GridGeometry.imagePlane(200, 100, 0.1, 0.1);

  private static LumbarStudy ct() {
    float[] hu = new float[216];
    Arrays.fill(hu, 100);
    return LumbarStudy.ofCt(Volume.wrap(GRID, hu));
  }

  /** A block of 2 x 2 x 2 voxels. */
  private static LabelVolume block(int value) {
    short[] labels = new short[216];
    for (int n = 0; n < 8; n++) {
      labels[GRID.extents().offset(2 + n % 2, 2 + n / 2 % 2, 2 + n / 4)] = (short) value;
    }
    return LabelVolume.wrap(GRID, labels);
  }

  private static LumbarStudy grey() {
    float[] grey = new float[200 * 100];
    Arrays.fill(grey, 50);
    return LumbarStudy.ofUltrasound(Volume.wrap(PLANE, grey));
  }

  /** Ten rows of one value, 1 mm thick and 20 mm long. */
  private static LabelVolume band(int value) {
    short[] labels = new short[200 * 100];
    Arrays.fill(labels, 40 * 200, 50 * 200, (short) value);
    return LabelVolume.wrap(PLANE, labels);
  }

  @Test
  void vertebrae_are_measured_and_the_result_says_where_image_and_labels_came_from() {
    SourceRef image = new SourceRef("01".repeat(32));
    SourceRef map = new SourceRef("02".repeat(32));
    LumbarStudy study = LumbarStudy.of(ct().reference().withSource(image));

    SegmentationResult result =
        Segmenters.measure(new CtVertebrae(), study, block(22), Optional.of(map));

    assertThat(result.measurements().of(VertebraMeasurement.class))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.level()).isEqualTo(VertebraLevel.L3);
              assertThat(one.volumeMm3()).isEqualTo(8);
              assertThat(one.meanHu().orElseThrow()).isEqualTo(100);
            });
    assertThat(result.notices()).isEmpty();
    assertThat(result.provenance().inputs()).containsExactly(image, map);
    assertThat(result.provenance().models()).isEmpty();
    assertThat(result.provenance().precision()).isEqualTo("none");
    assertThat(result.task()).isEqualTo("ct-vertebrae");
  }

  @Test
  void labels_that_the_task_does_not_know_are_listed_and_nothing_else_is_nothing_found() {
    SegmentationResult result =
        Segmenters.measure(new CtVertebrae(), ct(), block(40_000), Optional.empty());

    assertThat(result.notices())
        .containsExactly(
            new Notice(
                "LABELS_NOT_MEASURED",
                "labels [40000] are no structures of ct-vertebrae and were left out"),
            new Notice("NOTHING_FOUND", "the label map holds none of the labels of ct-vertebrae"));
  }

  @Test
  void a_mask_of_fascia_may_have_any_value() {
    SegmentationResult one = Segmenters.measure(new UsFascia(), grey(), band(1), Optional.empty());
    SegmentationResult white =
        Segmenters.measure(new UsFascia(), grey(), band(255), Optional.empty());

    assertThat(one.measurements().of(FasciaMeasurement.class).get(0).thickness().mean())
        .isEqualTo(1, within(0.05));
    assertThat(white.measurements().of(FasciaMeasurement.class).get(0).thickness())
        .isEqualTo(one.measurements().of(FasciaMeasurement.class).get(0).thickness());
    assertThat(white.labels().toArray()).isEqualTo(one.labels().toArray());
    assertThat(white.notices()).isEqualTo(one.notices());
    assertThat(white.hasNotice("LABELS_NOT_MEASURED")).isFalse();
  }

  @Test
  void an_empty_mask_is_nothing_found_once() {
    SegmentationResult result =
        Segmenters.measure(new UsFascia(), grey(), band(0), Optional.empty());

    assertThat(result.notices())
        .extracting(Notice::code)
        .containsExactly("NO_IMAGE_REGION", "NOTHING_FOUND");
  }

  @Test
  void labels_of_another_grid_and_a_task_that_measures_nothing_are_refused() {
    LabelVolume other =
        LabelVolume.empty(GridGeometry.ofSpacing(new Extents(6, 6, 6), new Vector3(1, 1, 2)));

    assertThatThrownBy(() -> Segmenters.measure(new CtVertebrae(), ct(), other, Optional.empty()))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo("GRID_MISMATCH");
    assertThatThrownBy(
            () -> Segmenters.measure(new SegmentTask(), ct(), block(1), Optional.empty()))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessage("the task segment measures nothing")
        .extracting("code")
        .isEqualTo("MEASURE_UNSUPPORTED");
  }

  @Test
  void a_study_without_the_series_is_refused() {
    LumbarStudy t2 = LumbarStudy.of(Series.of(SeriesRole.T2, ct().reference().volume()));

    assertThatThrownBy(() -> Segmenters.measure(new CtVertebrae(), t2, block(22), Optional.empty()))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo("MISSING_SERIES");
  }
}
