package dev.lss.core.nnunet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles of protocol 2, instruction by instruction. */
final class PickleBytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleBytes() {
    raw(0x80, 2);
  }

  PickleBytes raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  PickleBytes op(char opcode) {
    return raw(opcode);
  }

  PickleBytes text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op('X');
    out.writeBytes(little(4).putInt(utf8.length).array());
    out.writeBytes(utf8);
    return this;
  }

  /** A whole number, eight bytes. */
  PickleBytes number(long value) {
    raw(0x8a, 8);
    out.writeBytes(little(8).putLong(value).array());
    return this;
  }

  PickleBytes global(String module, String name) {
    op('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  /** A tensor of floats on storage 0. */
  PickleBytes tensor(String storage, long count, long offset, long[] shape, long[] stride) {
    global("torch._utils", "_rebuild_tensor_v2").op('(');
    op('(').text("storage").global("torch", storage).text("0").text("cpu").number(count);
    op('t').op('Q').number(offset);
    numbers(shape).numbers(stride);
    return raw(0x89).global("collections", "OrderedDict").raw(')', 'R').raw('t', 'R');
  }

  PickleBytes numbers(long... values) {
    op('(');
    for (long value : values) {
      number(value);
    }
    return op('t');
  }

  byte[] end() {
    return op('.').out.toByteArray();
  }

  static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A checkpoint with one tensor named {@code w}, written by {@link #tensor}. */
  static byte[] withTensor(String storage, long count, long offset, long[] shape, long[] stride) {
    return new PickleBytes()
        .raw('}', '(')
        .text("network_weights")
        .raw('}', '(')
        .text("w")
        .tensor(storage, count, offset, shape, stride)
        .raw('u', 'u')
        .end();
  }
}
