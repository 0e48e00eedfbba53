package dev.lss.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Tasks;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.Segmenters;
import dev.lss.core.image.Crop;
import dev.lss.core.image.Orient;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.phantom.LumbarPhantom;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled networks on real images and on phantoms, with the real runtime. */
class CtVertebraeIT {

  private static final List<VertebraLevel> LUMBAR =
      List.of(
          VertebraLevel.L1, VertebraLevel.L2, VertebraLevel.L3, VertebraLevel.L4, VertebraLevel.L5);

  private static LumbarSegmenter segmenter;

  @BeforeAll
  static void open() throws IOException {
    segmenter = segmenter(RuntimeOptions.builder().threads(2));
  }

  @AfterAll
  static void close() {
    segmenter.close();
  }

  private static LumbarSegmenter segmenter(RuntimeOptions.Builder options) throws IOException {
    return Segmenters.forTask(Tasks.CT_VERTEBRAE).options(options.build()).build();
  }

  private static Volume ct(String name) throws IOException {
    return Nifti.read(RealData.path("ct/" + name + "/ct.nii.gz")).volume();
  }

  private static List<VertebraLevel> levels(SegmentationResult result) {
    return result.measurements().of(VertebraMeasurement.class).stream()
        .map(VertebraMeasurement::level)
        .toList();
  }

  private static double dice(LabelVolume a, int inA, LabelVolume b, int inB) {
    long both = 0;
    long sum = 0;
    short[] x = VoxelArrays.labels(a);
    short[] y = VoxelArrays.labels(b);
    for (int n = 0; n < x.length; n++) {
      both += x[n] == inA && y[n] == inB ? 1 : 0;
      sum += (x[n] == inA ? 1 : 0) + (y[n] == inB ? 1 : 0);
    }
    return 2.0 * both / sum;
  }

  private static double agreement(LabelVolume a, LabelVolume b) {
    short[] x = VoxelArrays.labels(a);
    short[] y = VoxelArrays.labels(b);
    long same = 0;
    for (int n = 0; n < x.length; n++) {
      same += x[n] == y[n] ? 1 : 0;
    }
    return (double) same / x.length;
  }

  @Test
  void an_abdomen_gives_L1_to_L5_where_a_peer_sees_them() throws IOException {
    SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(ct("abdomen_3mm")));
    LabelVolume peer =
        Nifti.readLabels(RealData.path("ct/abdomen_3mm/totalseg_spine.nii.gz")).labels();

