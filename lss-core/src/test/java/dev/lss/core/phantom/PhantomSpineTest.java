package dev.lss.core.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The middle person, against numbers from lss_training/ct/phantom.py: a network trained there must
 * meet the same bones here.
 */
class PhantomSpineTest {

  private static final List<Bone> BONES = new PhantomSpine(PhantomParameters.middle()).bones();

  private static final double[][] POINTS = {
    {0, 0, 0}, {20, 0, 0}, {0, 0, 12.5}, {9, 35, 3}, {-30, 30, 5},
    {0, 50, -8}, {14, 34, 18}, {-8, 36, -20}, {3, 20, 60}, {0, 60, -40}
  };

  @ParameterizedTest
  @CsvSource({
    "0, 0.0, 27.532551, -103.930881", "1, 0.0, 11.256142, -71.070296",
    "3, 0.0, 0.0, 0.0", "6, 0.0, 14.028748, 101.580449"
  })
  void bodies_stand_where_the_training_puts_them(int level, double x, double y, double z) {
    Vector3 centre = BONES.get(level).frame().centre();

    assertThat(centre.minus(new Vector3(x, y, z)).norm()).isLessThan(1e-6);
  }

  @Test
  void bones_have_the_shape_that_the_training_gives_them() {
    assertDistances(
        3, -13.58, -0.01201, -1.08, -1.247, -1.656537, -3.5, 4.72659, -0.749333, 42.017822,
        20.999973);
    assertDistances(
        1, -14.0, -0.987181, -1.5, -1.1, -2.143522, -3.5, 4.227196, -1.629625, 41.395523,
        20.959916);
    assertDistances(
        6, -12.95, 1.572587, -0.45, -1.4675, 0.277773, -3.5, 5.365162, 0.642083, 42.826306,
        16.218853);
    assertDistances(
        0, -14.0, -3.247008, -1.5, 7.645763, 6.487626, 26.137799, 3.824633, 12.751289, 19.795078,
        35.086856);
  }

  @Test
  void l5_to_t11_are_named_from_below_and_only_they() {
    assertThat(BONES.stream().flatMap(bone -> bone.level().stream()))
        .containsExactly(
            VertebraLevel.L5,
            VertebraLevel.L4,
            VertebraLevel.L3,
            VertebraLevel.L2,
            VertebraLevel.L1,
            VertebraLevel.T12,
            VertebraLevel.T11);
    assertThat(BONES).hasSize(10 + 2 * 4);
  }

  @Test
  void every_bone_lies_inside_its_box() {
    for (int seed = 0; seed < 10; seed++) {
      for (Bone bone : new PhantomSpine(PhantomParameters.random(seed)).bones()) {
        assertThat(smallestDistanceOnFaces(bone)).isPositive();
      }
    }
  }

  @Test
  void distances_change_by_at_most_the_stated_slope() {
    double step = 0.01;
    java.util.Random random = new java.util.Random(1);
    for (Bone bone : BONES) {
      for (int n = 0; n < 2000; n++) {
        double x = random.nextDouble(-60, 60);
        double y = random.nextDouble(-40, 80);
        double z = random.nextDouble(-60, 40);
        double d = bone.solid().distance(x, y, z);
        double dx = bone.solid().distance(x + step, y, z) - d;
        double dy = bone.solid().distance(x, y + step, z) - d;
        double dz = bone.solid().distance(x, y, z + step) - d;
        assertThat(Math.sqrt(dx * dx + dy * dy + dz * dz) / step).isLessThan(Solid.STEEPEST);
      }
    }
  }

  private static double smallestDistanceOnFaces(Bone bone) {
    double smallest = Double.POSITIVE_INFINITY;
    Vector3 size = bone.high().minus(bone.low());
    for (int axis = 0; axis < 3; axis++) {
      for (int u = 0; u <= 20; u++) {
        for (int v = 0; v <= 20; v++) {
          for (double side : new double[] {bone.low().get(axis), bone.high().get(axis)}) {
            Vector3 p =
                bone.low()
                    .plus(
                        new Vector3(size.x() * u / 20, size.y() * v / 20, size.z() * v / 20)
                            .with((axis + 1) % 3, size.get((axis + 1) % 3) * u / 20)
                            .with((axis + 2) % 3, size.get((axis + 2) % 3) * v / 20))
                    .with(axis, side);
            smallest = Math.min(smallest, bone.solid().distance(p.x(), p.y(), p.z()));
          }
        }
      }
    }
    return smallest;
  }

  private static void assertDistances(int bone, double... expected) {
    for (int n = 0; n < POINTS.length; n++) {
      double[] p = POINTS[n];
      assertThat(BONES.get(bone).solid().distance(p[0], p[1], p[2]))
          .as("bone %d at point %d", bone, n)
          .isCloseTo(expected[n], within(2e-6));
    }
  }
}
