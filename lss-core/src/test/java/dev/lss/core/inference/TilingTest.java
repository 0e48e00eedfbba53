package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.image.Extents;
import dev.lss.api.model.TileRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class TilingTest {

  private static final Tiling TILING =
      new Tiling(
          new Extents(128, 112, 96), TileRule.NnUnet.DEFAULT, List.of(0f), false, 1, List.of());

  @Test
  void a_small_image_gets_a_patch_rounded_up_to_what_the_network_takes() {
    // 20 -> 32 in multiples of 16; 33 -> 48; 200 keeps the patch; multiples are in the order k, j,
    // i
    Tiling small = TILING.shrunkTo(new Extents(20, 33, 200), List.of(8, 16, 16));

    assertThat(small.patch()).isEqualTo(new Extents(32, 48, 96));
  }

  @Test
  void an_image_that_needs_more_than_the_patch_keeps_it() {
    assertThat(TILING.shrunkTo(new Extents(500, 500, 500), List.of(16, 16, 16))).isEqualTo(TILING);
  }
}
