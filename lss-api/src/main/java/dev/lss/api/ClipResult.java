package dev.lss.api;

import dev.lss.api.FasciaSummary.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The outcome of one clip: a result for each frame. Immutable.
 *
 * @param frames the results, in the order of the frames; at least one
 */
public record ClipResult(List<SegmentationResult> frames) {

  /** Copies the list; refuses an empty one. */
  public ClipResult {
    frames = List.copyOf(frames);
    if (frames.isEmpty()) {
      throw new IllegalArgumentException("a clip has at least one frame");
    }
  }

  /** Returns whether any structure was found in any frame. */
  public boolean foundAnything() {
    return frames.stream().anyMatch(SegmentationResult::foundAnything);
  }

  /**
   * Returns what was measured over all frames, one entry for each layer number, from the skin down;
   * empty when nothing was measured. Layers are counted anew in each frame: where a layer is missed
   * in a frame, those below it move up by one.
   */
  public List<FasciaSummary> summary() {
    TreeMap<Integer, List<FasciaMeasurement>> byLayer = new TreeMap<>();
    for (SegmentationResult frame : frames) {
      for (FasciaMeasurement layer : frame.measurements().fascia()) {
        byLayer.computeIfAbsent(layer.layer(), n -> new ArrayList<>()).add(layer);
      }
    }
    return byLayer.values().stream().map(ClipResult::summary).toList();
  }

  private static FasciaSummary summary(List<FasciaMeasurement> layers) {
    FasciaMeasurement first = layers.get(0);
    return new FasciaSummary(
        first.layer(),
        first.unit(),
        layers.size(),
        Statistic.of(layers.stream().mapToDouble(m -> m.thickness().mean()).toArray()),
        Statistic.of(layers.stream().mapToDouble(FasciaMeasurement::length).toArray()),
        Statistic.of(layers.stream().mapToDouble(FasciaMeasurement::depth).toArray()),
        Statistic.of(layers.stream().mapToDouble(m -> m.echo().fascia()).toArray()));
  }
}
