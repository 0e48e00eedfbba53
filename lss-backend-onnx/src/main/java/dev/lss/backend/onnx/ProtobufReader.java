package dev.lss.backend.onnx;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one protobuf message in their order: as much of the wire format as it takes
 * to look into an ONNX model. Nothing is copied but texts that are asked for. What is no message
 * ends in an {@link IllegalArgumentException}. Not thread-safe.
 */
final class ProtobufReader {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  private final ByteBuffer bytes;
  private ByteBuffer content;
  private int field;
  private int wireType;
  private long number;

  /** Reads from the buffer's position to its limit; the buffer itself stays as it is. */
  ProtobufReader(ByteBuffer bytes) {
    this.bytes = bytes.slice();
    this.content = ByteBuffer.allocate(0);
  }

  /** Goes to the next field; returns false at the end. */
  boolean next() {
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    switch (wireType) {
      case VARINT -> number = varint();
      case FIXED64 -> skip(Long.BYTES);
      case FIXED32 -> skip(Integer.BYTES);
      case LENGTH_DELIMITED -> content = skip(varint());
      default -> throw new IllegalArgumentException("wire type " + wireType + " is not known");
    }
    return true;
  }

  /** Returns the number of the field. */
  int field() {
    return field;
  }

  /** Returns the value of an integer field. */
  long integer() {
    require(VARINT);
    return number;
  }

  /** Returns the message in the field. */
  ProtobufReader message() {
    require(LENGTH_DELIMITED);
    return new ProtobufReader(content);
  }

  /** Returns the text in the field. */
  String text() {
    require(LENGTH_DELIMITED);
    return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
  }

  private void require(int wanted) {
    if (wireType != wanted) {
      throw new IllegalArgumentException(
          "field %d has wire type %d instead of %d".formatted(field, wireType, wanted));
    }
  }

  private ByteBuffer skip(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalArgumentException(
          "field %d has %d bytes, %d are left".formatted(field, length, bytes.remaining()));
    }
    ByteBuffer skipped = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    return skipped;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!bytes.hasRemaining()) {
        throw new IllegalArgumentException("the message ends within a number");
      }
      byte next = bytes.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number has more than 64 bits");
  }
}
