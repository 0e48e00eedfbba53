package dev.lss.core.image;

import dev.lss.api.image.Extents;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.model.ResamplingRule;
import dev.lss.spi.VoxelArrays;
import java.util.BitSet;

/**
 * Label maps on another grid, by the rules of batchgenerators' {@code resize_segmentation} as
 * nnU-Net calls it: of the two voxels along each axis that lie around an output voxel, each gives
 * its label a share that a linear interpolation would give it, and the shares decide. Shares are
 * added in double in the order of scipy's {@code zoom}, because exact ties are common, as on every
 * border when the size doubles, and have a rule of their own.
 */
final class LabelResampling {

  /** Background outside the image's non-empty part, a label of its own while shares are counted. */
  private static final int OUTSIDE = -1;

  private final short[] labels;
  private final Extents from;
  private final Extents to;
  private final BitSet inside;
  private final ResamplingRule rule;
  private final AxisWeights[] shares = new AxisWeights[3];
  private final AxisWeights[] nearest = new AxisWeights[3];

  /** Prepares to resample; background outside of {@code inside} is told from background in it. */
  LabelResampling(LabelVolume volume, BitSet inside, Resample.Way way) {
    this.labels = VoxelArrays.labels(volume);
    this.from = volume.extents();
    this.to = way.extents();
    this.inside = inside;
    this.rule = way.rule();
    if (rule != ResamplingRule.LABEL_ARGMAX
        && rule != ResamplingRule.LABEL_HALF
        && rule != ResamplingRule.NEAREST) {
      throw new IllegalArgumentException("labels are not resampled by " + rule);
    }
    for (int axis = 0; axis < 3; axis++) {
      boolean whole =
          rule == ResamplingRule.NEAREST
              || (way.apart().isPresent() && way.apart().getAsInt() == axis);
      int in = from.get(axis);
      int out = to.get(axis);
      nearest[axis] = AxisWeights.of(ResamplingRule.NEAREST, in, out);
      shares[axis] = whole ? nearest[axis] : AxisWeights.of(ResamplingRule.LINEAR, in, out);
    }
  }

  /** Returns the labels, i fastest. */
  short[] run(Slabs slabs) {
    short[] out = new short[to.voxels()];
    slabs.forEach(
        to.k(),
        (k0, k1) -> {
          Ballot ballot = new Ballot();
          for (int k = k0; k < k1; k++) {
            for (int j = 0; j < to.j(); j++) {
              int at = to.offset(0, j, k);
              for (int i = 0; i < to.i(); i++) {
                out[at + i] = (short) Math.max(0, label(i, j, k, ballot));
              }
            }
          }
        });
    return out;
  }

  private int label(int i, int j, int k, Ballot ballot) {
    double[] wi = shares[0].weights(i);
    double[] wj = shares[1].weights(j);
    double[] wk = shares[2].weights(k);
    ballot.clear();
    for (int c = 0; c < wk.length; c++) {
      for (int b = 0; b < wj.length; b++) {
        int row = from.offset(shares[0].first(i), shares[1].first(j) + b, shares[2].first(k) + c);
        for (int a = 0; a < wi.length; a++) {
          ballot.add(at(row + a), wk[c] * wj[b] * wi[a]);
        }
      }
    }
    if (rule == ResamplingRule.LABEL_HALF) {
      return ballot.largestFromHalf();
    }
    int winner = ballot.smallestOfTheMost();
    if (ballot.isTied()) {
      int near = at(from.offset(nearest[0].first(i), nearest[1].first(j), nearest[2].first(k)));
      return ballot.isAmongTheMost(near) ? near : winner;
    }
    return winner;
  }

  private int at(int index) {
    int label = Short.toUnsignedInt(labels[index]);
    return label > 0 || inside.get(index) ? label : OUTSIDE;
  }

  /** The shares of at most eight labels at one voxel. */
  private static final class Ballot {

    private final int[] label = new int[8];
    private final double[] share = new double[8];
    private int count;
    private double most;
    private int winners;

    void clear() {
      count = 0;
    }

    void add(int value, double weight) {
      int n = 0;
      while (n < count && label[n] != value) {
        n++;
      }
      if (n == count) {
        label[count] = value;
        share[count++] = 0;
      }
      share[n] += weight;
    }

    int largestFromHalf() {
      int found = 0;
      for (int n = 0; n < count; n++) {
        if (share[n] >= 0.5) {
          found = Math.max(found, label[n]);
        }
      }
      return found;
    }

    int smallestOfTheMost() {
      most = 0;
      int found = 0;
      for (int n = 0; n < count; n++) {
        if (share[n] > most) {
          most = share[n];
          found = label[n];
          winners = 1;
        } else if (share[n] == most) {
          found = Math.min(found, label[n]);
          winners++;
        }
      }
      return found;
    }

    boolean isTied() {
      return winners > 1;
    }

    boolean isAmongTheMost(int value) {
      for (int n = 0; n < count; n++) {
        if (label[n] == value) {
          return share[n] == most;
        }
      }
      return false;
    }
  }
}
