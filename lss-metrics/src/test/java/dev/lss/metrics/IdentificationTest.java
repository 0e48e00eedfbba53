package dev.lss.metrics;

import static dev.lss.metrics.Identification.Rule.STRICT;
import static dev.lss.metrics.Identification.Rule.VERSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Five vertebrae, VerSe ids 20 to 24, in a column from the head to the feet. */
class IdentificationTest {

  private static SortedMap<Integer, Vector3> column(int first, double stepMm) {
    SortedMap<Integer, Vector3> points = new TreeMap<>();
    for (int n = 0; n < 5; n++) {
      points.put(first + n, new Vector3(0, 0, -n * stepMm));
    }
    return points;
  }

  @Test
  void equal_points_are_all_identified() {
    Identification id = Identification.of(column(20, 30), column(20, 30), VERSE);

    assertThat(id.rate()).isEqualTo(1);
    assertThat(id.hits()).isEqualTo(5);
    assertThat(id.meanDistanceMm()).isZero();
    assertThat(id.bestShift()).isZero();
  }

  @Test
  void names_that_are_shifted_by_one_level_are_no_hits_and_the_shift_is_found() {
    Identification id = Identification.of(column(20, 30), column(21, 30), VERSE);

    assertThat(id.rate()).isZero();
    assertThat(id.missedLevels()).isEqualTo(1);
    assertThat(id.spuriousLevels()).isEqualTo(1);
    assertThat(id.meanDistanceMm()).isCloseTo(30, within(1e-12));
    assertThat(id.meanHitDistanceMm()).isNaN();
    assertThat(id.bestShift()).isEqualTo(-1);
  }

  /** 15 mm apart, so a wrong name is near enough but not nearest, except at the end. */
  @Test
  void the_rule_of_verse_looks_among_common_levels_alone_and_the_strict_rule_among_all() {
    Identification verse = Identification.of(column(20, 15), column(21, 15), VERSE);
    Identification strict = Identification.of(column(20, 15), column(21, 15), STRICT);

    // The point named 21 lies on the reference's 20, which was not predicted: VerSe does not look.
    assertThat(verse.hits()).isEqualTo(1);
    assertThat(strict.hits()).isZero();
  }

  @Test
  void exactly_20_mm_is_near_enough_and_more_is_not() {
    SortedMap<Integer, Vector3> reference = new TreeMap<>(column(20, 60));
    SortedMap<Integer, Vector3> prediction = new TreeMap<>(column(20, 60));
    prediction.put(20, new Vector3(20, 0, 0));
    prediction.put(21, new Vector3(20.001, 0, -60));

    Identification id = Identification.of(reference, prediction, VERSE);

    assertThat(id.hits()).isEqualTo(4);
    assertThat(id.meanDistanceMm()).isCloseTo(40.001 / 5, within(1e-12));
    assertThat(id.meanHitDistanceMm()).isCloseTo(20 / 4.0, within(1e-12));
  }

  @Test
  void a_level_that_was_not_predicted_is_a_miss() {
    SortedMap<Integer, Vector3> prediction = new TreeMap<>(column(20, 30));
    prediction.remove(22);

    Identification id = Identification.of(column(20, 30), prediction, VERSE);

    assertThat(id.rate()).isEqualTo(0.8);
    assertThat(id.missedLevels()).isEqualTo(1);
  }

  @Test
  void a_predicted_level_that_the_reference_lacks_does_not_change_the_rate() {
    SortedMap<Integer, Vector3> prediction = new TreeMap<>(column(20, 30));
    prediction.put(19, new Vector3(0, 0, 30));

    Identification id = Identification.of(column(20, 30), prediction, STRICT);

    assertThat(id.rate()).isEqualTo(1);
    assertThat(id.spuriousLevels()).isEqualTo(1);
  }

  @Test
  void a_reference_without_levels_has_no_rate() {
    assertThat(Identification.of(new TreeMap<>(), column(20, 30), VERSE).rate()).isNaN();
  }

  @Test
  void centroids_are_positions_in_the_world() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(4, 1, 2), new Vector3(2, 1, 3));
    LabelVolume map = LabelVolume.wrap(grid, new short[] {7, 7, 0, 0, 0, 0, 0, 9});

    assertThat(Centroids.of(map)).containsOnlyKeys(7, 9);
    assertThat(Centroids.of(map).get(7)).isEqualTo(new Vector3(1, 0, 0));
    assertThat(Centroids.of(map).get(9)).isEqualTo(new Vector3(6, 0, 3));
    assertThat(Centroids.distanceMm(Centroids.of(map), Centroids.of(map), 7)).isZero();
    assertThat(Centroids.distanceMm(Centroids.of(map), Centroids.of(map), 8)).isNaN();
  }
}
