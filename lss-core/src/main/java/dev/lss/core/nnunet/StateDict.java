package dev.lss.core.nnunet;

import dev.lss.core.nnunet.StoredTensor.Storage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.LinkedHashMap;
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

  private static final Pattern PREFIX = Pattern.compile("^(_orig_mod\\.|module\\.)+");
  private static final Pattern SEQUENCE = Pattern.compile("^(.*)\\.all_modules\\.(\\d+)\\.(.*)$");
  private static final long MAX_COMPARED_BYTES = 1L << 28;

  private StateDict() {}

  static Map<String, StoredTensor> tensors(
      String file, Map<?, ?> weights, StoredZip zip, FileChannel channel) throws IOException {
    Map<String, StoredTensor> all = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : weights.entrySet()) {
      if (!(entry.getKey() instanceof String name)
          || !(entry.getValue() instanceof StoredTensor tensor)) {
        throw StoredZip.bad(file, "network_weights must map names to tensors");
      }
      String plain = PREFIX.matcher(name).replaceFirst("");
      if (all.put(plain, tensor) != null) {
        throw StoredZip.bad(file, "two tensors are named " + StoredZip.shown(plain));
      }
      checkStorage(file, plain, tensor.storage(), zip);
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, StoredTensor> entry : all.entrySet()) {
      Optional<String> original = original(entry.getKey());
      if (original.isEmpty()) {
        tensors.put(entry.getKey(), entry.getValue());
      } else {
        StoredTensor other = all.get(original.get());
        if (other == null || !same(file, entry.getValue(), other, zip, channel)) {
          throw StoredZip.bad(
              file,
              "%s must hold the values of %s"
                  .formatted(StoredZip.shown(entry.getKey()), StoredZip.shown(original.get())));
        }
      }
    }
    return tensors;
  }

  private static void checkStorage(String file, String name, Storage storage, StoredZip zip) {
    long bytes = zip.require("data/" + storage.key()).length();
    if (storage.count() > bytes / storage.type().bytes()) {
      throw StoredZip.bad(
          file,
          "tensor %s claims a storage of %d values, the file holds %d bytes of it"
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

  private static boolean same(
      String file, StoredTensor a, StoredTensor b, StoredZip zip, FileChannel channel)
      throws IOException {
    if (a.equals(b)) {
      return true;
    }
    StoredZip.Range first = zip.require("data/" + a.storage().key());
    StoredZip.Range second = zip.require("data/" + b.storage().key());
    return a.storage().type() == b.storage().type()
        && a.shape().equals(b.shape())
        && a.stride().equals(b.stride())
        && a.offset() == b.offset()
        && first.length() == second.length()
        && first.length() <= MAX_COMPARED_BYTES
        && StoredZip.at(file, channel, first.offset(), (int) first.length())
            .equals(StoredZip.at(file, channel, second.offset(), (int) second.length()));
  }
}
