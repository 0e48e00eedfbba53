package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.api.model.network.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The weights of a network in a checkpoint. Each call reads one tensor from the file and keeps
 * nothing, so only the tensor that was asked for is in memory. Thread-safe.
 *
 * <p>Tensors of whole numbers, such as the batch counter of a batch norm, are no weights and have
 * no name here.
 */
final class CheckpointWeights implements Weights {

  private static final String UNREADABLE = "MODEL_WEIGHTS";

  private final Path path;
  private final StoredZip zip;
  private final Map<String, StoredTensor> tensors;

  /** Storages whose checksum was found right; several tensors may lie in one. */
  private final Set<String> verified = ConcurrentHashMap.newKeySet();

  CheckpointWeights(Path path, StoredZip zip, Map<String, StoredTensor> tensors) {
    this.path = path;
    this.zip = zip;
    Map<String, StoredTensor> floats = new LinkedHashMap<>(tensors);
    floats.values().removeIf(tensor -> !tensor.storage().type().isFloating());
    this.tensors = Collections.unmodifiableMap(floats);
  }

  @Override
  public Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public List<Integer> shape(String name) {
    return find(name).shape();
  }

  @Override
  public float[] values(String name) {
    StoredTensor tensor = find(name);
    StorageType type = tensor.storage().type();
    long begin =
        zip.require("data/" + tensor.storage().key()).offset() + tensor.offset() * type.bytes();
    long bytes = tensor.span() * type.bytes();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new ModelException(
          UNREADABLE,
          "tensor %s of %s spans %s bytes, at most 2147483639 are read"
              .formatted(name, zip.file(), bytes));
    }
    ByteBuffer data;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (!verified.contains(tensor.storage().key())) {
        zip.verify(channel, "data/" + tensor.storage().key());
        verified.add(tensor.storage().key());
      }
      data = StoredZip.at(zip.file(), channel, begin, (int) bytes);
    } catch (IOException e) {
      throw new ModelException(
          UNREADABLE, "%s cannot be read any more: %s".formatted(zip.file(), e.getMessage()), e);
    }
    float[] values = new float[tensor.count()];
    if (tensor.isContiguous()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = type.get(data, i);
      }
    } else {
      gather(tensor, data, values);
    }
    return values;
  }

  private static void gather(StoredTensor tensor, ByteBuffer data, float[] values) {
    Indices indices = new Indices(tensor);
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.storage().type().get(data, indices.next());
    }
  }

  private StoredTensor find(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new ModelException(
          UNREADABLE,
          "%s has no tensor \"%s\"; it has %s, the first are %s"
              .formatted(
                  zip.file(), name, tensors.size(), tensors.keySet().stream().limit(5).toList()));
    }
    return tensor;
  }
}
