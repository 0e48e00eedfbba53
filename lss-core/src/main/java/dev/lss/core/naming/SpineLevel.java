package dev.lss.core.naming;

import dev.lss.api.anatomy.VertebraLevel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one body of a chain can be, from the head down. The order is that of the learned tables. The
 * thirteenth thoracic and the sixth lumbar vertebra are rare; {@link #S} is a piece of the sacrum.
 */
public enum SpineLevel {
  C1,
  C2,
  C3,
  C4,
  C5,
  C6,
  C7,
  T1,
  T2,
  T3,
  T4,
  T5,
  T6,
  T7,
  T8,
  T9,
  T10,
  T11,
  T12,
  T13,
  L1,
  L2,
  L3,
  L4,
  L5,
  L6,
  S;

  private static final List<SpineLevel> DOWNWARDS = List.of(values());

  /** Returns the level with this place in the learned tables. */
  public static SpineLevel of(int index) {
    return DOWNWARDS.get(index);
  }

  /** Returns all levels, in the order of the learned tables. */
  public static List<SpineLevel> all() {
    return DOWNWARDS;
  }

  public static SpineLevel of(VertebraLevel level) {
    return valueOf(level.name());
  }

  public boolean isLumbar() {
    return compareTo(L1) >= 0 && this != S;
  }

  public boolean isThoracic() {
    return compareTo(T1) >= 0 && compareTo(T13) <= 0;
  }

  /** Returns the level that the library labels, or empty. */
  public Optional<VertebraLevel> labelled() {
    return Arrays.stream(VertebraLevel.values())
        .filter(level -> level.name().equals(name()))
        .findFirst();
  }
}
