package dev.lss.core.measure;

import dev.lss.api.image.DistanceTransform;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.ConnectedComponents;
import java.util.Arrays;

/**
 * The box of one label with a rim of one voxel that counts as outside, so that distances to the
 * outside end at the box as they would in a larger image. Immutable.
 *
 * @param box the box in the image, without the rim
 * @param spacingMm distance between voxel centres along i, j, k
 */
record Padded(IndexBox box, Vector3 spacingMm) {

  Extents extents() {
    Extents inner = box.extents();
    return new Extents(inner.i() + 2, inner.j() + 2, inner.k() + 2);
  }

  /** Returns where the label lies, on the padded grid. */
  boolean[] mask(LabelVolume labels, int label) {
    Extents n = extents();
    boolean[] mask = new boolean[n.voxels()];
    for (int k = box.k0(); k < box.k1(); k++) {
      for (int j = box.j0(); j < box.j1(); j++) {
        int at = n.offset(1, j - box.j0() + 1, k - box.k0() + 1);
        for (int i = box.i0(); i < box.i1(); i++, at++) {
          mask[at] = labels.get(i, j, k) == label;
        }
      }
    }
    return mask;
  }

  /** Returns the distance in mm of each voxel centre to the nearest whose value is {@code to}. */
  double[] distanceMm(boolean[] mask, boolean to) {
    double[] distance = DistanceTransform.squaredMm2(extents(), spacingMm, at -> mask[at] == to);
    for (int at = 0; at < distance.length; at++) {
      distance[at] = Math.sqrt(distance[at]);
    }
    return distance;
  }

  /**
   * Returns the largest 6-connected component of a mask; an empty array when there is none or when
   * two are equally large, since then the storage order would choose.
   */
  boolean[] largestComponent(boolean[] mask) {
    ConnectedComponents components = ConnectedComponents.of(extents(), mask);
    if (components.count() == 0) {
      return new boolean[0];
    }
    int largest = components.largest();
    for (int other = largest + 1; other < components.count(); other++) {
      if (components.voxels(other) == components.voxels(largest)) {
        return new boolean[0];
      }
    }
    boolean[] kept = new boolean[mask.length];
    components.forEachRun(largest, (from, count) -> Arrays.fill(kept, from, from + count, true));
    return kept;
  }

  /** Returns whether a voxel of the box lies on the first or last plane of an axis of the image. */
  boolean isOnBorder(int at, Extents image) {
    for (int axis = 0; axis < 3; axis++) {
      int index = indexIn(at, axis);
      if (image.get(axis) > 1 && (index == 0 || index == image.get(axis) - 1)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the array index in the box, without the rim, of a voxel of the box. */
  int offsetInBox(int at) {
    return box.extents()
        .offset(indexIn(at, 0) - box.i0(), indexIn(at, 1) - box.j0(), indexIn(at, 2) - box.k0());
  }

  /** Returns the index along an axis of the image of a voxel of the padded grid. */
  int indexIn(int at, int axis) {
    Extents n = extents();
    int padded =
        switch (axis) {
          case 0 -> at % n.i();
          case 1 -> at / n.i() % n.j();
          default -> at / (n.i() * n.j());
        };
    return padded - 1 + box.start(axis);
  }
}
