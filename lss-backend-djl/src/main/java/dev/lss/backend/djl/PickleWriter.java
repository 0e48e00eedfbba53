package dev.lss.backend.djl;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a pickle of protocol 2, as much of it as a TorchScript module needs. Names in the methods
 * are those of Python's pickletools. Not thread-safe.
 */
final class PickleWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleWriter() {
    out.write(0x80); // PROTO
    out.write(2);
  }

  /** Refers to a class or function by module and name. */
  PickleWriter global(String module, String name) {
    out.write('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  PickleWriter string(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    out.write('X'); // BINUNICODE
    int32(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  PickleWriter integer(long value) {
    if (value == (int) value) {
      out.write('J'); // BININT
      int32((int) value);
    } else {
      out.write(0x8a); // LONG1
      out.write(Long.BYTES);
      int32((int) value);
      int32((int) (value >> Integer.SIZE));
    }
    return this;
  }

  PickleWriter real(double value) {
    out.write('G'); // BINFLOAT
    out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
    return this;
  }

  PickleWriter none() {
    out.write('N');
    return this;
  }

  PickleWriter bool(boolean value) {
    out.write(value ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
    return this;
  }

  PickleWriter tuple(List<Integer> values) {
    mark();
    values.forEach(this::integer);
    return tuple();
  }

  PickleWriter emptyTuple() {
    out.write(')');
    return this;
  }

  PickleWriter emptyList() {
    out.write(']');
    return this;
  }

  PickleWriter emptyDict() {
    out.write('}');
    return this;
  }

  PickleWriter mark() {
    out.write('(');
    return this;
  }

  /** Makes a tuple of everything since the mark. */
  PickleWriter tuple() {
    out.write('t');
    return this;
  }

  /** Looks an object up by the persistent id on the stack. */
  PickleWriter persistentId() {
    out.write('Q');
    return this;
  }

  /** Calls the function below the tuple of its arguments. */
  PickleWriter reduce() {
    out.write('R');
    return this;
  }

  PickleWriter newObject() {
    out.write(0x81);
    return this;
  }

  /** Puts the pairs since the mark into the dictionary below it. */
  PickleWriter setItems() {
    out.write('u');
    return this;
  }

  /** Adds everything since the mark to the list below it. */
  PickleWriter appends() {
    out.write('e');
    return this;
  }

  /** Remembers the value on the stack by the next number. */
  PickleWriter remember(int number) {
    out.write('r'); // LONG_BINPUT
    int32(number);
    return this;
  }

  /** Puts a value that was remembered on the stack. */
  PickleWriter recall(int number) {
    out.write('j'); // LONG_BINGET
    int32(number);
    return this;
  }

  /** Gives an object its state. */
  PickleWriter build() {
    out.write('b');
    return this;
  }

  /** Ends the pickle and returns it. */
  byte[] stop() {
    out.write('.');
    return out.toByteArray();
  }

  private void int32(int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
  }
}
