package dev.lss.api.image;

/**
 * An image of one value per voxel, such as a CT in Hounsfield units. Geometry is immutable; nobody
 * writes to the samples after construction. Thread-safe under that rule.
 */
public final class Volume {

  private final GridGeometry geometry;
  private final float[] samples;

  private Volume(GridGeometry geometry, float[] samples) {
    if (samples.length != geometry.extents().voxels()) {
      throw new IllegalArgumentException(
          "a volume of %s needs %d samples, got %d"
              .formatted(geometry.extents(), geometry.extents().voxels(), samples.length));
    }
    this.geometry = geometry;
    this.samples = samples;
  }

  /** Returns a volume that keeps the caller's array; the caller must not write to it any more. */
  public static Volume wrap(GridGeometry geometry, float[] samples) {
    return new Volume(geometry, samples);
  }

  /** Returns a volume with a copy of the samples. */
  public static Volume copyOf(GridGeometry geometry, float[] samples) {
    return new Volume(geometry, samples.clone());
  }

  /** Returns where the voxels lie. */
  public GridGeometry geometry() {
    return geometry;
  }

  /** Returns the number of voxels along each axis. */
  public Extents extents() {
    return geometry.extents();
  }

  /** Returns the value of voxel (i, j, k); indices outside the grid are an error of the caller. */
  public float get(int i, int j, int k) {
    return samples[geometry.extents().offset(i, j, k)];
  }

  /** Returns a copy of all samples, x fastest. */
  public float[] toArray() {
    return samples.clone();
  }

  /** Returns the array itself, for {@link VoxelAccess}. */
  float[] samples() {
    return samples;
  }
}
