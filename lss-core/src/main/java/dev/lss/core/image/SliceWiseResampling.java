package dev.lss.core.image;

import dev.lss.api.image.Extents;
import dev.lss.api.model.ResamplingRule;

/**
 * Resampling of an image with thick slices: cubic within each slice, limited to that slice's own
 * range, and the nearest slice along k (nnU-Net's separate z, order 3 and 0).
 */
final class SliceWiseResampling {

  private final Samples in;
  private final Extents to;
  private final AxisWeights alongK;

  SliceWiseResampling(Samples in, Extents out) {
    this.in = in;
    to = out;
    alongK = AxisWeights.of(ResamplingRule.NEAREST, in.extents().k(), out.k());
  }

  void run(Slabs slabs, Samples.Rows rows) {
    slabs.forEach(
        to.k(),
        (k0, k1) -> {
          Plane plane = new Plane(in, to);
          double[] slice = new double[to.i() * to.j()];
          int held = -1;
          for (int k = k0; k < k1; k++) {
            if (alongK.first(k) != held) {
              held = alongK.first(k);
              plane.resample(held, slice);
              plane.clip(slice);
            }
            for (int j = 0; j < to.j(); j++) {
              rows.write(j, k, slice, j * to.i());
            }
          }
        });
  }
}
