package dev.lss.metrics;

import dev.lss.api.image.LabelVolume;
import dev.lss.spi.VoxelArrays;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** The label values of maps: 1 to 65535; 0 is background. */
public final class LabelValues {

  static final int COUNT = 1 << Short.SIZE;

  private LabelValues() {}

  /** Returns every label that is in at least one of these maps, in ascending order. */
  public static SortedSet<Integer> in(LabelVolume... maps) {
    boolean[] present = new boolean[COUNT];
    for (LabelVolume map : maps) {
      for (short value : VoxelArrays.labels(map)) {
        present[Short.toUnsignedInt(value)] = true;
      }
    }
    SortedSet<Integer> labels = new TreeSet<>();
    for (int label = 1; label < COUNT; label++) {
      if (present[label]) {
        labels.add(label);
      }
    }
    return labels;
  }

  /** Refuses what is no label. */
  static void require(Collection<Integer> labels) {
    for (int label : labels) {
      if (label < 1 || label >= COUNT) {
        throw new IllegalArgumentException("a label lies in 1 to 65535, was " + label);
      }
    }
  }
}
