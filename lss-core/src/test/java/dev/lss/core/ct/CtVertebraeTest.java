package dev.lss.core.ct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.KnownLevel;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.ProgressListener;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.StageTiming;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Orient;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The task with formulas for networks: five blobs, 32 mm apart, in a leaning row. */
class CtVertebraeTest {

  private static final Extents GRID = new Extents(40, 44, 72);
  private static final Vector3 SPACING = new Vector3(2.1, 1.9, 2.9);

  private static Volume blobs(int count) {
    float[] samples = new float[GRID.voxels()];
    for (int n = 0; n < samples.length; n++) {
      double x = n % GRID.i() * SPACING.x();
      double y = n / GRID.i() % GRID.j() * SPACING.y();
      double z = n / (GRID.i() * GRID.j()) * SPACING.z();
      for (int b = 0; b < count; b++) {
        double dx = x - 42 - b;
        double dy = y - 40 - 1.5 * b;
        double dz = z - 38 - 32 * b;
        double value = Math.exp(-(dx * dx + dy * dy + dz * dz) / (2 * 14 * 14));
        samples[n] = (float) Math.max(samples[n], value);
      }
    }
    Affine affine =
        new Affine(
            new Vector3(SPACING.x(), 0, 0),
            new Vector3(0, SPACING.y(), 0),
            new Vector3(0, 0, SPACING.z()),
            new Vector3(-71.3, 12.7, 801.9));
    return Volume.wrap(GridGeometry.of(GRID, affine, SPACING), samples);
  }

  private static SegmentationResult segment(Volume ct) {
    try (LumbarSegmenter segmenter = FakeCtModel.segmenter(1)) {
      return segmenter.segment(LumbarStudy.ofCt(ct));
    }
  }

  static List<AnatomicalCode> orientations() {
    return AnatomicalCode.all();
  }

