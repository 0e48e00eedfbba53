package dev.lss.dicom.data;

import java.io.EOFException;
import java.io.IOException;

/** An array of bytes, to which nobody writes any more. */
public final class ArraySource implements ByteSource, ByteSource.Opened {

  private final String name;
  private final byte[] bytes;

  /** Takes over the bytes. */
  public ArraySource(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Opened open() {
    return this;
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public void read(long from, byte[] into, int at, int count) throws IOException {
    if (from < 0 || from > bytes.length - count) {
      throw new EOFException("bytes %s to %s are not there".formatted(from, from + count));
    }
    System.arraycopy(bytes, (int) from, into, at, count);
  }

  @Override
  public void close() {
    // nothing is held
  }
}
