package dev.lss.api;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import java.util.Objects;
import java.util.Optional;

/**
 * The level of one vertebra, as whoever asks knows it from elsewhere; all others are counted from
 * it.
 *
 * @param level the level of that vertebra
 * @param atMm a point in or near its body, LPS mm; empty for the lowest vertebra in view
 */
public record KnownLevel(VertebraLevel level, Optional<Vector3> atMm) {

  /**
   * Checks the point.
   *
   * @throws IllegalArgumentException when the point is not finite
   */
  public KnownLevel {
    Objects.requireNonNull(level, "level");
    if (atMm.isPresent() && !atMm.get().isFinite()) {
      throw new IllegalArgumentException("the point of a level must be finite, was " + atMm.get());
    }
  }

  /** Says that the vertebra nearest to a point, LPS mm, is of this level. */
  public static KnownLevel at(VertebraLevel level, Vector3 pointMm) {
    return new KnownLevel(level, Optional.of(pointMm));
  }

  /** Says that the lowest vertebra in view, the sacrum not counted, is of this level. */
  public static KnownLevel lowest(VertebraLevel level) {
    return new KnownLevel(level, Optional.empty());
  }
}