  @Test
  void five_blobs_become_L1_to_L5_from_head_to_feet() {
    SegmentationResult result = segment(blobs(5));

    assertThat(result.measurements().of(VertebraMeasurement.class))
        .extracting(m -> m.level())
        .containsExactly(
            VertebraLevel.L1,
            VertebraLevel.L2,
            VertebraLevel.L3,
            VertebraLevel.L4,
            VertebraLevel.L5);
    Vector3 l5 = result.measurements().of(VertebraMeasurement.class).get(4).centroidMm();
    assertThat(l5.x()).isCloseTo(-71.3 + 42, within(1.0));
    assertThat(l5.y()).isCloseTo(12.7 + 40, within(1.0));
    assertThat(l5.z()).isCloseTo(801.9 + 38, within(1.0));
    assertThat(result.hasNotice("LEVELS_WITHOUT_ANCHOR")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("orientations")
  void every_stored_orientation_gives_the_same_labels(AnatomicalCode code) {
    Volume ct = blobs(5);
    short[] expected = VoxelArrays.labels(segment(ct).labels());

    SegmentationResult reoriented = segment(Orient.to(ct, code));

    assertThat(reoriented.labels().geometry().orientation()).isEqualTo(code);
    assertThat(VoxelArrays.labels(Orient.to(reoriented.labels(), AnatomicalCode.LPS)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8})
  void the_number_of_stage_threads_changes_no_label(int threads) {
    Volume ct = blobs(5);
    try (LumbarSegmenter segmenter = FakeCtModel.segmenter(threads)) {
      assertThat(VoxelArrays.labels(segmenter.segment(LumbarStudy.ofCt(ct)).labels()))
          .isEqualTo(VoxelArrays.labels(segment(ct).labels()));
    }
  }

  @Test
  void an_empty_image_gives_background_and_a_notice() {
    SegmentationResult result = segment(blobs(0));

    assertThat(result.foundAnything()).isFalse();
    assertThat(result.measurements().of(VertebraMeasurement.class)).isEmpty();
    assertThat(result.notices()).extracting(n -> n.code()).containsExactly("NOTHING_FOUND");
  }

  @Test
  void a_ct_of_413_million_voxels_fits_60_percent_of_8_GB() {
    GridGeometry grid =
        GridGeometry.ofSpacing(new Extents(768, 768, 700), new Vector3(0.48, 0.4, 0.48));

    MemoryPlan plan =
        new CtVertebrae()
            .memory(
                FakeCtModel.description(
                    FakeCtModel.localizer(), FakeCtModel.segmenter(List.of(64, 80, 72), 1.5)),
                Map.of(SeriesRole.CT, grid),
                RuntimeOptions.builder().build());

    long image = 2L * grid.extents().voxels(); // numbers of 16 bits
    assertThat(image + plan.heapBytes()).isLessThan((long) (0.95 * 0.6 * (8L << 30)));
    assertThat(plan.heapBytes())
        .as("a reoriented copy of it and its labels are in it")
        .isGreaterThan(4L * grid.extents().voxels());
  }

  @Test
  void labels_lie_on_the_very_grid_of_the_input() {
    Volume ct = blobs(3);

    assertThat(segment(ct).labels().geometry()).isSameAs(ct.geometry());
  }

  @Test
  void a_centre_that_the_coarse_network_doubles_is_segmented_once() {
    try (LumbarSegmenter segmenter =
        FakeCtModel.segmenter(
            1,
            (in, out) -> {
              int voxels = in.shape().size();
              int ni = in.shape().get(4);
              int nj = in.shape().get(3);
              for (int c = 0; c < 9; c++) {
                for (int n = 0; n < voxels; n++) {
                  int i = n % ni;
                  int j = n / ni % nj;
                  int k = n / (ni * nj);
                  boolean top = i == 2 && j == 2 && (k == 10 || k == 15);
                  boolean speaks = c == HeatMaps.ANY || c == HeatMaps.L1;
                  out.data().put(c * voxels + n, speaks && top ? (k == 10 ? 2 : 3) : -8);
                }
              }
            })) {
      float[] samples = new float[20 * 20 * 80];
      for (int n = 0; n < samples.length; n++) {
        double dx = n % 20 - 10;
        double dy = n / 20 % 20 - 10;
        double dz = n / 400 - 52;
        samples[n] = (float) Math.exp(-(dx * dx + dy * dy + dz * dz) / (2.0 * 100));
      }
      Volume one =
          Volume.wrap(
              GridGeometry.ofSpacing(new Extents(20, 20, 80), new Vector3(1, 1, 1)), samples);

      SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(one));

      assertThat(result.measurements().of(VertebraMeasurement.class)).hasSize(1);
    }
  }

  /**
   * The coarse network sees nothing of the third blob, which is fainter than the others, and thinks
   * that each of these could be any lumbar vertebra.
   */
  private static SegmentationResult segmentWithFaintThird(double faint) {
    Volume ct = blobs(5);
    float[] samples = VoxelArrays.samples(ct).clone();
    for (int n = 0; n < samples.length; n++) {
      double z = n / (GRID.i() * GRID.j()) * SPACING.z();
      samples[n] *= (float) (Math.abs(z - 38 - 64) < 16 ? faint : 1);
    }
    try (LumbarSegmenter segmenter =
        FakeCtModel.segmenter(
            1,
            (in, out) -> {
              int voxels = in.shape().size();
              for (int n = 0; n < out.shape().size(); n++) {
                float value = in.data().get(n % voxels);
                int channel = n / voxels;
                boolean isLumbar = channel >= HeatMaps.L1 && channel <= HeatMaps.L5;
                boolean speaks = (channel == HeatMaps.ANY || isLumbar) && value > 0.7;
                out.data().put(n, speaks ? 8 * value - 4 : -8);
              }
            })) {
      return segmenter.segment(LumbarStudy.ofCt(Volume.wrap(ct.geometry(), samples)));
    }
  }

  @Test
  void a_vertebra_that_the_coarse_network_misses_is_found_by_looking_again() {
    SegmentationResult result = segmentWithFaintThird(0.69);

    assertThat(result.measurements().of(VertebraMeasurement.class)).hasSize(5);
    assertThat(result.hasNotice("VERTEBRA_MISSING")).isFalse();
  }

  @Test
  void a_vertebra_that_nobody_finds_is_said_to_be_missing() {
    SegmentationResult result = segmentWithFaintThird(0.1);

    assertThat(result.measurements().of(VertebraMeasurement.class)).hasSize(4);
    assertThat(result.hasNotice("VERTEBRA_MISSING")).isTrue();
  }

  private static List<VertebraLevel> levels(KnownLevel known) {
    try (LumbarSegmenter segmenter = FakeCtModel.segmenter(1)) {
      return segmenter
          .segment(LumbarStudy.ofCt(blobs(5)).withKnownLevel(known))
          .measurements()
          .of(VertebraMeasurement.class)
          .stream()
          .map(VertebraMeasurement::level)
          .toList();
    }
  }

  @Test
  void levels_are_counted_from_the_lowest_vertebra_when_its_level_is_known() {
    // The fifth from below is T12, which the task does not label.
    assertThat(levels(KnownLevel.lowest(VertebraLevel.L4)))
        .containsExactly(VertebraLevel.L1, VertebraLevel.L2, VertebraLevel.L3, VertebraLevel.L4);
  }

  @Test
  void levels_are_counted_from_the_vertebra_at_a_point_when_its_level_is_known() {
    Vector3 second = new Vector3(-71.3 + 43, 12.7 + 41.5, 801.9 + 70);

    assertThat(levels(KnownLevel.at(VertebraLevel.L3, second)))
        .containsExactly(VertebraLevel.L1, VertebraLevel.L2, VertebraLevel.L3, VertebraLevel.L4);
  }

  @Test
  void a_known_level_far_from_any_vertebra_is_refused() {
    KnownLevel far = KnownLevel.at(VertebraLevel.L3, new Vector3(0, 0, 0));

    assertThatThrownBy(() -> levels(far))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageStartingWith("no vertebra was found within 40 mm of the point (0.0, 0.0, 0.0)")
        .extracting("code")
        .isEqualTo("LEVEL_NOT_FOUND");
  }

  @Test
  void a_study_without_CT_is_refused() {
    LumbarStudy study = LumbarStudy.of(Series.of(SeriesRole.T1, blobs(1)));
    try (LumbarSegmenter segmenter = FakeCtModel.segmenter(1)) {
      assertThatThrownBy(() -> segmenter.segment(study))
          .isInstanceOf(InvalidStudyException.class)
          .hasMessage("the task ct-vertebrae takes the series [CT], there is no series \"CT\"")
          .extracting("code")
          .isEqualTo("MISSING_SERIES");
    }
  }

  @Test
  void a_set_token_stops_the_work_between_two_tiles() {
    CancellationToken token = new CancellationToken();
    ProgressListener cancelling = (stage, done, total) -> token.cancel();
    try (LumbarSegmenter segmenter = FakeCtModel.segmenter(1)) {
      assertThatThrownBy(() -> segmenter.segment(LumbarStudy.ofCt(blobs(5)), cancelling, token))
          .isInstanceOf(CancelledException.class);
      assertThat(segmenter.segment(LumbarStudy.ofCt(blobs(5))).foundAnything()).isTrue();
    }
  }

  @Test
  void progress_runs_up_to_the_total_in_every_stage() {
    List<String> ends = new ArrayList<>();
    ProgressListener listener =
        (stage, done, total) -> {
          assertThat(done).isBetween(0, total);
          if (done == total) {
            ends.add(stage);
          }
        };
    try (LumbarSegmenter segmenter = FakeCtModel.segmenter(1)) {
      segmenter.segment(LumbarStudy.ofCt(blobs(5)), listener, new CancellationToken());
    }

    assertThat(ends).startsWith("localize").contains("network");
  }

  @Test
  void every_stage_is_timed() {
    assertThat(segment(blobs(5)).timings())
        .extracting(StageTiming::stage)
        .containsExactlyInAnyOrder(
            "preprocess", "localize", "network", "postprocess", "resample", "measure");
  }
}
