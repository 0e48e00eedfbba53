package dev.lss.core.morphometry;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;

/**
 * How much of a label is at a position: smoothed with 1/4, 1/2, 1/4 along the finer axes, so that
 * steps of voxels become a slope, then linear between voxel centres. Across an axis with one plane
 * the label goes on for ever, so that a single slice is measured as a plane. The surface is where
 * the share is one half. Not thread-safe.
 */
final class Occupancy {

  private static final double HALF = 0.5;
  private static final double STEP_MM = 0.5;
  private static final double FINE = 1.5;
  private static final int RIM = 2;

  /** The least share of a way that leads across a border. */
  private static final double ACROSS = 0.5;

  private final Extents image;
  private final IndexBox box;
  private final Extents extents;
  private final float[] share;
  private final Vector3 origin;
  private final Vector3 spacingMm;
  private final Vector3[] perMm = new Vector3[3];

  /**
   * Copies a label.
   *
   * @param box the voxels outside of which there is none of it
   */
  Occupancy(LabelVolume labels, int label, IndexBox box) {
    this.image = labels.extents();
    spacingMm = labels.geometry().spacingMm();
    this.box = box;
    Extents inner = box.extents();
    extents = new Extents(inner.i() + 2 * RIM, inner.j() + 2 * RIM, inner.k() + 2 * RIM);
    origin = labels.geometry().toIndex(new Vector3(0, 0, 0));
    for (int axis = 0; axis < 3; axis++) {
      perMm[axis] = labels.geometry().toIndex(new Vector3(0, 0, 0).with(axis, 1)).minus(origin);
    }
    float[] filled = new float[extents.voxels()];
    for (int k = 0; k < inner.k(); k++) {
      for (int j = 0; j < inner.j(); j++) {
        for (int i = 0; i < inner.i(); i++) {
          if (labels.get(box.i0() + i, box.j0() + j, box.k0() + k) == label) {
            filled[extents.offset(i + RIM, j + RIM, k + RIM)] = 1;
          }
        }
      }
    }
    double finest = Double.POSITIVE_INFINITY;
    for (int axis = 0; axis < 3; axis++) {
      finest = image.get(axis) > 1 ? Math.min(finest, spacingMm.get(axis)) : finest;
    }
    for (int axis = 0; axis < 3; axis++) {
      if (image.get(axis) > 1 && spacingMm.get(axis) <= FINE * finest) {
        filled = smoothed(filled, axis);
      }
    }
    share = filled;
  }

  private float[] smoothed(float[] values, int axis) {
    int step = axis == 0 ? 1 : axis == 1 ? extents.i() : extents.i() * extents.j();
    float[] smooth = new float[values.length];
    for (int at = step; at < values.length - step; at++) {
      smooth[at] = 0.25f * values[at - step] + 0.5f * values[at] + 0.25f * values[at + step];
    }
    return smooth;
  }

  private double index(int axis, Vector3 mm) {
    return origin.get(axis)
        + perMm[0].get(axis) * mm.x()
        + perMm[1].get(axis) * mm.y()
        + perMm[2].get(axis) * mm.z();
  }

  private double at(double x, double y, double z) {
    double i = image.i() == 1 ? RIM : x - box.i0() + RIM;
    double j = image.j() == 1 ? RIM : y - box.j0() + RIM;
    double k = image.k() == 1 ? RIM : z - box.k0() + RIM;
    if (!(i >= 0
        && j >= 0
        && k >= 0
        && i < extents.i() - 1
        && j < extents.j() - 1
        && k < extents.k() - 1)) {
      return 0;
    }
    int at = extents.offset((int) i, (int) j, (int) k);
    double fi = i - (int) i;
    double fj = j - (int) j;
    double fk = k - (int) k;
    int row = extents.i();
    int plane = row * extents.j();
    double near = row(at, fi) * (1 - fj) + row(at + row, fi) * fj;
    return fk == 0
        ? near
        : near * (1 - fk) + (row(at + plane, fi) * (1 - fj) + row(at + plane + row, fi) * fj) * fk;
  }

  private double row(int at, double f) {
    return share[at] * (1 - f) + share[at + 1] * f;
  }

  /**
   * Returns whether a way that ends at a position ends within a voxel of the image's border that
   * lies across it, so that it may be cut. A border that runs along the way cuts nothing.
   */
  boolean isAtBorder(Vector3 positionMm, Vector3 direction) {
    Vector3 start = positionMm.minus(direction);
    for (int axis = 0; axis < 3; axis++) {
      double index = index(axis, positionMm);
      double along = Math.abs(index - index(axis, start)) * spacingMm.get(axis);
      if (image.get(axis) > 1
          && along > ACROSS
          && (index < 0.75 || index > image.get(axis) - 1.75)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns how far one can go inside the label before its surface; NaN when the start lies outside
   * or no surface comes within reach.
   */
  double toSurfaceMm(Vector3 start, Vector3 direction, double reachMm) {
    double x = index(0, start);
    double y = index(1, start);
    double z = index(2, start);
    Vector3 end = start.plus(direction);
    double dx = index(0, end) - x;
    double dy = index(1, end) - y;
    double dz = index(2, end) - z;
    double before = at(x, y, z);
    if (before < HALF) {
      return Double.NaN;
    }
    for (double mm = STEP_MM; mm <= reachMm; mm += STEP_MM) {
      double now = at(x + mm * dx, y + mm * dy, z + mm * dz);
      if (now < HALF) {
        return mm - STEP_MM * (now - HALF) / (now - before);
      }
      before = now;
    }
    return Double.NaN;
  }
}
