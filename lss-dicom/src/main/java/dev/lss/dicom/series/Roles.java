package dev.lss.dicom.series;

import dev.lss.api.SeriesRole;
import dev.lss.dicom.data.Tag;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** What a picture shows, from its attributes. */
public final class Roles {

  // times of spin echo sequences of the spine, in ms, with room to either side
  private static final double SHORT_ECHO = 30;
  private static final double LONG_ECHO = 60;
  private static final double SHORT_REPETITION = 1000;
  private static final double LONG_REPETITION = 1500;
  private static final double SHORTEST_INVERSION = 80;
  private static final double LONGEST_INVERSION = 300;

  private Roles() {}

  /** Returns the number of the series; empty when there is none. */
  public static OptionalInt seriesNumber(Slice slice) {
    return slice.file().data().integer(Tag.SERIES_NUMBER);
  }

  /** Returns the role, empty when nothing of it is sure. */
  public static Optional<SeriesRole> of(Slice slice) {
    return switch (slice.modality()) {
      case "CT" -> slice.isLocalizer() ? Optional.empty() : Optional.of(SeriesRole.CT);
      case "US" -> Optional.of(SeriesRole.ULTRASOUND);
      case "MR" -> magneticResonance(slice);
      default -> Optional.empty();
    };
  }

  private static Optional<SeriesRole> magneticResonance(Slice slice) {
    Contrast contrast = slice.contrast();
    if (contrast != Contrast.PLAIN || slice.isLocalizer()) {
      return contrast.role();
    }
    String description = slice.text(Tag.SERIES_DESCRIPTION).toUpperCase(Locale.ROOT);
    List<String> words = Arrays.asList(description.split("[^A-Z0-9*]+"));
    if (words.contains("STIR") || words.contains("TIRM")) {
      return Optional.of(SeriesRole.STIR);
    }
    boolean saysT1 = words.contains("T1") || words.contains("T1W");
    boolean saysT2 = words.contains("T2") || words.contains("T2W");
    if (saysT1 != saysT2) {
      return Optional.of(saysT1 ? SeriesRole.T1 : SeriesRole.T2);
    }
    if (!slice.file().data().texts(Tag.SCANNING_SEQUENCE).contains("SE")) {
      return Optional.empty();
    }
    double echo = slice.file().data().number(Tag.ECHO_TIME).orElse(Double.NaN);
    double repetition = slice.file().data().number(Tag.REPETITION_TIME).orElse(Double.NaN);
    double inversion = slice.file().data().number(Tag.INVERSION_TIME).orElse(0);
    if (repetition >= LONG_REPETITION
        && inversion >= SHORTEST_INVERSION
        && inversion <= LONGEST_INVERSION) {
      return Optional.of(SeriesRole.STIR);
    }
    if (echo >= LONG_ECHO && repetition >= LONG_REPETITION && inversion == 0) {
      return Optional.of(SeriesRole.T2);
    }
    return echo <= SHORT_ECHO && repetition <= SHORT_REPETITION && inversion == 0
        ? Optional.of(SeriesRole.T1)
        : Optional.empty();
  }
}
