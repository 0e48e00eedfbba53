package dev.lss.dicom.seg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CieLabTest {

  @Test
  void white_and_black_have_no_hue() {
    // a and b of 0 are 128/255 of 65535
    assertThat(CieLab.of(0xFFFFFF)).containsExactly(65535, 32896, 32896);
    assertThat(CieLab.of(0)).containsExactly(0, 32896, 32896);
  }

  @Test
  void red_is_that_of_the_published_conversion() {
    long[] red = CieLab.of(0xFF0000);

    // sRGB red under D50 (CSS Color 4): L 54.29, a 80.80, b 69.89
    assertThat(red[0] / 655.35).isCloseTo(54.29, within(0.02));
    assertThat(red[1] / 257.0 - 128).isCloseTo(80.80, within(0.05));
    assertThat(red[2] / 257.0 - 128).isCloseTo(69.89, within(0.05));
  }
}
