package dev.lss.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class GreyWindowTest {

  private static Series series(SeriesRole role, float... samples) {
    return Series.of(
        role,
        Volume.wrap(
            GridGeometry.ofSpacing(new Extents(samples.length, 1, 1), new Vector3(1, 1, 1)),
            samples));
  }

  /** 0, 1, ..., 1000, from the largest down. */
  private static float[] thousand() {
    float[] samples = new float[1001];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = 1000 - n;
    }
    return samples;
  }

  @Test
  void a_ct_has_one_window_whatever_its_values() {
    GreyWindow window = GreyWindow.of(series(SeriesRole.CT, thousand()));

    assertThat(window).isEqualTo(new GreyWindow(-250, 650, "CT, window -250 to 650 HU"));
    assertThat(window.grey(-251)).isZero();
    assertThat(window.grey(-250)).isZero();
    assertThat(window.grey(200)).isEqualTo(128); // half of 255, rounded
    assertThat(window.grey(5000)).isEqualTo(255);
    assertThat(window.grey(Double.NaN)).isZero();
  }

  @Test
  void ultrasound_is_shown_as_it_is() {
    GreyWindow window = GreyWindow.of(series(SeriesRole.ULTRASOUND, 3, 4));

    assertThat(window.grey(0)).isZero();
    assertThat(window.grey(100)).isEqualTo(100);
    assertThat(window.grey(255)).isEqualTo(255);
  }

  @Test
  void an_mr_is_windowed_from_its_low_to_its_high_percentile_and_says_so() {
    GreyWindow window = GreyWindow.of(series(SeriesRole.T2, thousand()));

    assertThat(window.low()).isEqualTo(5); // 0.005 * 1000
    assertThat(window.high()).isEqualTo(995);
    assertThat(window.description())
        .isEqualTo("T2, window 5.000 to 995.0 (0.5th to 99.5th percentile)");
  }

  @Test
  void one_bright_voxel_in_a_thousand_does_not_darken_the_others() {
    float[] samples = thousand();
    samples[0] = 1e9f;

    assertThat(GreyWindow.of(series(SeriesRole.T2, samples)).high()).isEqualTo(995);
  }

  @Test
  void an_image_of_one_value_has_a_window_of_its_own() {
    float[] samples = new float[10];
    Arrays.fill(samples, 7);

    GreyWindow window = GreyWindow.of(series(SeriesRole.STIR, samples));

    assertThat(window.low()).isEqualTo(7);
    assertThat(window.high()).isEqualTo(8);
    assertThat(window.grey(7)).isZero();
  }

  @Test
  void a_large_image_is_looked_at_in_evenly_spread_voxels() {
    float[] samples = new float[200_000];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = n;
    }

    GreyWindow window = GreyWindow.of(series(SeriesRole.T1, samples));

    assertThat(window.low()).isBetween(990.0, 1010.0);
    assertThat(window.high()).isBetween(198_990.0, 199_010.0);
  }

  @Test
  void the_locale_changes_no_number() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(GreyWindow.of(series(SeriesRole.T2, 0.5f, 1.5f)).description())
          .isEqualTo("T2, window 0.5000 to 1.500 (0.5th to 99.5th percentile)");
    } finally {
      Locale.setDefault(before);
    }
  }
}
