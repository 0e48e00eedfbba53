package dev.lss.api.model.network;

import java.util.List;
import java.util.Map;

/** How many channels a layer gives, from those that feed it; checks the layer's own numbers too. */
final class ChannelCount implements Layer.Visitor<Integer> {

  private final Map<String, Integer> known;
  private final int spatialRank;

  ChannelCount(Map<String, Integer> known, int spatialRank) {
    this.known = known;
    this.spatialRank = spatialRank;
  }

  /** As many as its first input has. */
  @Override
  public Integer other(Layer layer) {
    return of(layer.inputs().get(0));
  }

  private int of(String name) {
    Integer channels = known.get(name);
    if (channels == null) {
      throw new IllegalArgumentException("no layer is named " + name);
    }
    return channels;
  }

  private void check(Layer layer, String what, List<Integer> values, int least) {
    if (values.size() != spatialRank || !values.stream().allMatch(v -> v >= least)) {
      throw new IllegalArgumentException(
          "layer %s: %s must be %s numbers of at least %s, was %s"
              .formatted(layer.name(), what, spatialRank, least, values));
    }
  }

  private static int checkOut(Layer layer, int outChannels) {
    if (outChannels < 1) {
      throw new IllegalArgumentException(
          "layer %s: outChannels must be at least 1, was %s".formatted(layer.name(), outChannels));
    }
    return outChannels;
  }

  @Override
  public Integer visit(Layer.Convolution layer) {
    check(layer, "kernel", layer.kernel(), 1);
    check(layer, "stride", layer.stride(), 1);
    check(layer, "padding", layer.padding(), 0);
    return checkOut(layer, layer.outChannels());
  }

  @Override
  public Integer visit(Layer.TransposedConvolution layer) {
    check(layer, "stride", layer.stride(), 1);
    return checkOut(layer, layer.outChannels());
  }

  @Override
  public Integer visit(Layer.Add layer) {
    if (of(layer.left()) != of(layer.right())) {
      throw new IllegalArgumentException(
          "layer %s adds %s channels to %s"
              .formatted(layer.name(), of(layer.right()), of(layer.left())));
    }
    return other(layer);
  }

  @Override
  public Integer visit(Layer.Concatenate layer) {
    return layer.parts().stream().mapToInt(this::of).sum();
  }

  @Override
  public Integer visit(Layer.MaxPool layer) {
    check(layer, "kernel", layer.kernel(), 1);
    check(layer, "stride", layer.stride(), 1);
    return other(layer);
  }

  @Override
  public Integer visit(Layer.AveragePool layer) {
    check(layer, "kernel", layer.kernel(), 1);
    check(layer, "stride", layer.stride(), 1);
    return other(layer);
  }

  @Override
  public Integer visit(Layer.Upsample layer) {
    check(layer, "scale", layer.scale(), 1);
    return other(layer);
  }
}
