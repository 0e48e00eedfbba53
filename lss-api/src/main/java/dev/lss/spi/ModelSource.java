package dev.lss.spi;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Signature;
import dev.lss.api.model.network.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a backend loads. Immutable. */
public sealed interface ModelSource {

  /** Returns a name for messages, such as {@code ct-vertebrae/localizer}. */
  String name();

  /** Returns what the network takes and gives. */
  Signature signature();

  /**
   * A network description that the backend translates.
   *
   * @param name name for messages
   * @param network the layers
   * @param weights their tensors; must stay readable until the session is open
   */
  record Described(String name, Network network, Weights weights) implements ModelSource {
    @Override
    public Signature signature() {
      return network.signature();
    }

    /** Returns what a session says about the input: any sizes that fit the strides. */
    public TensorSpec input() {
      return spec(Network.INPUT, network.inputChannels(), network.sizeMultiples());
    }

    /** Returns what a session says about the output: any sizes. */
    public TensorSpec output() {
      return spec(
          network.output(),
          network.outputChannels(),
          Collections.nCopies(network.spatialRank(), 1));
    }

    /**
     * Returns the shape of the output for an input of this shape, worked out from the layers.
     *
     * @throws BackendException {@code WRONG_SHAPE} when it does not go through the network
     */
    public Shape outputShape(Shape input) {
      List<Integer> dims = new ArrayList<>(List.of(input.get(0), network.outputChannels()));
      try {
        dims.addAll(network.outputSize(input.dims().subList(2, input.rank())));
      } catch (IllegalArgumentException e) {
        throw new BackendException(
            "WRONG_SHAPE",
            "an input of %s does not go through %s: %s".formatted(input, name, e.getMessage()),
            e);
      }
      return new Shape(dims);
    }

    private static TensorSpec spec(String name, int channels, List<Integer> spatialMultiples) {
      List<Integer> dims = new ArrayList<>(List.of(TensorSpec.ANY, channels));
      dims.addAll(Collections.nCopies(spatialMultiples.size(), TensorSpec.ANY));
      List<Integer> multiples = new ArrayList<>(List.of(1, 1));
      multiples.addAll(spatialMultiples);
      return new TensorSpec(name, dims, multiples);
    }
  }

  /**
   * A file in the backend's own format. A backend opens no other file for it.
   *
   * @param name name for messages
   * @param format its format
   * @param bytes the file, from the position to the limit of a direct buffer; must stay readable
   *     until the session is open
   * @param signature what the network must take and give
   */
  record Opaque(String name, ModelFormat format, ByteBuffer bytes, Signature signature)
      implements ModelSource {

    /** Refuses a buffer on the heap. */
    public Opaque {
      if (!bytes.isDirect()) {
        throw new IllegalArgumentException(name + " must lie in a direct buffer");
      }
    }

    /**
     * Returns what a session says about the file's input once it is known to fit the signature.
     *
     * @param found the input as the runtime tells it
     * @throws BackendException {@code MODEL_REFUSED} when it does not fit
     */
    public TensorSpec requireInput(TensorSpec found) {
      return require("input", found, signature.inputChannels());
    }

    /**
     * Returns what a session says about the file's output once it is known to fit the signature.
     *
     * @param found the output as the runtime tells it
     * @throws BackendException {@code MODEL_REFUSED} when it does not fit
     */
    public TensorSpec requireOutput(TensorSpec found) {
      return require("output", found, signature.outputChannels());
    }

    /** Sizes that the file fixes are the only ones that it takes, so they are the multiples. */
    private TensorSpec require(String what, TensorSpec found, int channels) {
      List<Integer> wanted = new ArrayList<>(List.of(1, channels));
      wanted.addAll(signature.sizeMultiples());
      List<Integer> dims = found.dims();
      boolean fits = dims.size() == wanted.size();
      for (int axis = 0; fits && axis < wanted.size(); axis++) {
        fits = dims.get(axis) == TensorSpec.ANY || dims.get(axis).equals(wanted.get(axis));
      }
      if (!fits) {
        throw new BackendException(
            "MODEL_REFUSED",
            ("%s: the %s \"%s\" of the file has sizes %s (-1: any), the manifest says %s, the last"
                    + " %s of them in multiples")
                .formatted(name, what, found.name(), dims, wanted, signature.spatialRank()));
      }
      List<Integer> fitted = new ArrayList<>(dims);
      fitted.set(1, channels);
      List<Integer> multiples = new ArrayList<>(List.of(1, 1));
      multiples.addAll(signature.sizeMultiples());
      return new TensorSpec(found.name(), fitted, multiples);
    }
  }
}
