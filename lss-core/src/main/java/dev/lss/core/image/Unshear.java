package dev.lss.core.image;

import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;

/**
 * Brings an image whose axes are not at right angles, such as a CT with tilted gantry, onto a grid
 * whose axes are, and labels back. Lossy.
 *
 * <p>The new grid keeps the direction of i and the plane of i and j; its axes are those of Gram and
 * Schmidt, its spacing is the old one, and it covers the whole old image. Orient first, so that the
 * choice does not depend on how the file was stored.
 */
public final class Unshear {

  /** Shear in degrees up to which a grid counts as orthogonal: 1e-4 rad. */
  public static final double ORTHOGONAL_DEGREES = Math.toDegrees(1e-4);

  /** Shear in degrees above which an image is refused. */
  public static final double LARGEST_DEGREES = 5;

  private Unshear() {}

  /** Returns whether a grid needs this step. */
  public static boolean isSheared(GridGeometry grid) {
    return grid.affine().shearDegrees() > ORTHOGONAL_DEGREES;
  }

  /**
   * Returns the image on an orthogonal grid, by linear interpolation; the same object when it is
   * orthogonal already. What lies outside the old image becomes its smallest value: air, in a CT.
   *
   * @throws IllegalArgumentException when the shear is more than 5 degrees
   */
  public static Volume toOrthogonal(Volume volume) {
    GridGeometry old = volume.geometry();
    if (!isSheared(old)) {
      return volume;
    }
    double shear = old.affine().shearDegrees();
    if (!(shear <= LARGEST_DEGREES)) {
      throw new IllegalArgumentException(
          "shear must be at most %s degrees, was %s".formatted(LARGEST_DEGREES, shear));
    }
    // Everything up to the new origin is computed relative to the old one: a shifted image has the
    // same voxels.
    Affine there = around(old.affine(), new Vector3(0, 0, 0));
    Affine frame = frame(there, old.spacingMm());
    double[] low = new double[3];
    double[] high = new double[3];
    for (Vector3 index : old.extents().corners(0)) {
      Vector3 inFrame = frame.applyInverse(there.apply(index));
      for (int axis = 0; axis < 3; axis++) {
        low[axis] = Math.min(low[axis], inFrame.get(axis));
        high[axis] = Math.max(high[axis], inFrame.get(axis));
      }
    }
    Extents extents =
        new Extents(span(low[0], high[0]), span(low[1], high[1]), span(low[2], high[2]));
    Vector3 shift = frame.apply(new Vector3(low[0], low[1], low[2]));
    float[] out = interpolated(volume, there, around(frame, shift), extents);
    Affine placed = around(frame, old.affine().origin().plus(shift));
    return Volume.wrap(
        new GridGeometry(extents, placed, old.spacingMm(), old.space(), old.calibrated()), out);
  }

  /**
   * Returns labels on another grid, such as the sheared one: every voxel takes the label of the
   * nearest voxel, or background outside.
   */
  public static LabelVolume labelsOnto(LabelVolume labels, GridGeometry target) {
    Extents in = labels.extents();
    Extents extents = target.extents();
    Affine grid = labels.geometry().affine();
    Vector3 base = grid.applyInverse(target.affine().origin());
    Vector3[] step = steps(grid, target.affine());
    short[] source = VoxelArrays.labels(labels);
    short[] out = new short[extents.voxels()];
    int n = 0;
    for (int k = 0; k < extents.k(); k++) {
      for (int j = 0; j < extents.j(); j++) {
        Vector3 row = base.plus(step[1].times(j)).plus(step[2].times(k));
        for (int i = 0; i < extents.i(); i++, n++) {
          int x = (int) Math.floor(row.x() + i * step[0].x() + 0.5);
          int y = (int) Math.floor(row.y() + i * step[0].y() + 0.5);
          int z = (int) Math.floor(row.z() + i * step[0].z() + 0.5);
          if (x >= 0 && y >= 0 && z >= 0 && x < in.i() && y < in.j() && z < in.k()) {
            out[n] = source[in.offset(x, y, z)];
          }
        }
      }
    }
    return LabelVolume.wrap(target, out);
  }