    assertThat(levels(result)).isEqualTo(LUMBAR);
    assertThat(result.hasNotice("LEVELS_WITHOUT_ANCHOR")).isFalse();
    for (VertebraLevel level : LUMBAR) {
      // The peer calls L1 31 and L5 27; its 3 mm labels are a plausibility check, not a truth.
      assertThat(dice(result.labels(), level.verseId(), peer, 51 - level.verseId()))
          .as("%s", level)
          .isGreaterThan(0.8);
    }
  }

  @Test
  void a_crop_of_three_vertebrae_gives_three_in_a_row_and_says_that_no_anchor_is_in_view()
      throws IOException {
    SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(ct("l3_crop")));
    LabelVolume truth =
        Nifti.readLabels(RealData.path("ct/l3_crop/vertebrae_verse_ids.nii.gz")).labels();

    assertThat(levels(result)).hasSize(3);
    assertThat(result.hasNotice("LEVELS_WITHOUT_ANCHOR")).isTrue();
    int shift = result.measurements().of(VertebraMeasurement.class).get(0).level().verseId() - 21;
    assertThat(shift).isBetween(-1, 1);
    assertThat(dice(result.labels(), 22 + shift, truth, 22)).isGreaterThan(0.8);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8})
  void stage_threads_change_no_bit(int threads) throws IOException {
    Volume crop = ct("l3_crop");
    short[] expected;
    try (LumbarSegmenter one = segmenter(RuntimeOptions.builder().threads(2).stageThreads(1))) {
      expected = VoxelArrays.labels(one.segment(LumbarStudy.ofCt(crop)).labels());
    }
    try (LumbarSegmenter more =
        segmenter(RuntimeOptions.builder().threads(2).stageThreads(threads))) {
      assertThat(VoxelArrays.labels(more.segment(LumbarStudy.ofCt(crop)).labels()))
          .isEqualTo(expected);
    }
  }

  @Test
  void one_thread_and_two_agree_in_all_but_a_few_voxels() throws IOException {
    Volume crop = ct("l3_crop");
    try (LumbarSegmenter one = segmenter(RuntimeOptions.builder().threads(1))) {
      assertThat(
              agreement(
                  one.segment(LumbarStudy.ofCt(crop)).labels(),
                  segmenter.segment(LumbarStudy.ofCt(crop)).labels()))
          .isGreaterThanOrEqualTo(0.99999);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RAS", "SPL", "PIR", "IAL", "ASR"})
  void an_image_stored_otherwise_gives_the_same_labels(String code) throws IOException {
    Volume crop = Orient.to(ct("l3_crop"), AnatomicalCode.LPS);
    short[] expected = VoxelArrays.labels(segmenter.segment(LumbarStudy.ofCt(crop)).labels());

    SegmentationResult reoriented =
        segmenter.segment(LumbarStudy.ofCt(Orient.to(crop, AnatomicalCode.parse(code))));

    assertThat(VoxelArrays.labels(Orient.to(reoriented.labels(), AnatomicalCode.LPS)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1.0, 1.0, 0.05",
    "2, 0.8, 2.0, 0.05",
    "3, 1.5, 3.0, 0.05",
    "4, 1.0, 5.0, 0.10",
    "5, 2.0, 1.5, 0.05",
    "6, 1.0, 1.0, 0.05",
    "17, 1.0, 1.0, 0.05",
    "18, 0.7, 2.5, 0.05",
    "20, 1.4, 1.4, 0.05"
  })
  void phantom_volumes_are_right_to_the_share_that_the_model_card_states(
      long seed, double inPlane, double slice, double share) {
    LumbarPhantom phantom = LumbarPhantom.random(seed);
    GridGeometry standard = phantom.standardGrid();
    Extents extents = Resample.extentsFor(standard, new Vector3(inPlane, inPlane, slice));
    GridGeometry grid = Resample.geometryFor(standard, extents);

    SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(phantom.render(grid)));

    assertThat(levels(result)).isEqualTo(LUMBAR);
    for (VertebraMeasurement m : result.measurements().of(VertebraMeasurement.class)) {
      double truth = phantom.trueVolumeMm3(m.level());
      assertThat(m.volumeMm3()).as("%s", m.level()).isCloseTo(truth, within(share * truth));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void a_chest_down_to_T12_holds_no_lumbar_vertebra(long seed) {
    LumbarPhantom phantom = LumbarPhantom.random(seed);
    GridGeometry standard = phantom.standardGrid();
    Extents n = standard.extents();
    LabelVolume labels = phantom.labels(standard);
    int top = n.k() - 1;
    while (IntStream.range(n.offset(0, 0, top), n.offset(0, 0, top) + n.i() * n.j())
        .allMatch(at -> VoxelArrays.labels(labels)[at] == 0)) {
      top--;
    }
    Volume chest =
        Crop.to(phantom.render(standard), new IndexBox(0, 0, top + 1, n.i(), n.j(), n.k()));

    SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(chest));

    assertThat(result.foundAnything()).isFalse();
    assertThat(levels(result)).isEmpty();
  }

  @Test
  void air_holds_no_vertebra() {
    float[] air = new float[40 * 40 * 40];
    java.util.Arrays.fill(air, -1000f);
    Volume empty =
        Volume.wrap(GridGeometry.ofSpacing(new Extents(40, 40, 40), new Vector3(2, 2, 2)), air);

    SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(empty));

    assertThat(result.foundAnything()).isFalse();
    assertThat(result.hasNotice("NOTHING_FOUND")).isTrue();
  }
}
