package dev.lss.backend.onnx;

import dev.lss.api.BackendException;
import dev.lss.api.ModelException;
import dev.lss.api.ResourceException;
import dev.lss.api.model.network.Signature;
import dev.lss.backend.onnx.OnnxModel.Declared;
import dev.lss.backend.onnx.OnnxModel.Dimension;
import dev.lss.backend.onnx.OnnxModel.Node;
import dev.lss.spi.ModelSource;
import dev.lss.spi.Shape;
import dev.lss.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What stands between an .onnx file and the runtime: the file is read, checked against a list of
 * what a network may hold, and written anew. The runtime sees only what is written here, so nothing
 * that two readers may take for different things can reach it. Thread-safe.
 */
final class OnnxFile {

  /** As many input shapes are remembered as checked. */
  private static final int MOST_SHAPES = 64;

  private final String name;
  private final OnnxModel model;
  private final NetworkSizes sizes;
  private final Map<Shape, Shape> outputs = new ConcurrentHashMap<>();

  private OnnxFile(String name, OnnxModel model) {
    this.name = name;
    this.model = model;
    this.sizes = new NetworkSizes(model);
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
    OnnxFile file = new OnnxFile(source.name(), model);
    file.checkNodes();
    specification(model.input()).ifPresent(source::requireInput);
    specification(model.output()).ifPresent(source::requireOutput);
    try {
      file.sizes.checkConstants();
      file.sizes.checkFixed(smallest(model.input(), source.signature()));
    } catch (NetworkSizes.RefusedException e) {
      throw refused(source.name(), e.place(), e);
    }
    return file;
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

  /**
   * Checks that an input goes through the network and gives an output of this shape, and that the
   * network needs no more for it than networks do.
   *
   * @throws BackendException {@code WRONG_SHAPE} when it does not
   * @throws ModelException {@code MODEL_REFUSED} when it needs more
   */
  void check(Shape in, Shape out) {
    Shape made = outputs.get(in);
    if (made == null) {
      made = output(in);
      if (outputs.size() < MOST_SHAPES) {
        outputs.put(in, made);
      }
    }
    if (!made.equals(out)) {
      throw new BackendException(
          "WRONG_SHAPE",
          "%s makes %s of an input of %s, the output tensor is %s".formatted(name, made, in, out));
    }
  }

  private Shape output(Shape in) {
    try {
      return new Shape(sizes.output(in.dims()));
    } catch (NetworkSizes.RefusedException e) {
      throw refused(name, e.place(), e);
    } catch (IllegalArgumentException e) {
      throw new BackendException(
          "WRONG_SHAPE",
          "an input of %s does not go through %s (%s)".formatted(in, name, e.getMessage()),
          e);
    }
  }

  private static ModelException refused(String name, String place, RuntimeException reason) {
    return new ModelException(
        "MODEL_REFUSED",
        "%s is no ONNX file that may be used (%s): %s".formatted(name, place, reason.getMessage()),
        reason);
  }

  /** Checks every operator, and that each tensor is made once, before it is used. */
  private void checkNodes() {
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
