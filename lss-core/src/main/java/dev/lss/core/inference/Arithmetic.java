package dev.lss.core.inference;

import dev.lss.api.BackendException;
import dev.lss.core.io.HalfFloat;

/** How sums of logits are rounded. */
public enum Arithmetic {
  /** Single precision, the default everywhere. */
  FP32 {
    @Override
    void round(float[] values, int from, int count) {}
  },
  /**
   * Single precision rounded to half precision after every step, as nnU-Net's accumulators are on
   * every device. Slower and less exact; for comparisons with nnU-Net.
   */
  EXACT {
    @Override
    void round(float[] values, int from, int count) {
      for (int n = from; n < from + count; n++) {
        values[n] = HalfFloat.round(values[n]);
      }
    }
  };

  /** Rounds some values in place. */
  abstract void round(float[] values, int from, int count);

  /**
   * Refuses infinities, which half precision has from 65520 on.
   *
   * @throws BackendException {@code NUMERIC}
   */
  void requireFinite(float[] values, int from, int to) {
    for (int n = from; n < to; n++) {
      if (Float.isInfinite(values[n])) {
        throw new BackendException(
            "NUMERIC",
            "the logits are beyond the range of half precision; run in single precision");
      }
    }
  }
}
