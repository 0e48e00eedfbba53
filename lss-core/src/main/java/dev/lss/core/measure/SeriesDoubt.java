package dev.lss.core.measure;

import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SlicePlane;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What speaks against a series being one that a network of MR slices knows: its slices lie in
 * another plane, or its values are those of a CT. Such a series is segmented all the same.
 */
public final class SeriesDoubt {

  /** Magnitudes of MR are not negative; air in a CT is about -1000 HU. */
  private static final int CT_AIR = -500;

  private static final double MUCH = 0.02;

  private SeriesDoubt() {}

  /**
   * Looks at a series of MR.
   *
   * @param wanted the plane of the slices that the network was trained on
   * @return {@code OTHER_PLANE} and {@code NOT_MR}, or neither
   */
  public static List<Notice> of(Series series, SlicePlane wanted) {
    List<Notice> notices = new ArrayList<>();
    SlicePlane plane = SlicePlane.of(series.geometry());
    if (plane != wanted && plane != SlicePlane.ISOTROPIC) {
      notices.add(
          new Notice(
              "OTHER_PLANE",
              "the slices of %s are %s; the network knows %s ones, and its labels may be worse"
                  .formatted(series.role(), word(plane), word(wanted))));
    }
    if (shareOfCtAir(series.volume()) > MUCH) {
      notices.add(
          new Notice(
              "NOT_MR",
              "values of %s lie below %s as those of air in a CT; the network knows MR"
                  .formatted(series.role(), CT_AIR)));
    }
    return notices;
  }

  private static double shareOfCtAir(Volume volume) {
    float[] samples = VoxelArrays.samples(volume);
    int low = 0;
    for (float sample : samples) {
      if (sample < CT_AIR) {
        low++;
      }
    }
    return (double) low / samples.length;
  }

  private static String word(SlicePlane plane) {
    return plane.name().toLowerCase(Locale.ROOT);
  }
}
