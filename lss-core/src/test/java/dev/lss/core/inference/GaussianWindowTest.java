package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.api.image.Extents;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class GaussianWindowTest {

  @Test
  void the_maximum_is_10_in_the_middle() {
    GaussianWindow window = GaussianWindow.of(new Extents(16, 8, 4));

    assertThat(window.weight(8, 4, 2)).isEqualTo(10);
  }

  @Test
  void an_eighth_of_the_patch_from_the_middle_the_weight_fell_to_exp_of_minus_one_half() {
    GaussianWindow window = GaussianWindow.of(new Extents(16, 8, 8));

    assertThat(window.weight(10, 4, 4)).isCloseTo(10 * Math.exp(-0.5), within(1e-14));
    assertThat(window.weight(6, 4, 4)).isEqualTo(window.weight(10, 4, 4));
    assertThat(window.weight(10, 5, 4)).isCloseTo(10 * Math.exp(-1), within(1e-14));
  }

  @Test
  void double_weights_agree_with_nnu_net() throws IOException {
    for (JsonNode golden : Golden.read("gaussian")) {
      JsonNode patch = golden.get("patch");
      Extents extents =
          new Extents(patch.get(2).intValue(), patch.get(1).intValue(), patch.get(0).intValue());
      GaussianWindow window = GaussianWindow.of(extents);
      JsonNode data = golden.get("fp64").get("data");
      for (int k = 0, at = 0; k < extents.k(); k++) {
        for (int j = 0; j < extents.j(); j++) {
          for (int i = 0; i < extents.i(); i++, at++) {
            assertThat(window.weight(i, j, k)).isCloseTo(data.get(at).doubleValue(), within(1e-12));
          }
        }
      }
    }
  }

  @Test
  void single_precision_weights_are_never_below_the_smallest_half() {
    Extents patch = new Extents(16, 20, 24);
    float[] weights = GaussianWindow.of(patch).weights();

    // The corner's true weight is about 10 exp(-48): a float that has lost its precision.
    assertThat(weights[0]).isEqualTo(0x1p-24f);
    assertThat(weights[patch.offset(8, 10, 12)]).isEqualTo(10f);
    for (float weight : weights) {
      assertThat(weight).isBetween(0x1p-24f, 10f);
    }
  }

  @Test
  void a_patch_of_one_voxel_weighs_10() {
    assertThat(GaussianWindow.of(new Extents(1, 1, 1)).weights()).containsExactly(10f);
  }
}
