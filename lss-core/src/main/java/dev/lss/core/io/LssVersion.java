package dev.lss.core.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this library, as the build wrote it into the jar. */
public final class LssVersion {

  private LssVersion() {}

  /** Returns the version, such as {@code 0.1.0}. */
  public static String get() {
    Properties properties = new Properties();
    try (InputStream in = LssVersion.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        throw new IllegalStateException("version.properties is missing from lss-core");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("version.properties of lss-core cannot be read", e);
    }
    return properties.getProperty("version", "");
  }
}
