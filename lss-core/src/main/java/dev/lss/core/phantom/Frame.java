package dev.lss.core.phantom;

import dev.lss.api.image.Vector3;

/**
 * A right-handed system of axes somewhere in space. Immutable.
 *
 * @param left direction of the local x, of length 1
 * @param back direction of the local y, of length 1
 * @param up direction of the local z, of length 1
 * @param centre position of the local origin
 */
record Frame(Vector3 left, Vector3 back, Vector3 up, Vector3 centre) {

  static final Frame WORLD = rotated(0, 0, 0, new Vector3(0, 0, 0));

  /**
   * Returns axes rotated about z by yaw, then about x by pitch (up leans forward), then about y by
   * roll (up leans to the left).
   */
  static Frame rotated(double pitchDeg, double rollDeg, double yawDeg, Vector3 centre) {
    return new Frame(
        rotated(new Vector3(1, 0, 0), pitchDeg, rollDeg, yawDeg),
        rotated(new Vector3(0, 1, 0), pitchDeg, rollDeg, yawDeg),
        rotated(new Vector3(0, 0, 1), pitchDeg, rollDeg, yawDeg),
        centre);
  }

  private static Vector3 rotated(Vector3 v, double pitchDeg, double rollDeg, double yawDeg) {
    double sw = Math.sin(Math.toRadians(yawDeg));
    double cw = Math.cos(Math.toRadians(yawDeg));
    double sp = Math.sin(Math.toRadians(pitchDeg));
    double cp = Math.cos(Math.toRadians(pitchDeg));
    double sr = Math.sin(Math.toRadians(rollDeg));
    double cr = Math.cos(Math.toRadians(rollDeg));
    Vector3 a = new Vector3(cw * v.x() - sw * v.y(), sw * v.x() + cw * v.y(), v.z());
    Vector3 b = new Vector3(a.x(), cp * a.y() - sp * a.z(), sp * a.y() + cp * a.z());
    return new Vector3(cr * b.x() + sr * b.z(), b.y(), -sr * b.x() + cr * b.z());
  }

  Vector3 toWorld(Vector3 local) {
    return centre.plus(turn(local));
  }

  Vector3 toLocal(Vector3 world) {
    return turnBack(world.minus(centre));
  }

  /** Returns a local direction in the world. */
  Vector3 turn(Vector3 local) {
    return left.times(local.x()).plus(back.times(local.y())).plus(up.times(local.z()));
  }

  /** Returns a direction of the world in local terms. */
  Vector3 turnBack(Vector3 world) {
    return new Vector3(world.dot(left), world.dot(back), world.dot(up));
  }

  /** Returns a frame given in this frame's local terms as one of the world. */
  Frame then(Frame inner) {
    return new Frame(turn(inner.left), turn(inner.back), turn(inner.up), toWorld(inner.centre));
  }

  Frame movedTo(Vector3 newCentre) {
    return new Frame(left, back, up, newCentre);
  }
}
