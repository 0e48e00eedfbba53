package dev.lss.core.spine;

import dev.lss.api.image.Vector3;
import java.util.ArrayList;
import java.util.List;

/**
 * The line through the middles of vertebral bodies, from the head down, and how each body stands on
 * it. Local positions are {@code (a, l, u)}: towards the front, across the slices and towards the
 * head, relative to the step from body to body, which is 1. Immutable.
 */
final class SpineCurve {

  /** Usual length of a step, for a body that is alone, in mm. */
  private static final double USUAL_MM = 35;

  private final List<Frame> frames;

  /** How a body stands. */
  private record Frame(Vector3 centre, Vector3 front, Vector3 across, Vector3 up, double stepMm) {}

  private SpineCurve(List<Frame> frames) {
    this.frames = List.copyOf(frames);
  }

  /**
   * Takes the middles of at least one body.
   *
   * @param centres from the head down, LPS mm
   * @param back unit vector to the patient's back
   * @param down unit vector to the patient's feet
   */
  static SpineCurve through(List<Vector3> centres, Vector3 back, Vector3 down) {
    List<Frame> frames = new ArrayList<>();
    int last = centres.size() - 1;
    for (int n = 0; n <= last; n++) {
      Vector3 way = way(centres, n, down);
      double above = n > 0 ? length(centres, n - 1) : Double.NaN;
      double below = n < last ? length(centres, n) : Double.NaN;
      double step =
          n > 0 && n < last ? Math.min(above, below) : n > 0 ? above : n < last ? below : USUAL_MM;
      Vector3 up = unit(way.times(-1));
      Vector3 forward = back.times(-1);
      Vector3 front = unit(forward.minus(up.times(forward.dot(up))));
      frames.add(new Frame(centres.get(n), front, up.cross(front), up, step));
    }
    return new SpineCurve(frames);
  }

  private static double length(List<Vector3> centres, int n) {
    return centres.get(n + 1).minus(centres.get(n)).norm();
  }

  /** Returns the way down at a body; at the ends it goes on bending by half as much. */
  private static Vector3 way(List<Vector3> centres, int n, Vector3 down) {
    int last = centres.size() - 1;
    if (last == 0) {
      return down;
    }
    if (n > 0 && n < last) {
      return step(centres, n - 1).plus(step(centres, n));
    }
    Vector3 here = n == 0 ? step(centres, 0) : step(centres, last - 1);
    if (last == 1) {
      return here;
    }
    Vector3 next = n == 0 ? step(centres, 1) : step(centres, last - 2);
    return here.plus(here.minus(next).times(0.5));
  }

  private static Vector3 step(List<Vector3> centres, int n) {
    return unit(centres.get(n + 1).minus(centres.get(n)));
  }

  static Vector3 unit(Vector3 v) {
    return v.times(1 / v.norm());
  }

  /** Returns how many bodies there are. */
  int size() {
    return frames.size();
  }

  /** Returns a local position, as shares of the step at the body. */
  Vector3 local(int body, Vector3 mm) {
    Frame frame = frames.get(body);
    Vector3 d = mm.minus(frame.centre).times(1 / frame.stepMm);
    return new Vector3(d.dot(frame.front), d.dot(frame.across), d.dot(frame.up));
  }

  /** Returns the length of the step at a body, in mm. */
  double stepMm(int body) {
    return frames.get(body).stepMm;
  }

  /** Returns the middle of a body, LPS mm. */
  Vector3 centreMm(int body) {
    return frames.get(body).centre;
  }

  /** Returns the way to the head at a body, unit vector. */
  Vector3 up(int body) {
    return frames.get(body).up;
  }

  /**
   * Returns the place along the spine, 0 at the first body and 1 at the next one; what lies above
   * the first is negative. Between two bodies it is the share of the distances from the planes
   * through them.
   */
  double along(Vector3 mm) {
    double before = local(0, mm).z();
    if (before > 0) {
      return -before;
    }
    for (int n = 1; n < frames.size(); n++) {
      double here = local(n, mm).z() * frames.get(n).stepMm;
      if (here > 0) {
        double above = -local(n - 1, mm).z() * frames.get(n - 1).stepMm;
        return above <= 0 ? n - 0.5 : n - 1 + above / (above + here);
      }
    }
    return frames.size() - 1 - local(frames.size() - 1, mm).z();
  }
}
