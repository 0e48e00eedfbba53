package dev.lss.api.image;

import java.util.Objects;
import java.util.Optional;

/**
 * An image of one value per voxel, such as a CT in Hounsfield units: float32, or numbers of 16 bits
 * that are kept as they are stored, which take half the memory, and stand for the same float32.
 * Geometry is immutable; nobody writes to the samples after construction. Thread-safe under that
 * rule.
 */
public final class Volume {

  private final GridGeometry geometry;
  private final Voxels voxels;

  private Volume(GridGeometry geometry, Voxels voxels) {
    Objects.requireNonNull(geometry, "geometry");
    if (voxels.count() != geometry.extents().voxels()) {
      throw new IllegalArgumentException(
          "a volume of %s needs %s samples, got %s"
              .formatted(geometry.extents(), geometry.extents().voxels(), voxels.count()));
    }
    this.geometry = geometry;
    this.voxels = voxels;
  }

  /** Returns a volume that keeps the caller's array; the caller must not write to it any more. */
  public static Volume wrap(GridGeometry geometry, float[] samples) {
    return new Volume(geometry, new Floats(samples));
  }

  /** Returns a volume with a copy of the samples. */
  public static Volume copyOf(GridGeometry geometry, float[] samples) {
    return wrap(geometry, samples.clone());
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
    return stored(geometry, new StoredNumbers(stored.clone(), true, slope, intercept));
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
    return stored(geometry, new StoredNumbers(stored.clone(), false, slope, intercept));
  }

  /** Returns a volume that keeps these numbers, for {@link VoxelAccess}. */
  static Volume stored(GridGeometry geometry, StoredNumbers numbers) {
    return new Volume(geometry, numbers);
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
    return voxels.at(geometry.extents().offsetInside(i, j, k));
  }

  /** Returns a copy of all samples, x fastest. */
  public float[] toArray() {
    float[] copy = new float[voxels.count()];
    voxels.read(0, copy.length, copy, 0);
    return copy;
  }

  /**
   * Returns a copy of the samples of a box, x fastest; a row or a slice is a box too.
   *
   * @throws IllegalArgumentException when the box reaches outside the volume
   */
  public float[] toArray(IndexBox box) {
    Extents whole = geometry.extents();
    float[] copy = new float[box.extents().voxels()];
    whole.forEachRow(box, (from, count, at) -> voxels.read(from, count, copy, at));
    return copy;
  }

  /** Returns the samples, for {@link VoxelAccess}: the array itself where it is of float32. */
  float[] samples() {
    return voxels instanceof Floats floats ? floats.samples : toArray();
  }

  /** Returns the numbers of 16 bits, for {@link VoxelAccess}. */
  Optional<StoredNumbers> numbers() {
    return voxels instanceof StoredNumbers numbers ? Optional.of(numbers) : Optional.empty();
  }

  /** Returns the value with this array index, for {@link VoxelAccess}. */
  float at(int offset) {
    return voxels.at(offset);
  }

  /** Copies values from an array index on, for {@link VoxelAccess}. */
  void read(int from, int count, float[] into, int at) {
    voxels.read(from, count, into, at);
  }

  /** Where the values are kept. */
  interface Voxels {

    /** Returns how many there are. */
    int count();

    /** Returns the value with an array index. */
    float at(int offset);

    /** Copies {@code count} values from an array index on to another array. */
    void read(int from, int count, float[] into, int at);
  }

  /** Values as they are. */
  private static final class Floats implements Voxels {

    private final float[] samples;

    Floats(float[] samples) {
      this.samples = Objects.requireNonNull(samples, "samples");
    }

    @Override
    public int count() {
      return samples.length;
    }

    @Override
    public float at(int offset) {
      return samples[offset];
    }

    @Override
    public void read(int from, int count, float[] into, int at) {
      System.arraycopy(samples, from, into, at, count);
    }
  }
}
