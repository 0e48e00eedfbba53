package dev.lss.dicom.data;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The character sets of DICOM (PS3.3 C.12.1.1.2), for descriptions: the first one named is used
 * throughout, and what it does not hold becomes a replacement character.
 */
final class CharacterSets {

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("IR 6", "US-ASCII"),
          Map.entry("IR 13", "JIS_X0201"),
          Map.entry("IR 87", "ISO-2022-JP"),
          Map.entry("IR 100", "ISO-8859-1"),
          Map.entry("IR 101", "ISO-8859-2"),
          Map.entry("IR 109", "ISO-8859-3"),
          Map.entry("IR 110", "ISO-8859-4"),
          Map.entry("IR 126", "ISO-8859-7"),
          Map.entry("IR 127", "ISO-8859-6"),
          Map.entry("IR 138", "ISO-8859-8"),
          Map.entry("IR 144", "ISO-8859-5"),
          Map.entry("IR 148", "ISO-8859-9"),
          Map.entry("IR 149", "EUC-KR"),
          Map.entry("IR 58", "GB2312"),
          Map.entry("IR 166", "TIS-620"),
          Map.entry("IR 192", "UTF-8"),
          Map.entry("IR 203", "ISO-8859-15"));

  private CharacterSets() {}

  /** Returns the character set of a defined term; empty when it is not known here. */
  static Optional<Charset> of(String term) {
    String key = term.replace("ISO_IR", "IR").replace("ISO 2022 IR", "IR").trim();
    if (key.isEmpty()) {
      return Optional.of(StandardCharsets.US_ASCII);
    }
    String name = NAMES.getOrDefault(key, key.startsWith("GB") ? key : "");
    return !name.isEmpty() && Charset.isSupported(name)
        ? Optional.of(Charset.forName(name))
        : Optional.empty();
  }
}
