package dev.lss.core.image;

import dev.lss.api.image.Extents;

/**
 * Resampling with {@link CubicSpline}, one axis after the other (j, i, k), in double, limited to
 * the range of the input.
 *
 * <p>Every output needs the whole line, so the slices resampled in j and i are kept, in double,
 * until k is done. Nothing is kept when the slices keep their size or their number; an axis that
 * keeps its size is not filtered.
 */
final class CubicResampling {

  private final Samples in;
  private final Extents from;
  private final Extents to;

  CubicResampling(Samples in, Extents out) {
    this.in = in;
    from = in.extents();
    to = out;
  }

  void run(Slabs slabs, Samples.Rows rows) {
    Samples.Rows clipped = clipTo(range(slabs), rows);
    boolean slicesChange = from.i() != to.i() || from.j() != to.j();
    if (!slicesChange) {
      alongK(slabs, this::readRow, clipped);
    } else if (from.k() == to.k()) {
      slabs.forEach(
          from.k(),
          (k0, k1) -> {
            var plane = new Plane(in, to);
            double[] slice = new double[to.i() * to.j()];
            for (int k = k0; k < k1; k++) {
              plane.resample(k, slice);
              for (int j = 0; j < to.j(); j++) {
                clipped.write(j, k, slice, j * to.i());
              }
            }
          });
    } else {
      double[][] slices = new double[from.k()][to.i() * to.j()];
      slabs.forEach(
          from.k(),
          (k0, k1) -> {
            var plane = new Plane(in, to);
            for (int k = k0; k < k1; k++) {
              plane.resample(k, slices[k]);
            }
          });
      alongK(
          slabs,
          (j, k, row, into, at) -> System.arraycopy(slices[k], j * to.i(), into, at, to.i()),
          clipped);
    }
  }

  private interface RowReader {
    void read(int j, int k, float[] scratch, double[] into, int at);
  }

  private void readRow(int j, int k, float[] scratch, double[] into, int at) {
    in.read(from.offset(0, j, k), from.i(), scratch);
    for (int i = 0; i < from.i(); i++) {
      into[at + i] = scratch[i];
    }
  }

  private void alongK(Slabs slabs, RowReader reader, Samples.Rows rows) {
    slabs.forEach(
        to.j(),
        (j0, j1) -> {
          var spline = new CubicSpline(from.k(), to.k(), to.i());
          float[] scratch = new float[from.i()];
          double[] result = new double[to.i() * to.k()];
          for (int j = j0; j < j1; j++) {
            for (int k = 0; k < from.k(); k++) {
              reader.read(j, k, scratch, spline.input(), spline.inputAt(k));
            }
            spline.resample(result, 0);
            for (int k = 0; k < to.k(); k++) {
              rows.write(j, k, result, k * to.i());
            }
          }
        });
  }

  /** The smallest and the largest input value. */
  private record Range(float min, float max) {}

  private Range range(Slabs slabs) {
    float[] min = new float[from.k()];
    float[] max = new float[from.k()];
    int count = from.i() * from.j();
    slabs.forEach(
        from.k(),
        (k0, k1) -> {
          float[] slice = new float[count];
          for (int k = k0; k < k1; k++) {
            in.read(k * count, count, slice);
            min[k] = Float.POSITIVE_INFINITY;
            max[k] = Float.NEGATIVE_INFINITY;
            for (float value : slice) {
              min[k] = Math.min(min[k], value);
              max[k] = Math.max(max[k], value);
            }
          }
        });
    float lowest = min[0];
    float highest = max[0];
    for (int k = 1; k < min.length; k++) {
      lowest = Math.min(lowest, min[k]);
      highest = Math.max(highest, max[k]);
    }
    return new Range(lowest, highest);
  }

  private Samples.Rows clipTo(Range range, Samples.Rows rows) {
    return (j, k, values, at) -> {
      for (int i = at; i < at + to.i(); i++) {
        values[i] = Math.min(Math.max(values[i], range.min()), range.max());
      }
      rows.write(j, k, values, at);
    };
  }
}
