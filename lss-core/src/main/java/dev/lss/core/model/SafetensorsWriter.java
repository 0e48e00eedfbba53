package dev.lss.core.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.core.io.HalfFloat;
import dev.lss.core.model.Safetensors.Dtype;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes network weights as a safetensors file, tensors in the order in which they were added,
 * values rounded to the nearest where the dtype is narrow. Not thread-safe.
 */
public final class SafetensorsWriter {

  private record Tensor(Dtype dtype, List<Integer> shape, int count, Supplier<float[]> values) {}

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** Creates a writer without tensors. */
  public SafetensorsWriter() {}

  /**
   * Adds a tensor.
   *
   * @param name name, not used before
   * @param dtype how to store it, F32 or F16
   * @param shape sizes, slowest axis first
   * @param values the values in C order; kept, not copied
   */
  public SafetensorsWriter add(String name, Dtype dtype, List<Integer> shape, float... values) {
    int count = shape.stream().reduce(1, Math::multiplyExact);
    if (count != values.length) {
      throw wrongCount(name, shape, count, values.length);
    }
    return add(name, dtype, shape, () -> values);
  }

  /**
   * Adds a tensor whose values are asked for when the file is written, so that one tensor at a time
   * is in memory.
   *
   * @param name name, not used before
   * @param dtype how to store it, F32 or F16
   * @param shape sizes, slowest axis first
   * @param values gives the values in C order
   */
  public SafetensorsWriter add(
      String name, Dtype dtype, List<Integer> shape, Supplier<float[]> values) {
    int count = shape.stream().reduce(1, Math::multiplyExact);
    if (dtype == Dtype.BF16) {
      throw new IllegalArgumentException("a tensor is written as F32 or F16, not as BF16");
    }
    if (shape.stream().anyMatch(dim -> dim < 1)) {
      throw new IllegalArgumentException(
          "tensor %s must have sizes of 1 or more, was %s".formatted(name, shape));
    }
    if (name.equals("__metadata__")
        || tensors.putIfAbsent(name, new Tensor(dtype, List.copyOf(shape), count, values))
            != null) {
      throw new IllegalArgumentException("a tensor named " + name + " cannot be added");
    }
    return this;
  }

  /** Writes the file to a stream, which stays open. */
  public void writeTo(OutputStream out) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode header = mapper.createObjectNode();
    long end = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", tensor.dtype().name());
      tensor.shape().forEach(node.withArray("shape")::add);
      node.withArray("data_offsets").add(end);
      end += (long) tensor.count() * tensor.dtype().bytes();
      node.withArray("data_offsets").add(end);
    }
    byte[] json = mapper.writeValueAsBytes(header);
    int padded = (json.length + 7) / 8 * 8; // the data begins on a multiple of 8
    byte[] length = new byte[Long.BYTES];
    little(length).putLong(padded);
    out.write(length);
    out.write(json);
    for (int i = json.length; i < padded; i++) {
      out.write(' ');
    }
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      out.write(bytes(entry.getKey(), entry.getValue()));
    }
  }

  private static byte[] bytes(String name, Tensor tensor) {
    float[] values = tensor.values().get();
    if (values.length != tensor.count()) {
      throw wrongCount(name, tensor.shape(), tensor.count(), values.length);
    }
    byte[] bytes = new byte[Math.multiplyExact(values.length, tensor.dtype().bytes())];
    ByteBuffer buffer = little(bytes);
    for (float value : values) {
      if (tensor.dtype() == Dtype.F32) {
        buffer.putFloat(value);
      } else {
        buffer.putShort(HalfFloat.fromFloat(value));
      }
    }
    return bytes;
  }

  private static IllegalArgumentException wrongCount(
      String name, List<Integer> shape, int wanted, int got) {
    return new IllegalArgumentException(
        "tensor %s of %s needs %s values, got %s".formatted(name, shape, wanted, got));
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
