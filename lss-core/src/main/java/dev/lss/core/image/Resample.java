package dev.lss.core.image;

import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.ResamplingRule;
import java.util.BitSet;
import java.util.OptionalInt;

/**
 * Brings an image to another voxel size by interpolation. Lossy; the only class with {@link
 * Unshear} that makes values which were not measured.
 *
 * <p>Old and new grid cover the same block of space (half-pixel grids): the outer faces of the
 * outer voxels coincide, so that the new spacing is {@code n_in * s / n_out}, which is near the one
 * that was asked for and not exactly it, and the first voxel centre moves. Everything is computed
 * in double and stored as float32; CUBIC, LINEAR and NEAREST follow nnU-Net to the last few bits.
 * The result has the same bits for any number of threads. An image that keeps its size is returned
 * unchanged.
 */
public final class Resample {

  private Resample() {}

  /** Returns the image with a spacing near {@code spacingMm}, computed by the calling thread. */
  public static Volume toSpacing(Volume volume, Vector3 spacingMm, ResamplingRule rule) {
    return toSpacing(volume, spacingMm, rule, Slabs.SERIAL);
  }

  /**
   * Returns the image with a spacing near {@code spacingMm}.
   *
   * @throws IllegalArgumentException when a spacing is not positive or gives too many voxels
   */
  public static Volume toSpacing(
      Volume volume, Vector3 spacingMm, ResamplingRule rule, Slabs slabs) {
    return toExtents(volume, extentsFor(volume.geometry(), spacingMm), rule, slabs);
  }

  /** Returns the image with other extents, computed by the calling thread. */
  public static Volume toExtents(Volume volume, Extents extents, ResamplingRule rule) {
    return toExtents(volume, extents, rule, Slabs.SERIAL);
  }

  /** Returns the image with other extents. */
  public static Volume toExtents(Volume volume, Extents extents, ResamplingRule rule, Slabs slabs) {
    if (extents.equals(volume.extents())) {
      return volume;
    }
    return toGrid(
        Samples.of(volume, Normalize.InPlace.NONE),
        volume.geometry(),
        new Way(extents, rule, OptionalInt.empty()),
        slabs);
  }

  /**
   * How an image reaches another grid.
   *
   * @param extents the new grid's extents
   * @param rule CUBIC, LINEAR or NEAREST; for labels LABEL_ARGMAX, LABEL_HALF or NEAREST
   * @param apart axis (0 = i, 1 = j, 2 = k) across which the slices are resampled one by one, each
   *     limited to its own range, and then the nearest slice is taken: nnU-Net's separate z for
   *     images with thick slices; empty when all axes are alike
   */
  public record Way(Extents extents, ResamplingRule rule, OptionalInt apart) {

    /** Returns the swap of axes that makes k the axis of the slices; it is its own inverse. */
    private int[] swap() {
      return apart.getAsInt() == 0 ? new int[] {2, 1, 0} : new int[] {0, 2, 1};
    }

    private Way alongK() {
      int[] swap = swap();
      return new Way(Extents.of(axis -> extents.get(swap[axis])), rule, OptionalInt.of(2));
    }
  }

  /**
   * Returns the normalised image with other extents; only normalised when it has them already.
   *
   * @throws dev.lss.api.InvalidStudyException when the image cannot be normalised so
   */
  public static Volume normalized(
      Volume volume, Normalization normalization, Way way, Slabs slabs) {
    if (way.extents().equals(volume.extents())) {
      return Normalize.apply(volume, normalization);
    }
    if (way.apart().isEmpty() || way.apart().getAsInt() == 2) {
      return toGrid(
          Samples.of(volume, Normalize.of(volume, normalization)), volume.geometry(), way, slabs);
    }
    int[] swap = way.swap();
    return Permute.to(
        normalized(Permute.to(volume, swap), normalization, way.alongK(), slabs), swap);
  }

