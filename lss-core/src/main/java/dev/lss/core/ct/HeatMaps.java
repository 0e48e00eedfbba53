package dev.lss.core.ct;

import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.image.HalfPixel;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the localiser says on its coarse, upright grid: one probability map for "the centre of any
 * vertebra", one for thoracic vertebrae above T12, one each for T12 and L1 to L5, one for S1. Index
 * k grows to the head, j to the back, i to the patient's left.
 */
final class HeatMaps {

  /** Channels in the order of the model's output. */
  static final List<String> CHANNELS =
      List.of(
          "heatmap/any",
          "heatmap/thoracic",
          "heatmap/T12",
          "heatmap/L1",
          "heatmap/L2",
          "heatmap/L3",
          "heatmap/L4",
          "heatmap/L5",
          "heatmap/S1");

  static final int ANY = 0;
  static final int THORACIC = 1;
  static final int T12 = 2;
  static final int L1 = 3;
  static final int L5 = 7;
  static final int S1 = 8;

  private static final double LEAST = 1e-4;

  /** One map, by array index. */
  interface Channel {

    /** Returns the probability at a voxel. */
    float at(int n);

    /** Returns whether the probability at a voxel is at least {@code threshold}. */
    default boolean reaches(int n, double threshold) {
      return at(n) >= threshold;
    }
  }

  private final Extents extents;
  private final Vector3 spacingMm;
  private final List<Channel> maps;

  /**
   * Takes the maps.
   *
   * @param maps in the order of {@link #CHANNELS}
   */
  HeatMaps(Extents extents, Vector3 spacingMm, List<? extends Channel> maps) {
    this.extents = extents;
    this.spacingMm = spacingMm;
    this.maps = List.copyOf(maps);
  }

  /** Takes the logits of the maps, in the order of {@link #CHANNELS}, on their grid. */
  static HeatMaps of(List<Volume> logits) {
    return new HeatMaps(
        logits.get(0).extents(),
        logits.get(0).geometry().spacingMm(),
        logits.stream().map(one -> new Sigmoid(VoxelArrays.samples(one))).toList());
  }

  /**
   * Logits whose probabilities are worked out where they are asked for, which is hardly anywhere.
   */
  private static final class Sigmoid implements Channel {

    private final float[] logits;

    private Sigmoid(float[] logits) {
      this.logits = logits;
    }

    @Override
    public float at(int n) {
      return (float) (1 / (1 + Math.exp(-logits[n])));
    }

    /** Most voxels need no exponential: {@code exp(-x) > 1 - x + x * x / 2} for x below 0. */
    @Override
    public boolean reaches(int n, double threshold) {
      double x = logits[n];
      return (x >= 0 || threshold * (2 - x + x * x / 2) <= 1) && at(n) >= threshold;
    }
  }

  Extents extents() {
    return extents;
  }

  Vector3 spacingMm() {
    return spacingMm;
  }

  /**
   * A local maximum.
   *
   * @param at continuous voxel index of its vertex
   * @param value height at its voxel
   * @param i voxel of the maximum
   * @param j voxel of the maximum
   * @param k voxel of the maximum
   */
  record Peak(Vector3 at, double value, int i, int j, int k) {

    /** The order in which ties are broken: higher first, then memory order. */
    static final Comparator<Peak> HIGHEST_FIRST =
        Comparator.comparingDouble((Peak p) -> -p.value)
            .thenComparingInt(p -> p.k)
            .thenComparingInt(p -> p.j)
            .thenComparingInt(p -> p.i);
  }

  /** Returns where a peak lies in an image over the same space, as continuous voxel index. */
  Vector3 onto(Extents image, Peak peak) {
    return Vector3.of(
        axis -> new HalfPixel(image.get(axis), extents.get(axis)).at(peak.at().get(axis)));
  }

  /** Returns the distance of two peaks in mm. */
  double distanceMm(Peak p, Peak q) {
    double di = (p.at.x() - q.at.x()) * spacingMm.x();
    double dj = (p.at.y() - q.at.y()) * spacingMm.y();
    double dk = (p.at.z() - q.at.z()) * spacingMm.z();
    return Math.sqrt(dk * dk + dj * dj + di * di);
  }

