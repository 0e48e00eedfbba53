package dev.lss.core.ct;

import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.image.ConnectedComponents;
import dev.lss.core.image.Crop;
import dev.lss.core.image.Slabs;
import dev.lss.core.measure.LabelStatistics;
import dev.lss.spi.VoxelArrays;
import java.util.Arrays;
import java.util.List;

/**
 * Postprocesses labels by what is known of bones: a vertebra is one piece without holes.
 *
 * <p>Of each label the largest piece stays, and every other of at least a tenth of its size,
 * because a narrow field of view may cut body and spinous process apart. Background that one label
 * encloses on all six sides becomes that label, so that the marrow of a porous body is not lost.
 * Labels that the table does not list, segmented only to compete with those it lists, become
 * background.
 */
final class Postprocessing {

  private static final int SMALLEST_SHARE = 10;

  private Postprocessing() {}

  /**
   * Returns the postprocessed labels; each is treated as if the others stayed as they were.
   *
   * @param slabs threads, which take a label at a time
   */
  static LabelVolume of(LabelVolume labels, LabelTable table, Slabs slabs) {
    Extents grid = labels.extents();
    short[] listed = VoxelArrays.labels(labels).clone();
    dropHelpers(listed, table);
    LabelVolume whole = LabelVolume.wrap(labels.geometry(), listed);
    List<LabelStatistics> found = LabelStatistics.of(whole);
    short[][] treated = new short[found.size()][];
    slabs.forEach(
        treated.length,
        (from, to) -> {
          for (int n = from; n < to; n++) {
            LabelStatistics label = found.get(n);
            treated[n] = treated((short) label.label(), Crop.to(whole, label.bounds()));
          }
        });
    short[] out = listed.clone();
    for (int n = 0; n < treated.length; n++) {
      takeChanges(treated[n], found.get(n).bounds(), grid, listed, out);
    }
    return LabelVolume.wrap(labels.geometry(), out);
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

  /** Returns the labels of the box that holds one label, with this label treated. */
  private static short[] treated(short label, LabelVolume box) {
    Extents size = box.extents();
    short[] boxed = VoxelArrays.labels(box).clone();
    boolean[] mask = new boolean[boxed.length];
    for (int n = 0; n < mask.length; n++) {
      mask[n] = boxed[n] == label;
    }
    dropFragments(ConnectedComponents.of(size, mask), boxed);
    for (int n = 0; n < mask.length; n++) {
      mask[n] = boxed[n] != label;
    }
    fillHoles(ConnectedComponents.of(size, mask), size, label, boxed);
    return boxed;
  }

  private static void takeChanges(
      short[] boxed, IndexBox box, Extents grid, short[] before, short[] out) {
    Extents size = box.extents();
    for (int row = 0; row < size.j() * size.k(); row++) {
      int from = grid.offset(box.i0(), box.j0() + row % size.j(), box.k0() + row / size.j());
      for (int i = 0; i < size.i(); i++) {
        short value = boxed[row * size.i() + i];
        if (value != before[from + i]) {
          out[from + i] = value;
        }
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
