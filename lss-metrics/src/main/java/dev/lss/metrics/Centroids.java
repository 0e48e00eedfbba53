package dev.lss.metrics;

import dev.lss.api.image.Extents;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.spi.VoxelArrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the labels of a map lie: the mean position of the voxel centres of each, in world mm (LPS
 * for a patient). A label without voxels has no centroid. Sums of indices are exact.
 */
public final class Centroids {

  private Centroids() {}

  /** Returns the centroid of every label of a map, in ascending order of label. */
  public static SortedMap<Integer, Vector3> of(LabelVolume map) {
    long[] sums = new long[4 * LabelValues.COUNT];
    Extents extents = map.extents();
    short[] labels = VoxelArrays.labels(map);
    for (int k = 0, n = 0; k < extents.k(); k++) {
      for (int j = 0; j < extents.j(); j++) {
        for (int i = 0; i < extents.i(); i++, n++) {
          if (labels[n] != 0) {
            int at = 4 * Short.toUnsignedInt(labels[n]);
            sums[at]++;
            sums[at + 1] += i;
            sums[at + 2] += j;
            sums[at + 3] += k;
          }
        }
      }
    }
    SortedMap<Integer, Vector3> centroids = new TreeMap<>();
    for (int label = 1; label < LabelValues.COUNT; label++) {
      int at = 4 * label;
      if (sums[at] > 0) {
        double count = sums[at];
        Vector3 index =
            new Vector3(sums[at + 1] / count, sums[at + 2] / count, sums[at + 3] / count);
        centroids.put(label, map.geometry().toWorldMm(index));
      }
    }
    return Collections.unmodifiableSortedMap(centroids);
  }

  /**
   * Returns how far the centroids of one label lie apart, in mm; NaN when a map lacks the label.
   */
  public static double distanceMm(
      SortedMap<Integer, Vector3> reference, SortedMap<Integer, Vector3> prediction, int label) {
    return reference.containsKey(label) && prediction.containsKey(label)
        ? prediction.get(label).minus(reference.get(label)).norm()
        : Double.NaN;
  }
}
