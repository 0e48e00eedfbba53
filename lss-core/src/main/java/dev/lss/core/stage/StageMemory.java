package dev.lss.core.stage;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
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
 * sums of the slices that are blended at a time, and 6 for the labels on the image's grid.
 *
 * <p>Heat maps: 4 for each voxel of the reoriented image, 12 for each input on the network's grid,
 * the sums likewise, and 4 for each voxel of each map, which are kept whole. Patches around points:
 * 4 for each voxel of the reoriented image; of the box that patches reach, which is as high as the
 * image and as wide as a patch and 80 mm, 4 while it is resampled, 8 while it is labelled, and 4
 * beside 2 for each voxel of the image while its labels are put into place. Whole planes: as {@link
 * MemoryPlan#of}.
 */
public final class StageMemory {

  /** How far beside a patch others of the same spine may reach, together. */
  private static final double BESIDE_MM = 80;

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
    if (stage.window() instanceof StageWindow.AroundPoint window) {
      return around(stage, window, image, network);
    }
    Extents patch = Tiling.patch(stage.window());
    List<Integer> multiples = stage.signature().sizeMultiples();
    MemoryPlan plan =
        MemoryPlan.of(
            new MemoryPlan.Work(
                image,
                network,
                Tiling.shrunk(patch, network, multiples),
                stage.signature().inputChannels(),
                stage.signature().outputChannels(),
                1));
    if (!(stage.output() instanceof StageOutput.HeatMaps)) {
      return plan;
    }
    long heap = plan.heapBytes() - (MemoryPlan.BYTES_PER_IMAGE_VOXEL - 4L) * image.voxels();
    return new MemoryPlan(
        heap + 4L * stage.output().channels() * network.voxels(), plan.directBytes());
  }

  private static MemoryPlan around(
      Stage stage, StageWindow.AroundPoint window, Extents image, Extents network) {
    Extents patch = Tiling.patch(window);
    Vector3 networkMm = NetworkGrid.spacingMm((StageGrid.Spacing) stage.grid(), 0);
    double box = 1;
    for (int axis = 0; axis < 3; axis++) {
      double finer = (double) image.get(axis) / network.get(axis); // image voxels in a network's
      double beside = axis == 2 ? Double.POSITIVE_INFINITY : BESIDE_MM / networkMm.get(axis);
      box *= Math.min(image.get(axis), Math.ceil((patch.get(axis) + beside) * finer));
    }
    long reached = (long) box;
    long onNetwork = (long) ((double) reached * network.voxels() / image.voxels());
    long inputs = 12L * onNetwork + 4L * reached;
    long placed = 4 * reached + 2L * image.voxels();
    long heap = 4L * image.voxels() + Math.max(inputs, Math.max(8 * reached, placed));
    long tensors =
        8L
            * patch.voxels()
            * (stage.signature().inputChannels() + stage.signature().outputChannels());
    return new MemoryPlan(heap + 4L * patch.voxels(), tensors);
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
