package dev.lss.core.image;

import dev.lss.api.image.Extents;
import dev.lss.api.model.ResamplingRule;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Resampling with a kernel of finite support, one axis after the other, in double.
 *
 * <p>The order of the axes is always j, i, k, so the bits depend neither on threads nor on memory.
 * It is the fast order: j adds whole rows, which reads the input once in memory order and leaves
 * little for i when the image shrinks. Input slices are reduced in i and j when an output slice
 * first needs them and dropped after its last use, so that no intermediate volume ever exists;
 * beside the output a thread holds a few slices of output size.
 */
final class SeparableResampling {

  private final Samples in;
  private final Extents out;
  private final AxisWeights alongI;
  private final AxisWeights alongJ;
  private final AxisWeights alongK;

  /** Prepares to resample with one rule along i and j and another one along k. */
  SeparableResampling(Samples in, Extents out, ResamplingRule rule, ResamplingRule ruleAlongK) {
    this.in = in;
    this.out = out;
    alongI = AxisWeights.of(rule, in.extents().i(), out.i());
    alongJ = AxisWeights.of(rule, in.extents().j(), out.j());
    alongK = AxisWeights.of(ruleAlongK, in.extents().k(), out.k());
  }

  void run(Slabs slabs, Samples.Rows rows) {
    slabs.forEach(out.k(), (from, to) -> new Slab().run(from, to, rows));
  }

  /** One thread's share of the output slices, with its scratch memory. */
  private final class Slab {

    private final float[] samples = new float[in.extents().i()];
    private final double[][] slice = new double[in.extents().j()][samples.length];
    private final double[] row = new double[in.extents().i()];
    private final double[] result = new double[out.i()];
    private final double[] @Nullable [] reduced = new double[in.extents().k()][];
    private final Deque<double[]> free = new ArrayDeque<>();

    void run(int from, int to, Samples.Rows rows) {
      int dropped = alongK.first(from);
      for (int k = from; k < to; k++) {
        int first = alongK.first(k);
        for (; dropped < first; dropped++) {
          double[] unused = reduced[dropped];
          if (unused != null) {
            free.push(unused);
            reduced[dropped] = null;
          }
        }
        combine(k, rows);
      }
    }

    private void combine(int k, Samples.Rows rows) {
      int first = alongK.first(k);
      double[] weights = alongK.weights(k);
      for (int j = 0; j < out.j(); j++) {
        int at = j * out.i();
        for (int n = 0; n < weights.length; n++) {
          double[] source = reduced(first + n);
          double w = weights[n];
          if (n == 0) {
            for (int i = 0; i < result.length; i++) {
              result[i] = w * source[at + i];
            }
          } else {
            for (int i = 0; i < result.length; i++) {
              result[i] += w * source[at + i];
            }
          }
        }
        rows.write(j, k, result, 0);
      }
    }

    /** Returns input slice {@code k} at output size in i and j. */
    private double[] reduced(int k) {
      double[] known = reduced[k];
      if (known != null) {
        return known;
      }
      double[] fresh = free.isEmpty() ? new double[out.i() * out.j()] : free.pop();
      readSlice(k);
      for (int j = 0; j < out.j(); j++) {
        sumRows(j);
        sumAlongRow(fresh, j * out.i());
      }
      reduced[k] = fresh;
      return fresh;
    }

    /**
     * Rows are widened here and not where they are summed, and each has an array of its own: Java
     * 17 has no vectors for widening, nor for arrays that are read at one index and written at
     * another.
     */
    private void readSlice(int k) {
      for (int j = 0; j < slice.length; j++) {
        in.read(in.extents().offset(0, j, k), samples.length, samples);
        double[] line = slice[j];
        for (int i = 0; i < line.length; i++) {
          line[i] = samples[i];
        }
      }
    }

    private void sumRows(int j) {
      double[] weights = alongJ.weights(j);
      for (int n = 0; n < weights.length; n++) {
        double w = weights[n];
        double[] line = slice[alongJ.first(j) + n];
        if (n == 0) {
          for (int i = 0; i < row.length; i++) {
            row[i] = w * line[i];
          }
        } else {
          for (int i = 0; i < row.length; i++) {
            row[i] += w * line[i];
          }
        }
      }
    }

    private void sumAlongRow(double[] into, int at) {
      for (int i = 0; i < out.i(); i++) {
        int first = alongI.first(i);
        double[] weights = alongI.weights(i);
        double sum = weights[0] * row[first];
        for (int n = 1; n < weights.length; n++) {
          sum += weights[n] * row[first + n];
        }
        into[at + i] = sum;
      }
    }
  }
}
