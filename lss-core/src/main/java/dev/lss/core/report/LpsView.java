package dev.lss.core.report;

import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import java.util.Locale;

/**
 * Reads an image stored in any orientation as if its axes grew to the patient's left (0), to
 * posterior (1) and to superior (2), without copying it. An oblique image keeps its axes; each is
 * named after the closest patient axis. A picture, which has no place in the patient, is read as it
 * is stored, its columns along 0 and its rows along 1. Immutable.
 */
final class LpsView {

  /** Most that the corners of a plane may differ in its coordinate, in mm. */
  private static final double STRAIGHT_MM = 0.1;

  private final int[] size = new int[3];
  private final double[] spacingMm = new double[3];
  private final int[] stride = new int[3];
  private final int first;
  private final int fastest;
  private final boolean picture;
  private final boolean calibrated;
  private final GridGeometry grid;

  LpsView(GridGeometry grid) {
    this.grid = grid;
    picture = grid.space() == GridGeometry.Space.IMAGE_PLANE;
    calibrated = grid.calibrated();
    AnatomicalCode code = picture ? AnatomicalCode.LPS : grid.orientation();
    Extents n = grid.extents();
    int[] strides = {1, n.i(), n.i() * n.j()};
    int start = 0;
    for (int axis = 0; axis < 3; axis++) {
      int lps = code.get(axis).axis();
      size[lps] = n.get(axis);
      spacingMm[lps] = grid.spacingMm().get(axis);
      stride[lps] = strides[axis] * code.get(axis).sign();
      if (code.get(axis).sign() < 0) {
        start += strides[axis] * (n.get(axis) - 1);
      }
    }
    first = start;
    fastest = code.get(0).axis();
  }

  /** Returns whether the image has no place in the patient, so that its sides have no names. */
  boolean isPicture() {
    return picture;
  }

  /** Returns whether the image's millimetres are millimetres. */
  boolean isCalibrated() {
    return calibrated;
  }

  /** Returns the number of planes along an LPS axis. */
  int size(int axis) {
    return size[axis];
  }

  /** Returns the distance of two planes along an LPS axis, in mm. */
  double spacingMm(int axis) {
    return spacingMm[axis];
  }

  /** Returns the LPS axis along which neighbours are neighbours in the array. */
  int storedFastest() {
    return fastest;
  }

  /** Returns the index along an LPS axis of the voxel with this array index. */
  int along(int axis, int offset) {
    int at = offset / Math.abs(stride[axis]) % size[axis];
    return stride[axis] < 0 ? size[axis] - 1 - at : at;
  }

  /** Returns a continuous voxel index of the grid as indices along the LPS axes. */
  Vector3 along(Vector3 index) {
    Vector3 lps = new Vector3(0, 0, 0);
    AnatomicalCode code = grid.orientation();
    for (int axis = 0; axis < 3; axis++) {
      int to = code.get(axis).axis();
      double at = index.get(axis);
      lps = lps.with(to, code.get(axis).sign() < 0 ? size[to] - 1 - at : at);
    }
    return lps;
  }

  /** Returns the array index of a voxel, whose indices are given along the LPS axes. */
  int offset(int[] lps) {
    return first + lps[0] * stride[0] + lps[1] * stride[1] + lps[2] * stride[2];
  }

  /**
   * Returns where the plane across an axis lies: its coordinate in LPS, such as {@code x = 3.0 mm
   * (LPS)}; of an oblique image, whose planes have no single one, its number.
   */
  String position(int axis, int plane) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int corner = 0; corner < 4; corner++) {
      int[] lps = new int[3];
      lps[axis] = plane;
      int u = (axis + 1) % 3;
      int v = (axis + 2) % 3;
      lps[u] = corner % 2 == 0 ? 0 : size[u] - 1;
      lps[v] = corner < 2 ? 0 : size[v] - 1;
      double at = grid.toWorldMm(index(lps)).get(axis);
      low = Math.min(low, at);
      high = Math.max(high, at);
    }
    if (!(high - low <= STRAIGHT_MM)) {
      return "plane %s of %s (oblique)".formatted(plane + 1, size[axis]);
    }
    // Rounded twice, so that the last bits of equal places in other orders of storage do not show.
    double tenths = Math.rint(Math.rint((low + high) / 2 * 1e6) / 1e5);
    return String.format(Locale.ROOT, "%s = %.1f mm (LPS)", "xyz".charAt(axis), tenths / 10 + 0.0);
  }

  /** Returns the voxel index, in the order of storage, of a voxel along the LPS axes. */
  private Vector3 index(int[] lps) {
    int offset = offset(lps);
    Extents n = grid.extents();
    int i = offset % n.i();
    int j = offset / n.i() % n.j();
    int k = offset / n.i() / n.j();
    return new Vector3(i, j, k);
  }
}
