package dev.lss.core.ct;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.KnownLevel;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.ct.HeatMaps.Peak;
import dev.lss.core.naming.SpineLevel;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Which vertebra of a chain is the one whose level is known. */
final class KnownVertebra {

  /** Farther from the point no vertebra is meant. */
  private static final double NEAR_MM = 40;

  private final KnownLevel known;
  private final HeatMaps maps;
  private final Volume upright;

  /**
   * Takes what is known.
   *
   * @param maps in which chains are found
   * @param upright the image, in space
   */
  KnownVertebra(KnownLevel known, HeatMaps maps, Volume upright) {
    this.known = known;
    this.maps = maps;
    this.upright = upright;
  }

  /**
   * Returns the vertebra of a chain of at least one.
   *
   * @throws InvalidStudyException {@code LEVEL_NOT_FOUND} when none is near the point
   */
  LevelNaming.Held in(SpineChain chain) {
    List<Peak> vertebrae = chain.vertebrae();
    if (known.atMm().isEmpty()) {
      return new LevelNaming.Held(0, SpineLevel.of(known.level()));
    }
    Vector3 point = known.atMm().get();
    Peak nearest =
        vertebrae.stream()
            .min(Comparator.comparingDouble(peak -> distanceMm(peak, point)))
            .orElseThrow();
    if (distanceMm(nearest, point) > NEAR_MM) {
      throw new InvalidStudyException(
          "LEVEL_NOT_FOUND",
          String.format(
              Locale.ROOT,
              "no vertebra was found within %.0f mm of the point (%.1f, %.1f, %.1f) of %s, the nearest"
                  + " is %.0f mm away; points are LPS mm",
              NEAR_MM,
              point.x(),
              point.y(),
              point.z(),
              known.level(),
              distanceMm(nearest, point)));
    }
    return new LevelNaming.Held(vertebrae.indexOf(nearest), SpineLevel.of(known.level()));
  }

  private double distanceMm(Peak peak, Vector3 point) {
    return upright.geometry().toWorldMm(maps.onto(upright.extents(), peak)).minus(point).norm();
  }
}
