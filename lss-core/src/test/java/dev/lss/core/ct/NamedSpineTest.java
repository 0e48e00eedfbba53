package dev.lss.core.ct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.Notice;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import dev.lss.core.naming.SpineLevel;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Heat maps made of Gaussians, 40 x 40 x 80 voxels of 4 mm; vertebrae stand 8 voxels apart. */
class NamedSpineTest {

  private static final Extents GRID = new Extents(40, 40, 80);
  private static final Vector3 SPACING = new Vector3(4, 4, 4);
  private static final int L3 = 5;
  private static final int L4 = 6;

  private final float[][] maps = new float[HeatMaps.CHANNELS.size()][GRID.voxels()];

  private void blob(int channel, double k, double height) {
    for (int n = 0; n < GRID.voxels(); n++) {
      double di = n % GRID.i() - 20;
      double dj = n / GRID.i() % GRID.j() - 18;
      double dk = n / (GRID.i() * GRID.j()) - k;
      float value = (float) (height * Math.exp(-(di * di + dj * dj + dk * dk) / (2 * 1.75 * 1.75)));
      maps[channel][n] = Math.max(maps[channel][n], value);
    }
  }

  private void vertebra(int channel, double k) {
    blob(HeatMaps.ANY, k, 0.9);
    blob(channel, k, 0.8);
  }

  private void fullSpine() {
    blob(HeatMaps.S1, 6, 0.8);
    for (int n = 0; n < 5; n++) {
      vertebra(HeatMaps.L5 - n, 14 + 8 * n);
    }
    vertebra(HeatMaps.T12, 54);
    vertebra(HeatMaps.THORACIC, 62);
    vertebra(HeatMaps.THORACIC, 70);
  }

  static List<HeatMaps.Channel> channels(float[][] probabilities) {
    return Arrays.stream(probabilities).<HeatMaps.Channel>map(map -> n -> map[n]).toList();
  }

  private NamedSpine located() {
    HeatMaps heatMaps = new HeatMaps(GRID, SPACING, channels(maps));
    return named(heatMaps, GRID);
  }

  private static NamedSpine named(HeatMaps heatMaps, Extents image) {
    SpineChain chain = SpineChain.find(heatMaps);
    Optional<LevelNaming> naming =
        chain.vertebrae().isEmpty()
            ? Optional.empty()
            : Optional.of(LevelNaming.of(chain, heatMaps));
    return NamedSpine.of(chain, naming, heatMaps, image);
  }

  private static List<VertebraLevel> levels(NamedSpine located) {
    return located.vertebrae().stream().map(LocatedVertebra::level).toList();
  }

  private static List<String> codes(NamedSpine located) {
    return located.notices().stream().map(Notice::code).toList();
  }

  @Test
  void a_spine_with_sacrum_and_ribs_is_named_from_L5_to_T12_without_notice() {
    fullSpine();

    assertThat(levels(located()))
        .containsExactly(
            VertebraLevel.L5,
            VertebraLevel.L4,
            VertebraLevel.L3,
            VertebraLevel.L2,
            VertebraLevel.L1,
            VertebraLevel.T12);
    assertThat(located().notices()).isEmpty();
  }

  @Test
  void a_sixth_lumbar_and_a_thirteenth_thoracic_vertebra_are_named_and_labelled() {
    fullSpine();
    HeatMaps heatMaps = new HeatMaps(GRID, SPACING, channels(maps));
    SpineChain chain = SpineChain.find(heatMaps);

    NamedSpine six = held(chain, heatMaps, 0, SpineLevel.L6);
    NamedSpine thirteen = held(chain, heatMaps, 5, SpineLevel.T13);

    assertThat(levels(six))
        .containsExactly(
            VertebraLevel.L6,
            VertebraLevel.L5,
            VertebraLevel.L4,
            VertebraLevel.L3,
            VertebraLevel.L2,
            VertebraLevel.L1,
            VertebraLevel.T12);
    assertThat(codes(six)).contains("TRANSITIONAL_VERTEBRA");
    assertThat(levels(thirteen)).contains(VertebraLevel.L1, VertebraLevel.T13, VertebraLevel.T12);
    assertThat(codes(thirteen)).contains("TRANSITIONAL_VERTEBRA");
    for (VertebraLevel level : List.of(VertebraLevel.L6, VertebraLevel.T13)) {
      assertThat(LabelTable.lumbarVertebrae().byValue(level.verseId())).isPresent();
    }
  }

  private static NamedSpine held(SpineChain chain, HeatMaps maps, int vertebra, SpineLevel level) {
    LevelNaming naming = LevelNaming.of(chain, maps, new LevelNaming.Held(vertebra, level));
    return NamedSpine.of(chain, Optional.of(naming), maps, GRID);
  }

  @Test
  void a_centre_between_two_voxels_is_found_to_a_tenth_of_a_voxel() {
    fullSpine();
    vertebra(HeatMaps.L5, 14.4); // moves the maximum of the two blobs

    double k = located().vertebrae().get(0).centre().z();

    assertThat(k).isCloseTo(14.3, within(0.35));
    assertThat(located().vertebrae().get(1).centre().z()).isCloseTo(22, within(0.1));
  }

