package dev.lss.backend.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one protobuf message in their order: as much of the wire format as an ONNX
 * model needs. Numbers must be written as every writer of protobuf writes them, in as few bytes as
 * they need, and tags must fit into 32 bits: other readers cut what is longer, and would read
 * another message than this one. Nothing is copied but texts that are asked for. What is no such
 * message ends in an {@link IllegalArgumentException}. Not thread-safe.
 */
final class ProtobufReader {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  private static final long LARGEST_TAG = 0xFFFF_FFFFL;

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
    if (tag > LARGEST_TAG || tag < 0) {
      throw new IllegalArgumentException("a tag has more than 32 bits");
    }
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    if (field == 0) {
      throw new IllegalArgumentException("a field has the number 0");
    }
    switch (wireType) {
      case VARINT -> number = varint();
      case FIXED64 -> content = skip(Long.BYTES);
      case FIXED32 -> content = skip(Integer.BYTES);
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

  /** Returns whether the field holds many numbers in one piece. */
  boolean packed() {
    return wireType == LENGTH_DELIMITED;
  }

  /** Returns the value of a float field. */
  float floating() {
    require(FIXED32);
    return little(content).getFloat(0);
  }

  /** Returns the value of a double field. */
  double doubled() {
    require(FIXED64);
    return little(content).getDouble(0);
  }

  /** Returns the bytes in the field, as they lie in the message. */
  ByteBuffer content() {
    require(LENGTH_DELIMITED);
    return little(content);
  }

  private static ByteBuffer little(ByteBuffer bytes) {
    return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns whether a packed field holds no further number. */
  boolean atEnd() {
    return !bytes.hasRemaining();
  }

  /** Returns the message in the field. */
  ProtobufReader message() {
    require(LENGTH_DELIMITED);
    return new ProtobufReader(content);
  }

  /** Returns the text in the field. */
  String text() {
    require(LENGTH_DELIMITED);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(content.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the text in field " + field + " is no UTF-8", e);
    }
  }

  private void require(int wanted) {
    if (wireType != wanted) {
      throw new IllegalArgumentException(
          "field %s has wire type %s instead of %s".formatted(field, wireType, wanted));
    }
  }

  private ByteBuffer skip(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalArgumentException(
          "field %s has %s bytes, %s are left".formatted(field, length, bytes.remaining()));
    }
    ByteBuffer skipped = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    return skipped;
  }

  /** Reads the next number of a packed field, or of a message. */
  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!bytes.hasRemaining()) {
        throw new IllegalArgumentException("the message ends within a number");
      }
      byte next = bytes.get();
      if (shift == 63 && (next & 0xFE) != 0) {
        throw new IllegalArgumentException("a number has more than 64 bits");
      }
      value |= (next & 0x7FL) << shift;
      if (next == 0 && shift > 0) {
        throw new IllegalArgumentException("a number takes more bytes than it needs");
      }
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number has more than 64 bits");
  }
}
