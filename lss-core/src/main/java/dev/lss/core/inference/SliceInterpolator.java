package dev.lss.core.inference;

import dev.lss.api.image.Extents;
import dev.lss.core.image.LinearAxis;
import dev.lss.core.io.HalfFloat;

/**
 * Linear interpolation of one output slice at a time, first along k, then j, then i, in double
 * precision. The order is fixed, so a voxel has the same bits in whatever slab it is made. Not
 * thread-safe; one per thread, because it holds two scratch arrays.
 */
final class SliceInterpolator {

  private final Extents in;
  private final LinearAxis iAxis;
  private final LinearAxis jAxis;
  private final LinearAxis kAxis;
  private final double[] plane;
  private final double[] line;

  SliceInterpolator(Extents in, LinearAxis iAxis, LinearAxis jAxis, LinearAxis kAxis) {
    this.in = in;
    this.iAxis = iAxis;
    this.jAxis = jAxis;
    this.kAxis = kAxis;
    plane = new double[in.i() * in.j()];
    line = new double[in.i()];
  }

  /** Prepares output slice {@code k} of an image of the input extents. */
  void slice(float[] samples, int k) {
    slice(samples, k, in.offset(0, 0, kAxis.lower(k)), in.offset(0, 0, kAxis.upper(k)));
  }

  /** Prepares output slice {@code k} between two input slices that start at these offsets. */
  void slice(float[] samples, int k, int lower, int upper) {
    for (int p = 0; p < plane.length; p++) {
      plane[p] = kAxis.mix(k, samples[lower + p], samples[upper + p]);
    }
  }

  /** Writes output row {@code j} of the prepared slice in single precision. */
  void row(int j, float[] target) {
    row(j, Arithmetic.FP32, target);
  }

  /** Writes output row {@code j} of the prepared slice, each value rounded once. */
  void row(int j, Arithmetic arithmetic, float[] target) {
    int lower = in.i() * jAxis.lower(j);
    int upper = in.i() * jAxis.upper(j);
    for (int i = 0; i < line.length; i++) {
      line[i] = jAxis.mix(j, plane[lower + i], plane[upper + i]);
    }
    if (arithmetic == Arithmetic.EXACT) {
      for (int i = 0; i < iAxis.size(); i++) {
        target[i] = HalfFloat.round(iAxis.mix(i, line[iAxis.lower(i)], line[iAxis.upper(i)]));
      }
    } else {
      for (int i = 0; i < iAxis.size(); i++) {
        target[i] = (float) iAxis.mix(i, line[iAxis.lower(i)], line[iAxis.upper(i)]);
      }
    }
  }
}
