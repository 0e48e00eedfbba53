package dev.lss.dicom.series;

import dev.lss.api.SeriesRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which of the images that one acquisition gives a picture belongs to. */
enum Contrast {
  WATER("WATER W"),
  FAT("FAT F"),
  IN_PHASE("IN_PHASE IP IN"),
  OPPOSED_PHASE("OPP_PHASE OUT_PHASE OP OPP OUT"),
  FAT_FRACTION("FAT_FRACTION FF FATFRAC"),
  MAP("T2* R2* T2_STAR R2_STAR P R I PHASE REAL IMAGINARY"),
  PLAIN("");

  private static final Set<String> DIXON =
      Set.of("DIXON", "MDIXON", "IDEAL", "FLEX", "LAVA", "VIBE");

  private final String tokens;

  Contrast(String tokens) {
    this.tokens = tokens;
  }

  /** Returns the role of a part of a Dixon acquisition; empty for everything else. */
  Optional<SeriesRole> role() {
    return switch (this) {
      case WATER -> Optional.of(SeriesRole.DIXON_WATER);
      case FAT -> Optional.of(SeriesRole.DIXON_FAT);
      case IN_PHASE -> Optional.of(SeriesRole.IN_PHASE);
      case OPPOSED_PHASE -> Optional.of(SeriesRole.OPPOSED_PHASE);
      case FAT_FRACTION -> Optional.of(SeriesRole.FAT_FRACTION);
      case MAP, PLAIN -> Optional.empty();
    };
  }

  /**
   * Tells the contrast by whole tokens: a search for PHASE would take IN_PHASE for a phase map.
   *
   * @param imageType values of ImageType or FrameType; those from the third on count
   * @param component ComplexImageComponent, empty when there is none
   * @param description the description of the series, the last resort
   */
  static Contrast of(List<String> imageType, String component, String description) {
    List<String> said =
        new ArrayList<>(imageType.subList(Math.min(2, imageType.size()), imageType.size()));
    said.add(component);
    for (String token : said) {
      Contrast found = ofToken(token);
      if (found != PLAIN) {
        return found;
      }
    }
    List<String> words = Arrays.asList(description.toUpperCase(Locale.ROOT).split("[^A-Z0-9*]+"));
    if (words.stream().anyMatch(DIXON::contains)) {
      for (String word : words) {
        Contrast found = ofToken(word);
        if (found.role().isPresent()) {
          return found;
        }
      }
    }
    return PLAIN;
  }

  private static Contrast ofToken(String token) {
    String whole = token.toUpperCase(Locale.ROOT);
    for (Contrast one : values()) {
      if (!whole.isEmpty() && Arrays.asList(one.tokens.split(" ", -1)).contains(whole)) {
        return one;
      }
    }
    return PLAIN;
  }
}
