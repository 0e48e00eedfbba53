package dev.lss.core.morphometry;

import dev.lss.api.ShapeQuality;
import dev.lss.api.image.Vector3;

/**
 * An endplate of a vertebral body as the plane that fits it. Immutable.
 *
 * @param centre mean of the points that the plane fits, LPS mm
 * @param normal unit vector across it, towards the head
 * @param anteriorEdge where the plane ends in front, in the middle between left and right, LPS mm
 * @param posteriorEdge where it ends at the back
 * @param quality whether to rely on it
 */
record Endplate(
    Vector3 centre,
    Vector3 normal,
    Vector3 anteriorEdge,
    Vector3 posteriorEdge,
    ShapeQuality quality) {

  /** Returns the length from edge to edge, in mm. */
  double depthMm() {
    return anteriorEdge.minus(posteriorEdge).norm();
  }

  /** Returns the direction in the plane from the back to the front. */
  Vector3 forward() {
    return LevelFrame.unit(anteriorEdge.minus(posteriorEdge));
  }

  /**
   * Returns how far the normal leans back, in degrees, seen from the side of a frame.
   *
   * @param frame whose front and head count
   */
  double tiltDegrees(LevelFrame frame) {
    return Math.toDegrees(Math.atan2(-normal.dot(frame.anterior()), normal.dot(frame.cranial())));
  }
}
