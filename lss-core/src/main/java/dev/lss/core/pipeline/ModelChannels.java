package dev.lss.core.pipeline;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Picks the channels of a model out of a study. */
final class ModelChannels {

  /** How far the corners of two channels' grids may be apart, in voxels. */
  private static final double TOLERANCE_VOXELS = 1e-2;

  private ModelChannels() {}

  /**
   * Returns the series of the channels, in the model's order.
   *
   * @throws InvalidStudyException {@code MISSING_SERIES} when a channel is not there, {@code
   *     GRIDS_DIFFER} when two do not lie on one grid
   */
  static List<Series> of(LumbarStudy study, List<SeriesRole> channels) {
    List<Series> series = new ArrayList<>();
    for (SeriesRole channel : channels) {
      series.add(
          study
              .byRole(channel)
              .orElseThrow(
                  () ->
                      new InvalidStudyException(
                          "MISSING_SERIES",
                          "the model takes the channels %s, there is no series \"%s\""
                              .formatted(channels, channel))));
    }
    GridGeometry reference = study.reference().volume().geometry();
    for (Series one : series) {
      if (!reference.sameAs(one.volume().geometry(), TOLERANCE_VOXELS)) {
        throw new InvalidStudyException(
            "GRIDS_DIFFER",
            "all channels must lie on one grid: %s has %s, %s has %s"
                .formatted(
                    study.reference().role(),
                    describe(reference),
                    one.role(),
                    describe(one.volume().geometry())));
      }
    }
    return series;
  }

  private static String describe(GridGeometry grid) {
    Vector3 origin = grid.affine().origin();
    return String.format(
        Locale.ROOT,
        "%s from (%.1f, %.1f, %.1f) mm",
        grid.describe(),
        origin.x(),
        origin.y(),
        origin.z());
  }
}
