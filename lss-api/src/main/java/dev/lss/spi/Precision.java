package dev.lss.spi;

import java.util.Locale;

/** Arithmetic of a network. */
public enum Precision {
  /** 32-bit floats throughout; the default everywhere. */
  FP32,
  /**
   * Convolutions take and give 16-bit brain floats, of 8 significant bits, and sum in 32 bits; the
   * last of them, and all sums of normalisation, are in 32-bit floats. Faster on processors made
   * for it, slower on others; labels change a little.
   */
  BF16;

  /** Returns the lower-case name, such as {@code fp32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
