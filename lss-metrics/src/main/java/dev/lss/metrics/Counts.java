package dev.lss.metrics;

import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.spi.VoxelArrays;

/**
 * How often each label value occurs in two maps and in both at one voxel; one pass over the voxels.
 */
final class Counts {

  private final long[] reference = new long[LabelValues.COUNT];
  private final long[] prediction = new long[LabelValues.COUNT];
  private final long[] both = new long[LabelValues.COUNT];
  private final long voxels;
  private final double voxelVolumeMm3;
  private long labelledInBoth;

  private Counts(GridGeometry geometry) {
    voxels = geometry.extents().voxels();
    voxelVolumeMm3 = geometry.calibrated() ? geometry.voxelVolumeMm3() : Double.NaN;
  }

  static Counts of(LabelVolume reference, LabelVolume prediction) {
    SameGrid.require(reference.geometry(), prediction.geometry());
    Counts counts = new Counts(reference.geometry());
    short[] r = VoxelArrays.labels(reference);
    short[] p = VoxelArrays.labels(prediction);
    for (int n = 0; n < r.length; n++) {
      counts.reference[Short.toUnsignedInt(r[n])]++;
      counts.prediction[Short.toUnsignedInt(p[n])]++;
      if (r[n] == p[n]) {
        counts.both[Short.toUnsignedInt(r[n])]++;
      }
      if (r[n] != 0 && p[n] != 0) {
        counts.labelledInBoth++;
      }
    }
    return counts;
  }

  Overlap ofLabel(int label, EmptyPolicy policy) {
    return overlap(both[label], reference[label], prediction[label], policy);
  }

  Overlap ofUnion(EmptyPolicy policy) {
    return overlap(labelledInBoth, voxels - reference[0], voxels - prediction[0], policy);
  }

  private Overlap overlap(long common, long inReference, long inPrediction, EmptyPolicy policy) {
    return new Overlap(
        common,
        inPrediction - common,
        inReference - common,
        voxels - inReference - inPrediction + common,
        voxelVolumeMm3,
        policy);
  }
}