  /**
   * Returns labels with other extents, as nnU-Net does for a cascade. The same object when it has
   * these extents.
   *
   * @param inside voxels of the image's non-empty part, by array index; background elsewhere counts
   *     as a label of its own, as in nnU-Net, and becomes background again
   * @param way with the rule LABEL_ARGMAX, LABEL_HALF or NEAREST
   */
  public static LabelVolume labels(LabelVolume labels, BitSet inside, Way way, Slabs slabs) {
    if (way.extents().equals(labels.extents())) {
      return labels;
    }
    return LabelVolume.wrap(
        geometryFor(labels.geometry(), way.extents()),
        new LabelResampling(labels, inside, way).run(slabs));
  }

  /**
   * Returns how many voxels a spacing gives: {@code max(1, rint((s / t) * n))} per axis, half to
   * even, first divided and then multiplied (nnU-Net compute_new_shape).
   *
   * @throws IllegalArgumentException when a spacing is not positive or gives too many voxels
   */
  public static Extents extentsFor(GridGeometry grid, Vector3 spacingMm) {
    int[] count = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      double target = spacingMm.get(axis);
      if (!(target > 0) || !Double.isFinite(target)) {
        throw new IllegalArgumentException(
            "spacing along axis %s must be positive, was %s mm".formatted(axis, target));
      }
      double exact = grid.spacingMm().get(axis) / target * grid.extents().get(axis);
      count[axis] = (int) Math.max(1, Math.rint(exact)); // beyond int: refused by Extents
    }
    return new Extents(count[0], count[1], count[2]);
  }

  /**
   * Returns the extents whose longer side along i or j has so many pixels: both are multiplied by
   * one factor, the shorter one rounded half to even and at least 1; k stays.
   */
  public static Extents extentsForLongerSide(Extents extents, int pixels) {
    int longer = Math.max(extents.i(), extents.j());
    return new Extents(
        (int) Math.max(1, Math.rint((double) extents.i() * pixels / longer)),
        (int) Math.max(1, Math.rint((double) extents.j() * pixels / longer)),
        extents.k());
  }

  /** Returns the grid of other extents over the same block of space. */
  public static GridGeometry geometryFor(GridGeometry grid, Extents extents) {
    Affine affine = grid.affine();
    Vector3[] step = new Vector3[3];
    Vector3 origin = affine.origin();
    Vector3 spacing = grid.spacingMm();
    for (int axis = 0; axis < 3; axis++) {
      step[axis] = affine.column(axis);
      int in = grid.extents().get(axis);
      int out = extents.get(axis);
      if (in != out) {
        double scale = (double) in / out;
        origin = origin.plus(step[axis].times(new HalfPixel(in, out).byRatio(0)));
        step[axis] = step[axis].times(scale);
        spacing = spacing.with(axis, in * spacing.get(axis) / out);
      }
    }
    return new GridGeometry(
        extents,
        new Affine(step[0], step[1], step[2], origin),
        spacing,
        grid.space(),
        grid.calibrated());
  }

  private static Volume toGrid(Samples in, GridGeometry source, Way way, Slabs slabs) {
    Extents extents = way.extents();
    float[] out = new float[extents.voxels()];
    Samples.Rows rows =
        (j, k, values, from) -> {
          int at = extents.offset(0, j, k);
          for (int i = 0; i < extents.i(); i++) {
            out[at + i] = (float) values[from + i];
          }
        };
    run(in, way, slabs, rows);
    return Volume.wrap(geometryFor(source, extents), out);
  }

  /** Resamples in double, before the results are rounded to float32. */
  static void run(Samples in, Way way, Slabs slabs, Samples.Rows rows) {
    ResamplingRule rule = way.rule();
    Extents out = way.extents();
    if (way.apart().isPresent()) {
      if (rule == ResamplingRule.CUBIC) {
        new SliceWiseResampling(in, out).run(slabs, rows);
      } else {
        new SeparableResampling(in, out, rule, ResamplingRule.NEAREST).run(slabs, rows);
      }
    } else if (rule == ResamplingRule.CUBIC) {
      new CubicResampling(in, out).run(slabs, rows);
    } else {
      new SeparableResampling(in, out, rule, rule).run(slabs, rows);
    }
  }
}
