package dev.lss.api.image;

import java.util.Objects;

/**
 * An image of one label per voxel, 0 to 65535, where 0 is background. The labels are stored as
 * unsigned shorts. Thread-safe as long as nobody writes to the array after construction.
 */
public final class LabelVolume {

  private final GridGeometry geometry;
  private final short[] labels;

  private LabelVolume(GridGeometry geometry, short[] labels) {
    Objects.requireNonNull(geometry, "geometry");
    Objects.requireNonNull(labels, "labels");
    if (labels.length != geometry.extents().voxels()) {
      throw new IllegalArgumentException(
          "a label volume of %s needs %s labels, got %s"
              .formatted(geometry.extents(), geometry.extents().voxels(), labels.length));
    }
    this.geometry = geometry;
    this.labels = labels;
  }

  /**
   * Returns a label volume that keeps the caller's array; the caller must not write to it any more.
   */
  public static LabelVolume wrap(GridGeometry geometry, short[] labels) {
    return new LabelVolume(geometry, labels);
  }

  /** Returns a label volume with a copy of the labels. */
  public static LabelVolume copyOf(GridGeometry geometry, short[] labels) {
    return new LabelVolume(geometry, labels.clone());
  }

  /** Returns a label volume that is background everywhere. */
  public static LabelVolume empty(GridGeometry geometry) {
    return new LabelVolume(geometry, new short[geometry.extents().voxels()]);
  }

  /** Returns where the voxels lie. */
  public GridGeometry geometry() {
    return geometry;
  }

  /** Returns the number of voxels along each axis. */
  public Extents extents() {
    return geometry.extents();
  }

  /**
   * Returns the label of voxel (i, j, k), 0 to 65535.
   *
   * @throws IndexOutOfBoundsException when there is no such voxel
   */
  public int get(int i, int j, int k) {
    return Short.toUnsignedInt(labels[geometry.extents().offsetInside(i, j, k)]);
  }

  /** Returns how many voxels carry {@code label}. */
  public long count(int label) {
    long n = 0;
    for (short value : labels) {
      if (Short.toUnsignedInt(value) == label) {
        n++;
      }
    }
    return n;
  }

  /** Returns whether every voxel is background. */
  public boolean isBackground() {
    for (short label : labels) {
      if (label != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns a copy of all labels, x fastest; each is an unsigned short. */
  public short[] toArray() {
    return labels.clone();
  }

  /**
   * Returns a copy of the labels of a box, x fastest, each an unsigned short; a row or a slice is a
   * box too.
   *
   * @throws IllegalArgumentException when the box reaches outside the volume
   */
  public short[] toArray(IndexBox box) {
    short[] copy = new short[box.extents().voxels()];
    geometry
        .extents()
        .forEachRow(box, (from, count, at) -> System.arraycopy(labels, from, copy, at, count));
    return copy;
  }

  /** Returns the array itself, for {@link VoxelAccess}. */
  short[] labels() {
    return labels;
  }
}
