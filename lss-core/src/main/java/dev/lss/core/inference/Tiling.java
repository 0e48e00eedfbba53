package dev.lss.core.inference;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageWindow;
import dev.lss.api.model.TileRule;
import dev.lss.spi.FloatTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How a network is moved over an image. Immutable.
 *
 * @param patch extents of one tile
 * @param rule where the tiles lie, what is outside the image, how voxels are weighted
 * @param paddingValues per input channel, the value of what lies outside the image
 * @param replicates whether the nearest voxel of the image counts outside it instead
 * @param classes channels of the network's output
 * @param mirrorAxes axes (0 = i, 1 = j, 2 = k) over which predictions are mirrored and averaged
 */
public record Tiling(
    Extents patch,
    TileRule rule,
    List<Float> paddingValues,
    boolean replicates,
    int classes,
    List<Integer> mirrorAxes) {

  /** Copies the lists; refuses a tiling without channels. */
  public Tiling {
    paddingValues = List.copyOf(paddingValues);
    mirrorAxes = List.copyOf(mirrorAxes);
    if (paddingValues.isEmpty() || classes < 1) {
      throw new IllegalArgumentException(
          "a network has at least one input and one output channel, had %s and %s"
              .formatted(paddingValues.size(), classes));
    }
  }

  /**
   * Returns the tiling of a stage that looks at an image in tiles.
   *
   * @param stage the stage
   * @param tiles its window
   * @param step another step between tiles as a share of the patch; empty for the stage's own
   * @param mirroring whether predictions are mirrored where the stage says so
   */
  public static Tiling of(
      Stage stage, StageWindow.Tiles tiles, OptionalDouble step, boolean mirroring) {
    int rank = tiles.patchSize().size();
    return new Tiling(
        patch(tiles),
        step.isPresent() ? tiles.rule().withStep(step.getAsDouble()) : tiles.rule(),
        paddingValues(stage, tiles.outside() == StageWindow.Outside.NORMALIZED),
        tiles.outside() == StageWindow.Outside.REPLICATE,
        stage.signature().outputChannels(),
        mirroring
            ? tiles.mirrorAxes().stream().map(tensorAxis -> rank - 1 - tensorAxis).toList()
            : List.of());
  }

  /** Returns the extents of what a window shows; of rank 2 it has one voxel along k. */
  public static Extents patch(StageWindow window) {
    List<Integer> size = window.patchSize();
    int rank = size.size();
    return new Extents(size.get(rank - 1), size.get(rank - 2), rank == 3 ? size.get(0) : 1);
  }

  /** Channels behind the images, of labels, are 0 outside. */
  private static List<Float> paddingValues(Stage stage, boolean normalized) {
    List<Float> values = new ArrayList<>();
    for (int c = 0; c < stage.signature().inputChannels(); c++) {
      values.add(
          normalized && c < stage.inputs().size()
              ? stage.inputs().get(c).normalization().paddingValue()
              : 0f);
    }
    return values;
  }

  /** Returns the tiles over an image for a network of rank 2 (slice by slice) or 3. */
  TileGrid tiles(int spatialRank, Extents image) {
    return spatialRank == 2 ? TileGrid.slices(image, patch, rule) : TileGrid.of(image, patch, rule);
  }

  /** Returns how much each voxel of a tile counts. */
  TileWindow window() {
    return rule instanceof TileRule.Monai monai
        ? MonaiWindow.of(patch, monai.weights())
        : GaussianWindow.of(patch);
  }

  /**
   * Copies a tile of an image into one channel of the network's input.
   *
   * @param image the image that fills the channel
   * @param tile where the tile lies; it may reach outside the image
   * @param in the network's input
   * @param channel which channel
   */
  void cut(Volume image, IndexBox tile, FloatTensor in, int channel) {
    if (replicates) {
      Tile.cutReplicated(image, tile, in, channel);
    } else {
      Tile.cut(image, tile, paddingValues.get(channel), in, channel);
    }
  }

  /**
   * Returns this tiling with a patch no larger than a small image needs: along each axis the
   * image's size rounded up to what the network can take, where that is less than the patch. For
   * networks whose answer does not hang on the size of the tile; nnU-Net's networks get the whole
   * patch.
   *
   * @param image extents of the image
   * @param multiples per tensor axis, (k, j, i) or (j, i), what a size must be a multiple of
   */
  public Tiling shrunkTo(Extents image, List<Integer> multiples) {
    return new Tiling(
        shrunk(patch, image, multiples), rule, paddingValues, replicates, classes, mirrorAxes);
  }

  /** Returns a patch no larger than an image needs, as {@link #shrunkTo}. */
  public static Extents shrunk(Extents patch, Extents image, List<Integer> multiples) {
    Extents small = patch;
    for (int axis = 0; axis < multiples.size(); axis++) {
      int multiple = multiples.get(multiples.size() - 1 - axis);
      int needed = (image.get(axis) + multiple - 1) / multiple * multiple;
      small = small.with(axis, Math.min(patch.get(axis), needed));
    }
    return small;
  }
}
