package dev.lss.backend.djl;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A TorchScript archive under construction: a module with tensors and a method {@code forward} of
 * one tensor, written without PyTorch. The file is what {@code torch.jit.save} makes: a zip with
 * the code as text, the module as a pickle of tensors, and one entry of raw bytes for each tensor.
 * Not thread-safe.
 */
final class TorchScriptArchive {

  /** Name of the argument of {@code forward}. */
  static final String ARGUMENT = "x";

  private static final String CLASS = "Network";
  private static final String FOLDER = "network/";

  /** Old enough for every PyTorch since 1.6; none of our operators changed since. */
  private static final String FORMAT_VERSION = "3\n";

  private final Map<String, TorchScriptTensor> tensors = new LinkedHashMap<>();
  private final StringBuilder forward = new StringBuilder();
  private final StringBuilder methods = new StringBuilder();
  private int values;

  /**
   * Adds a tensor; returns the expression that names it.
   *
   * @param origin where it is from, for people who look into the archive
   */
  String tensor(String origin, TorchScriptTensor tensor) {
    String name = "w%s_%s".formatted(tensors.size(), origin.replaceAll("[^A-Za-z0-9]", "_"));
    tensors.put(name, tensor);
    return "self." + name;
  }

  /** Adds a statement that gives a new value; returns its name. */
  String value(String expression) {
    String name = "v" + values++;
    forward.append("    ").append(name).append(" = ").append(expression).append('\n');
    return name;
  }

  /**
   * Adds a method.
   *
   * @param name its name
   * @param parameters what follows {@code self}, with types
   * @param body its lines, each ended by a line feed
   */
  void method(String name, String parameters, String body) {
    methods
        .append("  def ")
        .append(name)
        .append("(self: __torch__.")
        .append(CLASS)
        .append(",\n    ")
        .append(parameters)
        .append(") -> Tensor:\n")
        .append(body.indent(4));
  }

  /** Writes the archive, whose {@code forward} returns this value. */
  void writeTo(OutputStream out, String result) throws IOException {
    try (AlignedZip zip = new AlignedZip(out)) {
      zip.put(FOLDER + "data.pkl", module());
      zip.put(FOLDER + "code/__torch__.py", utf8(code(result)));
      zip.put(FOLDER + "constants.pkl", new PickleWriter().emptyTuple().stop());
      zip.put(FOLDER + "version", utf8(FORMAT_VERSION));
      zip.put(FOLDER + "byteorder", utf8("little"));
      int index = 0;
      for (TorchScriptTensor tensor : tensors.values()) {
        zip.put(FOLDER + "data/" + index++, tensor.bytes());
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String code(String result) {
    StringBuilder code = new StringBuilder("class " + CLASS + "(Module):\n  __parameters__ = [");
    tensors.keySet().forEach(name -> code.append('"').append(name).append("\", "));
    code.append("]\n  __buffers__ = []\n");
    tensors.keySet().forEach(name -> code.append("  ").append(name).append(" : Tensor\n"));
    code.append("  training : bool\n  def forward(self: __torch__.")
        .append(CLASS)
        .append(",\n    ")
        .append(ARGUMENT)
        .append(": Tensor) -> Tensor:\n")
        .append(forward)
        .append("    return ")
        .append(result)
        .append('\n')
        .append(methods);
    return code.toString();
  }

  private byte[] module() {
    PickleWriter pickle =
        new PickleWriter().global("__torch__", CLASS).emptyTuple().newObject().emptyDict().mark();
    int index = 0;
    for (Map.Entry<String, TorchScriptTensor> entry : tensors.entrySet()) {
      TorchScriptTensor tensor = entry.getValue();
      pickle.string(entry.getKey()).global("torch._utils", "_rebuild_tensor_v2").mark();
      pickle.mark().string("storage").global("torch", tensor.storage().className);
      pickle.string(Integer.toString(index++)).string("cpu").integer(tensor.size()).tuple();
      pickle.persistentId().integer(0).tuple(tensor.shape()).tuple(tensor.strides()).bool(false);
      pickle.global("collections", "OrderedDict").emptyTuple().reduce().tuple().reduce();
    }
    return pickle.string("training").bool(false).setItems().build().stop();
  }
}
