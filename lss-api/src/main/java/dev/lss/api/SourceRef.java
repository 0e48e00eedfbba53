package dev.lss.api;

/**
 * Where the samples of a series came from, by content alone: no file name and no identifier of a
 * patient. Immutable.
 *
 * @param sha256 SHA-256 of the source bytes, 64 lower-case hexadecimal digits
 */
public record SourceRef(String sha256) {

  /** Refuses anything but 64 lower-case hexadecimal digits. */
  public SourceRef {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a SHA-256 is 64 hexadecimal digits");
    }
  }
}
