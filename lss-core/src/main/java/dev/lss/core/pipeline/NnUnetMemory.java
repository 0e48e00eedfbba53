package dev.lss.core.pipeline;

import dev.lss.api.image.Extents;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.nnunet.NnUnetModel;

/**
 * What an nnU-Net stage needs at its peak beside the caller's images, in bytes: 4 for each channel
 * of the cropped and turned image and 8 for half-resampled slices while images are prepared; then 4
 * for each input on the network's grid, the sums of the slices that are stitched at a time, and 6
 * for the labels on the image's grid.
 */
final class NnUnetMemory {

  private NnUnetMemory() {}

  /**
   * Plans one stage.
   *
   * @param image extents of the cropped image in tensor order
   * @param network extents on the network's grid
   */
  static MemoryPlan plan(NnUnetModel model, Extents image, Extents network) {
    long inputs = model.folds().get(0).signature().inputChannels();
    long classes = model.dataset().heads();
    long grid = network.voxels();
    long slices = 8L * network.i() * network.j() * image.k();
    long prepared = 4 * inputs * image.voxels() + 4 * inputs * grid + slices;
    Extents tile = NnUnetStage.patch(model.configuration());
    long sums = MemoryPlan.stitchedBytes(network, tile, model.dataset().heads());
    long stitched = 4 * inputs * grid + sums * model.folds().size() + 6L * image.voxels();
    long patch = 4L * tile.voxels();
    long tensors = patch * (inputs + classes) * (model.mirrorAxes().isEmpty() ? 2 : 3);
    return new MemoryPlan(Math.max(prepared, stitched) + patch, tensors);
  }
}
