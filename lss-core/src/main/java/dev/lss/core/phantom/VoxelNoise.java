package dev.lss.core.phantom;

/**
 * Noise that depends on a seed and on the voxel's array index alone, so that the order and the
 * number of threads in which voxels are made cannot change it. Immutable.
 *
 * <p>A number is the sum of the four 16-bit words of a hash (the mixing steps of SplitMix64;
 * Steele, Lea and Flood 2014), scaled to mean 0 and standard deviation 1: close to Gaussian, within
 * 3.5 standard deviations. It needs no logarithm, whose last bit may differ between platforms.
 */
final class VoxelNoise {

  private static final double MEAN = 4 * 65535 / 2.0;
  private static final double DEVIATION = Math.sqrt(4 * (65536.0 * 65536.0 - 1) / 12);

  private final long seed;

  VoxelNoise(long seed) {
    this.seed = seed;
  }

  /** Returns the number of a voxel. */
  double at(long index) {
    long bits = seed + (index + 1) * 0x9E3779B97F4A7C15L;
    bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
    bits ^= bits >>> 31;
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    return (sum - MEAN) / DEVIATION;
  }
}
