package dev.lss.core.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VertebraMeasuresTest {

  private static final LabelTable TABLE = LabelTable.lumbarVertebrae();

  @Test
  void a_vertebra_of_boxes_has_the_volume_of_its_boxes() {
    VertebraMeasurement found = measure(BoxVertebra.whole());

    assertThat(found.level()).isEqualTo(VertebraLevel.L3);
    assertThat(found.volumeMm3()).isEqualTo(BoxVertebra.BODY_MM3 + BoxVertebra.ARCH_MM3);
    assertThat(found.touchesBorder()).isFalse();
  }

  @Test
  void the_centroid_is_the_volume_weighted_mean_of_the_boxes_centres() {
    double pedicles = 2 * 10 * 20 * 14;
    double lamina = 40 * 8 * 20;
    double spinous = 8 * 30 * 18;
    double y =
        (pedicles * 27 + lamina * 41 + spinous * 60)
            / (BoxVertebra.BODY_MM3 + BoxVertebra.ARCH_MM3);

    Vector3 centroid = measure(BoxVertebra.whole()).centroidMm();

    assertThat(centroid.x()).isCloseTo(0, within(1e-9));
    assertThat(centroid.y()).isCloseTo(y, within(1e-9));
    assertThat(centroid.z()).isCloseTo(0, within(1e-9));
  }

  @Test
  void the_whole_averages_shell_and_core_and_the_body_its_core_alone() {
    double core = 42 * 28 * 20;
    double all = BoxVertebra.BODY_MM3 + BoxVertebra.ARCH_MM3;

    VertebraMeasurement found = measure(BoxVertebra.whole());

    assertThat(found.meanHu().orElseThrow())
        .isCloseTo((core * 150 + (all - core) * 600) / all, within(1e-9));
    assertThat(found.bodyMeanHu()).hasValue(150);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 2, 3, 4, 5})
  void the_body_is_found_in_slices_of_any_thickness_up_to_5_mm(double sliceMm) {
    BoxVertebra vertebra =
        BoxVertebra.between(
            new Vector3(-30, -22, -30), new Vector3(30, 82, 30), new Vector3(0.75, 0.75, sliceMm));

    assertThat(measure(vertebra).bodyMeanHu()).hasValue(150);
  }

  @Test
  void sagittal_slices_of_4_mm_find_the_body_too() {
    BoxVertebra vertebra =
        BoxVertebra.between(
            new Vector3(-32, -22, -18), new Vector3(32, 82, 18), new Vector3(4, 1, 1));

    assertThat(measure(vertebra).bodyMeanHu()).hasValue(150);
  }

  @Test
  void all_48_storage_orientations_give_the_same_numbers() {
    BoxVertebra textured = withTexture(BoxVertebra.whole());
    VertebraMeasurement expected = measure(textured);
    Percentage rounding = Percentage.withPercentage(1e-7);

    for (AnatomicalCode code : AnatomicalCode.all()) {
      VertebraMeasurement found = measure(textured.storedAs(code));

      assertThat(found.volumeMm3()).as(code.toString()).isEqualTo(expected.volumeMm3());
      assertThat(found.meanHu().orElseThrow()).isCloseTo(expected.meanHu().orElseThrow(), rounding);
      assertThat(found.bodyMeanHu().orElseThrow())
          .isCloseTo(expected.bodyMeanHu().orElseThrow(), rounding);
      assertThat(found.centroidMm().minus(expected.centroidMm()).norm()).isLessThan(1e-9);
      assertThat(found.touchesBorder()).isFalse();
    }
  }

  @Test
  void a_body_cut_by_the_border_has_no_body_mean_but_keeps_the_rest() {
    BoxVertebra cut =
        BoxVertebra.between(
            new Vector3(-30, -22, -4), new Vector3(30, 82, 18), new Vector3(1, 1, 1));

    VertebraMeasurement found = measure(cut);

    assertThat(found.touchesBorder()).isTrue();
    assertThat(found.bodyMeanHu()).isEmpty();
    assertThat(found.volumeMm3()).isPositive();
  }

  @Test
  void a_cut_spinous_process_leaves_the_body_mean() {
    BoxVertebra cut =
        BoxVertebra.between(
            new Vector3(-30, -22, -18), new Vector3(30, 60, 18), new Vector3(1, 1, 1));

    VertebraMeasurement found = measure(cut);

    assertThat(found.touchesBorder()).isTrue();
    assertThat(found.bodyMeanHu()).hasValue(150);
  }

  @Test
  void an_arch_without_its_body_has_no_body_mean() {
    BoxVertebra arch =
        BoxVertebra.between(
            new Vector3(-30, 18, -18), new Vector3(30, 82, 18), new Vector3(1, 1, 1));

    assertThat(measure(arch).bodyMeanHu()).isEmpty();
  }

  @Test
  void a_single_slice_has_no_body_mean() {
    BoxVertebra slice =
        BoxVertebra.between(
            new Vector3(-30, -22, -2.5), new Vector3(30, 82, 2.5), new Vector3(1, 1, 5));

    VertebraMeasurement found = measure(slice);

    assertThat(found.bodyMeanHu()).isEmpty();
    assertThat(found.touchesBorder()).isFalse();
  }

  @Test
  void metal_in_the_body_leaves_no_body_mean() {
    BoxVertebra vertebra = BoxVertebra.whole();
    float[] screw = VoxelArrays.samples(vertebra.ct()).clone();
    screw[vertebra.ct().extents().offset(30, 22, 18)] = 2500;

    assertThat(measure(vertebra.withCt(Volume.wrap(vertebra.ct().geometry(), screw))).bodyMeanHu())
        .isEmpty();
  }

  @Test
  void vertebrae_come_cranial_first_and_labels_outside_the_table_are_not_measured() {
    Extents n = new Extents(3, 3, 9);
    GridGeometry grid = GridGeometry.ofSpacing(n, new Vector3(1, 1, 1));
    short[] labels = new short[n.voxels()];
    labels[n.offset(1, 1, 1)] = 24;
    labels[n.offset(1, 1, 4)] = 20;
    labels[n.offset(1, 1, 7)] = 99;

    List<VertebraMeasurement> found =
        VertebraMeasures.of(
                LabelVolume.wrap(grid, labels), TABLE, Volume.wrap(grid, new float[n.voxels()]))
            .vertebrae();

    assertThat(found)
        .extracting(VertebraMeasurement::level)
        .containsExactly(VertebraLevel.L1, VertebraLevel.L5);
  }

  @Test
  void background_alone_gives_an_empty_list() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(3, 3, 3), new Vector3(1, 1, 1));

    assertThat(
            VertebraMeasures.of(LabelVolume.empty(grid), TABLE, Volume.wrap(grid, new float[27])))
        .isEqualTo(new VertebraMeasures(List.of(), List.of(), List.of()));
  }

  @Test
  void labels_of_another_image_are_refused() {
    BoxVertebra vertebra = BoxVertebra.whole();
    GridGeometry other = GridGeometry.ofSpacing(new Extents(3, 3, 3), new Vector3(1, 1, 1));

    assertThatThrownBy(() -> VertebraMeasures.of(LabelVolume.empty(other), TABLE, vertebra.ct()))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("3 x 3 x 3 voxels")
        .hasMessageContaining("60 x 104 x 36 voxels");
  }

  @Test
  void a_screw_is_said_and_values_that_are_no_HU_are_not_averaged() {
    BoxVertebra vertebra = BoxVertebra.whole();
    float[] screw = VoxelArrays.samples(vertebra.ct()).clone();
    float[] scaled = screw.clone();
    for (int n = 0; n < 21; n++) {
      screw[vertebra.ct().extents().offset(45, 30 + n, 18)] = 2600; // 21 mm³
    }
    for (int n = 0; n < scaled.length; n++) {
      scaled[n] = (scaled[n] + 100) / 700; // 0 to 1
    }
    GridGeometry grid = vertebra.ct().geometry();

    VertebraMeasures metal =
        VertebraMeasures.of(vertebra.labels(), TABLE, Volume.wrap(grid, screw));
    VertebraMeasures noHu =
        VertebraMeasures.of(vertebra.labels(), TABLE, Volume.wrap(grid, scaled));

    assertThat(metal.notices()).extracting(Notice::code).containsExactly("METAL");
    assertThat(metal.vertebrae().get(0).holdsMetal()).isTrue();
    assertThat(noHu.notices()).extracting(Notice::code).containsExactly("NOT_HU");
    assertThat(noHu.vertebrae().get(0).meanHu()).isEmpty();
    assertThat(noHu.vertebrae().get(0).bodyMeanHu()).isEmpty();
  }

  private static VertebraMeasurement measure(BoxVertebra vertebra) {
    VertebraMeasures found = VertebraMeasures.of(vertebra.labels(), TABLE, vertebra.ct());
    assertThat(found.notices()).isEmpty();
    return found.vertebrae().get(0);
  }

  private static BoxVertebra withTexture(BoxVertebra vertebra) {
    Random random = new Random(1);
    float[] ct = VoxelArrays.samples(vertebra.ct()).clone();
    for (int at = 0; at < ct.length; at++) {
      ct[at] += (float) (30 * random.nextGaussian());
    }
    return vertebra.withCt(Volume.wrap(vertebra.ct().geometry(), ct));
  }
}
