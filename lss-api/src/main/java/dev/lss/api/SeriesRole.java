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

  /** T1-weighted magnetic resonance. */
  public static final SeriesRole T1 = new SeriesRole("T1");

  /** T2-weighted magnetic resonance. */
  public static final SeriesRole T2 = new SeriesRole("T2");

  /** Short-tau inversion recovery: fat is dark, water is bright. */
  public static final SeriesRole STIR = new SeriesRole("STIR");

  /** Gradient echo with water and fat in phase. */
  public static final SeriesRole IN_PHASE = new SeriesRole("IN_PHASE");

  /** Gradient echo with water and fat in opposed phase. */
  public static final SeriesRole OPPOSED_PHASE = new SeriesRole("OPPOSED_PHASE");

  /** Water image of a Dixon acquisition. */
  public static final SeriesRole DIXON_WATER = new SeriesRole("DIXON_WATER");

  /** Fat image of a Dixon acquisition. */
  public static final SeriesRole DIXON_FAT = new SeriesRole("DIXON_FAT");

  /** Share of fat in the signal, in percent or as a fraction as the scanner stores it. */
  public static final SeriesRole FAT_FRACTION = new SeriesRole("FAT_FRACTION");

  /** Magnetic resonance of any contrast: what is known of a series that says no more. */
  public static final SeriesRole MR = new SeriesRole("MR");

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
