package dev.lss.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.image.Volume;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Normalization.CtClip;
import dev.lss.api.model.Normalization.ZScore;
import dev.lss.spi.VoxelArrays;
import org.junit.jupiter.api.Test;

class NormalizeTest {

  @Test
  void ct_is_clipped_then_centred_then_scaled() {
    Volume ct = TestImages.row(-2000, -250, 100, 500, 3000);

    Volume result = Normalize.apply(ct, new CtClip(-250, 1250, 100, 200));

    assertThat(VoxelArrays.samples(result)).containsExactly(-1.75f, -1.75f, 0, 2, 5.75f);
    assertThat(ct.get(0, 0, 0)).isEqualTo(-2000);
  }

  @Test
  void the_arithmetic_is_float32_in_nnunets_order() {
    float mean = (float) 98.7654321;
    float std = (float) 123.4567891;

    Volume result =
        Normalize.apply(TestImages.row(17.3f), new CtClip(-1000, 1000, 98.7654321, 123.4567891));

    assertThat(result.get(0, 0, 0)).isEqualTo((17.3f - mean) / std);
  }

  @Test
  void air_outside_the_image_equals_air_inside() {
    Normalization ct = new CtClip(-250, 1250, 84.3, 197.1);

    assertThat(Normalize.apply(TestImages.row(-1024), ct).get(0, 0, 0))
        .isEqualTo(ct.paddingValue());
  }

  @Test
  void z_scores_use_the_population_standard_deviation() {
    // mean 5, squared deviations 9, 1, 1, 9: variance 5
    Volume result = Normalize.apply(TestImages.row(2, 4, 6, 8), new ZScore());

    float s = (float) Math.sqrt(5);
    assertThat(VoxelArrays.samples(result)).containsExactly(-3 / s, -1 / s, 1 / s, 3 / s);
  }

  @Test
  void a_constant_image_becomes_zero_and_not_nan() {
    Volume result = Normalize.apply(TestImages.row(7, 7, 7), new ZScore());

    assertThat(VoxelArrays.samples(result)).containsOnly(0);
  }
}
