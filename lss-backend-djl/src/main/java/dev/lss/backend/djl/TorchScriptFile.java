package dev.lss.backend.djl;

import dev.lss.api.BackendException;
import dev.lss.spi.ModelSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Looks into a TorchScript file before PyTorch does. Such a file is a program; what it must not do
 * is reach for other files, or for operators and classes that PyTorch itself does not have. Records
 * of the zip after PKWARE APPNOTE 4.3.7, 4.3.12 and 4.3.16.
 */
final class TorchScriptFile {

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_CODE_BYTES = 64 << 20;

  /** Operators that PyTorch brings itself; ops.aten is written torch. */
  private static final Set<String> NAMESPACES =
      Set.of("aten", "prim", "prims", "mkldnn", "mkldnn_prepacked", "prepacked", "quantized");

  private static final Pattern OPERATOR = Pattern.compile("\\bops\\.(\\w+)\\.(\\w+)");
  private static final Pattern CUSTOM_CLASS = Pattern.compile("__torch__\\.torch\\.classes[.\\w]*");
  private static final Pattern FILES = Pattern.compile("\\b(from_file|save)\\b");

  private final String name;
  private final ByteBuffer zip;

  private TorchScriptFile(ModelSource.Opaque model) {
    this.name = model.name();
    this.zip = model.bytes().slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Returns the bytes of a file that may be loaded.
   *
   * @throws BackendException {@code MODEL_REFUSED} with what is wrong with it
   */
  static byte[] checked(ModelSource.Opaque model) {
    TorchScriptFile file = new TorchScriptFile(model);
    try {
      file.check();
    } catch (IndexOutOfBoundsException | IllegalArgumentException | DataFormatException e) {
      throw file.refused("is no TorchScript file: its zip is damaged");
    }
    byte[] bytes = new byte[model.bytes().remaining()];
    model.bytes().duplicate().get(bytes);
    return bytes;
  }

  private void check() throws DataFormatException {
    int end = zip.capacity() - END_BYTES;
    while (end >= 0 && zip.getInt(end) != END_SIGNATURE) {
      end--;
    }
    if (end < 0) {
      throw refused("is no TorchScript file: it is no zip, or its end is missing");
    }
    int count = zip.getShort(end + 10) & 0xffff;
    int at = zip.getInt(end + 16);
    boolean code = false;
    for (int n = 0; n < count; n++) {
      if (zip.getInt(at) != ENTRY_SIGNATURE) {
        throw new IllegalArgumentException("no entry at " + at);
      }
      int nameBytes = zip.getShort(at + 28) & 0xffff;
      String entry = text(at + ENTRY_BYTES, nameBytes);
      if (entry.matches("[^/]+/code/.*\\.py")) {
        code = true;
        checkCode(new String(content(at), StandardCharsets.UTF_8));
      }
      at +=
          ENTRY_BYTES
              + nameBytes
              + (zip.getShort(at + 30) & 0xffff)
              + (zip.getShort(at + 32) & 0xffff);
    }
    if (!code) {
      throw refused(
          "holds no code, only weights: write the model with torch.jit.trace or torch.jit.script,"
              + " and save that");
    }
  }

  private String text(int at, int bytes) {
    return new String(bytes(at, bytes), StandardCharsets.UTF_8);
  }

  private byte[] bytes(int at, int count) {
    byte[] bytes = new byte[count];
    zip.get(at, bytes);
    return bytes;
  }

  /** Returns what an entry of the directory holds, stored or deflated. */
  private byte[] content(int entry) throws DataFormatException {
    int method = zip.getShort(entry + 10);
    int packed = zip.getInt(entry + 20);
    int size = zip.getInt(entry + 24);
    if (size < 0 || size > MAX_CODE_BYTES || packed < 0 || packed > zip.capacity()) {
      throw new IllegalArgumentException("code of %d bytes in %d".formatted(size, packed));
    }
    int local = zip.getInt(entry + 42);
    int start =
        local
            + LOCAL_BYTES
            + (zip.getShort(local + 26) & 0xffff)
            + (zip.getShort(local + 28) & 0xffff);
    byte[] stored = bytes(start, packed);
    if (method == 0) {
      return stored;
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(stored);
      byte[] content = new byte[size];
      if (inflater.inflate(content) != size) {
        throw new DataFormatException("code is shorter than it says");
      }
      return content;
    } finally {
      inflater.end();
    }
  }

  private void checkCode(String code) {
    Matcher operator = OPERATOR.matcher(code);
    while (operator.find()) {
      if (!NAMESPACES.contains(operator.group(1))) {
        throw refused(
            "uses the custom operator %s.%s, which PyTorch does not have"
                .formatted(operator.group(1), operator.group(2)));
      }
    }
    Matcher custom = CUSTOM_CLASS.matcher(code);
    if (custom.find()) {
      throw refused(
          "uses the custom class %s, which PyTorch does not have".formatted(custom.group()));
    }
    Matcher files = FILES.matcher(code);
    if (files.find()) {
      throw refused(
          "reads or writes other files (%s), which a network has no need of"
              .formatted(files.group()));
    }
  }

  private BackendException refused(String why) {
    return new BackendException("MODEL_REFUSED", name + " " + why);
  }
}
