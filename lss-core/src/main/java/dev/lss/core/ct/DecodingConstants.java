package dev.lss.core.ct;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;

/**
 * The constants of decoding heat maps, from the resource that training reads too: a network is
 * scored there with the decoder that ships.
 */
final class DecodingConstants {

  private static final String RESOURCE = "/dev/lss/core/ct/decoding.properties";
  private static final Properties VALUES = load();

  private DecodingConstants() {}

  /** Returns the value of a key; the resource says its unit and meaning. */
  static double of(String key) {
    String value = VALUES.getProperty(key);
    if (value == null) {
      throw new IllegalStateException(key + " is missing from " + RESOURCE);
    }
    return Double.parseDouble(value.strip());
  }

  private static Properties load() {
    Properties values = new Properties();
    try (Reader in =
        new InputStreamReader(
            Objects.requireNonNull(
                DecodingConstants.class.getResourceAsStream(RESOURCE), RESOURCE + " is missing"),
            StandardCharsets.UTF_8)) {
      values.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
    return values;
  }
}
