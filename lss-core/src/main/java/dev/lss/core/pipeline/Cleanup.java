package dev.lss.core.pipeline;

import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.image.ConnectedComponents;
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
    LabelVolume result = LabelVolume.wrap(labels.geometry(), tidy);
    for (LabelTable.Entry entry : table.entries()) {
      ConnectedComponents pieces = ConnectedComponents.of(result, entry.value());
      if (pieces.count() > 0) {
        dropFragments(pieces, tidy);
        fillHoles(pieces.box(pieces.largest()), (short) entry.value(), labels.extents(), tidy);
      }
    }
    return result;
  }

  private static void dropHelpers(short[] labels, LabelTable table) {
    boolean[] listed = new boolean[1 << Short.SIZE];
    table.entries().forEach(entry -> listed[entry.value()] = true);
    for (int n = 0; n < labels.length; n++) {
      if (!listed[Short.toUnsignedInt(labels[n])]) {
        labels[n] = 0;
      }
    }
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

  /**
   * Looks in the box of the label's largest piece: what does not reach the box's faces is enclosed.
   */
  private static void fillHoles(IndexBox box, short label, Extents grid, short[] labels) {
    Extents size = box.extents();
    ConnectedComponents gaps =
        ConnectedComponents.of(size, n -> labels[offset(n, size, box, grid)] != label);
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
                int at = offset(n, size, box, grid);
                if (labels[at] == 0) {
                  labels[at] = label;
                }
              }
            });
      }
    }
  }

  private static int offset(int n, Extents size, IndexBox box, Extents grid) {
    int i = n % size.i();
    int j = n / size.i() % size.j();
    int k = n / size.i() / size.j();
    return grid.offset(box.i0() + i, box.j0() + j, box.k0() + k);
  }
}