  @Test
  void centres_are_mapped_onto_the_voxels_of_the_image() {
    fullSpine();
    HeatMaps heatMaps = new HeatMaps(GRID, SPACING, channels(maps));

    NamedSpine onFine = named(heatMaps, new Extents(160, 160, 160));

    // coarse (20, 18, 14) -> ((20 + 0.5) * 4 - 0.5, (18 + 0.5) * 4 - 0.5, (14 + 0.5) * 2 - 0.5)
    Vector3 centre = onFine.vertebrae().get(0).centre();
    assertThat(centre.x()).isCloseTo(81.5, within(0.1));
    assertThat(centre.y()).isCloseTo(73.5, within(0.1));
    assertThat(centre.z()).isCloseTo(28.5, within(0.1));
  }

  @Test
  void without_sacrum_and_ribs_the_chain_is_ordered_and_carries_a_notice() {
    vertebra(L4, 30);
    vertebra(L3, 38);
    vertebra(4, 46);

    assertThat(levels(located()))
        .containsExactly(VertebraLevel.L4, VertebraLevel.L3, VertebraLevel.L2);
    assertThat(codes(located())).containsExactly("LEVELS_WITHOUT_ANCHOR");
  }

  @Test
  void one_vertebra_that_two_maps_claim_does_not_break_the_order() {
    fullSpine();
    blob(L4, 30, 0.9); // L3's place shouts L4

    assertThat(levels(located())).doesNotHaveDuplicates().hasSize(6);
  }

  @Test
  void a_sacrum_below_L4_is_a_notice_and_never_a_new_name() {
    blob(HeatMaps.S1, 22, 0.45);
    vertebra(L4, 30);
    vertebra(L3, 38);
    vertebra(4, 46);
    vertebra(3, 54);

    assertThat(levels(located())).startsWith(VertebraLevel.L4);
    assertThat(codes(located())).contains("LEVEL_CONFLICT");
  }

  @Test
  void a_vertebra_that_nobody_sees_is_bridged_and_said_to_be_missing() {
    blob(HeatMaps.S1, 6, 0.8);
    for (int n = 0; n < 5; n++) {
      if (n != 2) {
        vertebra(HeatMaps.L5 - n, 14 + 8 * n);
      }
    }

    assertThat(levels(located()))
        .containsExactly(VertebraLevel.L5, VertebraLevel.L4, VertebraLevel.L2, VertebraLevel.L1);
    assertThat(located().notices())
        .contains(
            new Notice(
                "VERTEBRA_MISSING",
                "between L2 and L4 there is room for one more vertebra, which was not found"));
  }

  @Test
  void a_sacrum_below_the_lowest_vertebra_makes_levels_sure() {
    fullSpine();
    double sure = located().confidence().getAsDouble();

    maps[HeatMaps.S1] = new float[GRID.voxels()];

    assertThat(sure).isBetween(0.95, 0.9999);
    assertThat(BigDecimal.valueOf(sure).scale()).isLessThanOrEqualTo(4);
    assertThat(located().confidence().getAsDouble()).isLessThan(sure);
  }

  @Test
  void a_known_level_moves_all_others() {
    fullSpine();
    HeatMaps heatMaps = new HeatMaps(GRID, SPACING, channels(maps));
    SpineChain chain = SpineChain.find(heatMaps);

    LevelNaming naming = LevelNaming.of(chain, heatMaps, new LevelNaming.Held(1, SpineLevel.L3));

    assertThat(naming.levels())
        .startsWith(SpineLevel.L4, SpineLevel.L3, SpineLevel.L2, SpineLevel.L1, SpineLevel.T12);
    assertThat(naming.doubts()).contains(LevelNaming.Doubt.SACRUM_MISMATCH);
  }

  @Test
  void a_chest_has_no_lumbar_vertebra() {
    for (int n = 0; n < 7; n++) {
      vertebra(HeatMaps.THORACIC, 10 + 8 * n);
    }

    assertThat(located().vertebrae()).isEmpty();
    assertThat(located().notices()).isEmpty();
  }

  @Test
  void empty_maps_give_nothing() {
    assertThat(located().vertebrae()).isEmpty();
  }

  @Test
  void a_weak_sliver_at_the_first_slice_does_not_become_a_vertebra() {
    vertebra(L4, 30);
    vertebra(L3, 22);
    vertebra(4, 14);
    maps[L4] = maps[L4].clone();
    blob(HeatMaps.ANY, 0, 0.5);

    assertThat(located().vertebrae()).hasSize(3);
  }

  @Test
  void a_missed_vertebra_that_is_weak_keeps_its_place_in_the_chain() {
    blob(HeatMaps.S1, 6, 0.8);
    for (int n = 0; n < 5; n++) {
      blob(HeatMaps.ANY, 14 + 8 * n, n == 2 ? 0.15 : 0.9);
      blob(HeatMaps.L5 - n, 14 + 8 * n, n == 2 ? 0.1 : 0.8);
    }

    assertThat(levels(located()))
        .containsExactly(
            VertebraLevel.L5,
            VertebraLevel.L4,
            VertebraLevel.L3,
            VertebraLevel.L2,
            VertebraLevel.L1);
  }
}
