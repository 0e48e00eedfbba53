package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.core.nnunet.PickleValue.None;
import dev.lss.core.nnunet.PickleValue.PathParts;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a checkpoint of nnU-Net v2, such as {@code checkpoint_final.pth}, without Python.
 *
 * <p>The file is a zip: {@code data.pkl} describes everything, {@code data/0}, {@code data/1}, ...
 * are the values of the tensors (format of {@code torch.save} since PyTorch 1.6). The description
 * is interpreted, never executed; see {@link Pickle}. Values stay in the file until {@link
 * dev.lss.api.model.network.Weights#values} asks for one tensor, so that memory does not depend on
 * the size of the file, and those of the optimiser are never read.
 *
 * <p>Errors: {@code BAD_CHECKPOINT} when the file is damaged or of another format, {@code
 * CHECKPOINT_NOT_ALLOWED} when it asks for anything that is not on the list.
 */
final class CheckpointReader {

  private static final int MAX_PICKLE_BYTES = 32 << 20;
  private static final int MAX_DEPTH = 32;
  private static final int MAX_PATH_PARTS = 64;
  private static final int MAX_PATH_TEXT = 256;
  private static final int MAX_ARGUMENT_VALUES = 1_000_000;

  private final String file;
  private int converted;

  private CheckpointReader(String file) {
    this.file = file;
  }

  /**
   * Reads the description of everything and the values of nothing.
   *
   * @param path the checkpoint; must stay unchanged as long as its weights are used
   * @throws IOException when the file cannot be read
   * @throws ModelException when it is no checkpoint, damaged, or asks for more than inert values
   */
  static Checkpoint read(Path path) throws IOException {
    String file = String.valueOf(path.getFileName());
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      StoredZip zip = StoredZip.read(file, channel);
      if (zip.entries().containsKey("constants.pkl")) {
        throw StoredZip.bad(file, "it is a TorchScript archive, which is code");
      }
      checkByteOrder(zip, channel);
      Object root = Pickle.read(file, zip.read(channel, "data.pkl", MAX_PICKLE_BYTES));
      return new CheckpointReader(file).checkpoint(path, zip, channel, root);
    }
  }

  private static void checkByteOrder(StoredZip zip, FileChannel channel) throws IOException {
    if (zip.entries().containsKey("byteorder")) {
      String order =
          new String(zip.read(channel, "byteorder", 16), StandardCharsets.US_ASCII).strip();
      if (!order.equals("little")) {
        throw StoredZip.bad(
            zip.file(), "its byte order must be little, is " + StoredZip.shown(order));
      }
    }
  }

  private Checkpoint checkpoint(Path path, StoredZip zip, FileChannel channel, Object root)
      throws IOException {
    Map<?, ?> content = map("the checkpoint", root);
    if (!content.containsKey("network_weights")) {
      throw StoredZip.bad(
          file,
          "it has no network_weights; an nnU-Net v2 checkpoint does. nnU-Net v1 is not supported");
    }
    Map<String, StoredTensor> tensors =
        StateDict.tensors(
            file, map("network_weights", content.get("network_weights")), zip, channel);
    Map<String, Object> initArguments = new LinkedHashMap<>();
    if (content.containsKey("init_args")) {
      map("init_args", content.get("init_args"))
          .forEach(
              (key, value) -> initArguments.put(text("a name in init_args", key), inert(value, 0)));
    }
    return new Checkpoint(
        new CheckpointWeights(path, zip, tensors),
        optionalText("trainer_name", content.get("trainer_name")),
        initArguments.get("configuration") instanceof String configuration
            ? Optional.of(configuration)
            : Optional.empty(),
        axes(content.get("inference_allowed_mirroring_axes")),
        initArguments);
  }

  private Map<?, ?> map(String what, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw StoredZip.bad(file, what + " must be a dict");
  }

  private String text(String what, Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw StoredZip.bad(file, what + " must be a text");
  }

  private Optional<String> optionalText(String what, @Nullable Object value) {
    return value == null || value instanceof None
        ? Optional.empty()
        : Optional.of(text(what, value));
  }

  private List<Integer> axes(@Nullable Object value) {
    List<Integer> axes = new ArrayList<>();
    if (value == null || value instanceof None) {
      return axes;
    }
    if (value instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Long axis
            && axis >= 0
            && axis <= 2
            && !axes.contains(axis.intValue())) {
          axes.add(axis.intValue());
        } else {
          axes.add(-1);
        }
      }
    }
    if (axes.isEmpty() || axes.contains(-1)) {
      throw StoredZip.bad(
          file, "inference_allowed_mirroring_axes must be None or different axes from 0 to 2");
    }
    return axes;
  }

  /** Turns values of the pickle into values that hold nothing of this package. */
  private Object inert(Object value, int depth) {
    if (depth > MAX_DEPTH || ++converted > MAX_ARGUMENT_VALUES) {
      throw StoredZip.bad(
          file,
          "init_args may be %s deep and hold %s values".formatted(MAX_DEPTH, MAX_ARGUMENT_VALUES));
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(inert(key, depth + 1), inert(item, depth + 1)));
      return Collections.unmodifiableMap(copy);
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      for (Object item : list) {
        copy.add(inert(item, depth + 1));
      }
      return List.copyOf(copy);
    }
    if (value instanceof Set<?> set) {
      Set<Object> copy = new LinkedHashSet<>();
      for (Object item : set) {
        copy.add(inert(item, depth + 1));
      }
      return Collections.unmodifiableSet(copy);
    }
    if (value instanceof None) {
      return Optional.empty();
    }
    if (value instanceof String
        || value instanceof Long
        || value instanceof Double
        || value instanceof Boolean) {
      return value;
    }
    if (value instanceof PathParts path) {
      return text(path);
    }
    return Optional.empty(); // an array, bytes, a class, a tensor: nothing of it is kept
  }

  private static String text(PathParts path) {
    StringBuilder text = new StringBuilder();
    for (Object part : path.parts().subList(0, Math.min(path.parts().size(), MAX_PATH_PARTS))) {
      if (part instanceof String name) {
        boolean first = text.length() == 0 || text.charAt(text.length() - 1) == '/';
        text.append(first ? "" : "/").append(name, 0, Math.min(name.length(), MAX_PATH_TEXT));
      }
    }
    return text.toString();
  }
}
