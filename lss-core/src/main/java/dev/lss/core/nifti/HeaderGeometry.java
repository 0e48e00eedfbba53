package dev.lss.core.nifti;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.core.voxel.VoxelFault;
import dev.lss.core.voxel.VoxelGrid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the voxels of a NIfTI file lie, in LPS mm.
 *
 * <p>The affine (sform) is used when its code is above 0 and it is finite and invertible, else the
 * quaternion (qform) when its code is above 0; a file with neither does not say where its left is,
 * and is refused. NIfTI's world is RAS: x and y change sign. The stored spacing is the header's
 * pixdim, widened to double, where it agrees with the affine to a relative 1e-3, else the length of
 * the affine's column.
 */
final class HeaderGeometry {

  private static final double SPACING_TOLERANCE = 1e-3;
  private static final double CONFLICT_DIRECTION = 1e-3;
  private static final double CONFLICT_MM = 0.1;

  private final String file;
  private final NiftiVersion version;
  private final ByteBuffer header;
  private final Extents extents;
  private final List<Notice> notices = new ArrayList<>();

  private HeaderGeometry(String file, NiftiVersion version, ByteBuffer header, Extents extents) {
    this.file = file;
    this.version = version;
    this.header = header;
    this.extents = extents;
  }

  /**
   * A grid and what was doubtful about it.
   *
   * @param grid the grid
   * @param notices sentences for people
   */
  record Placed(GridGeometry grid, List<Notice> notices) {}

  static Placed of(String file, HeaderReader reader, Extents extents) {
    var geometry = new HeaderGeometry(file, reader.version(), reader.bytes(), extents);
    GridGeometry grid = geometry.grid();
    return new Placed(grid, List.copyOf(geometry.notices));
  }

  private GridGeometry grid() {
    double unit = millimetresPerUnit();
    boolean hasSform = field(HeaderField.SFORM_CODE, 0) > 0;
    boolean hasQform = field(HeaderField.QFORM_CODE, 0) > 0;
    if (!hasSform && !hasQform) {
      throw fault(
          "NO_ORIENTATION",
          "sform_code and qform_code are 0: the file does not say where left and right are");
    }
    Affine sform = hasSform ? sform(unit) : null;
    Affine affine;
    if (sform != null) {
      affine = sform;
    } else if (hasQform) {
      affine = qform(unit);
      if (hasSform) {
        note("SFORM_UNUSABLE", "the sform is singular or not finite; the qform was used");
      }
    } else {
      throw fault(
          "BAD_AFFINE",
          "the sform ("
              + HeaderField.SROW.at(version, 0)
              + ") is singular, not finite or out of range: a voxel is 1e-6 to 1e6 mm wide");
    }
    if (sform != null && hasQform) {
      noteConflict(sform, unit);
    }
    VoxelGrid.requireRightAngles(file, affine);
    return GridGeometry.of(extents, affine, spacing(affine, unit));
  }

  /** Returns 1, 1000 or 1/1000; a file without unit is in mm, as nearly all are. */
  private double millimetresPerUnit() {
    int code = (int) field(HeaderField.XYZT_UNITS, 0) & 7;
    switch (code) {
      case 1 -> note("UNITS_CONVERTED", "the header's lengths are in metres");
      case 2 -> {}
      case 3 -> note("UNITS_CONVERTED", "the header's lengths are in micrometres");
      default -> note("UNITS_UNKNOWN", "the header names no unit of length; mm was taken");
    }
    return code == 1 ? 1000 : code == 3 ? 1e-3 : 1;
  }

  /** Returns the sform in LPS mm, or null when it is singular or not finite. */
  private @Nullable Affine sform(double unit) {
    double[] s = new double[12];
    for (int n = 0; n < 12; n++) {
      s[n] = field(HeaderField.SROW, n);
    }
    Vector3 i = new Vector3(s[0], s[4], s[8]);
    Vector3 j = new Vector3(s[1], s[5], s[9]);
    Vector3 k = new Vector3(s[2], s[6], s[10]);
    Affine affine =
        lps(
            i.times(unit),
            j.times(unit),
            k.times(unit),
            new Vector3(s[3], s[7], s[11]).times(unit));
    double determinant = i.cross(j).dot(k);
    if (affine == null && determinant != 0 && Double.isFinite(determinant)) {
      throw fault(
          "BAD_AFFINE",
          "the sform ("
              + HeaderField.SROW.at(version, 0)
              + ") is out of range: a voxel is 1e-6 to 1e6 mm wide, the first one within 1e9 mm");
    }
    return affine;
  }

