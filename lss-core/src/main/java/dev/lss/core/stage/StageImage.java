package dev.lss.core.stage;

import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Stage;
import dev.lss.core.image.Crop;
import dev.lss.core.image.NonZero;
import dev.lss.core.image.Orient;
import dev.lss.core.image.Permute;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Image channels in the order of a stage's tensor: cropped, reoriented and transposed, all without
 * interpolation, and the way back. Immutable.
 *
 * @param stage the stage
 * @param stored grid of the channels as they were given
 * @param box the part of it that the stage looks at
 * @param channels that part in tensor order
 */
record StageImage(Stage stage, GridGeometry stored, IndexBox box, List<Volume> channels) {

  static StageImage of(List<Volume> stored, Stage stage) {
    GridGeometry grid = stored.get(0).geometry();
    IndexBox box = stage.cropsToNonZero() ? NonZero.box(stored) : IndexBox.of(grid.extents());
    return new StageImage(
        stage,
        grid,
        box,
        stored.stream().map(channel -> inTensorOrder(Crop.to(channel, box), stage)).toList());
  }

  /** Returns the grid in tensor order. */
  GridGeometry grid() {
    return channels.get(0).geometry();
  }

  /**
   * Returns, by array index, the voxels of the part that is not empty; all where the stage does not
   * crop.
   */
  BitSet inside() {
    if (stage.cropsToNonZero()) {
      return NonZero.filled(channels);
    }
    BitSet all = new BitSet();
    all.set(0, grid().extents().voxels());
    return all;
  }

  /** Returns labels on the stored grid in tensor order, likewise. */
  LabelVolume inTensorOrder(LabelVolume labels) {
    LabelVolume cropped = Crop.to(labels, box);
    Optional<AnatomicalCode> code = stage.orientation();
    return Permute.to(code.isPresent() ? Orient.to(cropped, code.get()) : cropped, axes(stage));
  }

  /** Returns labels in tensor order on the stored grid; what was cropped is background. */
  LabelVolume restore(LabelVolume labels) {
    return labels.geometry().equals(stored) ? labels : Orient.onto(labels, stored);
  }

  /** Returns the grid of an image that is not cropped, in tensor order. */
  static GridGeometry inTensorOrder(GridGeometry stored, Stage stage) {
    Optional<AnatomicalCode> code = stage.orientation();
    return Permute.to(code.isPresent() ? Orient.to(stored, code.get()) : stored, axes(stage));
  }

  private static Volume inTensorOrder(Volume stored, Stage stage) {
    Optional<AnatomicalCode> code = stage.orientation();
    return Permute.to(code.isPresent() ? Orient.to(stored, code.get()) : stored, axes(stage));
  }

  /** The stage numbers axes from the slowest, volumes from the fastest. */
  private static int[] axes(Stage stage) {
    List<Integer> forward = stage.transpose();
    return new int[] {2 - forward.get(2), 2 - forward.get(1), 2 - forward.get(0)};
  }
}
