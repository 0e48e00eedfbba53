package dev.lss.spi;

import java.util.Locale;

/** Arithmetic of a network. */
public enum Precision {
  /** 32-bit floats throughout; the default everywhere. */
  FP32;

  /** Returns the lower-case name, such as {@code fp32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
