package dev.lss.core.morphometry;

import dev.lss.api.image.Vector3;

/**
 * The space between the endplates of two bones, in a frame that halves their angle. Immutable.
 *
 * @param anteriorMm height at 10 % of the depth that both endplates share, from the front
 * @param middleMm height at 50 %
 * @param posteriorMm height at 90 %
 * @param angleDegrees between the endplates, positive when open in front
 * @param slipMm how far the upper body's lower back edge lies in front of the lower body's upper
 *     one
 * @param depthMm mean depth of both endplates
 */
record DiscSpace(
    double anteriorMm,
    double middleMm,
    double posteriorMm,
    double angleDegrees,
    double slipMm,
    double depthMm) {

  static DiscSpace of(Endplate roof, Endplate floor) {
    LevelFrame frame =
        LevelFrame.of(
            roof.centre().plus(floor.centre()).times(0.5),
            roof.normal().plus(floor.normal()),
            floor.forward());
    double front =
        Math.min(frame.local(roof.anteriorEdge()).x(), frame.local(floor.anteriorEdge()).x());
    double back =
        Math.max(frame.local(roof.posteriorEdge()).x(), frame.local(floor.posteriorEdge()).x());
    return new DiscSpace(
        heightMm(frame, roof, floor, front - 0.1 * (front - back)),
        heightMm(frame, roof, floor, (front + back) / 2),
        heightMm(frame, roof, floor, front - 0.9 * (front - back)),
        roof.tiltDegrees(frame) - floor.tiltDegrees(frame),
        roof.posteriorEdge().minus(floor.posteriorEdge()).dot(floor.forward()),
        (roof.depthMm() + floor.depthMm()) / 2);
  }

  /** Returns the mean of the three heights, in mm. */
  double meanMm() {
    return (anteriorMm + middleMm + posteriorMm) / 3;
  }

  private static double heightMm(LevelFrame frame, Endplate roof, Endplate floor, double a) {
    Vector3 start = frame.at(a, 0, 0);
    return along(frame, roof, start) - along(frame, floor, start);
  }

  /** Returns where a plane is above a position. */
  private static double along(LevelFrame frame, Endplate plane, Vector3 start) {
    return plane.centre().minus(start).dot(plane.normal()) / frame.cranial().dot(plane.normal());
  }
}
