package dev.lss.core.muscle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.api.FatMethod;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.MuscleComposition;
import dev.lss.api.MuscleSection;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Muscle;
import dev.lss.api.anatomy.Side;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.Nifti;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MuscleMeasuresTest {

  private static final LabelTable TABLE = LabelTable.measuredMuscles();

  private static MuscleMeasures measure(LabelVolume labels, Series... study) {
    return MuscleMeasures.of(labels, TABLE, List.of(study), study[0], Optional.empty());
  }

  private static Series t1(Volume image) {
    return Series.of(SeriesRole.T1, image);
  }

  private static MuscleComposition find(MuscleMeasures measures, Muscle muscle, Side side) {
    return measures.muscles().stream()
        .filter(m -> m.muscle() == muscle && m.side() == side)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void volume_length_and_areas_are_those_of_the_cylinder() {
    Volume flat = MusclePhantom.image(n -> 1.0 + n % 7, 0, false, 1);
    MuscleComposition left =
        find(measure(MusclePhantom.labels(), t1(flat)), Muscle.MULTIFIDUS, Side.LEFT);

    double area = Math.PI * MusclePhantom.A * MusclePhantom.B;
    assertThat(left.volumeMm3()).isCloseTo(area * 32, within(0.01 * area * 32));
    assertThat(left.lengthMm()).isEqualTo(32);
    assertThat(left.meanCsaMm2()).isCloseTo(area, within(0.01 * area));
    assertThat(left.slices()).hasSize(8);
    MuscleSection first = left.slices().get(0);
    assertThat(first.slice()).hasValue(2);
    assertThat(first.areaMm2()).isCloseTo(area, within(0.01 * area));
    assertThat(first.centreMm().x()).isCloseTo(34.3, within(0.1));
    assertThat(first.centreMm().z()).isEqualTo(8);
    assertThat(left.touchesBorder()).isFalse();
    assertThat(left.volumeAsymmetryPercent().orElseThrow()).isCloseTo(0, within(1.0));
  }

  @Test
  void asymmetry_is_the_difference_over_the_mean() {
    assertThat(MuscleMeasures.asymmetryPercent(52, 47)).isCloseTo(10.101, within(1e-3));
    assertThat(MuscleMeasures.asymmetryPercent(47, 52)).isCloseTo(-10.101, within(1e-3));
  }

  @ParameterizedTest
  @CsvSource({
    "0.02, false, false",
    "0.05, false, true",
    "0.1, true, false",
    "0.2, true, true",
    "0.4, false, false",
    "0.6, false, true",
    "0.02, true, true",
    "0.6, true, false"
  })
  void dixon_fat_with_noise_at_20_is_corrected_to_a_hundredth(
      double fraction, boolean salt, boolean biased) {
    float[] fat = MusclePhantom.fractions(fraction, salt, 11);
    Series water =
        Series.of(
            SeriesRole.DIXON_WATER, MusclePhantom.image(n -> 100 * (1 - fat[n]), 5, biased, 12));
    Series fats =
        Series.of(SeriesRole.DIXON_FAT, MusclePhantom.image(n -> 100 * fat[n], 5, biased, 13));

    MuscleMeasures measures = measure(MusclePhantom.labels(), water, fats);

    for (MuscleComposition muscle : measures.muscles()) {
      double truth =
          MusclePhantom.truth(fat, TABLE.byStructure(muscle.structure()).orElseThrow().value());
      assertThat(muscle.fatFraction(FatMethod.DIXON_RATIO_OF_NOISE_CORRECTED_SUMS).orElseThrow())
          .isCloseTo(truth, within(0.01));
    }
    assertThat(measures.notices()).isEmpty();
  }

  @Test
  void the_bias_of_noise_without_correction_is_the_published_one() {
    float[] fat = MusclePhantom.fractions(0.02, false, 1);
    Series water = Series.of(SeriesRole.DIXON_WATER, MusclePhantom.image(n -> 98.0, 5, false, 2));
    Series fats =
        Series.of(SeriesRole.DIXON_FAT, MusclePhantom.image(n -> 100 * fat[n], 5, false, 3));

    MuscleComposition left =
        find(measure(MusclePhantom.labels(), water, fats), Muscle.MULTIFIDUS, Side.LEFT);

    assertThat(left.fatFraction(FatMethod.DIXON_RATIO_OF_SUMS).orElseThrow())
        .isCloseTo(0.0623, within(0.002));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.3, 0.5, 0.6})
  void fat_by_brightness_is_the_share_of_bright_voxels_also_in_a_bias_field(double fraction) {
    float[] fat = MusclePhantom.fractions(fraction, true, 21);
    Volume image = MusclePhantom.image(n -> 100 + 250 * fat[n], 8, true, 22);

    MuscleMeasures measures = measure(MusclePhantom.labels(), t1(image));

    for (MuscleComposition muscle : measures.muscles()) {
      double truth =
          MusclePhantom.truth(fat, TABLE.byStructure(muscle.structure()).orElseThrow().value());
      assertThat(muscle.fatFraction(FatMethod.GAUSSIAN_MIXTURE_2).orElseThrow())
          .isCloseTo(truth, within(0.01));
      assertThat(muscle.fatFraction(FatMethod.OTSU).orElseThrow()).isCloseTo(truth, within(0.01));
      assertThat(muscle.biasFieldCorrected()).isTrue();
      assertThat(muscle.fatMethod()).isEqualTo(FatMethod.GAUSSIAN_MIXTURE_3);
    }
    assertThat(measures.notices()).extracting(Notice::code).containsExactly("FAT_FROM_BRIGHTNESS");
  }

  @Test
  void in_and_opposed_phase_read_whichever_is_less() {
    Series in = Series.of(SeriesRole.IN_PHASE, MusclePhantom.image(n -> 100.0, 0, false, 1));
    Series opposed =
        Series.of(SeriesRole.OPPOSED_PHASE, MusclePhantom.image(n -> 40.0, 0, false, 1));

    MuscleMeasures measures = measure(MusclePhantom.labels(), in, opposed);

    assertThat(measures.muscles().get(0).fatFraction().orElseThrow())
        .isCloseTo(0.3, within(1e-6)); // of 0.3 and of 0.7
    assertThat(measures.notices()).extracting(Notice::code).containsExactly("IN_OPPOSED_AMBIGUOUS");
  }

  @Test
  void where_fat_is_not_bright_it_is_not_told_by_brightness() {
    Series stir = Series.of(SeriesRole.STIR, MusclePhantom.image(n -> 1.0 + n % 9, 0, false, 1));

    MuscleMeasures measures = measure(MusclePhantom.labels(), stir);

    MuscleComposition left = measures.muscles().get(0);
    assertThat(left.fatFraction()).isEmpty();
    assertThat(left.leanVolumeMm3()).isEmpty();
    assertThat(left.fatUndefined()).hasValue("FAT_NOT_BRIGHT");
    assertThat(measures.notices()).extracting(Notice::code).containsExactly("FAT_NOT_KNOWN");
  }

  @Test
  void a_pair_on_two_grids_is_refused() {
    Volume water = MusclePhantom.image(n -> 1.0, 0, false, 1);
    GridGeometry moved = GridGeometry.ofSpacing(MusclePhantom.EXTENTS, new Vector3(1, 1, 4));
    Series fat = Series.of(SeriesRole.DIXON_FAT, Volume.wrap(moved, water.toArray()));

    assertThatThrownBy(
            () -> measure(MusclePhantom.labels(), Series.of(SeriesRole.DIXON_WATER, water), fat))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo("GRIDS_DIFFER");
  }

  /** Vertebrae as boxes at 12 and 40 mm, leaning by an angle in the sagittal plane. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 20})
  void the_section_of_a_leaning_plane_is_larger_by_the_cosine(double degrees) {
    double lean = Math.tan(Math.toRadians(degrees));
    short[] spine = new short[MusclePhantom.EXTENTS.voxels()];
    for (int n = 0; n < spine.length; n++) {
      Vector3 at = MusclePhantom.at(n);
      for (int level = 0; level < 2; level++) {
        double z = 12 + 20 * level;
        double y = 15.2 + lean * (z - 22);
        if (Math.abs(at.x()) < 8 && Math.abs(at.y() - y) < 5 && Math.abs(at.z() - z) < 3) {
          spine[n] = (short) (23 - level);
        }
      }
    }
    LabelVolume levels = LabelVolume.wrap(MusclePhantom.GRID, spine);
    Series image = t1(MusclePhantom.image(n -> 1.0 + n % 7, 0, false, 1));

    MuscleMeasures measures =
        MuscleMeasures.of(
            MusclePhantom.labels(), TABLE, List.of(image), image, Optional.of(levels));

    MuscleComposition left = find(measures, Muscle.MULTIFIDUS, Side.LEFT);
    MuscleSection disc =
        left.levels().stream()
            .filter(s -> s.level().orElseThrow().key().equals("disc/L3"))
            .findFirst()
            .orElseThrow();
    double angle = Math.acos(Math.abs(disc.normal().z()));
    double area = Math.PI * MusclePhantom.A * MusclePhantom.B / Math.cos(angle);
    assertThat(Math.toDegrees(angle)).isCloseTo(degrees, within(2.0));
    assertThat(disc.areaMm2()).isCloseTo(area, within(0.01 * area));
    assertThat(left.levels())
        .extracting(s -> s.level().orElseThrow().key())
        .containsExactly("vertebra/L3", "disc/L3", "vertebra/L4");
    assertThat(measures.notices()).extracting(Notice::code).contains("LEVELS_SAME_SPACE_ASSUMED");
  }

  private static Volume read(String name) throws IOException {
    return Nifti.read(RealData.path(name)).volume();
  }

  @Test
  void manual_masks_on_a_dixon_pair_give_what_numpy_gives() throws IOException {
    Volume fat = read("mr-muscle/dixon_axial_01/fat.nii.gz");
    Volume water =
        Volume.wrap(
            fat.geometry(), read("mr-muscle/dixon_axial_01/water.nii.gz").toArray()); // lost origin
    LabelVolume masks =
        Nifti.readLabels(RealData.path("mr-muscle/dixon_axial_01/labels_manual.nii.gz")).labels();
    LabelVolume labels = numbering("LPM_Segmentator").renumber(masks);
    JsonNode wanted = ThresholdsTest.oracles();

    MuscleMeasures measures =
        measure(
            LabelVolume.wrap(fat.geometry(), labels.toArray()),
            Series.of(SeriesRole.DIXON_WATER, water),
            Series.of(SeriesRole.DIXON_FAT, fat));

    check(find(measures, Muscle.ERECTOR_SPINAE, Side.RIGHT), wanted.get("1"));
    check(find(measures, Muscle.MULTIFIDUS, Side.RIGHT), wanted.get("2"));
    check(find(measures, Muscle.MULTIFIDUS, Side.LEFT), wanted.get("3"));
    check(find(measures, Muscle.ERECTOR_SPINAE, Side.LEFT), wanted.get("4"));
  }

  private static void check(MuscleComposition muscle, JsonNode wanted) {
    assertThat(muscle.voxels()).isEqualTo(wanted.get("voxels").asLong());
    double volume = wanted.get("volumeMm3").asDouble();
    assertThat(muscle.volumeMm3()).isCloseTo(volume, within(1e-6 * volume));
    assertThat(muscle.slices()).hasSize(wanted.get("slices").asInt());
    assertThat(muscle.fatFraction().orElseThrow())
        .isCloseTo(wanted.get("meanOfVoxels").asDouble(), within(1e-6));
    assertThat(muscle.fatFraction(FatMethod.DIXON_RATIO_OF_SUMS).orElseThrow())
        .isCloseTo(wanted.get("ratioOfSums").asDouble(), within(1e-6));
    MuscleSection first = muscle.slices().get(0);
    double pixel = muscle.volumeMm3() / muscle.voxels() / 4;
    assertThat(first.areaMm2() / pixel)
        .isCloseTo(wanted.get("firstSliceVoxels").asDouble(), within(1e-2));
    assertThat(first.fatFraction().orElseThrow())
        .isCloseTo(wanted.get("firstSliceFat").asDouble(), within(1e-6));
  }

  @Test
  void the_fraction_of_a_voxel_is_the_scanners_where_there_is_signal() throws IOException {
    Volume water = read("mr-muscle/thigh_dixon_ge/water.nii.gz");
    Volume fat = read("mr-muscle/thigh_dixon_ge/fat.nii.gz");
    Volume percent = read("mr-muscle/thigh_dixon_ge/fatfraction.nii.gz");
    DixonFat dixon = new DixonFat(water, fat, OptionalDouble.empty(), OptionalDouble.empty());
    int compared = 0;
    for (int n = 0; n < water.extents().voxels(); n++) {
      if (VoxelArrays.at(water, n) + VoxelArrays.at(fat, n) > 10) {
        double wanted = VoxelArrays.at(percent, n);
        // images hold floats, whose rounding grows with fractions far outside 0 to 100
        assertThat(100 * dixon.fraction(n))
            .isCloseTo(wanted, within(1e-4 * Math.max(1, Math.abs(wanted) / 100)));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(10_000);
  }

  @Test
  void classes_of_hu_are_those_of_the_golden_file() throws IOException {
    Volume ct = read("ct/abdomen_3mm/ct.nii.gz");
    LabelVolume labels =
        numbering("TotalSegmentator")
            .renumber(
                Nifti.readLabels(RealData.path("ct/abdomen_3mm/totalseg_all.nii.gz")).labels());

    MuscleComposition left =
        find(
            measure(
                LabelVolume.wrap(ct.geometry(), labels.toArray()), Series.of(SeriesRole.CT, ct)),
            Muscle.DEEP_BACK,
            Side.LEFT);

    assertThat(left.voxels()).isEqualTo(15_541);
    assertThat(left.attenuation().orElseThrow().fat()).isEqualTo(934 / 15_541.0);
    assertThat(left.attenuation().orElseThrow().lowAttenuation()).isEqualTo(9_615 / 15_541.0);
    assertThat(left.attenuation().orElseThrow().normalAttenuation()).isEqualTo(4_991 / 15_541.0);
    assertThat(left.attenuation().orElseThrow().outside()).isEqualTo(1 / 15_541.0);
    assertThat(left.attenuation().orElseThrow().meanMuscleHu().orElseThrow())
        .isCloseTo(21.574421470628508, within(1e-9));
    assertThat(left.fatFraction().orElseThrow()).isEqualTo(934 / 15_540.0);
  }

  private static MuscleNumbering numbering(String name) {
    return MuscleNumbering.ALL.stream()
        .filter(one -> one.name().equals(name))
        .map(MuscleNumbering.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "MuscleMap, mr-muscle/musclemap_labels/lumbar_a.nii.gz",
    "MuscleMap, mr-muscle/musclemap_labels/lumbar_d.nii.gz",
    "MuscleMap, mr-muscle/label_template/labels.nii.gz",
    "LPM_Segmentator, mr-muscle/dixon_axial_01/labels_manual.nii.gz",
    "TotalSegmentator_MR, mr-muscle/body_mr_3mm/labels_peer.nii.gz"
  })
  void the_left_muscles_of_others_lie_on_the_left(String name, String file) throws IOException {
    LabelVolume labels = numbering(name).renumber(Nifti.readLabels(RealData.path(file)).labels());
    double[] sum = new double[13];
    int[] count = new int[13];
    Extents n = labels.extents();
    short[] values = VoxelArrays.labels(labels);
    for (int at = 0; at < values.length; at++) {
      if (values[at] != 0) {
        Vector3 index = new Vector3(at % n.i(), at / n.i() % n.j(), at / n.i() / n.j());
        sum[values[at]] += labels.geometry().toWorldMm(index).x();
        count[values[at]]++;
      }
    }
    List<Integer> pairs = new ArrayList<>();
    for (int left = 1; left < 12; left += 2) {
      if (count[left] > 0) {
        pairs.add(left);
        assertThat(sum[left] / count[left]).isGreaterThan(sum[left + 1] / count[left + 1]);
      }
    }
    assertThat(pairs).isNotEmpty();
  }

  @Test
  void a_side_that_only_the_place_of_both_tells_is_refused_for_one_alone() {
    short[] one = new short[MusclePhantom.EXTENTS.voxels()];
    one[0] = 2;

    assertThatThrownBy(
            () -> numbering("LPM_Segmentator").renumber(LabelVolume.wrap(MusclePhantom.GRID, one)))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo("UNKNOWN_SIDE");
  }
}
