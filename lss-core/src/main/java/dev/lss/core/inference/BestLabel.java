package dev.lss.core.inference;

import dev.lss.api.CancellationToken;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.image.LinearAxis;
import dev.lss.spi.VoxelArrays;
import java.util.Optional;

/**
 * Joins patches that each show one structure: every voxel gets the label of the patch with the
 * largest logit, if that is above 0, which is a probability above one half. The first patch wins
 * ties. Logits are interpolated linearly; a voxel whose centre is in no patch stays background.
 *
 * <p>Holds the best logit and its label for the voxels of one box, not of the whole image. Not
 * thread-safe; it uses the pool by itself, with the same bits for any number of threads.
 */
public final class BestLabel {

  private final GridGeometry image;
  private final IndexBox region;
  private final StagePool pool;
  private final float[] best;
  private final short[] labels;

  /**
   * Starts with background.
   *
   * @param image grid of the whole image
   * @param region the voxels to label, inside the image
   * @param pool threads to work on
   */
  public BestLabel(GridGeometry image, IndexBox region, StagePool pool) {
    if (!region.isInside(image.extents())) {
      throw new IllegalArgumentException(
          "the region must lie inside the image of %s, was %s".formatted(image.extents(), region));
    }
    this.image = image;
    this.region = region;
    this.pool = pool;
    this.best = new float[region.extents().voxels()];
    this.labels = new short[region.extents().voxels()];
  }

  /**
   * Adds one patch.
   *
   * @param label label of its structure, 1 to 65535
   * @param logits the patch's logits; their extents must be the patch's
   * @param grid where the patch lies
   * @param cancellation looked at between slabs
   */
  public void add(int label, Volume logits, PatchGrid grid, CancellationToken cancellation) {
    Extents in = logits.extents();
    if (label < 1 || label > 0xffff || !in.equals(grid.patch().extents())) {
      throw new IllegalArgumentException(
          "label %s needs to lie in 1 to 65535 and logits of %s, got %s"
              .formatted(label, grid.patch().extents(), in));
    }
    Optional<IndexBox> shared = grid.support().flatMap(region::shared);
    if (shared.isEmpty()) {
      return;
    }
    IndexBox box = shared.get();
    Extents out = box.extents();
    LinearAxis[] axes = new LinearAxis[3];
    for (int axis = 0; axis < 3; axis++) {
      double[] positions = new double[out.get(axis)];
      for (int o = 0; o < positions.length; o++) {
        positions[o] = grid.toPatch(axis, box.start(axis) + o);
      }
      axes[axis] = LinearAxis.at(positions, in.get(axis));
    }
    pool.forEach(
        out.k(),
        cancellation,
        (from, to) -> {
          SliceInterpolator interpolator = new SliceInterpolator(in, axes[0], axes[1], axes[2]);
          float[] row = new float[out.i()];
          for (int k = from; k < to; k++) {
            interpolator.slice(VoxelArrays.samples(logits), k);
            for (int j = 0; j < out.j(); j++) {
              interpolator.row(j, row);
              int at =
                  region
                      .extents()
                      .offset(
                          box.i0() - region.i0(),
                          box.j0() - region.j0() + j,
                          box.k0() - region.k0() + k);
              ArgmaxResampler.keepBest(row, best, at, labels, at, (short) label);
            }
          }
        });
  }

  /** Returns the labels so far, on the region's part of the image's grid. */
  public LabelVolume labels() {
    return LabelVolume.copyOf(image.crop(region), labels);
  }
}
