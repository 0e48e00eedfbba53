package dev.lss.core.measure;

import dev.lss.api.Notice;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells a CT whose values cannot be Hounsfield units, such as one windowed to 0..255, scaled to
 * 0..1, stored without its intercept, multiplied by a wrong slope, or an MR by its values.
 *
 * <p>What is known of Hounsfield units: air is -1000, fat about -100, soft tissue 0 to 100, and
 * little but metal exceeds 3000. Sixty thousand voxels spread evenly over the image are looked at.
 * A value that a fifth of them shares is padding or a mask and not looked at; an image that is
 * almost all padding (as where everything but bone was removed) is not judged by its fat. The
 * bounds are wide, so an image without notice is not thereby in Hounsfield units.
 */
public final class HounsfieldUnits {

  private static final int LOOKED_AT = 60_000;
  private static final double GOLDEN = 0.6180339887498949;

  /** Bone and fat are further apart than this. */
  private static final double SMALLEST_RANGE = 400;

  private static final double PADDING_SHARE = 0.2;
  private static final double MASKED_SHARE = 0.9;

  private static final double BELOW_WATER = -20;
  private static final double LEAST_BELOW_WATER = 0.005;

  private static final double LOWEST = -1150;
  private static final double HIGHEST = 3100;
  private static final double LARGEST_OUTSIDE = 0.005;

  private static final double GAS = -300;
  private static final double LEAST_GAS = 0.02;
  private static final double LOWEST_GAS = -1100;
  private static final double HIGHEST_GAS = -650;

  private static final double LOWEST_TISSUE = -300;
  private static final double HIGHEST_TISSUE = 300;
  private static final int BIN = 20;

  private HounsfieldUnits() {}

  /** Returns the notice {@code NOT_HU} with what was seen, or empty where nothing is wrong. */
  public static Optional<Notice> doubt(Volume ct) {
    return reason(values(ct))
        .map(
            seen ->
                new Notice("NOT_HU", "the values cannot be Hounsfield units: %s".formatted(seen)));
  }

  /** Returns values spread evenly over the image, ascending. */
  private static float[] values(Volume ct) {
    int voxels = ct.extents().voxels();
    if (voxels <= LOOKED_AT) {
      float[] all = ct.toArray();
      Arrays.sort(all);
      return all;
    }
    float[] some = new float[LOOKED_AT];
    double at = 0;
    for (int n = 0; n < some.length; n++) {
      at += GOLDEN;
      at -= Math.floor(at);
      some[n] = VoxelArrays.at(ct, (int) (at * voxels));
    }
    Arrays.sort(some);
    return some;
  }

  private static Optional<String> reason(float[] sorted) {
    double least = sorted[0];
    double greatest = sorted[sorted.length - 1];
    if (greatest == least) {
      return Optional.empty(); // one value shows nothing
    }
    if (greatest - least < SMALLEST_RANGE) {
      return Optional.of(
          text("they run from %.4g to %.4g only, bone and fat are further apart", least, greatest));
    }
    float[] seen = withoutPadding(sorted);
    double n = seen.length;
    boolean masked = n < (1 - MASKED_SHARE) * sorted.length;
    if (!masked && below(seen, BELOW_WATER) < LEAST_BELOW_WATER * n) {
      return Optional.of(
          text("none is below %.0f, where fat and air are; the least is %.4g", BELOW_WATER, least));
    }
    double outside = below(seen, LOWEST) + n - below(seen, HIGHEST);
    if (outside > LARGEST_OUTSIDE * n) {
      return Optional.of(
          text("%.1f %% of them are below %.0f or above %.0f", 100 * outside / n, LOWEST, HIGHEST));
    }
    int gas = below(seen, GAS);
    if (gas > LEAST_GAS * n) {
      double air = mode(seen, 0, gas);
      if (air < LOWEST_GAS || air > HIGHEST_GAS) {
        return Optional.of(text("air lies at about %.0f instead of -1000", air));
      }
    }
    if (!masked && gas < seen.length) {
      double tissue = mode(seen, gas, seen.length);
      if (tissue < LOWEST_TISSUE || tissue > HIGHEST_TISSUE) {
        return Optional.of(text("soft tissue lies at about %.0f instead of 0 to 100", tissue));
      }
    }
    return Optional.empty();
  }

  /** Leaves out every value that many voxels share exactly. */
  private static float[] withoutPadding(float[] sorted) {
    float[] kept = new float[sorted.length];
    int count = 0;
    int from = 0;
    while (from < sorted.length) {
      int to = from + 1;
      while (to < sorted.length && sorted[to] == sorted[from]) {
        to++;
      }
      if (to - from < PADDING_SHARE * sorted.length) {
        System.arraycopy(sorted, from, kept, count, to - from);
        count += to - from;
      }
      from = to;
    }
    return Arrays.copyOf(kept, count);
  }

  /** Returns how many values are below a bound. */
  private static int below(float[] sorted, double bound) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Returns where values crowd: the middle of the fullest stretch of three bins of 20. */
  private static double mode(float[] sorted, int from, int to) {
    int best = 0;
    double where = sorted[from];
    int end = from;
    for (int start = from; start < to; start++) {
      while (end < to && sorted[end] < sorted[start] + 3 * BIN) {
        end++;
      }
      if (end - start > best) {
        best = end - start;
        where = sorted[(start + end) >>> 1];
      }
    }
    return where;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
