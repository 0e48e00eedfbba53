package dev.lss.core.pipeline;

import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.image.ConnectedComponents;
import dev.lss.core.measure.LabelStatistics;
import java.util.Arrays;

/**
 * Tidies drawn labels by what is known of bones: a vertebra is one piece without holes.
 *
 * <p>Of each label the largest piece stays, and every other of at least a tenth of its size,
 * because a narrow field of view may cut body and spinous process apart. Background that one label
 * encloses on all six sides becomes that label, so that the marrow of a porous body is not lost.
 * Labels that the table does not list, drawn only to compete with those it lists, become
 * background.
 */
final class Cleanup {

  private static final int SMALLEST_SHARE = 10;

  private Cleanup() {}

  /** Returns the tidied labels. */
  static LabelVolume tidy(LabelVolume labels, LabelTable table) {
    short[] tidy = labels.unsafeLabels().clone();
    dropHelpers(tidy, table);
    for (LabelStatistics label : LabelStatistics.of(LabelVolume.wrap(labels.geometry(), tidy))) {
      tidy((short) label.label(), label.bounds(), labels.extents(), tidy);
    }
    return LabelVolume.wrap(labels.geometry(), tidy);
  }

  private static void dropHelpers(short[] labels, LabelTable table) {
    boolean[] listed = new boolean[1 << Short.SIZE];
    listed[0] = true;
    table.entries().forEach(entry -> listed[entry.value()] = true);
    for (int n = 0; n < labels.length; n++) {
      if (!listed[Short.toUnsignedInt(labels[n])]) {
        labels[n] = 0;
      }
    }
  }

  /** Tidies one label within the box that holds it. */
  private static void tidy(short label, IndexBox box, Extents grid, short[] labels) {
    Extents size = box.extents();
    short[] boxed = new short[size.voxels()];
    for (int row = 0; row < size.j() * size.k(); row++) {
      System.arraycopy(labels, rowIn(grid, box, row), boxed, row * size.i(), size.i());
    }
    dropFragments(ConnectedComponents.of(size, n -> boxed[n] == label), boxed);
    fillHoles(ConnectedComponents.of(size, n -> boxed[n] != label), size, label, boxed);
    for (int row = 0; row < size.j() * size.k(); row++) {
      System.arraycopy(boxed, row * size.i(), labels, rowIn(grid, box, row), size.i());
    }
  }

  /** Returns where a row of the box begins in the whole array. */
  private static int rowIn(Extents grid, IndexBox box, int row) {
    int rows = box.j1() - box.j0();
    return grid.offset(box.i0(), box.j0() + row % rows, box.k0() + row / rows);
  }

  private static void dropFragments(ConnectedComponents pieces, short[] labels) {
    int least = pieces.voxels(pieces.largest()) / SMALLEST_SHARE;
    for (int piece = 0; piece < pieces.count(); piece++) {
      if (pieces.voxels(piece) < least) {
        pieces.forEachRun(
            piece, (from, count) -> Arrays.fill(labels, from, from + count, (short) 0));
      }
    }
  }

  /** What does not reach a face of the label's box is enclosed. */
  private static void fillHoles(
      ConnectedComponents gaps, Extents size, short label, short[] labels) {
    for (int gap = 0; gap < gaps.count(); gap++) {
      IndexBox reach = gaps.box(gap);
      boolean enclosed =
          reach.i0() > 0
              && reach.j0() > 0
              && reach.k0() > 0
              && reach.i1() < size.i()
              && reach.j1() < size.j()
              && reach.k1() < size.k();
      if (enclosed) {
        gaps.forEachRun(
            gap,
            (from, count) -> {
              for (int n = from; n < from + count; n++) {
                if (labels[n] == 0) {
                  labels[n] = label;
                }
              }
            });
      }
    }
  }
}
