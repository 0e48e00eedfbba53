package dev.lss.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistanceTransformTest {

  @Test
  void a_single_target_gives_the_pythagorean_distance() {
    Extents extents = new Extents(4, 5, 3);
    int target = extents.offset(0, 0, 0);

    double[] squared =
        DistanceTransform.squaredMm2(extents, new Vector3(1, 2, 3), n -> n == target);

    assertThat(squared[extents.offset(0, 0, 0)]).isEqualTo(0);
    assertThat(squared[extents.offset(3, 2, 0)]).isEqualTo(3 * 3 + 4 * 4);
    assertThat(squared[extents.offset(1, 4, 2)]).isEqualTo(1 + 8 * 8 + 6 * 6);
  }

  @Test
  void depth_grows_by_the_spacing_towards_the_middle_of_a_bar() {
    Extents extents = new Extents(7, 1, 1);

    float[] depth =
        DistanceTransform.toBackgroundMm(extents, new Vector3(0.5, 1, 1), n -> n >= 1 && n <= 5);

    assertThat(depth).containsExactly(0, 0.5f, 1, 1.5f, 1, 0.5f, 0);
  }

  @Test
  void the_border_of_the_image_is_no_background() {
    Extents extents = new Extents(3, 1, 1);

    float[] depth = DistanceTransform.toBackgroundMm(extents, new Vector3(1, 1, 1), n -> n > 0);

    assertThat(depth).containsExactly(0, 1, 2);
  }

  @Test
  void without_any_background_everything_is_infinitely_far() {
    float[] depth =
        DistanceTransform.toBackgroundMm(new Extents(3, 2, 2), new Vector3(1, 1, 1), n -> true);

    assertThat(depth).containsOnly(Float.POSITIVE_INFINITY);
  }

  @Test
  void random_masks_agree_with_the_search_over_all_pairs() {
    var random = new Random(7);
    for (int round = 0; round < 30; round++) {
      Extents e = new Extents(1 + random.nextInt(9), 1 + random.nextInt(8), 1 + random.nextInt(7));
      var spacing = new Vector3(0.3 + random.nextDouble(), 0.9, 0.5 + 4 * random.nextDouble());
      boolean[] target = new boolean[e.voxels()];
      double density = random.nextDouble() * 0.2;
      for (int n = 0; n < target.length; n++) {
        target[n] = random.nextDouble() < density;
      }

      double[] squared = DistanceTransform.squaredMm2(e, spacing, n -> target[n]);

      for (int n = 0; n < target.length; n++) {
        double expected = nearest(e, spacing, target, n);
        if (expected == Double.POSITIVE_INFINITY) {
          assertThat(squared[n]).isEqualTo(expected);
        } else {
          assertThat(squared[n]).isCloseTo(expected, within(1e-9));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void a_spacing_that_is_no_length_is_refused(double spacing) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                DistanceTransform.squaredMm2(
                    new Extents(2, 2, 2), new Vector3(1, spacing, 1), n -> true))
        .withMessage("spacing along axis 1 must be positive, was " + spacing + " mm");
  }

  private static double nearest(Extents e, Vector3 spacing, boolean[] target, int voxel) {
    double best = Double.POSITIVE_INFINITY;
    for (int n = 0; n < target.length; n++) {
      if (target[n]) {
        double x = (n % e.i() - voxel % e.i()) * spacing.x();
        double y = (n / e.i() % e.j() - voxel / e.i() % e.j()) * spacing.y();
        double z = (n / (e.i() * e.j()) - voxel / (e.i() * e.j())) * spacing.z();
        best = Math.min(best, x * x + y * y + z * z);
      }
    }
    return best;
  }
}
