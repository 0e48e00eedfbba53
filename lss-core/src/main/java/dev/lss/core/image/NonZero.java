package dev.lss.core.image;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Where an image is not empty: a voxel counts when any channel is not exactly 0; NaN counts
 * (nnU-Net's crop_to_nonzero).
 */
public final class NonZero {

  private NonZero() {}

  /**
   * Returns the tight box around what is not empty; the whole image when all of it is.
   *
   * @param channels at least one, on one grid
   */
  public static IndexBox box(List<Volume> channels) {
    Extents extents = channels.get(0).extents();
    int[] low = {extents.i(), extents.j(), extents.k()};
    int[] high = {0, 0, 0};
    for (Volume channel : channels) {
      float[] samples = VoxelArrays.samples(channel);
      for (int k = 0; k < extents.k(); k++) {
        for (int j = 0; j < extents.j(); j++) {
          int at = extents.offset(0, j, k);
          int first = 0;
          while (first < extents.i() && samples[at + first] == 0) {
            first++;
          }
          if (first < extents.i()) {
            int last = extents.i() - 1;
            while (samples[at + last] == 0) {
              last--;
            }
            low[0] = Math.min(low[0], first);
            low[1] = Math.min(low[1], j);
            low[2] = Math.min(low[2], k);
            high[0] = Math.max(high[0], last + 1);
            high[1] = Math.max(high[1], j + 1);
            high[2] = Math.max(high[2], k + 1);
          }
        }
      }
    }
    return high[0] == 0
        ? IndexBox.of(extents)
        : new IndexBox(low[0], low[1], low[2], high[0], high[1], high[2]);
  }

  /**
   * Returns, by array index, the voxels that are not empty, and those that they enclose: emptiness
   * from which no way over faces leads to the border of the image.
   *
   * @param channels at least one, on one grid; cropping to {@link #box} before changes nothing
   */
  public static BitSet filled(List<Volume> channels) {
    Extents extents = channels.get(0).extents();
    BitSet mask = new BitSet(extents.voxels());
    for (Volume channel : channels) {
      float[] samples = VoxelArrays.samples(channel);
      for (int n = 0; n < samples.length; n++) {
        if (samples[n] != 0) {
          mask.set(n);
        }
      }
    }
    BitSet outside = outside(extents, mask);
    outside.flip(0, extents.voxels());
    return outside;
  }

  /** Returns the empty voxels from which a way over faces leads to the border. */
  private static BitSet outside(Extents extents, BitSet mask) {
    BitSet outside = new BitSet(extents.voxels());
    Frontier frontier = new Frontier(mask, outside);
    for (int k = 0; k < extents.k(); k++) {
      for (int j = 0; j < extents.j(); j++) {
        boolean wall = k == 0 || k == extents.k() - 1 || j == 0 || j == extents.j() - 1;
        int step = wall ? 1 : Math.max(1, extents.i() - 1);
        for (int i = 0; i < extents.i(); i += step) {
          frontier.reach(extents.offset(i, j, k));
        }
      }
    }
    int row = extents.i();
    int slice = extents.i() * extents.j();
    while (!frontier.isEmpty()) {
      int n = frontier.next();
      int i = n % row;
      int j = n / row % extents.j();
      int k = n / slice;
      if (i > 0) {
        frontier.reach(n - 1);
      }
      if (i < extents.i() - 1) {
        frontier.reach(n + 1);
      }
      if (j > 0) {
        frontier.reach(n - row);
      }
      if (j < extents.j() - 1) {
        frontier.reach(n + row);
      }
      if (k > 0) {
        frontier.reach(n - slice);
      }
      if (k < extents.k() - 1) {
        frontier.reach(n + slice);
      }
    }
    return outside;
  }

  /** Empty voxels whose neighbours have not been looked at yet; each enters once. */
  private static final class Frontier {

    private final BitSet mask;
    private final BitSet outside;
    private int[] voxels = new int[1024];
    private int count;

    Frontier(BitSet mask, BitSet outside) {
      this.mask = mask;
      this.outside = outside;
    }

    void reach(int voxel) {
      if (!mask.get(voxel) && !outside.get(voxel)) {
        outside.set(voxel);
        if (count == voxels.length) {
          voxels = Arrays.copyOf(voxels, count + (count >> 1));
        }
        voxels[count++] = voxel;
      }
    }

    boolean isEmpty() {
      return count == 0;
    }

    int next() {
      return voxels[--count];
    }
  }
}
