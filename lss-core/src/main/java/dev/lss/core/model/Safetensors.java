package dev.lss.core.model;

import dev.lss.api.ModelException;
import dev.lss.api.model.network.Weights;
import dev.lss.core.io.HalfFloat;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Network weights in a safetensors file: an 8-byte little-endian header length, a JSON header that
 * gives dtype, shape and byte range of every tensor, then the bytes. Nothing in it is executed.
 *
 * <p>F32, F16 and BF16 are read; narrow values are widened tensor by tensor when they are asked
 * for, without loss. The header may have 1 MiB, and the ranges must cover the data without gap or
 * overlap, so that no byte is hidden or used twice. The format is described at
 * https://github.com/huggingface/safetensors. Thread-safe.
 */
public final class Safetensors implements Weights {

  private static final String INVALID = "MODEL_WEIGHTS";

  /** How the values of a tensor are stored. */
  public enum Dtype {
    /** 32-bit floats. */
    F32(4),
    /** IEEE 754 half precision. */
    F16(2),
    /** The upper 16 bits of 32-bit floats. */
    BF16(2);

    private final int bytes;

    Dtype(int bytes) {
      this.bytes = bytes;
    }

    /** Returns the bytes of one value. */
    public int bytes() {
      return bytes;
    }
  }

  private record Entry(String name, Dtype dtype, List<Integer> shape, long begin, long end) {}

  private final String file;
  private final ByteBuffer data;
  private final Map<String, Entry> entries;

  private Safetensors(String file, ByteBuffer data, Map<String, Entry> entries) {
    this.file = file;
    this.data = data;
    this.entries = entries;
  }

  /**
   * Maps a file; its pages are read when tensors are asked for. The file must not change while the
   * weights are in use.
   *
   * @throws IOException when the file cannot be read
   * @throws ModelException when it is not a valid safetensors file
   */
  public static Safetensors map(Path path) throws IOException {
    return of(String.valueOf(path.getFileName()), mapped(path));
  }

  /**
   * Reads a stream of known length once, into native memory.
   *
   * @param file name for messages
   * @param in the bytes; stays open
   * @param length how many there are
   * @throws IOException when the stream cannot be read or ends early
   * @throws ModelException when it is not a valid safetensors file
   */
  public static Safetensors read(String file, InputStream in, long length) throws IOException {
    return of(file, buffered(file, in, length));
  }

  /** Returns the weights in a buffer whose bytes, from position to limit, are a whole file. */
  static Safetensors of(String file, ByteBuffer bytes) {
    ByteBuffer buffer = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (buffer.remaining() < 8) {
      throw invalid(file, "it has %s bytes, a header needs 8".formatted(buffer.remaining()));
    }
    long headerLength = buffer.getLong();
    if (headerLength < 2 || headerLength > Math.min(Fields.MAX_BYTES, buffer.remaining())) {
      throw invalid(
          file,
          "its header must have 2 to %s bytes, claims %s"
              .formatted(
                  Math.min(Fields.MAX_BYTES, buffer.remaining()),
                  Long.toUnsignedString(headerLength)));
    }
    byte[] header = new byte[(int) headerLength];
    buffer.get(header);
    return new Safetensors(
        file,
        buffer.slice().order(ByteOrder.LITTLE_ENDIAN),
        entries(file, header, buffer.remaining()));
  }

  static ByteBuffer mapped(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      checkLength(String.valueOf(path.getFileName()), channel.size());
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    }
  }

  static ByteBuffer buffered(String file, InputStream in, long length) throws IOException {
    checkLength(file, length);
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) length);
    ReadableByteChannel channel = Channels.newChannel(in);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException(
            "%s ended after %s of %s bytes".formatted(file, buffer.position(), length));
      }
    }
    return buffer.flip();
  }

  private static void checkLength(String file, long length) {
    if (length > Integer.MAX_VALUE) {
      throw invalid(file, "it may have 2 GiB - 1 bytes, has " + length);
    }
  }

  private static Map<String, Entry> entries(String file, byte[] header, long dataBytes) {
    if (header[0] != '{') {
      throw invalid(file, "its header does not begin with {");
    }
    Fields fields = Fields.parse(header, file, INVALID);
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (String name : fields.names()) {
      if (name.equals("__metadata__")) {
        continue;
      }
      entries.put(name, entry(name, fields.object(name)));
    }
    long expected = 0;
    for (Entry entry :
        entries.values().stream().sorted(Comparator.comparingLong(Entry::begin)).toList()) {
      if (entry.begin() != expected) {
        throw invalid(
            file,
            "tensor %s begins at byte %s, the one before ends at %s"
                .formatted(entry.name(), entry.begin(), expected));
      }
      expected = entry.end();
    }
    if (expected != dataBytes) {
      throw invalid(file, "its tensors need %s bytes, it holds %s".formatted(expected, dataBytes));
    }
    return entries;
  }

  private static Entry entry(String name, Fields fields) {
    Dtype dtype =
        fields.oneOf(
            "dtype",
            Arrays.stream(Dtype.values()).collect(Collectors.toMap(Enum::name, value -> value)));
    List<Integer> shape = fields.integers("shape");
    List<Long> offsets = fields.longs("data_offsets");
    fields.refuseOthers();
    long values = 1;
    for (int dim : shape) {
      if (dim < 1 || values > Integer.MAX_VALUE / dim) {
        throw fields.wrong(
            "shape", "sizes must be at least 1 and give fewer than 2^31 values, were " + shape);
      }
      values *= dim;
    }
    if (offsets.size() != 2
        || offsets.get(0) < 0
        || offsets.get(1) - offsets.get(0) != values * dtype.bytes()) {
      throw fields.wrong(
          "data_offsets",
          "%s of %s needs %s bytes, the range is %s"
              .formatted(dtype, shape, values * dtype.bytes(), offsets));
    }
    return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  @Override
  public List<Integer> shape(String name) {
    return find(name).shape();
  }

  /**
   * Returns how a tensor is stored.
   *
   * @throws ModelException when there is no such tensor
   */
  public Dtype dtype(String name) {
    return find(name).dtype();
  }

  @Override
  public float[] values(String name) {
    Entry entry = find(name);
    int bytes = (int) (entry.end() - entry.begin());
    ByteBuffer part = data.slice((int) entry.begin(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes / entry.dtype().bytes()];
    switch (entry.dtype()) {
      case F32 -> part.asFloatBuffer().get(values);
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = HalfFloat.toFloat(part.getShort(2 * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(part.getShort(2 * i) << 16);
        }
      }
    }
    return values;
  }

  private Entry find(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      List<String> some = new ArrayList<>(entries.keySet());
      throw new ModelException(
          INVALID,
          "%s has no tensor \"%s\"; it has %s, the first are %s"
              .formatted(file, name, some.size(), some.subList(0, Math.min(5, some.size()))));
    }
    return entry;
  }

  private static ModelException invalid(String file, String why) {
    return new ModelException(INVALID, file + " is not a valid safetensors file: " + why);
  }
}
