package dev.lss.core.image;

import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import java.util.BitSet;

/**
 * Where a picture is grainy: the grey values of the 3 x 3 pixels around span at least 3. Beyond the
 * border the outer pixels count again. Immutable by convention.
 *
 * @param columns pixels across
 * @param rows pixels down
 * @param pixels the grainy pixels by array index
 */
record Grain(int columns, int rows, BitSet pixels) {

  private static final float SPAN = 3;

  /** A row or column at the rim of a box is flat when less of it is grainy. */
  private static final double FLAT = 0.25;

  static Grain of(Volume plane) {
    int columns = plane.extents().i();
    int rows = plane.extents().j();
    float[] samples = plane.unsafeSamples();
    float[] most = new float[samples.length];
    float[] least = new float[samples.length];
    for (int n = 0; n < samples.length; n++) {
      int i = n % columns;
      float left = samples[i > 0 ? n - 1 : n];
      float right = samples[i < columns - 1 ? n + 1 : n];
      most[n] = Math.max(samples[n], Math.max(left, right));
      least[n] = Math.min(samples[n], Math.min(left, right));
    }
    BitSet grainy = new BitSet(samples.length);
    for (int n = 0; n < samples.length; n++) {
      int up = n >= columns ? n - columns : n;
      int down = n < samples.length - columns ? n + columns : n;
      float high = Math.max(most[n], Math.max(most[up], most[down]));
      float low = Math.min(least[n], Math.min(least[up], least[down]));
      if (high - low >= SPAN) {
        grainy.set(n);
      }
    }
    return new Grain(columns, rows, grainy);
  }

  /** Returns a box without the flat rows and columns at its rim; at least one pixel stays. */
  IndexBox trimmed(IndexBox box) {
    int i0 = box.i0();
    int i1 = box.i1();
    int j0 = box.j0();
    int j1 = box.j1();
    while (j1 - j0 > 1 && isFlat(i0, i1, j0, j0 + 1)) {
      j0++;
    }
    while (j1 - j0 > 1 && isFlat(i0, i1, j1 - 1, j1)) {
      j1--;
    }
    while (i1 - i0 > 1 && isFlat(i0, i0 + 1, j0, j1)) {
      i0++;
    }
    while (i1 - i0 > 1 && isFlat(i1 - 1, i1, j0, j1)) {
      i1--;
    }
    return new IndexBox(i0, j0, 0, i1, j1, 1);
  }

  private boolean isFlat(int i0, int i1, int j0, int j1) {
    int count = 0;
    for (int j = j0; j < j1; j++) {
      for (int i = i0; i < i1; i++) {
        if (pixels.get(j * columns + i)) {
          count++;
        }
      }
    }
    return count < FLAT * (i1 - i0) * (j1 - j0);
  }
}
