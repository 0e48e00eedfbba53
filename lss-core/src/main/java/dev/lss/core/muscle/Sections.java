package dev.lss.core.muscle;

import dev.lss.api.MuscleSection;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Cross-sections of one muscle. In a slice the area is that of its pixels. On another plane the
 * label's 0/1 field is interpolated linearly on a grid of 0.5 mm, or of the finest spacing where
 * that is less, and the area is the sum of what is found times that of a sample.
 */
final class Sections {

  private static final double STEP_MM = 0.5;

  private final LabelVolume labels;
  private final int value;
  private final IndexBox box;
  private final int[] voxels;
  private final float[] fat;
  private final SliceAxis axis;

  /**
   * Keeps what it is given.
   *
   * @param labels the labels
   * @param value that of the muscle
   * @param box the box around it
   * @param voxels its voxels, ascending
   * @param fat the fraction in each, NaN where there is none
   */
  Sections(LabelVolume labels, int value, IndexBox box, int[] voxels, float[] fat) {
    this.labels = labels;
    this.value = value;
    this.box = box;
    this.voxels = voxels;
    this.fat = fat;
    this.axis = SliceAxis.of(labels.geometry());
  }

  /** Sums over a section. */
  private static final class Sum {
    private double area;
    private double fat;
    private double known;
    private Vector3 moment = new Vector3(0, 0, 0);
    private boolean atBorder;

    void add(double share, float fraction, Vector3 index) {
      area += share;
      moment = moment.plus(index.times(share));
      if (!Float.isNaN(fraction)) {
        fat += share * fraction;
        known += share;
      }
    }

    OptionalDouble fraction() {
      return known > 0 ? OptionalDouble.of(fat / known) : OptionalDouble.empty();
    }
  }

  /** Returns the section of each slice that the muscle is in, ascending. */
  List<MuscleSection> slices() {
    @Nullable Sum[] sums = new Sum[axis.slices()];
    Extents n = labels.extents();
    for (int at = 0; at < voxels.length; at++) {
      int slice = axis.slice(voxels[at]);
      Sum sum = sums[slice];
      if (sum == null) {
        sum = new Sum();
        sums[slice] = sum;
      }
      Vector3 index = VoxelIndex.of(n, voxels[at]);
      sum.add(1, fat[at], index);
      sum.atBorder |= isOutside(index, 1, axis.axis());
    }
    List<MuscleSection> sections = new ArrayList<>();
    for (int slice = 0; slice < sums.length; slice++) {
      Sum sum = sums[slice];
      if (sum != null) {
        sections.add(
            new MuscleSection(
                Optional.empty(),
                OptionalInt.of(slice),
                labels.geometry().toWorldMm(sum.moment.times(1 / sum.area)),
                axis.normal(),
                sum.area * axis.pixelMm2(),
                sum.fraction(),
                sum.atBorder));
      }
    }
    return sections;
  }

  /** Whether a voxel lies within so many voxels of the image's edge, across a given axis or not. */
  private boolean isOutside(Vector3 index, double within, int except) {
    for (int a = 0; a < 3; a++) {
      int n = labels.extents().get(a);
      if (a != except && n > 1 && (index.get(a) < within || index.get(a) > n - 1 - within)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the section on a plane; empty where the plane misses the muscle. */
  Optional<MuscleSection> at(SpineLevels.Plane plane) {
    GridGeometry grid = labels.geometry();
    double step = STEP_MM;
    for (int a = 0; a < 3; a++) {
      step = Math.min(step, grid.spacingMm().get(a));
    }
    Vector3 u = perpendicular(plane.normal());
    Vector3 v = plane.normal().cross(u);
    double[] range = {
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    for (int corner = 0; corner < 8; corner++) {
      Vector3 at =
          grid.toWorldMm(
                  new Vector3(
                      (corner & 1) == 0 ? box.i0() - 1 : box.i1(),
                      (corner & 2) == 0 ? box.j0() - 1 : box.j1(),
                      (corner & 4) == 0 ? box.k0() - 1 : box.k1()))
              .minus(plane.centre());
      range[0] = Math.min(range[0], at.dot(u));
      range[1] = Math.max(range[1], at.dot(u));
      range[2] = Math.min(range[2], at.dot(v));
      range[3] = Math.max(range[3], at.dot(v));
    }
    Sum sum = new Sum();
    for (double b = range[2]; b <= range[3]; b += step) {
      for (double a = range[0]; a <= range[1]; a += step) {
        Vector3 index = grid.toIndex(plane.centre().plus(u.times(a)).plus(v.times(b)));
        double share = occupancy(index);
        if (share > 0) {
          sum.add(share, nearestFat(index), index);
          sum.atBorder |= isOutside(index, 0.5, -1);
        }
      }
    }
    double area = sum.area * step * step;
    if (area < axis.pixelMm2()) {
      return Optional.empty();
    }
    return Optional.of(
        new MuscleSection(
            Optional.of(plane.level()),
            OptionalInt.empty(),
            grid.toWorldMm(sum.moment.times(1 / sum.area)),
            plane.normal(),
            area,
            sum.fraction(),
            sum.atBorder));
  }

  private static Vector3 perpendicular(Vector3 normal) {
    Vector3 left = new Vector3(1, 0, 0);
    Vector3 across = left.minus(normal.times(normal.dot(left)));
    if (across.norm() < 0.1) { // a plane across the body's width
      Vector3 back = new Vector3(0, 1, 0);
      across = back.minus(normal.times(normal.dot(back)));
    }
    return across.times(1 / across.norm());
  }

  /** The label's 0/1 field between voxel centres; across a single slice it is that of the slice. */
  private double occupancy(Vector3 index) {
    Extents n = labels.extents();
    short[] values = VoxelArrays.labels(labels);
    double share = 0;
    int i0 = (int) Math.floor(index.x());
    int j0 = (int) Math.floor(index.y());
    int k0 = (int) Math.floor(index.z());
    for (int corner = 0; corner < 8; corner++) {
      int i = i0 + (corner & 1);
      int j = j0 + (corner >> 1 & 1);
      int k = k0 + (corner >> 2 & 1);
      if (i >= 0 && j >= 0 && k >= 0 && i < n.i() && j < n.j() && k < n.k()) {
        double weight =
            (1 - Math.abs(index.x() - i))
                * (1 - Math.abs(index.y() - j))
                * (1 - Math.abs(index.z() - k));
        if (weight > 0 && Short.toUnsignedInt(values[n.offset(i, j, k)]) == value) {
          share += weight;
        }
      }
    }
    return share;
  }

  /** The fraction in the nearest voxel of the muscle among the eight around a point. */
  private float nearestFat(Vector3 index) {
    Extents n = labels.extents();
    double best = Double.POSITIVE_INFINITY;
    float found = Float.NaN;
    for (int corner = 0; corner < 8; corner++) {
      int i = (int) Math.floor(index.x()) + (corner & 1);
      int j = (int) Math.floor(index.y()) + (corner >> 1 & 1);
      int k = (int) Math.floor(index.z()) + (corner >> 2 & 1);
      if (i >= 0 && j >= 0 && k >= 0 && i < n.i() && j < n.j() && k < n.k()) {
        int at = Arrays.binarySearch(voxels, n.offset(i, j, k));
        double far = index.minus(new Vector3(i, j, k)).norm();
        if (at >= 0 && far < best) {
          best = far;
          found = fat[at];
        }
      }
    }
    return found;
  }
}
