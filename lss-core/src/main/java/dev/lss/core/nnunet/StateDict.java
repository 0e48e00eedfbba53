package dev.lss.core.nnunet;

import dev.lss.core.nnunet.StoredTensor.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tensors of a network under the names that its modules give them.
 *
 * <p>{@code torch.compile} puts {@code _orig_mod.} in front of every name, data parallelism {@code
 * module.}. nnU-Net's networks register some modules twice, so the same values have two names: the
 * decoder holds the encoder ({@code decoder.encoder.*}), and a convolution block holds its parts
 * also in a sequence ({@code all_modules.0} is the convolution, the later one with tensors the
 * norm). Aliases are dropped after it is checked that both names mean the same bytes.
 */
final class StateDict {

  private static final List<String> PREFIXES = List.of("_orig_mod.", "module.");
  private static final Pattern SEQUENCE = Pattern.compile("^(.*)\\.all_modules\\.(\\d+)\\.(.*)$");
  private static final int LONGEST_NAME = 1000;

  private final String file;
  private final StoredZip zip;
  private final FileChannel channel;

  /** Bytes of aliases that may still be compared: more than a file can hold means views overlap. */
  private long comparable;

  private StateDict(String file, StoredZip zip, FileChannel channel) throws IOException {
    this.file = file;
    this.zip = zip;
    this.channel = channel;
    comparable = 2 * channel.size();
  }

  static Map<String, StoredTensor> tensors(
      String file, Map<?, ?> weights, StoredZip zip, FileChannel channel) throws IOException {
    return new StateDict(file, zip, channel).tensors(weights);
  }

  private Map<String, StoredTensor> tensors(Map<?, ?> weights) throws IOException {
    Map<String, StoredTensor> all = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : weights.entrySet()) {
      if (!(entry.getKey() instanceof String name)
          || !(entry.getValue() instanceof StoredTensor tensor)) {
        throw StoredZip.bad(file, "network_weights must map names to tensors");
      }
      String plain = plain(name);
      if (all.put(plain, tensor) != null) {
        throw StoredZip.bad(file, "two tensors are named " + StoredZip.shown(plain));
      }
      checkStorage(plain, tensor.storage());
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, StoredTensor> entry : all.entrySet()) {
      Optional<String> original = original(entry.getKey());
      if (original.isEmpty()) {
        tensors.put(entry.getKey(), entry.getValue());
      } else {
        StoredTensor other = all.get(original.get());
        if (other == null || !same(entry.getValue(), other)) {
          throw StoredZip.bad(
              file,
              "%s must hold the values of %s"
                  .formatted(StoredZip.shown(entry.getKey()), StoredZip.shown(original.get())));
        }
      }
    }
    return tensors;
  }

  private String plain(String name) {
    if (name.length() > LONGEST_NAME) {
      throw StoredZip.bad(
          file,
          "a name may have %s characters, %s has %s"
              .formatted(LONGEST_NAME, StoredZip.shown(name), name.length()));
    }
    int from = 0;
    for (int n = 0; n < PREFIXES.size(); n++) {
      if (name.startsWith(PREFIXES.get(n), from)) {
        from += PREFIXES.get(n).length();
        n = -1; // either may follow either
      }
    }
    return name.substring(from);
  }

  private void checkStorage(String name, Storage storage) {
    long bytes = zip.require("data/" + storage.key()).length();
    if (storage.count() > bytes / storage.type().bytes()) {
      throw StoredZip.bad(
          file,
          "tensor %s claims a storage of %s values, the file holds %s bytes of it"
              .formatted(StoredZip.shown(name), storage.count(), bytes));
    }
  }

  /** Returns the name that an alias stands for; empty when the name is no alias. */
  private static Optional<String> original(String name) {
    String plain = name.startsWith("decoder.encoder.") ? name.substring("decoder.".length()) : name;
    Matcher sequence = SEQUENCE.matcher(plain);
    if (sequence.matches()) {
      plain =
          "%s.%s.%s"
              .formatted(
                  sequence.group(1),
                  sequence.group(2).equals("0") ? "conv" : "norm",
                  sequence.group(3));
    }
    return plain.equals(name) ? Optional.empty() : Optional.of(plain);
  }

  /** Tells whether two tensors hold the same bits, wherever they lie. */
  private boolean same(StoredTensor a, StoredTensor b) throws IOException {
    if (a.equals(b)) {
      return true;
    }
    if (a.storage().type() != b.storage().type() || !a.shape().equals(b.shape())) {
      return false;
    }
    ByteBuffer first = bytes(a);
    ByteBuffer second = bytes(b);
    int size = a.storage().type().bytes();
    Indices from = new Indices(a);
    Indices to = new Indices(b);
    for (int n = a.count(); n > 0; n--) {
      int at = from.next() * size;
      int other = to.next() * size;
      for (int k = 0; k < size; k++) {
        if (first.get(at + k) != second.get(other + k)) {
          return false;
        }
      }
    }
    return true;
  }

  private ByteBuffer bytes(StoredTensor tensor) throws IOException {
    int size = tensor.storage().type().bytes();
    long bytes = tensor.span() * size;
    comparable -= bytes;
    if (comparable < 0 || bytes > Integer.MAX_VALUE - 8) {
      throw StoredZip.bad(file, "the aliases among its tensors are larger than the file");
    }
    return StoredZip.at(
        file,
        channel,
        zip.require("data/" + tensor.storage().key()).offset() + tensor.offset() * size,
        (int) bytes);
  }
}
