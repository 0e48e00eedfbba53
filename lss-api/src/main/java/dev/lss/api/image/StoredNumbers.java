package dev.lss.api.image;

import java.util.Objects;

/**
 * Numbers of 16 bits and what they stand for: {@code slope * number + intercept}, computed in
 * double and rounded to float32 once. Nobody writes to the numbers after construction.
 */
final class StoredNumbers implements Volume.Voxels {

  private final short[] numbers;
  private final int mask;
  private final boolean plain;
  private final double slope;
  private final double intercept;

  /**
   * Keeps the caller's array; the caller must not write to it any more.
   *
   * @param numbers the numbers, x fastest
   * @param signed whether they run from -32768 to 32767, or from 0 to 65535
   * @param slope finite and not 0
   * @param intercept finite
   * @throws IllegalArgumentException when slope and intercept give what float32 cannot hold
   */
  StoredNumbers(short[] numbers, boolean signed, double slope, double intercept) {
    this.numbers = Objects.requireNonNull(numbers, "numbers");
    if (!(Math.abs(slope) > 0) || !Double.isFinite(slope)) {
      throw new IllegalArgumentException("slope must be finite and not 0, was " + slope);
    }
    if (!(Math.abs(intercept) + Math.abs(slope) * 0xffff <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "slope and intercept must give numbers that float32 holds, were %s and %s"
              .formatted(slope, intercept));
    }
    mask = signed ? ~0 : 0xffff;
    plain = slope == 1 && intercept == 0;
    this.slope = slope;
    this.intercept = intercept;
  }

  private StoredNumbers(short[] numbers, StoredNumbers like) {
    this.numbers = numbers;
    mask = like.mask;
    plain = like.plain;
    slope = like.slope;
    intercept = like.intercept;
  }

  /** Returns other numbers that stand for values in the same way, as after reordering voxels. */
  StoredNumbers with(short[] others) {
    return new StoredNumbers(others, this);
  }

  /** Returns the numbers themselves, for kernels, which never write to them. */
  short[] numbers() {
    return numbers;
  }

  @Override
  public int count() {
    return numbers.length;
  }

  @Override
  public float at(int offset) {
    return (float) (slope * (numbers[offset] & mask) + intercept);
  }

  @Override
  public void read(int from, int count, float[] into, int at) {
    if (plain) {
      for (int n = 0; n < count; n++) {
        into[at + n] = (float) (numbers[from + n] & mask);
      }
    } else {
      for (int n = 0; n < count; n++) {
        into[at + n] = (float) (slope * (numbers[from + n] & mask) + intercept);
      }
    }
  }
}
