package dev.lss.backend.onnx;

import dev.lss.api.BackendException;
import dev.lss.spi.Shape;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Checks inputs of an .onnx file before the runtime gets them. Thread-safe. */
final class OnnxInputs {

  /** As many shapes are remembered as checked. */
  private static final int MOST_SHAPES = 64;

  private final String name;
  private final NetworkSizes sizes;
  private final Map<Shape, Shape> outputs = new ConcurrentHashMap<>();

  OnnxInputs(String name, NetworkSizes sizes) {
    this.name = name;
    this.sizes = sizes;
  }

  /**
   * Checks that an input goes through the network and gives an output of this shape, and that the
   * network needs no more for it than networks do.
   *
   * @throws BackendException {@code WRONG_SHAPE} when it does not
   * @throws dev.lss.api.ModelException {@code MODEL_REFUSED} when it needs more
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
      throw OnnxFile.refused(name, e.place(), e);
    } catch (IllegalArgumentException e) {
      throw new BackendException(
          "WRONG_SHAPE",
          "an input of %s does not go through %s (%s)".formatted(in, name, e.getMessage()),
          e);
    }
  }
}
