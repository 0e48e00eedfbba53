package dev.lss.backend.onnx;

import dev.lss.api.ModelException;
import dev.lss.api.ResourceException;
import dev.lss.api.model.network.Signature;
import dev.lss.backend.onnx.OnnxModel.Declared;
import dev.lss.backend.onnx.OnnxModel.Dimension;
import dev.lss.backend.onnx.OnnxModel.Node;
import dev.lss.spi.ModelSource;
import dev.lss.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What stands between an .onnx file and the runtime: the file is read, checked against a list of
 * what a network may hold, and written anew. The runtime sees only what is written here, so nothing
 * that two readers may take for different things can reach it. Immutable.
 */
final class OnnxFile {

  private final String name;
  private final OnnxModel model;
  private final OnnxInputs inputs;

  private OnnxFile(String name, OnnxModel model, NetworkSizes sizes) {
    this.name = name;
    this.model = model;
    this.inputs = new OnnxInputs(name, sizes);
  }

  /**
   * Reads and checks a file; no native code is needed.
   *
   * @throws ModelException {@code MODEL_REFUSED} with the place and with what is wrong there
   * @throws dev.lss.api.BackendException {@code MODEL_REFUSED} when its input or output does not
   *     fit the signature
   */
  static OnnxFile checked(ModelSource.Opaque source) {
    OnnxModelReader reader = new OnnxModelReader();
    OnnxModel model;
    try {
      model = reader.read(source.bytes());
    } catch (IllegalArgumentException e) {
      throw refused(source.name(), reader.place(), e);
    }
    checkNodes(source.name(), model);
    specification(model.input()).ifPresent(source::requireInput);
    specification(model.output()).ifPresent(source::requireOutput);
    NetworkSizes sizes = new NetworkSizes(model);
    try {
      sizes.checkConstants();
      sizes.checkFixed(smallest(model.input(), source.signature()));
    } catch (NetworkSizes.RefusedException e) {
      throw refused(source.name(), e.place(), e);
    }
    return new OnnxFile(source.name(), model, sizes);
  }

  /** Returns the sizes of the smallest input that the signature allows. */
  private static List<Integer> smallest(Declared input, Signature signature) {
    List<Integer> sizes = new ArrayList<>(List.of(1, signature.inputChannels()));
    sizes.addAll(signature.sizeMultiples());
    List<Dimension> fixed = input.dims().orElse(List.of());
    for (int axis = 0; axis < Math.min(fixed.size(), sizes.size()); axis++) {
      if (fixed.get(axis).size() >= 0) {
        sizes.set(axis, fixed.get(axis).size());
      }
    }
    return sizes;
  }

  /** Returns what checks inputs before they are run; it keeps nothing of the file's bytes. */
  OnnxInputs inputs() {
    return inputs;
  }

  static ModelException refused(String name, String place, RuntimeException reason) {
    return new ModelException(
        "MODEL_REFUSED",
        "%s is no ONNX file that may be used (%s): %s".formatted(name, place, reason.getMessage()),
        reason);
  }

  /** Checks every operator, and that each tensor is made once, before it is used. */
  private static void checkNodes(String name, OnnxModel model) {
    Set<String> made = new HashSet<>(model.constants().keySet());
    made.add(model.input().name());
    String place = "";
    try {
      for (Node node : model.nodes()) {
        place = node.place();
        OnnxOperators.check(node);
        for (String input : node.inputs()) {
          if (!input.isEmpty() && !made.contains(input)) {
            throw new IllegalArgumentException(
                "it takes \"%s\", which nothing before it makes"
                    .formatted(OnnxModelReader.shown(input)));
          }
        }
        for (String output : node.outputs()) {
          if (!output.isEmpty() && !made.add(output)) {
            throw new IllegalArgumentException(
                "it makes \"%s\", which is there already".formatted(OnnxModelReader.shown(output)));
          }
        }
      }
      place = "the graph";
      made.removeAll(model.constants().keySet());
      made.remove(model.input().name());
      if (!made.contains(model.output().name())) {
        throw new IllegalArgumentException(
            "no node makes its output \"%s\""
                .formatted(OnnxModelReader.shown(model.output().name())));
      }
    } catch (IllegalArgumentException e) {
      throw refused(name, place, e);
    }
  }

  private static Optional<TensorSpec> specification(Declared declared) {
    return declared
        .dims()
        .map(
            dims ->
                new TensorSpec(
                    declared.name(),
                    dims.stream().map(Dimension::size).toList(),
                    Collections.nCopies(dims.size(), 1)));
  }

  /**
   * Returns the file as it goes to the runtime, in native memory.
   *
   * @throws ResourceException {@code TOO_LARGE} when there is too little memory for it
   */
  ByteBuffer written() {
    try {
      return OnnxModelWriter.write(model);
    } catch (OutOfMemoryError e) {
      throw new ResourceException(
          "TOO_LARGE",
          "%s does not fit into the memory that Java may take outside its heap; raise"
                  .formatted(name)
              + " -XX:MaxDirectMemorySize",
          e);
    }
  }
}
