package dev.lss.metrics.agreement;

/** A small random generator, written out so that a seed gives the same draws everywhere. */
final class SplitMix64 {

  private long state;

  SplitMix64(long seed) {
    state = seed;
  }

  long next() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns an index in 0 to n - 1. */
  int index(int n) {
    return (int) (((next() >>> 33) * n) >>> 31);
  }
}
