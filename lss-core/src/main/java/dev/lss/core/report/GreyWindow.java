package dev.lss.core.report;

import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.spi.VoxelArrays;
import java.util.Arrays;
import java.util.Locale;

/**
 * Which values of an image are shown from black to white. Immutable.
 *
 * @param low shown black
 * @param high shown white, above {@code low}
 * @param description what is shown, for a title
 */
record GreyWindow(double low, double high, String description) {

  /** So many voxels are looked at for percentiles, evenly spread. */
  private static final int SAMPLES = 1 << 16;

  /**
   * Returns the window of a series: -250 to 650 HU for a CT, a compromise between bone and soft
   * tissue; 0 to 255 for ultrasound; else from the 0.5th to the 99.5th percentile.
   */
  static GreyWindow of(Series series) {
    if (series.role().equals(SeriesRole.CT)) {
      return new GreyWindow(-250, 650, "CT, window -250 to 650 HU");
    }
    if (series.role().equals(SeriesRole.ULTRASOUND)) {
      return new GreyWindow(0, 255, "ULTRASOUND");
    }
    int voxels = series.volume().extents().voxels();
    int step = Math.max(1, voxels / SAMPLES);
    float[] some = new float[(voxels + step - 1) / step];
    for (int n = 0; n < some.length; n++) {
      some[n] = VoxelArrays.at(series.volume(), n * step);
    }
    Arrays.sort(some);
    double low = some[(int) (0.005 * (some.length - 1))];
    double high = some[(int) Math.ceil(0.995 * (some.length - 1))];
    return new GreyWindow(
        low,
        high > low ? high : low + 1,
        String.format(
            Locale.ROOT,
            "%s, window %.4g to %.4g (0.5th to 99.5th percentile)",
            series.role(),
            low,
            high));
  }

  /** Returns the grey of a value, 0 to 255; what is not a number is black. */
  int grey(double value) {
    double share = (value - low) / (high - low);
    return (int) Math.round(255 * Math.max(0, Math.min(1, share)));
  }
}