  private static float[] interpolated(Volume volume, Affine from, Affine to, Extents extents) {
    Extents in = volume.extents();
    float[] source = VoxelArrays.samples(volume);
    float outside = Float.POSITIVE_INFINITY;
    for (float value : source) {
      outside = Math.min(outside, value);
    }
    Vector3 base = from.applyInverse(to.origin());
    Vector3[] step = steps(from, to);
    float[] out = new float[extents.voxels()];
    int n = 0;
    for (int k = 0; k < extents.k(); k++) {
      for (int j = 0; j < extents.j(); j++) {
        Vector3 row = base.plus(step[1].times(j)).plus(step[2].times(k));
        for (int i = 0; i < extents.i(); i++, n++) {
          double x = row.x() + i * step[0].x();
          double y = row.y() + i * step[0].y();
          double z = row.z() + i * step[0].z();
          out[n] =
              isInside(x, in.i()) && isInside(y, in.j()) && isInside(z, in.k())
                  ? (float) trilinear(source, in, x, y, z)
                  : outside;
        }
      }
    }
    return out;
  }

  private static double trilinear(float[] source, Extents in, double x, double y, double z) {
    int i = lower(x, in.i());
    int j = lower(y, in.j());
    int k = lower(z, in.k());
    double u = Math.min(Math.max(x - i, 0), 1);
    double v = Math.min(Math.max(y - j, 0), 1);
    double w = Math.min(Math.max(z - k, 0), 1);
    int at = in.offset(i, j, k);
    int di = in.i() > 1 ? 1 : 0;
    int dj = in.j() > 1 ? in.i() : 0;
    int dk = in.k() > 1 ? in.i() * in.j() : 0;
    double near = bilinear(source, at, di, dj, u, v);
    double far = bilinear(source, at + dk, di, dj, u, v);
    return LinearAxis.mix(w, near, far);
  }

  private static double bilinear(float[] source, int at, int di, int dj, double u, double v) {
    return LinearAxis.mix(
        v,
        LinearAxis.mix(u, source[at], source[at + di]),
        LinearAxis.mix(u, source[at + dj], source[at + dj + di]));
  }

  private static int lower(double x, int count) {
    return Math.min(Math.max((int) Math.floor(x), 0), Math.max(count - 2, 0));
  }

  /** Returns whether a position is within half a voxel of a voxel centre. */
  private static boolean isInside(double x, int count) {
    return x >= -0.5 && x <= count - 0.5;
  }

  private static int span(double low, double high) {
    return (int) Math.ceil(high - low - 1e-6) + 1;
  }

  private static Affine frame(Affine affine, Vector3 spacing) {
    Vector3 u = unit(affine.columnI());
    Vector3 v = unit(affine.columnJ().minus(u.times(u.dot(affine.columnJ()))));
    Vector3 w = u.cross(v);
    double side = affine.determinant() < 0 ? -1 : 1;
    return new Affine(
        u.times(spacing.x()),
        v.times(spacing.y()),
        w.times(side * spacing.z()),
        new Vector3(0, 0, 0));
  }

  private static Vector3 unit(Vector3 v) {
    return v.times(1 / v.norm());
  }

  /** Returns the steps of {@code to} in voxels of {@code from}. */
  private static Vector3[] steps(Affine from, Affine to) {
    Affine linear = around(from, new Vector3(0, 0, 0));
    Vector3[] step = new Vector3[3];
    for (int axis = 0; axis < 3; axis++) {
      step[axis] = linear.applyInverse(to.column(axis));
    }
    return step;
  }

  private static Affine around(Affine affine, Vector3 origin) {
    return new Affine(affine.columnI(), affine.columnJ(), affine.columnK(), origin);
  }
}
