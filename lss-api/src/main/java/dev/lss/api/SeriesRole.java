package dev.lss.api;

/**
 * What a series shows, such as CT or the water image of a Dixon acquisition. A value with a text
 * key, because models may name channels that no list foresees. Immutable.
 *
 * @param key the key, not blank, such as {@code CT}
 */
public record SeriesRole(String key) {

  /** Computed tomography, in Hounsfield units. */
  public static final SeriesRole CT = new SeriesRole("CT");

  /** B-mode ultrasound, grey values from 0 to 255. */
  public static final SeriesRole ULTRASOUND = new SeriesRole("ULTRASOUND");

  /** Refuses a blank key. */
  public SeriesRole {
    if (key.isBlank()) {
      throw new IllegalArgumentException("a series role has a key");
    }
  }

  @Override
  public String toString() {
    return key;
  }
}
