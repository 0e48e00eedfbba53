package dev.lss.core.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class VoxelNoiseTest {

  @Test
  void a_million_numbers_have_mean_0_and_deviation_1_and_stay_within_3_5() {
    VoxelNoise noise = new VoxelNoise(3);
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (int at = 0; at < 1_000_000; at++) {
      double value = noise.at(at);
      sum += value;
      squares += value * value;
      largest = Math.max(largest, Math.abs(value));
    }

    assertThat(sum / 1e6).isCloseTo(0, within(0.005));
    assertThat(squares / 1e6).isCloseTo(1, within(0.005));
    assertThat(largest).isBetween(3.0, 3.5);
  }

  @Test
  void neighbours_are_not_correlated() {
    VoxelNoise noise = new VoxelNoise(3);
    double products = 0;
    for (int at = 0; at < 1_000_000; at++) {
      products += noise.at(at) * noise.at(at + 1);
    }

    assertThat(products / 1e6).isCloseTo(0, within(0.005));
  }

  @Test
  void another_seed_gives_other_numbers() {
    assertThat(new VoxelNoise(3).at(7)).isEqualTo(new VoxelNoise(3).at(7));
    assertThat(new VoxelNoise(3).at(7)).isNotEqualTo(new VoxelNoise(4).at(7));
  }
}
