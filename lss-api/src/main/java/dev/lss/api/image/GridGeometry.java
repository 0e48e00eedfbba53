package dev.lss.api.image;

import java.util.Locale;
import java.util.Objects;

/**
 * Where the voxels of an image lie: extents, and the map from voxel index to millimetres.
 * Immutable.
 *
 * <p>The spacing is stored beside the affine and is the one to use in every voxel decision: one
 * unit in the last place can flip a rounded extent, and the norm of a rotated column is not the
 * header's number. The origin never enters a voxel decision.
 *
 * @param extents number of voxels along i, j, k
 * @param affine voxel index to world
 * @param spacingMm distance between voxel centres along i, j, k, in mm; positive; agrees with the
 *     affine's column norms to a relative 1e-3
 * @param space which world the affine maps to
 * @param calibrated whether a millimetre here is a millimetre; false only for {@link
 *     Space#IMAGE_PLANE}
 */
public record GridGeometry(
    Extents extents, Affine affine, Vector3 spacingMm, Space space, boolean calibrated) {

  /** The world that an affine maps to. */
  public enum Space {
    /** The patient: +x left, +y posterior, +z superior, in mm. */
    PATIENT_LPS,
    /** The plane of an image without a place in the patient, such as ultrasound. */
    IMAGE_PLANE
  }

  /**
   * How far apart the corners of two grids may be, in voxels, when both name the same voxels:
   * headers that went through float32 agree that well, a resampled or reoriented image does not.
   */
  public static final double SAME_VOXELS = 1e-3;

  private static final double SPACING_TOLERANCE = 1e-3;

  /** Refuses a spacing that contradicts the affine, and an uncalibrated patient space. */
  public GridGeometry {
    Objects.requireNonNull(extents, "extents");
    Objects.requireNonNull(affine, "affine");
    Objects.requireNonNull(spacingMm, "spacingMm");
    Objects.requireNonNull(space, "space");
    for (int axis = 0; axis < 3; axis++) {
      double stored = spacingMm.get(axis);
      double norm = affine.column(axis).norm();
      if (!(stored > 0) || !(Math.abs(stored - norm) <= SPACING_TOLERANCE * norm)) {
        throw new IllegalArgumentException(
            "spacing along axis %s must agree with the affine (%s mm), was %s mm"
                .formatted(axis, norm, stored));
      }
    }
    if (space == Space.PATIENT_LPS && !calibrated) {
      throw new IllegalArgumentException("patient space is always calibrated");
    }
  }

  /** Returns a grid in patient space whose spacing is taken from the affine's columns. */
  public static GridGeometry of(Extents extents, Affine affine) {
    return of(extents, affine, Vector3.of(axis -> affine.column(axis).norm()));
  }

  /** Returns a grid in patient space with a stored spacing. */
  public static GridGeometry of(Extents extents, Affine affine, Vector3 spacingMm) {
    return new GridGeometry(extents, affine, spacingMm, Space.PATIENT_LPS, true);
  }

  /** Returns an axis-aligned LPS grid in patient space with its first voxel at the world origin. */
  public static GridGeometry ofSpacing(Extents extents, Vector3 spacingMm) {
    return of(extents, Affine.ofSpacing(spacingMm), spacingMm);
  }

  /**
   * Returns the grid of parallel DICOM slices at equal distances, from the attributes as DICOM
   * writes them. Index i counts columns, j rows, k slices.
   *
   * <p>The first three numbers of the orientation, the row's direction, say where i grows; the last
   * three, the column's direction, where j grows; the slices follow each other along row x column.
   * The two directions may be off by what rounding does to them (1e-3) and are made exact. The step
   * between slices is the distance of their positions along that normal; neither SliceThickness nor
   * SpacingBetweenSlices is (they say how thick a slice is, and they are often wrong).
   *
   * @param extents columns, rows, slices
   * @param imagePositionPatient centre of the first pixel of the first slice: three numbers in mm
   * @param imageOrientationPatient six direction cosines
   * @param pixelSpacing the distance of two <em>rows</em>, then the distance of two
   *     <em>columns</em>, in mm, positive
   * @param sliceStepMm from one slice to the next along row x column; negative when the slices are
   *     stored against it; for a single slice its thickness
   * @throws IllegalArgumentException when an array has another length, or a number is out of range
   */
  public static GridGeometry ofDicom(
      Extents extents,
      double[] imagePositionPatient,
      double[] imageOrientationPatient,
      double[] pixelSpacing,
      double sliceStepMm) {
    Objects.requireNonNull(extents, "extents");
    Objects.requireNonNull(imagePositionPatient, "imagePositionPatient");
    Objects.requireNonNull(imageOrientationPatient, "imageOrientationPatient");
    Objects.requireNonNull(pixelSpacing, "pixelSpacing");
    Vector3 origin = DicomNumbers.position(imagePositionPatient);
    Vector3[] axes = DicomNumbers.axes(imageOrientationPatient);
    double rowMm = DicomNumbers.pixelSpacing(pixelSpacing, 0);
    double columnMm = DicomNumbers.pixelSpacing(pixelSpacing, 1);
    if (!(Math.abs(sliceStepMm) > 0) || !Double.isFinite(sliceStepMm)) {
      throw new IllegalArgumentException(
          "sliceStepMm must be finite and not 0, was " + sliceStepMm);
    }
    return of(
        extents,
        new Affine(
            DicomNumbers.step(axes[0], columnMm),
            DicomNumbers.step(axes[1], rowMm),
            DicomNumbers.step(axes[2], sliceStepMm),
            origin),
        new Vector3(columnMm, rowMm, Math.abs(sliceStepMm)));
  }

  /**
   * Returns the grid of a matrix that maps (i, j, k, 1) to LPS mm.
   *
   * @param extents voxels along i, j, k
   * @param matrix four rows of four numbers; the last row is 0, 0, 0, 1
   * @throws IllegalArgumentException when the matrix has another shape or is no affine
   */
  public static GridGeometry ofLpsMatrix(Extents extents, double[][] matrix) {
    return of(extents, Affine.ofLpsMatrix(matrix));
  }

  /**
   * Returns the grid of a matrix that maps (i, j, k, 1) to RAS mm, as NIfTI, nibabel and 3D Slicer
   * have it.
   *
   * @param extents voxels along i, j, k
   * @param matrix four rows of four numbers; the last row is 0, 0, 0, 1
   * @throws IllegalArgumentException when the matrix has another shape or is no affine
   */
  public static GridGeometry ofRasMatrix(Extents extents, double[][] matrix) {
    return of(extents, Affine.ofRasMatrix(matrix));
  }

  /**
   * Returns the grid of a picture of known scale: i grows to the right, j downwards, one plane
   * along k. The middle of its first pixel is the origin.
   *
   * @param columns pixels across, at least 1
   * @param rows pixels down, at least 1
   * @param columnMm distance of two columns in mm, positive
   * @param rowMm distance of two rows in mm, positive
   */
  public static GridGeometry imagePlane(int columns, int rows, double columnMm, double rowMm) {
    return plane(columns, rows, new Vector3(columnMm, rowMm, 1), true);
  }

  /** Returns the grid of a picture whose scale is not known; lengths in it are pixels. */
  public static GridGeometry uncalibratedPlane(int columns, int rows) {
    return plane(columns, rows, new Vector3(1, 1, 1), false);
  }

  private static GridGeometry plane(int columns, int rows, Vector3 spacing, boolean calibrated) {
    return new GridGeometry(
        new Extents(columns, rows, 1),
        Affine.ofSpacing(spacing),
        spacing,
        Space.IMAGE_PLANE,
        calibrated);
  }

  /**
   * Returns the volume of one voxel in mm³, |det| of the affine.
   *
   * @throws IllegalStateException when the grid is uncalibrated
   */
  public double voxelVolumeMm3() {
    if (!calibrated) {
      throw new IllegalStateException("the grid has no millimetre scale");
    }
    return Math.abs(affine.determinant());
  }

  /**
   * Returns the anatomical direction in which each index grows.
   *
   * @throws IllegalStateException when the grid is an image plane, which has no place in the
   *     patient
   */
  public AnatomicalCode orientation() {
    if (space == Space.IMAGE_PLANE) {
      throw new IllegalStateException("an image plane has no anatomical orientation");
    }
    return AnatomicalCode.closestTo(affine);
  }

  /**
   * Returns whether two grids are one: the same extents, space and calibration, and each of the
   * eight outer corners of one no further from that of the other than a tolerance. The outer corner
   * of a grid lies half a voxel outside the centre of its outermost voxel, so the thickness of a
   * single plane counts too. The stored spacings are not compared.
   *
   * <p>This is the only comparison of grids; {@code equals} tells values apart, to the last bit.
   *
   * @param toleranceVoxels largest distance of two corners, in voxels of this grid, not negative;
   *     {@link #SAME_VOXELS} for voxels that must be the same ones
   */
  public boolean sameAs(GridGeometry other, double toleranceVoxels) {
    if (!(toleranceVoxels >= 0)) {
      throw new IllegalArgumentException(
          "toleranceVoxels must be at least 0, was " + toleranceVoxels);
    }
    if (!extents.equals(other.extents) || space != other.space || calibrated != other.calibrated) {
      return false;
    }
    if (affine.equals(other.affine)) {
      return true; // exactly, where the way to mm and back would round
    }
    return cornersApart(other) <= toleranceVoxels;
  }

  /** Returns the largest distance of two outer corners, in voxels of this grid; NaN for none. */
  private double cornersApart(GridGeometry other) {
    double most = 0;
    for (Vector3 index : extents.corners(0.5)) {
      double apart = toIndex(other.toWorldMm(index)).minus(index).norm();
      most = Double.isNaN(apart) ? Double.NaN : Math.max(most, apart);
    }
    return most;
  }

  /**
   * Describes, for messages, how far a grid of the same extents lies from this one, where the
   * rounded numbers of {@link #describe} may look alike: {@code "; their corners lie up to 0.02
   * voxels apart"}. Empty for other extents, and where one of the two has no place in the patient.
   */
  public String describeDistance(GridGeometry other) {
    return extents.equals(other.extents) && space == other.space && calibrated == other.calibrated
        ? String.format(
            Locale.ROOT, "; their corners lie up to %.2g voxels apart", cornersApart(other))
        : "";
  }

  /**
   * Returns the grid of a box of voxels: the same voxels at the same places.
   *
   * @throws IllegalArgumentException when the box reaches outside this grid
   */
  public GridGeometry crop(IndexBox box) {
    if (!box.isInside(extents)) {
      throw new IllegalArgumentException(
          "the box must lie inside the grid of %s, was %s".formatted(extents, box));
    }
    Vector3 first = new Vector3(box.i0(), box.j0(), box.k0());
    return new GridGeometry(box.extents(), affine.startingAt(first), spacingMm, space, calibrated);
  }

  /** Returns the LPS position in mm of a continuous voxel index. */
  public Vector3 toWorldMm(Vector3 index) {
    return affine.apply(index);
  }

  /** Returns the continuous voxel index of an LPS position in mm. */
  public Vector3 toIndex(Vector3 worldMm) {
    return affine.applyInverse(worldMm);
  }

  /** Describes extents, spacing and orientation, for messages; names no patient. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        calibrated ? "%s voxels of %.4g x %.4g x %.4g mm, %s" : "%s pixels of unknown size, %5$s",
        extents,
        spacingMm.x(),
        spacingMm.y(),
        spacingMm.z(),
        space == Space.PATIENT_LPS ? orientation().toString() : "image plane");
  }
}
