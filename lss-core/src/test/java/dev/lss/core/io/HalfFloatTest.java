package dev.lss.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfFloatTest {

  @ParameterizedTest
  @CsvSource({
    "0000, 0x0p0",
    "3c00, 0x1p0",
    "c000, -0x1p1",
    "7bff, 65504",
    "0400, 0x1p-14",
    "0001, 0x1p-24",
    "03ff, 0x1.ff8p-15",
    "7c00, Infinity",
    "fc00, -Infinity"
  })
  void widening_is_exact(String bits, float value) {
    assertThat(HalfFloat.toFloat((short) Integer.parseInt(bits, 16))).isEqualTo(value);
  }

  @Test
  void every_half_survives_widening_and_narrowing() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float wide = HalfFloat.toFloat((short) bits);
      if (Float.isNaN(wide)) {
        assertThat(HalfFloat.toFloat(HalfFloat.fromFloat(wide))).isNaN();
      } else {
        assertThat(HalfFloat.fromFloat(wide)).isEqualTo((short) bits);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Halves near 1 are 2^-10 apart; 1 + 2^-11 lies in the middle and goes to the even one.
    "0x1.002p0, 0x1p0",
    "0x1.006p0, 0x1.008p0",
    "0x1.0021p0, 0x1.004p0",
    "65519.996, 65504",
    "65520, Infinity",
    "0x1p-25, 0x0p0",
    "0x1.8p-24, 0x1p-23",
    "-0x1p-26, -0x0p0"
  })
  void narrowing_rounds_to_nearest_and_ties_to_even(float value, float rounded) {
    assertThat(HalfFloat.toFloat(HalfFloat.fromFloat(value))).isEqualTo(rounded);
  }

  @Test
  void halves_and_the_middles_between_them_agree_with_a_search() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float below = HalfFloat.toFloat((short) bits);
      float above = HalfFloat.toFloat((short) (bits + 1));
      float middle = (below + above) / 2;
      int even = bits % 2 == 0 ? bits : bits + 1;
      assertThat(HalfFloat.fromFloat(middle)).isEqualTo((short) even);
      assertThat(HalfFloat.fromFloat(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
      assertThat(HalfFloat.fromFloat(Math.nextDown(middle))).isEqualTo((short) bits);
    }
  }
}
