package dev.lss.dicom.data;

import java.io.IOException;
import java.nio.ByteOrder;

/** A place in an opened source, read through a small window. Not thread-safe. */
final class Cursor {

  private static final int WINDOW = 1 << 13;

  private final ByteSource source;
  private final ByteSource.Opened in;
  private final byte[] window = new byte[WINDOW];
  private long windowFrom;
  private int windowCount;
  private long position;

  Cursor(ByteSource source, ByteSource.Opened in, long position) {
    this.source = source;
    this.in = in;
    this.position = position;
  }

  String name() {
    return source.name();
  }

  ByteSource source() {
    return source;
  }

  long position() {
    return position;
  }

  long length() {
    return in.length();
  }

  long remaining() {
    return in.length() - position;
  }

  void moveTo(long to) {
    position = to;
  }

  int u8() throws IOException {
    need(1);
    return window[(int) (position++ - windowFrom)] & 0xff;
  }

  int u16(ByteOrder order) throws IOException {
    int first = u8();
    int second = u8();
    return order == ByteOrder.BIG_ENDIAN ? first << 8 | second : second << 8 | first;
  }

  long u32(ByteOrder order) throws IOException {
    long first = u16(order);
    long second = u16(order);
    return order == ByteOrder.BIG_ENDIAN ? first << 16 | second : second << 16 | first;
  }

  int tag(ByteOrder order) throws IOException {
    int group = u16(order);
    return group << 16 | u16(order);
  }

  /** Returns bytes of which the caller knows that they are there, and moves on. */
  byte[] bytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    for (int n = 0; n < count; n++) {
      bytes[n] = (byte) u8();
    }
    return bytes;
  }

  private void need(int count) throws IOException {
    if (remaining() < count) {
      throw DicomFault.of("TRUNCATED", name(), "it ends at byte %s".formatted(length()));
    }
    if (position < windowFrom || position + count > windowFrom + windowCount) {
      windowFrom = position;
      windowCount = (int) Math.min(WINDOW, remaining());
      in.read(windowFrom, window, 0, windowCount);
    }
  }
}
