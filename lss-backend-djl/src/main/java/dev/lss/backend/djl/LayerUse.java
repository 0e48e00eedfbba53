package dev.lss.backend.djl;

import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What becomes of the values in a network. Immutable.
 *
 * @param count how many layers a layer feeds; the network's output counts as one
 * @param last the last layers with weights: the convolutions between which and the output there is
 *     no other
 */
record LayerUse(Map<String, Integer> count, Set<String> last) {

  static LayerUse of(Network network) {
    Map<String, Integer> count = new HashMap<>();
    Map<String, Layer> layers = new HashMap<>();
    for (Layer layer : network.layers()) {
      layers.put(layer.name(), layer);
      layer.inputs().forEach(input -> count.merge(input, 1, Integer::sum));
    }
    count.merge(network.output(), 1, Integer::sum);
    return new LayerUse(Map.copyOf(count), last(network, layers));
  }

  private static Set<String> last(Network network, Map<String, Layer> layers) {
    Set<String> last = new HashSet<>();
    Set<String> seen = new HashSet<>(Set.of(Network.INPUT));
    Deque<String> behind = new ArrayDeque<>(Set.of(network.output()));
    while (!behind.isEmpty()) {
      String name = behind.remove();
      if (seen.add(name)) {
        Layer layer = Objects.requireNonNull(layers.get(name));
        if (layer instanceof Layer.Convolution || layer instanceof Layer.TransposedConvolution) {
          last.add(name);
        } else {
          behind.addAll(layer.inputs());
        }
      }
    }
    return Set.copyOf(last);
  }

  /** Returns whether nobody but one layer sees the value of a layer, so that it may change it. */
  boolean isUsedOnce(String layer) {
    return !layer.equals(Network.INPUT) && Objects.equals(count.get(layer), 1);
  }
}
