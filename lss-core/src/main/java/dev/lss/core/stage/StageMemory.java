package dev.lss.core.stage;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.inference.Tiling;
import java.util.List;

/**
 * What a stage needs at its peak beside the caller's images, in bytes.
 *
 * <p>Labels from tiles: 4 for each channel of the cropped and reoriented image and 8 for
 * half-resampled slices while images are prepared; then 4 for each input on the network's grid, the
 * sums of the slices that are blended at a time, and 6 for the labels on the image's grid. Other
 * windows: as {@link MemoryPlan#of}, and 4 for each voxel of the heat maps, which are kept whole.
 */
public final class StageMemory {

  private StageMemory() {}

  /**
   * Plans a stage over a whole image that is stored in any orientation.
   *
   * @param stage the stage
   * @param image grid of the image
   * @param options how it runs
   */
  public static MemoryPlan of(Stage stage, GridGeometry image, RuntimeOptions options) {
    GridGeometry ordered = StageImage.inTensorOrder(image, stage);
    return of(stage, ordered.extents(), NetworkGrid.over(ordered, stage.grid()).extents(), options);
  }

  /**
   * Plans a stage.
   *
   * @param image extents of the cropped image in tensor order
   * @param network extents on the network's grid
   */
  static MemoryPlan of(Stage stage, Extents image, Extents network, RuntimeOptions options) {
    boolean tiles = stage.window() instanceof StageWindow.Tiles;
    if (tiles && !(stage.output() instanceof StageOutput.HeatMaps)) {
      return labels(stage, image, network, options);
    }
    int maps = stage.output() instanceof StageOutput.HeatMaps ? stage.output().channels() : 0;
    Extents patch = Tiling.patch(stage.window());
    List<Integer> multiples = stage.signature().sizeMultiples();
    MemoryPlan plan =
        MemoryPlan.of(
            new MemoryPlan.Work(
                image,
                network,
                stage.window() instanceof StageWindow.AroundPoint
                    ? patch
                    : Tiling.shrunk(patch, network, multiples),
                stage.signature().inputChannels(),
                stage.signature().outputChannels(),
                1));
    return new MemoryPlan(plan.heapBytes() + 4L * maps * network.voxels(), plan.directBytes());
  }

  private static MemoryPlan labels(
      Stage stage, Extents image, Extents network, RuntimeOptions options) {
    StageWindow.Tiles tiles = (StageWindow.Tiles) stage.window();
    long inputs = stage.signature().inputChannels();
    long classes = stage.signature().outputChannels();
    long folds = stage.network().files().size();
    long grid = network.voxels();
    long slices = 8L * network.i() * network.j() * image.k();
    long prepared = 4 * inputs * image.voxels() + 4 * inputs * grid + slices;
    Extents tile = Tiling.patch(tiles);
    long sums = MemoryPlan.blendedBytes(network, tile, stage.signature().outputChannels());
    long blended = 4 * inputs * grid + sums * folds + 6L * image.voxels();
    long patch = 4L * tile.voxels();
    boolean mirrored = options.mirroring() && !tiles.mirrorAxes().isEmpty();
    long tensors = patch * (inputs + classes) * (mirrored ? 3 : 2);
    return new MemoryPlan(Math.max(prepared, blended) + patch, tensors);
  }
}
