package dev.lss.dicom.data;

import java.io.IOException;

/**
 * Bytes that lie in a source and are read when they are asked for. Immutable.
 *
 * @param source where they lie
 * @param from position of the first
 * @param length how many; the source had as many when it was looked at
 */
public record ByteRange(ByteSource source, long from, long length) {

  /** Returns the bytes. */
  public byte[] read() throws IOException {
    return read(0, length);
  }

  /**
   * Returns some of the bytes.
   *
   * @param offset the first, counted from the beginning of the range
   * @param count how many
   */
  public byte[] read(long offset, long count) throws IOException {
    if (offset < 0 || count < 0 || offset > length - count || count > Integer.MAX_VALUE - 8) {
      throw new IndexOutOfBoundsException(
          "bytes %s to %s of %s were asked for".formatted(offset, offset + count, length));
    }
    byte[] bytes = new byte[(int) count];
    try (ByteSource.Opened in = source.open()) {
      in.read(from + offset, bytes, 0, bytes.length);
    }
    return bytes;
  }
}
