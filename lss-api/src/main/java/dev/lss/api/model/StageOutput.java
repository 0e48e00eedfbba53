package dev.lss.api.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the output channels of a network mean. Immutable. */
public sealed interface StageOutput {

  /** Returns how many channels the network gives. */
  int channels();

  /** Returns the label values that the stage may write, ascending, without background. */
  List<Integer> values();

  /**
   * Classes of which the largest logit wins; channel 0 is background.
   *
   * @param labels what channels 1, 2, ... stand for and are written as
   */
  record Softmax(List<Label> labels) implements StageOutput {

    /** Refuses an empty list and values that repeat. */
    public Softmax {
      labels = List.copyOf(labels);
      if (labels.isEmpty() || labels.size() != Set.copyOf(values(labels)).size()) {
        throw new IllegalArgumentException("labels have values of their own, were " + labels);
      }
    }

    @Override
    public int channels() {
      return labels.size() + 1;
    }

    @Override
    public List<Integer> values() {
      return List.copyOf(new TreeSet<>(values(labels)));
    }

    private static List<Integer> values(List<Label> labels) {
      return labels.stream().map(Label::value).toList();
    }
  }

  /**
   * Independent channels, each a region that is written where its probability is above one half; a
   * later region overwrites an earlier one.
   *
   * @param regions what each channel stands for
   */
  record SigmoidRegions(List<Region> regions) implements StageOutput {

    /** Refuses an empty list. */
    public SigmoidRegions {
      regions = List.copyOf(regions);
      if (regions.isEmpty()) {
        throw new IllegalArgumentException("a network has at least one region");
      }
    }

    @Override
    public int channels() {
      return regions.size();
    }

    @Override
    public List<Integer> values() {
      TreeSet<Integer> values = new TreeSet<>();
      regions.forEach(region -> values.addAll(region.values()));
      values.remove(0);
      return List.copyOf(values);
    }
  }

  /**
   * Independent channels, each the probability that a point of interest lies there; no labels.
   *
   * @param keys what each channel is, such as {@code heatmap/L5}
   */
  record HeatMaps(List<String> keys) implements StageOutput {

    /** Refuses an empty list and keys that repeat. */
    public HeatMaps {
      keys = List.copyOf(keys);
      if (keys.isEmpty() || new HashSet<>(keys).size() != keys.size()) {
        throw new IllegalArgumentException("heat maps have keys of their own, were " + keys);
      }
    }

    @Override
    public int channels() {
      return keys.size();
    }

    @Override
    public List<Integer> values() {
      return List.of();
    }
  }

  /**
   * One channel, above 0 where the object is that the prior of {@link StageWindow.AroundPoint}
   * means. Its label is the caller's to give.
   *
   * @param key what kind of object it is, such as {@code vertebra}
   */
  record PointedObject(String key) implements StageOutput {

    /** Refuses a blank key. */
    public PointedObject {
      if (key.isBlank()) {
        throw new IllegalArgumentException("an object has a key");
      }
    }

    @Override
    public int channels() {
      return 1;
    }

    @Override
    public List<Integer> values() {
      return List.of();
    }
  }

  /**
   * One label.
   *
   * @param value what is written, 1 to 65535
   * @param key structure key, such as {@code vertebra/L3}, or a name
   */
  record Label(int value, String key) {

    /** Refuses a value outside 1 to 65535. */
    public Label {
      if (value < 1 || value > 65535) {
        throw new IllegalArgumentException("a label value lies in 1 to 65535, was " + value);
      }
    }
  }

  /**
   * A region, told by a sigmoid of its own.
   *
   * @param key structure key or name
   * @param values label values that make it up, for a later stage that takes labels; 0 to 65535
   * @param writes label value that is written where it is found, 1 to 65535
   */
  record Region(String key, List<Integer> values, int writes) {

    /** Refuses a region without values and values out of range. */
    public Region {
      values = List.copyOf(values);
      if (values.isEmpty() || !values.stream().allMatch(v -> v >= 0 && v <= 65535)) {
        throw new IllegalArgumentException("a region has values from 0 to 65535, was " + values);
      }
      if (writes < 1 || writes > 65535) {
        throw new IllegalArgumentException("a region writes 1 to 65535, was " + writes);
      }
    }

    /** Returns a region that is one label. */
    public static Region of(String key, int value) {
      return new Region(key, List.of(value), value);
    }
  }
}
