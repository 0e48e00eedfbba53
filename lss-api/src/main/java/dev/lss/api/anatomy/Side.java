package dev.lss.api.anatomy;

import java.util.Locale;

/** A side of the patient. */
public enum Side {
  /** The patient's left, +x in LPS. */
  LEFT,
  /** The patient's right, -x in LPS. */
  RIGHT;

  /** Returns the word in keys, {@code left} or {@code right}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the word at the start of a name, {@code Left} or {@code Right}. */
  public String displayName() {
    return this == LEFT ? "Left" : "Right";
  }
}
