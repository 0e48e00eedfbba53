package dev.lss.core.ultrasound;

import java.util.Arrays;

/**
 * A line through an image plane as points, as lengths (see {@link PlaneMask}). Nobody writes to the
 * arrays.
 *
 * @param x positions to the right
 * @param y positions downwards
 */
@SuppressWarnings("ArrayRecordComponent") // a kernel's own arrays, never compared
record Polyline(double[] x, double[] y) {

  int size() {
    return x.length;
  }

  /** Returns the length along the line of each point from the first one. */
  double[] arcs() {
    double[] arcs = new double[size()];
    for (int n = 1; n < arcs.length; n++) {
      arcs[n] = arcs[n - 1] + Math.hypot(x[n] - x[n - 1], y[n] - y[n - 1]);
    }
    return arcs;
  }

  double length() {
    return arcs()[size() - 1];
  }

  Polyline reversed() {
    int n = size();
    double[] rx = new double[n];
    double[] ry = new double[n];
    for (int p = 0; p < n; p++) {
      rx[p] = x[n - 1 - p];
      ry[p] = y[n - 1 - p];
    }
    return new Polyline(rx, ry);
  }

  /** Returns the points at least so far along the line from both ends; at least two. */
  Polyline withoutEnds(double trim) {
    double[] arcs = arcs();
    int from = 0;
    while (from < (size() - 2) / 2 && arcs[from] < trim) {
      from++;
    }
    return new Polyline(
        Arrays.copyOfRange(x, from, size() - from), Arrays.copyOfRange(y, from, size() - from));
  }

  /** Returns this line and then another one. */
  Polyline then(Polyline next) {
    double[] allX = Arrays.copyOf(x, size() + next.size());
    double[] allY = Arrays.copyOf(y, size() + next.size());
    System.arraycopy(next.x, 0, allX, size(), next.size());
    System.arraycopy(next.y, 0, allY, size(), next.size());
    return new Polyline(allX, allY);
  }

  /** Returns points at even distances near {@code step}, ends included; at least two. */
  Polyline resampled(double step) {
    double[] arcs = arcs();
    double length = arcs[size() - 1];
    int count = Math.max(2, (int) Math.rint(length / step) + 1);
    double[] newX = new double[count];
    double[] newY = new double[count];
    int segment = 0;
    for (int n = 0; n < count; n++) {
      double at = length * n / (count - 1);
      while (segment < size() - 2 && arcs[segment + 1] < at) {
        segment++;
      }
      int next = Math.min(segment + 1, size() - 1);
      double width = arcs[next] - arcs[segment];
      double share = width > 0 ? Math.min(1, (at - arcs[segment]) / width) : 0;
      newX[n] = x[segment] + share * (x[next] - x[segment]);
      newY[n] = y[segment] + share * (y[next] - y[segment]);
    }
    return new Polyline(newX, newY);
  }
}
