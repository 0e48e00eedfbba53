package dev.lss.api.model.network;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Follows which results of layers are needed at the same time: each from its layer to the last one
 * that it feeds. The network's input is not counted. Not thread-safe.
 */
final class LiveValues {

  private final Network network;
  private final Map<String, Integer> channels;
  private final Map<String, List<Integer>> sizes = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();

  LiveValues(Network network, List<Integer> inputSize) {
    this.network = network;
    this.channels = network.channelsByLayer();
    sizes.put(Network.INPUT, inputSize);
    uses.put(network.output(), 1);
    network
        .layers()
        .forEach(layer -> layer.inputs().forEach(input -> uses.merge(input, 1, Integer::sum)));
  }

  /** Returns the most values of one sample that are needed at a time. */
  long most() {
    long live = 0;
    long most = 0;
    for (Layer layer : network.layers()) {
      sizes.put(layer.name(), layer.outputSize(sizeOf(layer.inputs().get(0))));
      long made = values(layer.name());
      if (!inPlace(layer)) {
        most = Math.max(most, live + made);
      }
      live += made;
      for (String input : layer.inputs()) {
        boolean last = uses.merge(input, -1, Integer::sum) == 0;
        if (last && !input.equals(Network.INPUT)) {
          live -= values(input);
        }
      }
      most = Math.max(most, live);
    }
    return most;
  }

  /** Tells whether a layer may write over its input, which nothing else needs. */
  private boolean inPlace(Layer layer) {
    return (layer instanceof Layer.LeakyRelu || layer instanceof Layer.Relu)
        && Objects.equals(uses.get(layer.inputs().get(0)), 1);
  }

  private List<Integer> sizeOf(String layer) {
    return Objects.requireNonNull(sizes.get(layer));
  }

  private long values(String layer) {
    long values = Objects.requireNonNull(channels.get(layer));
    for (int size : sizeOf(layer)) {
      values = Math.multiplyExact(values, (long) size);
    }
    return values;
  }
}
