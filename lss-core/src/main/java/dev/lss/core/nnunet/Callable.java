package dev.lss.core.nnunet;

import dev.lss.core.io.HalfFloat;
import dev.lss.core.nnunet.PickleValue.Dtype;
import dev.lss.core.nnunet.PickleValue.Latin;
import dev.lss.core.nnunet.PickleValue.None;
import dev.lss.core.nnunet.PickleValue.NumpyArray;
import dev.lss.core.nnunet.PickleValue.PathParts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The whole list of what a checkpoint may name: a class or function of Python, and what its result
 * is in Java. None of them is called; each only rearranges the values it was given. A pickle that
 * names anything else is refused.
 *
 * @param name module and name
 * @param apply makes the value from the arguments; throws IllegalArgumentException when it cannot
 */
record Callable(String name, Function<List<?>, Object> apply) {

  private static final int MAX_TEXT = 32;
  private static final Map<String, Callable> KNOWN = known();

  static Optional<Callable> find(String name) {
    return Optional.ofNullable(KNOWN.get(name));
  }

  /** Returns the type that a storage class stands for. */
  static Optional<StorageType> storage(String name) {
    for (StorageType type : StorageType.values()) {
      if (name.equals("torch." + type.className())) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  private static Map<String, Callable> known() {
    Map<String, Function<List<?>, Object>> functions = new TreeMap<>();
    functions.put("collections.OrderedDict", Callable::dict);
    functions.put("collections.defaultdict", arguments -> new LinkedHashMap<>());
    for (String builtins : List.of("__builtin__", "builtins")) {
      functions.put(builtins + ".set", Callable::set);
      functions.put(builtins + ".frozenset", Callable::set);
      for (String type : List.of("list", "dict", "int", "float", "str", "bool", "tuple")) {
        functions.put(builtins + "." + type, Callable::notCalled); // what a defaultdict makes
      }
    }
    functions.put("torch._utils._rebuild_tensor_v2", Callable::tensor);
    functions.put("torch._utils._rebuild_parameter", arguments -> arguments.get(0));
    functions.put("torch.device", Callable::device);
    functions.put("torch.Size", arguments -> arguments.get(0));
    functions.put("numpy.dtype", arguments -> new Dtype(argument(arguments, 0, String.class)));
    functions.put("numpy.core.multiarray.scalar", Callable::scalar);
    functions.put("numpy._core.multiarray.scalar", Callable::scalar);
    functions.put("_codecs.encode", Callable::encode);
    functions.put("numpy.ndarray", Callable::notCalled);
    for (String numpy : List.of("numpy.core", "numpy._core")) {
      functions.put(numpy + ".multiarray._reconstruct", arguments -> new NumpyArray());
    }
    for (String module : List.of("pathlib", "pathlib._local")) {
      for (String path : List.of("PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath")) {
        functions.put(module + "." + path, PathParts::new);
      }
    }
    for (StorageType type : StorageType.values()) {
      functions.put("torch." + type.className(), Callable::notCalled);
    }
    return functions.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey, e -> new Callable(e.getKey(), e.getValue())));
  }

  private static Object notCalled(List<?> arguments) {
    throw new IllegalArgumentException("it is only named, not called");
  }

  private static <T> T argument(List<?> arguments, int index, Class<T> type) {
    Object value = index < arguments.size() ? arguments.get(index) : None.NONE;
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "argument %s must be a %s, is a %s"
              .formatted(index, type.getSimpleName(), value.getClass().getSimpleName()));
    }
    return type.cast(value);
  }

  private static Object dict(List<?> arguments) {
    Map<Object, Object> dict = new LinkedHashMap<>();
    if (!arguments.isEmpty()) {
      for (Object pair : argument(arguments, 0, List.class)) {
        if (!(pair instanceof List<?> entry) || entry.size() != 2) {
          throw new IllegalArgumentException("an OrderedDict is made of pairs");
        }
        dict.put(Pickle.key(entry.get(0)), entry.get(1));
      }
    }
    return dict;
  }

  private static Object set(List<?> arguments) {
    LinkedHashSet<Object> set = new LinkedHashSet<>();
    if (!arguments.isEmpty()) {
      for (Object item : argument(arguments, 0, List.class)) {
        set.add(Pickle.key(item));
      }
    }
    return set;
  }

  private static Object tensor(List<?> arguments) {
    return new StoredTensor(
        argument(arguments, 0, StoredTensor.Storage.class),
        argument(arguments, 1, Long.class),
        numbers(argument(arguments, 2, List.class)).stream().map(Math::toIntExact).toList(),
        numbers(argument(arguments, 3, List.class)));
  }

  private static Object device(List<?> arguments) {
    String kind = shortText(arguments, 0);
    return arguments.size() == 1 ? kind : kind + ":" + argument(arguments, 1, Long.class);
  }

  private static List<Long> numbers(List<?> values) {
    List<Long> numbers = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof Long number) || number < 0 || number > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "sizes and strides are whole numbers from 0 to 2147483647, was "
                + (value instanceof Long ? value : value.getClass().getSimpleName()));
      }
      numbers.add(number);
    }
    return numbers;
  }

  /** Text that stands for bytes: how protocol 2 writes them. */
  private static Object encode(List<?> arguments) {
    if (!argument(arguments, 1, String.class).equals("latin1")) {
      throw new IllegalArgumentException("bytes are written as latin1");
    }
    return new Latin(argument(arguments, 0, String.class));
  }

  /** A text that is copied, so it must be short. */
  private static String shortText(List<?> arguments, int index) {
    String text = argument(arguments, index, String.class);
    if (text.length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          "argument %s may have %s characters, has %s".formatted(index, MAX_TEXT, text.length()));
    }
    return text;
  }

  private static Object scalar(List<?> arguments) {
    String dtype = argument(arguments, 0, Dtype.class).name();
    String text = argument(arguments, 1, Latin.class).text();
    if (text.isEmpty() || text.length() > 8) {
      throw new IllegalArgumentException("a NumPy scalar has 1 to 8 bytes");
    }
    ByteBuffer bytes =
        ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)).order(ByteOrder.LITTLE_ENDIAN);
    return switch (dtype + "/" + bytes.remaining()) {
      case "f8/8" -> bytes.getDouble();
      case "f4/4" -> (double) bytes.getFloat();
      case "f2/2" -> (double) HalfFloat.toFloat(bytes.getShort());
      case "i8/8" -> bytes.getLong();
      case "i4/4" -> (long) bytes.getInt();
      case "i2/2" -> (long) bytes.getShort();
      case "i1/1" -> (long) bytes.get();
      case "u8/8" -> bytes.getLong();
      case "u4/4" -> bytes.getInt() & 0xffffffffL;
      case "u2/2" -> bytes.getShort() & 0xffffL;
      case "u1/1" -> bytes.get() & 0xffL;
      case "b1/1" -> bytes.get() != 0;
      default ->
          throw new IllegalArgumentException(
              "a NumPy scalar of type %s with %s bytes is not known"
                  .formatted(StoredZip.shown(dtype), bytes.remaining()));
    };
  }
}
