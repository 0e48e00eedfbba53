package dev.lss.backend.onnx;

import dev.lss.api.BackendException;
import dev.lss.spi.ModelSource;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * Looks into an .onnx file before the runtime does: everything that the network needs must be in
 * the file, and every operator must be ONNX's own, ONNX Runtime's own, or a function that the file
 * itself is made of. Numbers in the calls are the field numbers of onnx.proto.
 */
final class OnnxFile {

  private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");
  private static final int MAX_DEPTH = 32;
  private static final int EXTERNAL = 1;

  private final String name;
  private final Set<String> domains = new HashSet<>(DOMAINS);

  private OnnxFile(String name) {
    this.name = name;
  }

  /**
   * Returns the bytes of a file that may be loaded.
   *
   * @throws BackendException {@code MODEL_REFUSED} with what is wrong with it
   */
  static ByteBuffer checked(ModelSource.Opaque model) {
    OnnxFile file = new OnnxFile(model.name());
    try {
      file.addFunctions(new ProtobufReader(model.bytes()));
      file.checkModel(new ProtobufReader(model.bytes()));
    } catch (IllegalArgumentException e) {
      throw new BackendException(
          "MODEL_REFUSED", "%s is no ONNX file: %s".formatted(model.name(), e.getMessage()), e);
    }
    return model.bytes().duplicate();
  }

  private void addFunctions(ProtobufReader model) {
    while (model.next()) {
      if (model.field() == 25) { // functions
        ProtobufReader function = model.message();
        while (function.next()) {
          if (function.field() == 10) { // domain
            domains.add(function.text());
          }
        }
      }
    }
  }

  private void checkModel(ProtobufReader model) {
    while (model.next()) {
      switch (model.field()) {
        case 7 -> checkGraph(model.message(), 0);
        case 25 -> checkFunction(model.message());
        default -> {}
      }
    }
  }

  private void checkFunction(ProtobufReader function) {
    while (function.next()) {
      switch (function.field()) {
        case 7 -> checkNode(function.message(), 0);
        case 11 -> checkAttribute(function.message(), 0);
        default -> {}
      }
    }
  }

  private void checkGraph(ProtobufReader graph, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("graphs lie more than " + MAX_DEPTH + " deep");
    }
    while (graph.next()) {
      switch (graph.field()) {
        case 1 -> checkNode(graph.message(), depth);
        case 5 -> checkTensor(graph.message());
        case 15 -> checkSparseTensor(graph.message());
        default -> {}
      }
    }
  }

  private void checkNode(ProtobufReader node, int depth) {
    String operator = "";
    String domain = "";
    while (node.next()) {
      switch (node.field()) {
        case 4 -> operator = node.text();
        case 5 -> checkAttribute(node.message(), depth);
        case 7 -> domain = node.text();
        default -> {}
      }
    }
    if (!domains.contains(domain)) {
      throw new BackendException(
          "MODEL_REFUSED",
          "%s uses the custom operator \"%s\" of the domain \"%s\", which ONNX Runtime does not have"
              .formatted(name, operator, domain));
    }
  }

  private void checkAttribute(ProtobufReader attribute, int depth) {
    while (attribute.next()) {
      switch (attribute.field()) {
        case 5, 10 -> checkTensor(attribute.message());
        case 6, 11 -> checkGraph(attribute.message(), depth + 1);
        case 22, 23 -> checkSparseTensor(attribute.message());
        default -> {}
      }
    }
  }

  private void checkSparseTensor(ProtobufReader tensor) {
    while (tensor.next()) {
      switch (tensor.field()) {
        case 1, 2 -> checkTensor(tensor.message());
        default -> {}
      }
    }
  }

  private void checkTensor(ProtobufReader tensor) {
    String constant = "";
    boolean external = false;
    while (tensor.next()) {
      switch (tensor.field()) {
        case 8 -> constant = tensor.text();
        case 13 -> external = true;
        case 14 -> external |= tensor.integer() == EXTERNAL;
        default -> {}
      }
    }
    if (external) {
      throw new BackendException(
          "MODEL_REFUSED",
          ("%s keeps the tensor \"%s\" in another file; save the model with all tensors in one"
                  + " file")
              .formatted(name, constant));
    }
  }
}
