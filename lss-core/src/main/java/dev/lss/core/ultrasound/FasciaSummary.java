package dev.lss.core.ultrasound;

import dev.lss.api.LengthUnit;

/**
 * One layer of fascia over the frames of a clip. Immutable.
 *
 * @param layer number of the layer from the skin down
 * @param unit unit of all lengths
 * @param frames in how many frames it was measured, at least 1
 * @param thickness the frames' mean thicknesses
 * @param length the frames' lengths
 * @param depth the frames' depths
 * @param echoIntensity the frames' mean brightness of the layer, 0 to 255
 */
public record FasciaSummary(
    int layer,
    LengthUnit unit,
    int frames,
    Statistic thickness,
    Statistic length,
    Statistic depth,
    Statistic echoIntensity) {

  /**
   * A value over the frames.
   *
   * @param mean mean
   * @param sd standard deviation, with n - 1; 0 for one frame
   * @param min least
   * @param max largest
   */
  public record Statistic(double mean, double sd, double min, double max) {

    /** Returns the statistic of values, at least one. */
    public static Statistic of(double[] values) {
      double sum = 0;
      double min = values[0];
      double max = values[0];
      for (double value : values) {
        sum += value;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
      double mean = Math.min(Math.max(sum / values.length, min), max);
      double squares = 0;
      for (double value : values) {
        squares += (value - mean) * (value - mean);
      }
      double sd = values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1));
      return new Statistic(mean, sd, min, max);
    }
  }
}