  /**
   * Returns the local maxima of one channel of at least {@code threshold}, highest first. Of equal
   * neighbours the first in memory order wins.
   */
  List<Peak> peaks(int channel, double threshold) {
    Channel map = maps.get(channel);
    List<Peak> found = new ArrayList<>();
    for (int k = 0; k < extents.k(); k++) {
      for (int j = 0; j < extents.j(); j++) {
        for (int i = 0; i < extents.i(); i++) {
          int n = extents.offset(i, j, k);
          if (map.reaches(n, threshold) && isTop(map, i, j, k)) {
            Vector3 at =
                new Vector3(
                    i + vertex(map, i, j, k, 0),
                    j + vertex(map, i, j, k, 1),
                    k + vertex(map, i, j, k, 2));
            found.add(new Peak(at, map.at(n), i, j, k));
          }
        }
      }
    }
    found.sort(Peak.HIGHEST_FIRST);
    return found;
  }

  /**
   * Returns the highest voxel of the map "any vertebra" near a place between two peaks, however low
   * it is. Of equal voxels the first in memory order is taken.
   *
   * @param share of the way from {@code low} to {@code high}, in (0, 1)
   */
  Peak between(Peak low, Peak high, double share, double radiusMm) {
    Vector3 middle = low.at().plus(high.at().minus(low.at()).times(share));
    Channel map = maps.get(ANY);
    @Nullable Peak best = null;
    for (int k = from(middle, 2, radiusMm); k <= to(middle, 2, radiusMm); k++) {
      for (int j = from(middle, 1, radiusMm); j <= to(middle, 1, radiusMm); j++) {
        for (int i = from(middle, 0, radiusMm); i <= to(middle, 0, radiusMm); i++) {
          double value = map.at(extents.offset(i, j, k));
          if (best == null || value > best.value) {
            best = new Peak(new Vector3(i, j, k), value, i, j, k);
          }
        }
      }
    }
    return Objects.requireNonNull(best, "a place between two voxels of the grid is near a voxel");
  }

  private int from(Vector3 middle, int axis, double radiusMm) {
    double reach = radiusMm / spacingMm.get(axis);
    return Math.max(0, Math.min(extents.get(axis) - 1, (int) Math.round(middle.get(axis) - reach)));
  }

  private int to(Vector3 middle, int axis, double radiusMm) {
    double reach = radiusMm / spacingMm.get(axis);
    return Math.max(0, Math.min(extents.get(axis) - 1, (int) Math.round(middle.get(axis) + reach)));
  }

  /** Returns, per channel, the largest value in the 3 x 3 x 3 voxels around a peak. */
  double[] evidence(Peak p) {
    double[] largest = new double[maps.size()];
    for (int c = 0; c < largest.length; c++) {
      for (int k = Math.max(0, p.k - 1); k < Math.min(extents.k(), p.k + 2); k++) {
        for (int j = Math.max(0, p.j - 1); j < Math.min(extents.j(), p.j + 2); j++) {
          for (int i = Math.max(0, p.i - 1); i < Math.min(extents.i(), p.i + 2); i++) {
            largest[c] = Math.max(largest[c], maps.get(c).at(extents.offset(i, j, k)));
          }
        }
      }
    }
    return largest;
  }

  private boolean isTop(Channel map, int i, int j, int k) {
    int centre = extents.offset(i, j, k);
    float top = map.at(centre);
    for (int kk = Math.max(0, k - 1); kk < Math.min(extents.k(), k + 2); kk++) {
      for (int jj = Math.max(0, j - 1); jj < Math.min(extents.j(), j + 2); jj++) {
        for (int ii = Math.max(0, i - 1); ii < Math.min(extents.i(), i + 2); ii++) {
          int other = extents.offset(ii, jj, kk);
          float value = map.at(other);
          if (value > top || (value == top && other < centre)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /**
   * Where between the voxels the top lies along one axis: the vertex of the parabola through three
   * log values, exact for a Gaussian, at most half a voxel away.
   */
  private double vertex(Channel map, int i, int j, int k, int axis) {
    int index = axis == 0 ? i : axis == 1 ? j : k;
    if (index == 0 || index == extents.get(axis) - 1) {
      return 0;
    }
    int step = axis == 0 ? 1 : axis == 1 ? extents.i() : extents.i() * extents.j();
    int centre = extents.offset(i, j, k);
    double low = Math.log(Math.max(map.at(centre - step), LEAST));
    double mid = Math.log(Math.max(map.at(centre), LEAST));
    double high = Math.log(Math.max(map.at(centre + step), LEAST));
    double bend = low - 2 * mid + high;
    if (bend > -1e-6) {
      return 0;
    }
    return Math.max(-0.5, Math.min(0.5, 0.5 * (low - high) / bend));
  }
}
