package dev.lss.core.phantom;

import dev.lss.api.image.Vector3;

/**
 * How a phantom lies in space: rotated about the centre of L3's body, then moved. Immutable.
 *
 * @param pitchDeg how far the head leans forward
 * @param rollDeg how far the head leans to the patient's left
 * @param yawDeg how far the patient is rotated about the long axis, counter-clockwise seen from
 *     above
 * @param positionMm where the centre of L3's body is put, LPS mm
 */
public record Pose(double pitchDeg, double rollDeg, double yawDeg, Vector3 positionMm) {

  /** Upright, with the centre of L3's body at the world's origin. */
  public static final Pose UPRIGHT = new Pose(0, 0, 0, new Vector3(0, 0, 0));

  /** Refuses numbers that are not finite. */
  public Pose {
    if (!Double.isFinite(pitchDeg)
        || !Double.isFinite(rollDeg)
        || !Double.isFinite(yawDeg)
        || !positionMm.isFinite()) {
      throw new IllegalArgumentException("a pose holds finite numbers only");
    }
  }

  Frame frame() {
    return Frame.rotated(pitchDeg, rollDeg, yawDeg, positionMm);
  }
}
