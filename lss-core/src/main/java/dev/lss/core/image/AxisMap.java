package dev.lss.core.image;

import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.Optional;

/**
 * A swap and reversal of index axes: output axis {@code a} runs along source axis {@code
 * sourceAxis(a)}, backwards when it is reversed. Immutable.
 */
final class AxisMap {

  /** Side of the square blocks of a transposition, in voxels; two blocks fit the first cache. */
  private static final int BLOCK = 32;

  private final int[] sourceAxis;
  private final boolean[] reversed;
  private final Extents source;

  private AxisMap(int[] sourceAxis, boolean[] reversed, Extents source) {
    this.sourceAxis = sourceAxis;
    this.reversed = reversed;
    this.source = source;
  }

  /** Returns the map that brings axes along {@code from} into axes along {@code to}. */
  static AxisMap between(AnatomicalCode from, AnatomicalCode to, Extents source) {
    int[] axes = new int[3];
    boolean[] reversed = new boolean[3];
    for (int out = 0; out < 3; out++) {
      for (int in = 0; in < 3; in++) {
        if (from.get(in).axis() == to.get(out).axis()) {
          axes[out] = in;
          reversed[out] = from.get(in).sign() != to.get(out).sign();
        }
      }
    }
    return new AxisMap(axes, reversed, source);
  }

  /** Returns the map whose result comes closest to the steps of {@code to}. */
  static AxisMap between(Affine from, Affine to, Extents source) {
    int[] axes = new int[3];
    boolean[] reversed = new boolean[3];
    boolean[] taken = new boolean[3];
    for (int out = 0; out < 3; out++) {
      double best = -1;
      for (int in = 0; in < 3; in++) {
        double along = from.column(in).dot(to.column(out)) / from.column(in).norm();
        if (!taken[in] && Math.abs(along) > best) {
          best = Math.abs(along);
          axes[out] = in;
          reversed[out] = along < 0;
        }
      }
      taken[axes[out]] = true;
    }
    return new AxisMap(axes, reversed, source);
  }

  /** Returns the map whose axis {@code a} is source axis {@code axes[a]}, forwards. */
  static AxisMap permutation(int[] axes, Extents source) {
    return new AxisMap(axes.clone(), new boolean[3], source);
  }

  boolean isIdentity() {
    boolean identity = true;
    for (int axis = 0; axis < 3; axis++) {
      identity &= sourceAxis[axis] == axis && !reversed[axis];
    }
    return identity;
  }

  int sourceAxis(int axis) {
    return sourceAxis[axis];
  }

  /** Returns the extents of the result. */
  Extents extents() {
    return Extents.of(axis -> source.get(sourceAxis[axis]));
  }

  /** Returns the source index of the result's voxel (0, 0, 0). */
  Vector3 firstVoxel() {
    Vector3 first = new Vector3(0, 0, 0);
    for (int axis = 0; axis < 3; axis++) {
      if (reversed[axis]) {
        first = first.with(sourceAxis[axis], source.get(sourceAxis[axis]) - 1);
      }
    }
    return first;
  }

  /** Returns the result's step in mm along {@code axis}. */
  Vector3 step(Affine affine, int axis) {
    Vector3 column = affine.column(sourceAxis[axis]);
    return reversed[axis] ? new Vector3(-column.x(), -column.y(), -column.z()) : column;
  }

  /** Returns the image reoriented; the same object when nothing changes. */
  Volume reorient(Volume volume) {
    if (isIdentity()) {
      return volume;
    }
    Optional<short[]> numbers = VoxelArrays.numbers(volume);
    if (numbers.isPresent()) {
      return VoxelArrays.like(volume, reorient(volume.geometry()), reordered(numbers.get()));
    }
    float[] out = new float[volume.extents().voxels()];
    float[] in = VoxelArrays.samples(volume);
    forEachLine(
        (outAt, outStep, inAt, inStep, count) -> {
          for (int n = 0; n < count; n++) {
            out[outAt + n * outStep] = in[inAt + n * inStep];
          }
        });
    return Volume.wrap(reorient(volume.geometry()), out);
  }

  /** Returns the labels, likewise. */
  LabelVolume reorient(LabelVolume labels) {
    if (isIdentity()) {
      return labels;
    }
    return LabelVolume.wrap(reorient(labels.geometry()), reordered(VoxelArrays.labels(labels)));
  }

  private short[] reordered(short[] in) {
    short[] out = new short[in.length];
    forEachLine(
        (outAt, outStep, inAt, inStep, count) -> {
          for (int n = 0; n < count; n++) {
            out[outAt + n * outStep] = in[inAt + n * inStep];
          }
        });
    return out;
  }

  /** Returns the grid of what {@link #reorient(Volume)} returns. */
  GridGeometry reorient(GridGeometry grid) {
    Affine affine = grid.affine();
    Vector3 spacing = grid.spacingMm();
    return new GridGeometry(
        extents(),
        new Affine(step(affine, 0), step(affine, 1), step(affine, 2), affine.apply(firstVoxel())),
        Vector3.of(axis -> spacing.get(sourceAxis(axis))),
        grid.space(),
        grid.calibrated());
  }

  /** Copies one line of voxels. */
  interface LineCopy {

    /** Copies {@code count} voxels between two arrays. */
    void copy(int outAt, int outStep, int inAt, int inStep, int count);
  }

  /**
   * Visits every voxel of the result once, in short lines along its x axis. Where that axis strides
   * through the source, the lines are taken in blocks, so that both sides stay in the cache.
   */
  void forEachLine(LineCopy copy) {
    Extents out = extents();
    int[] outStep = {1, out.i(), out.i() * out.j()};
    int[] sourceStep = {1, source.i(), source.i() * source.j()};
    int[] inStep = new int[3];
    int first = 0;
    for (int axis = 0; axis < 3; axis++) {
      int step = sourceStep[sourceAxis[axis]];
      inStep[axis] = reversed[axis] ? -step : step;
      if (reversed[axis]) {
        first += step * (out.get(axis) - 1);
      }
    }
    int near = sourceAxis[2] == 0 ? 2 : 1; // the axis along which the source is contiguous, or j
    int far = 3 - near;
    int width = sourceAxis[0] == 0 ? out.i() : BLOCK;
    int height = sourceAxis[0] == 0 ? 1 : BLOCK;
    for (int f = 0; f < out.get(far); f++) {
      for (int n0 = 0; n0 < out.get(near); n0 += height) {
        int n1 = Math.min(n0 + height, out.get(near));
        for (int i0 = 0; i0 < out.i(); i0 += width) {
          int count = Math.min(width, out.i() - i0);
          for (int n = n0; n < n1; n++) {
            copy.copy(
                i0 + n * outStep[near] + f * outStep[far],
                1,
                first + i0 * inStep[0] + n * inStep[near] + f * inStep[far],
                inStep[0],
                count);
          }
        }
      }
    }
  }
}
