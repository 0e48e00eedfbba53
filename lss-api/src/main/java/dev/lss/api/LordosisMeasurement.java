package dev.lss.api;

import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import java.util.Objects;

/**
 * The angle between two endplates of the lumbar spine (Cobb), seen from the patient's side.
 * Immutable.
 *
 * <p>Lying down it is smaller than standing; compare only what was taken in the same position.
 *
 * @param upper the vertebra whose upper endplate counts
 * @param lower the vertebra whose lower endplate counts; the lowest one where it is the sacrum's
 * @param toSacrum whether the lower endplate is the upper one of the sacrum, as is usual (L1 to
 *     S1); else the angle is smaller by that of the lowest disc
 * @param degrees the angle, positive when the spine is hollow at the back
 * @param quality whether to rely on it
 */
public record LordosisMeasurement(
    VertebraLevel upper,
    VertebraLevel lower,
    boolean toSacrum,
    double degrees,
    ShapeQuality quality)
    implements Measurement {

  private static final Structure SPINE = new Structure.Other("spine/lumbar");

  /** Refuses an angle that is not finite. */
  public LordosisMeasurement {
    Objects.requireNonNull(upper, "upper");
    Objects.requireNonNull(lower, "lower");
    Objects.requireNonNull(quality, "quality");
    if (!Double.isFinite(degrees)) {
      throw new IllegalArgumentException("degrees must be finite, was " + degrees);
    }
  }

  /** An angle between endplates of vertebrae. */
  public LordosisMeasurement(
      VertebraLevel upper, VertebraLevel lower, double degrees, ShapeQuality quality) {
    this(upper, lower, false, degrees, quality);
  }

  @Override
  public Structure structure() {
    return SPINE;
  }
}
