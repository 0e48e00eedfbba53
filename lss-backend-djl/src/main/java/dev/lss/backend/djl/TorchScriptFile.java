package dev.lss.backend.djl;

import dev.lss.api.BackendException;
import dev.lss.backend.djl.ModulePickle.Value;
import dev.lss.spi.ModelSource;
import dev.lss.spi.ModelZip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * Reads a TorchScript file, checks it and writes it again, so that what was looked at is what runs:
 * PyTorch finds entries of a zip without regard to case, and parses code and pickles by recursion
 * without a bound. Such a file is a program; it may call the operators that networks need and its
 * own code, which is not nested or expanded without bound. Not thread-safe.
 */
final class TorchScriptFile {

  private static final long MAX_CODE_BYTES = 4 << 20;
  private static final long MAX_PICKLE_BYTES = 16 << 20;
  private static final long MAX_WORD_BYTES = 64;
  private static final String ROOT = "network/";
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]?\\s*");

  /** What PyTorch writes beside, and what nobody asks for when a network runs. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "code/[^/]+(/[^/]+)*\\.debug_pkl|extra/.*|traced_inputs(/[0-9]{1,9}|\\.pkl)|\\.data/serialization_id|\\.format_version"
              + "|\\.storage_alignment|bytecode\\.pkl|mobile_debug_handles\\.pkl|attributes\\.pkl");

  private static final Pattern TENSOR = Pattern.compile("(data|constants)/[0-9]{1,9}");

  /** Entries by their place without the archive's own folder, to their whole names. */
  private final Map<String, String> entries = new LinkedHashMap<>();

  private final ModelZip zip;
  private final ScriptProgram program = new ScriptProgram();

  private TorchScriptFile(ModelZip zip) {
    this.zip = zip;
  }

  /**
   * Returns a file that may be loaded, written from what was understood of the one that was given.
   *
   * @throws BackendException {@code MODEL_REFUSED} with what is wrong with it
   */
  static MemoryFile checked(ModelSource.Opaque model) {
    try {
      return new TorchScriptFile(ModelZip.read(model.bytes())).rewritten(model);
    } catch (ZipException e) {
      throw new BackendException(
          "MODEL_REFUSED",
          "%s is no TorchScript file: %s".formatted(model.name(), e.getMessage()),
          e);
    } catch (IllegalArgumentException e) {
      throw new BackendException(
          "MODEL_REFUSED", "%s %s".formatted(model.name(), e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }

  private MemoryFile rewritten(ModelSource.Opaque model) throws IOException {
    sort();
    long numbers = 0;
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      numbers += TENSOR.matcher(entry.getKey()).matches() ? zip.size(entry.getValue()) : 0;
    }
    if (numbers > model.bytes().remaining()) {
      throw new IllegalArgumentException("has numbers that are packed, which PyTorch never does");
    }
    program.check();
    Value module = ModulePickle.read(content("data.pkl", MAX_PICKLE_BYTES), program);
    Value constants =
        entries.containsKey("constants.pkl")
            ? ModulePickle.read(content("constants.pkl", MAX_PICKLE_BYTES), program)
            : new Value(ModulePickle.Kind.TUPLE, "");
    TensorStorage tensors = TensorStorage.of(module, key -> size("data/" + key));
    TensorStorage constantTensors = TensorStorage.of(constants, key -> size("constants/" + key));
    byte[] version = version();

    MemoryFile file = new MemoryFile(model.bytes().remaining());
    try (AlignedZip out = new AlignedZip(file)) {
      out.put(ROOT + "data.pkl", ModulePickle.write(module, tensors::written));
      for (Map.Entry<String, List<ScriptLine>> code : program.files().entrySet()) {
        StringBuilder text = new StringBuilder();
        code.getValue().forEach(line -> line.writeTo(text));
        out.put(ROOT + code.getKey(), text.toString().getBytes(StandardCharsets.US_ASCII));
      }
      out.put(ROOT + "constants.pkl", ModulePickle.write(constants, constantTensors::written));
      out.put(ROOT + "version", version);
      out.put(ROOT + "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      copy(tensors, "data/", out);
      copy(constantTensors, "constants/", out);
    }
    return file;
  }

  private void copy(TensorStorage tensors, String folder, AlignedZip out) throws IOException {
    int number = 0;
    for (String key : tensors.keys()) {
      out.put(ROOT + folder + number++, content(folder + key, Integer.MAX_VALUE));
    }
  }

  /** Sorts entries by what they are; one that is nothing known is refused. */
  private void sort() throws ZipException {
    String folder = null;
    long codeBytes = 0;
    for (String entry : zip.names()) {
      int slash = entry.indexOf('/') + 1;
      if (slash == 0 || (folder != null && !entry.startsWith(folder))) {
        throw new IllegalArgumentException(
            "has the entry \"%s\" outside its one folder".formatted(entry));
      }
      folder = entry.substring(0, slash);
      String place = entry.substring(slash);
      entries.put(place, entry);
      if (place.startsWith("code/") && !place.endsWith(".debug_pkl")) {
        codeBytes += zip.size(entry);
        if (codeBytes > MAX_CODE_BYTES) {
          throw new IllegalArgumentException(
              "has more than %s bytes of code".formatted(MAX_CODE_BYTES));
        }
        program.add(place, ScriptLexer.lines(content(place, MAX_CODE_BYTES)));
      } else if (!isKnown(place)) {
        throw new IllegalArgumentException(
            "has the entry \"%s\", which PyTorch does not write".formatted(entry));
      }
    }
    if (program.files().isEmpty()) {
      throw new IllegalArgumentException(
          "holds no code, only weights: write the model with torch.jit.trace or torch.jit.script,"
              + " and save that");
    }
  }

  private static boolean isKnown(String place) {
    return switch (place) {
      case "data.pkl", "constants.pkl", "version", ".data/version", "byteorder" -> true;
      default -> TENSOR.matcher(place).matches() || LEFT_OUT.matcher(place).matches();
    };
  }

  private ByteBuffer content(String place, long maxBytes) throws ZipException {
    String entry = entries.get(place);
    if (entry == null) {
      throw new IllegalArgumentException("has no entry \"%s\"".formatted(place));
    }
    return zip.content(entry, maxBytes);
  }

  private int size(String place) {
    String entry = TENSOR.matcher(place).matches() ? entries.get(place) : null;
    return entry == null ? -1 : zip.size(entry);
  }

  /** Returns the version of the format; numbers must be little-endian. */
  private byte[] version() throws ZipException {
    String version = word(entries.containsKey("version") ? "version" : ".data/version");
    if (!VERSION.matcher(version).matches()) {
      throw new IllegalArgumentException("has a format version that is none");
    }
    if (entries.containsKey("byteorder") && !word("byteorder").equals("little")) {
      throw new IllegalArgumentException("has numbers that are not little-endian");
    }
    return (version.strip() + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private String word(String place) throws ZipException {
    return StandardCharsets.ISO_8859_1.decode(content(place, MAX_WORD_BYTES)).toString();
  }
}