  private Affine qform(double unit) {
    double[] pixdim = new double[4];
    for (int n = 0; n < 4; n++) {
      pixdim[n] = field(HeaderField.PIXDIM, n);
    }
    for (int n = 1; n < 4; n++) {
      if (!(Math.abs(pixdim[n]) > 0) || !Double.isFinite(pixdim[n])) {
        throw fault(
            "BAD_AFFINE", HeaderField.PIXDIM.at(version, n) + " must not be 0, was " + pixdim[n]);
      }
      if (pixdim[n] < 0) {
        note("NEGATIVE_PIXDIM", "pixdim[" + n + "] is negative; its absolute value was taken");
      }
    }
    double[] q = {0, 0, 0};
    for (int n = 0; n < 3; n++) {
      q[n] = field(HeaderField.QUATERN, n);
    }
    Vector3[] rotation = Quaternion.columns(q[0], q[1], q[2]);
    Affine affine = null;
    if (rotation.length == 3) {
      double qfac = pixdim[0] < 0 ? -1 : 1; // 0 means +1
      affine =
          lps(
              rotation[0].times(Math.abs(pixdim[1]) * unit),
              rotation[1].times(Math.abs(pixdim[2]) * unit),
              rotation[2].times(qfac * Math.abs(pixdim[3]) * unit),
              new Vector3(
                      field(HeaderField.QOFFSET, 0),
                      field(HeaderField.QOFFSET, 1),
                      field(HeaderField.QOFFSET, 2))
                  .times(unit));
    }
    if (affine == null) {
      throw fault(
          "BAD_AFFINE",
          "the qform ("
              + HeaderField.QUATERN.at(version, 0)
              + ") is no rotation, not finite or out of range: a voxel is 1e-6 to 1e6 mm wide");
    }
    return affine;
  }

  /** Converts RAS to LPS; null when the map is none that an image has. */
  private static @Nullable Affine lps(Vector3 i, Vector3 j, Vector3 k, Vector3 origin) {
    try {
      return new Affine(flipped(i), flipped(j), flipped(k), flipped(origin));
    } catch (IllegalArgumentException e) {
      return null; // the caller says which field it was
    }
  }

  private static Vector3 flipped(Vector3 v) {
    return new Vector3(0 - v.x(), 0 - v.y(), v.z()); // 0 - x: no negative zero
  }

  private void noteConflict(Affine sform, double unit) {
    Affine qform;
    try {
      qform = qform(unit);
    } catch (InvalidStudyException e) {
      note("QFORM_SFORM_CONFLICT", "the qform is unusable; the sform was used");
      return;
    }
    double direction = 0;
    for (int axis = 0; axis < 3; axis++) {
      Vector3 a = sform.column(axis);
      Vector3 b = qform.column(axis);
      direction = Math.max(direction, a.times(1 / a.norm()).minus(b.times(1 / b.norm())).norm());
    }
    double shift = 0;
    for (Vector3 index : extents.corners(0)) {
      shift = Math.max(shift, sform.apply(index).minus(qform.apply(index)).norm());
    }
    if (direction > CONFLICT_DIRECTION || shift > CONFLICT_MM) {
      note(
          "QFORM_SFORM_CONFLICT",
          "qform and sform place the image up to "
              + Math.round(shift * 10) / 10.0
              + " mm apart; the sform was used");
    }
  }

  private Vector3 spacing(Affine affine, double unit) {
    Vector3 spacing = new Vector3(0, 0, 0);
    boolean agrees = true;
    for (int axis = 0; axis < 3; axis++) {
      double norm = affine.column(axis).norm();
      double stored = Math.abs(field(HeaderField.PIXDIM, axis + 1)) * unit;
      boolean same = Math.abs(stored - norm) <= SPACING_TOLERANCE * norm;
      agrees &= same;
      spacing = spacing.with(axis, same ? stored : norm);
    }
    if (!agrees) {
      note("PIXDIM_CONFLICT", "pixdim and sform give different voxel sizes; the sform was used");
    }
    return spacing;
  }

  private double field(HeaderField field, int index) {
    return field.get(header, version, index);
  }

  private void note(String code, String sentence) {
    var notice = new Notice(code, sentence); // no file name: it may be a patient's
    if (!notices.contains(notice)) {
      notices.add(notice);
    }
  }

  private InvalidStudyException fault(String code, String reason) {
    return VoxelFault.of(code, file, reason);
  }
}
