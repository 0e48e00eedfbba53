package dev.lss.core.inference;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.Stage;
import dev.lss.api.model.TileRule;
import dev.lss.spi.FloatTensor;
import java.util.List;

/**
 * How a network is moved over an image. Immutable.
 *
 * @param patch extents of one tile
 * @param rule where the tiles lie, what is outside the image, how voxels are weighted
 * @param paddingValues per input channel, the value of what lies outside the image, where the rule
 *     does not say
 * @param classes channels of the network's output
 * @param mirrorAxes axes (0 = i, 1 = j, 2 = k) over which predictions are mirrored and averaged
 */
public record Tiling(
    Extents patch,
    TileRule rule,
    List<Float> paddingValues,
    int classes,
    List<Integer> mirrorAxes) {

  /** Copies the lists; refuses a tiling without channels. */
  public Tiling {
    paddingValues = List.copyOf(paddingValues);
    mirrorAxes = List.copyOf(mirrorAxes);
    if (paddingValues.isEmpty() || classes < 1) {
      throw new IllegalArgumentException(
          "a network has at least one input and one output channel, had %d and %d"
              .formatted(paddingValues.size(), classes));
    }
  }

  /** Returns the tiling that a stage asks for; of rank 2 the patch has one voxel along k. */
  public static Tiling of(Stage stage) {
    List<Integer> size = stage.patchSize();
    int rank = size.size();
    return new Tiling(
        new Extents(size.get(rank - 1), size.get(rank - 2), rank == 3 ? size.get(0) : 1),
        stage.tiling(),
        stage.inputs().stream()
            .map(InputChannel::normalization)
            .map(normalization -> normalization.paddingValue())
            .toList(),
        stage.signature().outputChannels(),
        stage.mirrorAxes().stream().map(tensorAxis -> rank - 1 - tensorAxis).toList());
  }

  /** Returns the tiles over an image for a network of rank 2 (slice by slice) or 3. */
  TileGrid tiles(int spatialRank, Extents image) {
    return spatialRank == 2 ? TileGrid.slices(image, patch, rule) : TileGrid.of(image, patch, rule);
  }

  /** Returns how much each voxel of a tile counts. */
  TileWindow window() {
    if (rule instanceof TileRule.NnUnet) {
      return GaussianWindow.of(patch);
    }
    return MonaiWindow.of(
        patch,
        rule instanceof TileRule.Monai monai ? monai.weights() : TileRule.Monai.Weights.CONSTANT);
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
    if (rule instanceof TileRule.NnUnet) {
      Tile.cut(image, tile, paddingValues.get(channel), in, channel);
    } else if (rule instanceof TileRule.Monai monai
        && monai.padding() == TileRule.Monai.Padding.REPLICATE) {
      Tile.cutReplicated(image, tile, in, channel);
    } else {
      Tile.cut(image, tile, 0, in, channel);
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
    Extents small = patch;
    for (int axis = 0; axis < multiples.size(); axis++) {
      int multiple = multiples.get(multiples.size() - 1 - axis);
      int needed = (image.get(axis) + multiple - 1) / multiple * multiple;
      small = small.with(axis, Math.min(patch.get(axis), needed));
    }
    return new Tiling(small, rule, paddingValues, classes, mirrorAxes);
  }
}
