package dev.lss.backend.onnx;

import dev.lss.backend.onnx.OnnxModel.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the values of one tensor of an ONNX file, which lie in one of five fields by their type,
 * and gives them as bytes. What lies in one piece as the runtime has it is not copied. Not
 * thread-safe.
 */
final class TensorValues {

  private static final int FLOATS = 4;
  private static final int INT32S = 5;
  private static final int INT64S = 7;
  private static final int RAW = 9;
  private static final int DOUBLES = 10;

  /** Values that are not raw take up to eight times their bytes here; large tensors are raw. */
  private static final int MOST_SINGLE_VALUES = 1 << 20;

  private int field;
  private final List<ByteBuffer> pieces = new ArrayList<>();
  private final List<Long> integers = new ArrayList<>();

  /** Adds what the reader's field holds. */
  void add(ProtobufReader reader) {
    if (field != 0 && field != reader.field()) {
      throw new IllegalArgumentException(
          "the tensor has values in the fields %s and %s".formatted(field, reader.field()));
    }
    field = reader.field();
    switch (field) {
      case FLOATS -> {
        if (reader.packed()) {
          addPiece(reader.content());
        } else {
          addPiece(little(Float.BYTES).putFloat(reader.floating()).flip());
        }
      }
      case DOUBLES -> {
        if (reader.packed()) {
          addPiece(reader.content());
        } else {
          addPiece(little(Double.BYTES).putDouble(reader.doubled()).flip());
        }
      }
      case INT32S, INT64S -> {
        if (reader.packed()) {
          ProtobufReader values = reader.message();
          while (!values.atEnd()) {
            addInteger(values.varint());
          }
        } else {
          addInteger(reader.integer());
        }
      }
      default -> addPiece(reader.content());
    }
  }

  private void addPiece(ByteBuffer piece) {
    requireFew(pieces.size());
    pieces.add(piece);
  }

  private void addInteger(long value) {
    requireFew(integers.size());
    integers.add(value);
  }

  private static void requireFew(int count) {
    if (count >= MOST_SINGLE_VALUES) {
      throw new IllegalArgumentException(
          "the tensor has more than %s values one by one; save it as raw data"
              .formatted(MOST_SINGLE_VALUES));
    }
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Returns the values.
   *
   * @param count how many the sizes of the tensor ask for; at most 2^31-1
   * @throws IllegalArgumentException when there are more or fewer, or they are of another type
   */
  ByteBuffer bytes(ElementType type, long count) {
    if (field == 0) {
      field = RAW;
    }
    int home =
        switch (type) {
          case FLOAT -> FLOATS;
          case DOUBLE -> DOUBLES;
          case INT64 -> INT64S;
          default -> INT32S;
        };
    if (field != RAW && field != home) {
      throw new IllegalArgumentException(
          "the tensor is of type %s and has its values in field %s".formatted(type, field));
    }
    long held = 0;
    for (ByteBuffer piece : pieces) {
      held += piece.remaining();
    }
    long wanted = count * type.bytes();
    held += (long) integers.size() * type.bytes();
    if (held != wanted) {
      throw new IllegalArgumentException(
          "the tensor has %s bytes of values, its sizes ask for %s".formatted(held, wanted));
    }
    if (pieces.size() == 1) {
      return pieces.get(0);
    }
    ByteBuffer all = little(Math.toIntExact(wanted));
    pieces.forEach(piece -> all.put(piece.duplicate()));
    for (long value : integers) {
      put(all, type, value);
    }
    return all.flip();
  }

  private static void put(ByteBuffer all, ElementType type, long value) {
    if (type == ElementType.BOOL && (value < 0 || value > 1)) {
      throw new IllegalArgumentException("a truth value is %s".formatted(value));
    }
    switch (type.bytes()) {
      case 1 -> all.put((byte) value);
      case 2 -> all.putShort((short) value);
      case 4 -> all.putInt((int) value);
      default -> all.putLong(value);
    }
  }
}
