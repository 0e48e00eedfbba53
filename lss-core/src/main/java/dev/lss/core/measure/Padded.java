package dev.lss.core.measure;

import dev.lss.api.image.DistanceTransform;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;

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
   * Returns the largest 6-connected component of a mask that is false on the rim; an empty array
   * when there is none or two are equally large.
   */
  boolean[] largestComponent(boolean[] mask) {
    Extents n = extents();
    int[] steps = {1, -1, n.i(), -n.i(), n.i() * n.j(), -n.i() * n.j()};
    int[] component = new int[mask.length];
    int[] queue = new int[mask.length];
    int components = 0;
    int largest = 0;
    int largestSize = 0;
    boolean tied = true;
    for (int seed = 0; seed < mask.length; seed++) {
      if (!mask[seed] || component[seed] != 0) {
        continue;
      }
      components++;
      int size = 0;
      component[seed] = components;
      queue[size++] = seed;
      for (int head = 0; head < size; head++) {
        for (int step : steps) {
          int next = queue[head] + step;
          if (mask[next] && component[next] == 0) {
            component[next] = components;
            queue[size++] = next;
          }
        }
      }
      if (size > largestSize) {
        largest = components;
        largestSize = size;
        tied = false;
      } else if (size == largestSize) {
        tied = true;
      }
    }
    if (tied) {
      return new boolean[0];
    }
    boolean[] kept = new boolean[mask.length];
    for (int at = 0; at < mask.length; at++) {
      kept[at] = component[at] == largest;
    }
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

  /** Returns the array index in the image of a voxel of the box. */
  int offsetIn(int at, Extents image) {
    return image.offset(indexIn(at, 0), indexIn(at, 1), indexIn(at, 2));
  }

  private int indexIn(int at, int axis) {
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
