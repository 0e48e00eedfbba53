package dev.lss.core.image;

import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.GridGeometry.Space;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;

/**
 * Turns an image so that its axes grow in given patient directions. Lossless: the axes are swapped
 * and reversed, the affine follows, and every value keeps its place in the patient.
 *
 * <p>An oblique image stays oblique: its axes are matched to the closest patient axes, and nothing
 * is interpolated.
 */
public final class Orient {

  private Orient() {}

  /**
   * Returns the image with its axes along {@code code}; the same object when they are already.
   *
   * @throws IllegalArgumentException when the image has no place in the patient
   */
  public static Volume to(Volume volume, AnatomicalCode code) {
    AxisMap map = AxisMap.between(orientationOf(volume.geometry()), code, volume.extents());
    if (map.isIdentity()) {
      return volume;
    }
    float[] out = new float[volume.extents().voxels()];
    float[] in = volume.unsafeSamples();
    map.forEachLine(
        (outAt, outStep, inAt, inStep, count) -> {
          for (int n = 0; n < count; n++) {
            out[outAt + n * outStep] = in[inAt + n * inStep];
          }
        });
    return Volume.wrap(turned(volume.geometry(), map), out);
  }

  /**
   * Returns the labels with their axes along {@code code}; the same object when they are already.
   *
   * @throws IllegalArgumentException when the labels have no place in the patient
   */
  public static LabelVolume to(LabelVolume labels, AnatomicalCode code) {
    AxisMap map = AxisMap.between(orientationOf(labels.geometry()), code, labels.extents());
    return map.isIdentity()
        ? labels
        : LabelVolume.wrap(turned(labels.geometry(), map), turned(labels, map));
  }

  /**
   * Returns the labels on the grid that they were turned from: the way back after {@link
   * #to(Volume, AnatomicalCode)}. The result carries {@code original} itself, bit for bit.
   *
   * @throws IllegalArgumentException when the two grids are not the same voxels in the patient, to
   *     1e-3 voxel
   */
  public static LabelVolume onto(LabelVolume labels, GridGeometry original) {
    GridGeometry grid = labels.geometry();
    AxisMap map = AxisMap.between(grid.affine(), original.affine(), grid.extents());
    Vector3 first = grid.toIndex(original.affine().origin());
    boolean same = map.extents().equals(original.extents());
    for (int axis = 0; axis < 3; axis++) {
      same &= Math.abs(first.get(axis) - map.firstVoxel().get(axis)) <= SubLattice.TOLERANCE_VOXELS;
      same &=
          SubLattice.stepsAgree(
              map.step(grid.affine(), axis), original.affine(), axis, original.extents());
    }
    if (!same) {
      throw new IllegalArgumentException(
          "the labels' grid (%s) is not the grid %s turned"
              .formatted(grid.describe(), original.describe()));
    }
    return LabelVolume.wrap(
        original, map.isIdentity() ? labels.unsafeLabels() : turned(labels, map));
  }

  private static short[] turned(LabelVolume labels, AxisMap map) {
    short[] out = new short[labels.extents().voxels()];
    short[] in = labels.unsafeLabels();
    map.forEachLine(
        (outAt, outStep, inAt, inStep, count) -> {
          for (int n = 0; n < count; n++) {
            out[outAt + n * outStep] = in[inAt + n * inStep];
          }
        });
    return out;
  }

  private static GridGeometry turned(GridGeometry grid, AxisMap map) {
    Affine affine = grid.affine();
    Extents extents = map.extents();
    Vector3 spacing = grid.spacingMm();
    return new GridGeometry(
        extents,
        new Affine(
            map.step(affine, 0),
            map.step(affine, 1),
            map.step(affine, 2),
            affine.apply(map.firstVoxel())),
        new Vector3(
            spacing.get(map.sourceAxis(0)),
            spacing.get(map.sourceAxis(1)),
            spacing.get(map.sourceAxis(2))),
        grid.space(),
        grid.calibrated());
  }

  private static AnatomicalCode orientationOf(GridGeometry grid) {
    if (grid.space() != Space.PATIENT_LPS) {
      throw new IllegalArgumentException(
          "only an image in patient space has an orientation, was " + grid.describe());
    }
    return grid.orientation();
  }
}
