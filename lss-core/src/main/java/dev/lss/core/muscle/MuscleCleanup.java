package dev.lss.core.muscle;

import dev.lss.api.Notice;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Side;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.Extents;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.image.ConnectedComponents;
import dev.lss.spi.VoxelArrays;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is done to the labels of the network: pieces on the wrong side of the body's midline go to
 * the other side, islands are dropped, and what is too little to be muscles at all becomes
 * background.
 */
final class MuscleCleanup {

  /** Pieces smaller than this share of a muscle's largest are islands. */
  private static final double SMALLEST_SHARE = 0.1;

  /** Pieces closer to the midline stay on the side that they have. */
  private static final double WRONG_SIDE_MM = 8;

  /** In the slice that holds most muscle there is at least so much, on each side or on one. */
  private static final double LEAST_AREA_MM2 = 300;

  private MuscleCleanup() {}

  /**
   * Cleans labels.
   *
   * @param labels values as in the table, on any grid in the patient
   * @param table which value is which muscle
   * @param notices where to say what was done
   */
  static LabelVolume of(LabelVolume labels, LabelTable table, List<Notice> notices) {
    short[] values = labels.toArray();
    Extents n = labels.extents();
    Optional<Double> midline = midline(labels, values, table);
    int moved = 0;
    if (midline.isPresent()) {
      for (LabelTable.Entry entry : table.entries()) {
        moved += toOtherSide(labels, values, entry, table, midline.get());
      }
    }
    if (moved > 0) {
      notices.add(
          new Notice(
              "SIDES_CORRECTED",
              "%s voxels lay on the wrong side of the midline and went to the muscle of the other"
                      .formatted(moved)
                  + " side"));
    }
    for (LabelTable.Entry entry : table.entries()) {
      dropIslands(n, values, entry.value());
    }
    LabelVolume clean = LabelVolume.wrap(labels.geometry(), values);
    return isEnough(clean) ? clean : LabelVolume.empty(labels.geometry());
  }

  private static boolean isEnough(LabelVolume labels) {
    SliceAxis axis = SliceAxis.of(labels.geometry());
    long[] area = new long[axis.slices()];
    short[] values = VoxelArrays.labels(labels);
    long most = 0;
    for (int at = 0; at < values.length; at++) {
      if (values[at] != 0) {
        most = Math.max(most, ++area[axis.slice(at)]);
      }
    }
    return most * axis.pixelMm2() >= LEAST_AREA_MM2;
  }

  /** Halfway between the middle of all that is left and that of all that is right. */
  private static Optional<Double> midline(LabelVolume labels, short[] values, LabelTable table) {
    double[] sum = new double[2];
    long[] voxels = new long[2];
    for (int at = 0; at < values.length; at++) {
      Optional<Structure.Muscle> muscle =
          values[at] == 0 ? Optional.empty() : muscle(table, Short.toUnsignedInt(values[at]));
      if (muscle.isPresent()) {
        int side = muscle.get().side() == Side.LEFT ? 0 : 1;
        sum[side] += x(labels, at);
        voxels[side]++;
      }
    }
    return voxels[0] == 0 || voxels[1] == 0
        ? Optional.empty()
        : Optional.of((sum[0] / voxels[0] + sum[1] / voxels[1]) / 2);
  }

  private static Optional<Structure.Muscle> muscle(LabelTable table, int value) {
    return table
        .byValue(value)
        .map(LabelTable.Entry::structure)
        .filter(Structure.Muscle.class::isInstance)
        .map(Structure.Muscle.class::cast);
  }

  private static double x(LabelVolume labels, int at) {
    return labels.geometry().toWorldMm(VoxelIndex.of(labels.extents(), at)).x();
  }

  private static int toOtherSide(
      LabelVolume labels,
      short[] values,
      LabelTable.Entry entry,
      LabelTable table,
      double midline) {
    Structure.Muscle muscle = (Structure.Muscle) entry.structure();
    Side other = muscle.side() == Side.LEFT ? Side.RIGHT : Side.LEFT;
    double sign = muscle.side() == Side.LEFT ? 1 : -1;
    short to =
        (short)
            table.byStructure(new Structure.Muscle(muscle.muscle(), other)).orElseThrow().value();
    ConnectedComponents pieces = pieces(labels.extents(), values, entry.value());
    int moved = 0;
    for (int piece = 0; piece < pieces.count(); piece++) {
      double[] sum = new double[1];
      pieces.forEachRun(
          piece,
          (from, count) -> {
            for (int at = from; at < from + count; at++) {
              sum[0] += x(labels, at);
            }
          });
      double beside = sign * (sum[0] / pieces.voxels(piece) - midline);
      if (beside < -WRONG_SIDE_MM) {
        pieces.forEachRun(piece, (from, count) -> Arrays.fill(values, from, from + count, to));
        moved += pieces.voxels(piece);
      }
    }
    return moved;
  }

  private static ConnectedComponents pieces(Extents n, short[] values, int value) {
    return ConnectedComponents.of(n, at -> Short.toUnsignedInt(values[at]) == value);
  }

  private static void dropIslands(Extents n, short[] values, int value) {
    ConnectedComponents pieces = pieces(n, values, value);
    if (pieces.count() < 2) {
      return;
    }
    double least = SMALLEST_SHARE * pieces.voxels(pieces.largest());
    for (int piece = 0; piece < pieces.count(); piece++) {
      if (pieces.voxels(piece) < least) {
        pieces.forEachRun(
            piece, (from, count) -> Arrays.fill(values, from, from + count, (short) 0));
      }
    }
  }
}
