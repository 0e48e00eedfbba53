package dev.lss.spi;

import java.util.Locale;

/** Arithmetic of a network. */
public enum Precision {
  /** 32-bit floats throughout; the default everywhere. */
  FP32,
  /**
   * Convolutions take 16-bit brain floats (8 bits of mantissa) and sum in 32 bits; everything else,
   * and the network's last layer, is in 32-bit floats. Faster on processors made for it, slower on
   * others; labels change a little.
   */
  BF16;

  /** Returns the lower-case name, such as {@code fp32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
