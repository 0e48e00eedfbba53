package dev.lss.core.spine;

import dev.lss.api.image.DistanceTransform;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import java.util.Optional;

/**
 * The middle of a labelled vertebra's body: the mean of what lies deeper, within its sagittal
 * slice, than three quarters of the deepest place. No arch is so thick, and a slab that cuts a body
 * at its sides does no harm.
 */
final class BodyMiddle {

  private static final double DEEP = 0.75;
  private static final double SHALLOWEST_MM = 5;

  private BodyMiddle() {}

  /**
   * Returns the middle, LPS mm; empty where nothing is as deep as a body.
   *
   * @param labels with sagittal slices along k
   * @param label the vertebra's value
   * @param box the voxels outside of which there is none of it
   */
  static Optional<Vector3> of(LabelVolume labels, int label, IndexBox box) {
    Extents all = labels.extents();
    int i0 = Math.max(0, box.i0() - 1);
    int j0 = Math.max(0, box.j0() - 1);
    Extents plane =
        new Extents(Math.min(all.i(), box.i1() + 1) - i0, Math.min(all.j(), box.j1() + 1) - j0, 1);
    float[][] deep = new float[box.k1() - box.k0()][];
    float deepest = 0;
    for (int n = 0; n < deep.length; n++) {
      int k = box.k0() + n;
      deep[n] =
          DistanceTransform.toBackgroundMm(
              plane,
              labels.geometry().spacingMm().with(2, 1),
              at -> labels.get(i0 + at % plane.i(), j0 + at / plane.i(), k) == label);
      for (float mm : deep[n]) {
        deepest = Float.isInfinite(mm) ? deepest : Math.max(deepest, mm);
      }
    }
    if (deepest < SHALLOWEST_MM) {
      return Optional.empty();
    }
    Vector3 sum = new Vector3(0, 0, 0);
    int count = 0;
    for (int n = 0; n < deep.length; n++) {
      for (int at = 0; at < deep[n].length; at++) {
        if (deep[n][at] >= DEEP * deepest) {
          sum = sum.plus(new Vector3(i0 + at % plane.i(), j0 + at / plane.i(), box.k0() + n));
          count++;
        }
      }
    }
    return Optional.of(labels.geometry().toWorldMm(sum.times(1.0 / count)));
  }
}
