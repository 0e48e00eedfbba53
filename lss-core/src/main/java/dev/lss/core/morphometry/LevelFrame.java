package dev.lss.core.morphometry;

import dev.lss.api.image.Vector3;

/**
 * Where a vertebral body lies and how it stands. Local positions are {@code (a, l, u)}: mm towards
 * the front, the patient's left and the head. Immutable.
 *
 * @param centre the origin, LPS mm
 * @param anterior unit vector towards the front of the vertebra
 * @param left unit vector towards the patient's left
 * @param cranial unit vector towards the head, across the body
 */
record LevelFrame(Vector3 centre, Vector3 anterior, Vector3 left, Vector3 cranial) {

  /** The front of a patient who stands upright. */
  static final Vector3 FRONT = new Vector3(0, -1, 0);

  /**
   * Returns a frame whose cranial axis is {@code up} and whose front lies towards {@code front}.
   */
  static LevelFrame of(Vector3 centre, Vector3 up, Vector3 front) {
    Vector3 cranial = unit(up);
    Vector3 anterior = unit(front.minus(cranial.times(front.dot(cranial))));
    return new LevelFrame(centre, anterior, cranial.cross(anterior), cranial);
  }

  static Vector3 unit(Vector3 v) {
    return v.times(1 / v.norm());
  }

  /** Returns the position in space of a local one. */
  Vector3 at(double a, double l, double u) {
    return centre.plus(anterior.times(a)).plus(left.times(l)).plus(cranial.times(u));
  }

  /** Returns the local position of one in space. */
  Vector3 local(Vector3 positionMm) {
    Vector3 d = positionMm.minus(centre);
    return new Vector3(d.dot(anterior), d.dot(left), d.dot(cranial));
  }

  /** Returns the direction in space of a local one. */
  Vector3 direction(Vector3 local) {
    return anterior.times(local.x()).plus(left.times(local.y())).plus(cranial.times(local.z()));
  }
}
