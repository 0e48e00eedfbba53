package dev.lss.backend.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes one protobuf message: as much of the wire format as an ONNX model needs, without a
 * dependency. Large byte fields are kept by reference and copied once, at the end. Not thread-safe.
 */
final class ProtobufWriter {

  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  private final List<ByteBuffer> finished = new ArrayList<>();
  private final ByteArrayOutputStream open = new ByteArrayOutputStream();
  private long finishedBytes;

  /** Writes an int32, int64 or enum field. */
  ProtobufWriter integer(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  /** Writes a float field. */
  ProtobufWriter floating(int field, float value) {
    tag(field, FIXED32);
    int bits = Float.floatToRawIntBits(value);
    for (int shift = 0; shift < 32; shift += 8) {
      open.write(bits >>> shift);
    }
    return this;
  }

  /** Writes a string field. */
  ProtobufWriter string(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a bytes field; the array is kept until the end and must not change. */
  ProtobufWriter bytes(int field, byte[] value) {
    return bytes(field, ByteBuffer.wrap(value));
  }

  /** Writes a bytes field from the position to the limit, which are read at the end. */
  ProtobufWriter bytes(int field, ByteBuffer value) {
    tag(field, LENGTH_DELIMITED);
    varint(value.remaining());
    append(value);
    return this;
  }

  /** Writes a nested message as it is now. */
  ProtobufWriter message(int field, ProtobufWriter value) {
    tag(field, LENGTH_DELIMITED);
    varint(value.size());
    value.finished.forEach(this::append);
    append(ByteBuffer.wrap(value.open.toByteArray()));
    return this;
  }

  /** Returns the number of bytes written. */
  long size() {
    return finishedBytes + open.size();
  }

  /**
   * Returns the message.
   *
   * @throws ArithmeticException when it is larger than an array
   */
  byte[] toByteArray() {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(size()));
    put(all);
    return all.array();
  }

  /**
   * Returns the message in native memory, ready to be read.
   *
   * @throws ArithmeticException when it is larger than a buffer
   */
  ByteBuffer toDirectBuffer() {
    ByteBuffer all = ByteBuffer.allocateDirect(Math.toIntExact(size()));
    put(all);
    return all.flip();
  }

  private void put(ByteBuffer all) {
    finished.forEach(part -> all.put(part.duplicate()));
    all.put(open.toByteArray());
  }

  private void append(ByteBuffer part) {
    finished.add(ByteBuffer.wrap(open.toByteArray()));
    finished.add(part);
    finishedBytes += open.size() + part.remaining();
    open.reset();
  }

  private void tag(int field, int wireType) {
    varint((long) field << 3 | wireType);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      open.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    open.write((int) rest);
  }
}
