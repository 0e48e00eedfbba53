package dev.lss.api;

import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.Vector3;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A cross-section of a muscle: one slice of the image, or a plane through the middle of a vertebra
 * or disc. Immutable.
 *
 * @param level the vertebra or disc, of a section at a level
 * @param slice number of the slice along the axis across the slices, from 0, of a section that is
 *     one
 * @param centreMm middle of the section, LPS mm
 * @param normal direction across the plane, of length 1
 * @param areaMm2 area in the plane, in mm², positive; a muscle that runs at an angle to the normal
 *     has a larger one than across its course
 * @param fatFraction share of fat, by the method of the composition; empty when not known
 * @param touchesBorder whether the section reaches the edge of the image
 */
public record MuscleSection(
    Optional<Structure> level,
    OptionalInt slice,
    Vector3 centreMm,
    Vector3 normal,
    double areaMm2,
    OptionalDouble fatFraction,
    boolean touchesBorder) {

  /** Refuses an area that is not positive, and null by name. */
  public MuscleSection {
    Objects.requireNonNull(level, "level");
    Objects.requireNonNull(slice, "slice");
    Objects.requireNonNull(centreMm, "centreMm");
    Objects.requireNonNull(normal, "normal");
    Objects.requireNonNull(fatFraction, "fatFraction");
    if (!(areaMm2 > 0)) {
      throw new IllegalArgumentException("areaMm2 must be positive, was " + areaMm2);
    }
  }

  /** Returns the area that is not fat (functional cross-sectional area), in mm². */
  public OptionalDouble leanAreaMm2() {
    return fatFraction.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(areaMm2 * (1 - fatFraction.getAsDouble()));
  }
}
