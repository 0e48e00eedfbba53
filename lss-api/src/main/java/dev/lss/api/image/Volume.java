package dev.lss.api.image;

import java.util.Objects;

/**
 * An image of one value per voxel, such as a CT in Hounsfield units. Geometry is immutable; nobody
 * writes to the samples after construction. Thread-safe under that rule.
 */
public final class Volume {

  private final GridGeometry geometry;
  private final float[] samples;

  private Volume(GridGeometry geometry, float[] samples) {
    Objects.requireNonNull(geometry, "geometry");
    Objects.requireNonNull(samples, "samples");
    if (samples.length != geometry.extents().voxels()) {
      throw new IllegalArgumentException(
          "a volume of %s needs %s samples, got %s"
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

  /**
   * Returns the volume of stored numbers that are signed, from -32768 to 32767: {@code slope *
   * stored + intercept}, computed in double and rounded to float32 once. A CT in DICOM with pixel
   * representation 1 is {@code ofSigned(geometry, pixels, 1, 0)} where its rescale slope is 1 and
   * its intercept 0.
   *
   * @param geometry where the voxels lie
   * @param stored the stored numbers, x fastest
   * @param slope finite and not 0
   * @param intercept finite
   */
  public static Volume ofSigned(
      GridGeometry geometry, short[] stored, double slope, double intercept) {
    return rescaled(geometry, stored, ~0, slope, intercept);
  }

  /**
   * Returns the volume of stored numbers that are unsigned, from 0 to 65535, likewise. A CT in
   * DICOM with pixel representation 0 is {@code ofUnsigned(geometry, pixels, 1, -1024)} where its
   * rescale slope is 1 and its intercept -1024.
   *
   * @param geometry where the voxels lie
   * @param stored the stored numbers, x fastest
   * @param slope finite and not 0
   * @param intercept finite
   */
  public static Volume ofUnsigned(
      GridGeometry geometry, short[] stored, double slope, double intercept) {
    return rescaled(geometry, stored, 0xffff, slope, intercept);
  }

  private static Volume rescaled(
      GridGeometry geometry, short[] stored, int mask, double slope, double intercept) {
    if (!(Math.abs(slope) > 0) || !Double.isFinite(slope)) {
      throw new IllegalArgumentException("slope must be finite and not 0, was " + slope);
    }
    if (!(Math.abs(intercept) + Math.abs(slope) * 0xffff <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "slope and intercept must give numbers that float32 holds, were %s and %s"
              .formatted(slope, intercept));
    }
    float[] samples = new float[stored.length];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = (float) (slope * (stored[n] & mask) + intercept);
    }
    return new Volume(geometry, samples);
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
   * Returns the value of voxel (i, j, k).
   *
   * @throws IndexOutOfBoundsException when there is no such voxel
   */
  public float get(int i, int j, int k) {
    return samples[geometry.extents().offsetInside(i, j, k)];
  }

  /** Returns a copy of all samples, x fastest. */
  public float[] toArray() {
    return samples.clone();
  }

  /**
   * Returns a copy of the samples of a box, x fastest; a row or a slice is a box too.
   *
   * @throws IllegalArgumentException when the box reaches outside the volume
   */
  public float[] toArray(IndexBox box) {
    float[] copy = new float[box.extents().voxels()];
    geometry.extents().copyRows(samples, box, copy);
    return copy;
  }

  /** Returns the array itself, for {@link VoxelAccess}. */
  float[] samples() {
    return samples;
  }
}
