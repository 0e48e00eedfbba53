package dev.lss.metrics;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.spi.VoxelArrays;
import java.util.Arrays;
import java.util.Optional;

/** The smallest box around each label value of two maps together; one pass over the voxels. */
final class LabelBoxes {

  private final int[] low = new int[3 * LabelValues.COUNT];
  private final int[] high = new int[3 * LabelValues.COUNT];

  LabelBoxes(LabelVolume reference, LabelVolume prediction) {
    Arrays.fill(low, Integer.MAX_VALUE);
    Arrays.fill(high, -1);
    add(reference);
    add(prediction);
  }

  /** Returns the box of a label; empty when neither map has it. */
  Optional<IndexBox> of(int label) {
    int at = 3 * label;
    return high[at] < 0
        ? Optional.empty()
        : Optional.of(
            new IndexBox(
                low[at],
                low[at + 1],
                low[at + 2],
                high[at] + 1,
                high[at + 1] + 1,
                high[at + 2] + 1));
  }

  private void add(LabelVolume map) {
    Extents extents = map.extents();
    short[] labels = VoxelArrays.labels(map);
    for (int k = 0; k < extents.k(); k++) {
      for (int j = 0; j < extents.j(); j++) {
        int row = extents.offset(0, j, k);
        for (int i = 0; i < extents.i(); ) {
          short label = labels[row + i];
          int start = i;
          do {
            i++;
          } while (i < extents.i() && labels[row + i] == label);
          if (label != 0) {
            add(Short.toUnsignedInt(label), start, i - 1, j, k);
          }
        }
      }
    }
  }

  private void add(int label, int first, int last, int j, int k) {
    int at = 3 * label;
    low[at] = Math.min(low[at], first);
    high[at] = Math.max(high[at], last);
    low[at + 1] = Math.min(low[at + 1], j);
    high[at + 1] = Math.max(high[at + 1], j);
    low[at + 2] = Math.min(low[at + 2], k);
    high[at + 2] = Math.max(high[at + 2], k);
  }
}
