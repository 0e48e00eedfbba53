package dev.lss.core.report;

import dev.lss.api.image.LabelVolume;
import dev.lss.spi.VoxelArrays;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Chooses the three planes of a picture, and how much of each to show, along the LPS axes.
 * Immutable.
 *
 * <p>The sagittal and the coronal plane are those with the largest labelled area, which is the
 * middle of the bodies. The axial one has the largest area of the middle label: of the labels
 * found, in the order of their centres from feet to head, the middle one. Where several planes are
 * equally good, the one halfway between the first and the last is taken. Shown is the box around
 * all labels with a margin of 60 mm, cut at the image. When nothing was found, the middle planes of
 * the whole image are shown; a picture is always shown whole.
 */
final class OverlayPlanes {

  private static final double MARGIN_MM = 60;

  private final int[] plane = new int[3];
  private final int[] start = new int[3];
  private final int[] end = new int[3];
  private final Optional<Integer> middleLabel;

  OverlayPlanes(LabelVolume labels, LpsView view) {
    middleLabel = middleLabel(labels, view);
    long[][] area = areas(labels, view, 0);
    for (int axis = 0; axis < 3; axis++) {
      int n = view.size(axis);
      if (middleLabel.isEmpty()) {
        plane[axis] = n / 2;
        end[axis] = n;
      } else {
        int margin = view.isPicture() ? n : (int) Math.ceil(MARGIN_MM / view.spacingMm(axis));
        plane[axis] = widest(area[axis]);
        start[axis] = Math.max(0, first(area[axis], 1) - margin);
        end[axis] = Math.min(n, last(area[axis], 1) + 1 + margin);
      }
    }
    middleLabel.ifPresent(label -> plane[2] = widest(areas(labels, view, label)[2]));
  }

  /** Returns the index of the plane across an axis. */
  int plane(int axis) {
    return plane[axis];
  }

  /** Returns the first index shown along an axis. */
  int start(int axis) {
    return start[axis];
  }

  /** Returns the index behind the last shown along an axis. */
  int end(int axis) {
    return end[axis];
  }

  /** Returns the label that the axial plane goes through; empty when nothing was found. */
  Optional<Integer> middleLabel() {
    return middleLabel;
  }

  /** Counts voxels per plane along each axis, of one label or, for 0, of all. */
  private static long[][] areas(LabelVolume labels, LpsView view, int wanted) {
    long[][] area = {new long[view.size(0)], new long[view.size(1)], new long[view.size(2)]};
    forEachLabelled(
        labels,
        view,
        (label, at) -> {
          if (wanted == 0 || label == wanted) {
            area[0][at[0]]++;
            area[1][at[1]]++;
            area[2][at[2]]++;
          }
        });
    return area;
  }

  private static Optional<Integer> middleLabel(LabelVolume labels, LpsView view) {
    long[] voxels = new long[1 << Short.SIZE];
    long[] heights = new long[1 << Short.SIZE];
    forEachLabelled(
        labels,
        view,
        (label, at) -> {
          voxels[label]++;
          heights[label] += at[2];
        });
    int[] found = IntStream.range(1, voxels.length).filter(n -> voxels[n] > 0).toArray();
    return Arrays.stream(found)
        .boxed()
        .sorted(Comparator.comparingDouble(label -> (double) heights[label] / voxels[label]))
        .skip(found.length / 2)
        .findFirst();
  }

  private static int widest(long[] area) {
    long most = Arrays.stream(area).max().orElse(0);
    return (first(area, most) + last(area, most)) / 2;
  }

  private static int first(long[] area, long atLeast) {
    return IntStream.range(0, area.length).filter(n -> area[n] >= atLeast).findFirst().orElse(0);
  }

  private static int last(long[] area, long atLeast) {
    return IntStream.range(0, area.length)
        .map(n -> area.length - 1 - n)
        .filter(n -> area[n] >= atLeast)
        .findFirst()
        .orElse(0);
  }

  private interface LabelledVoxel {
    void at(int label, int[] lps);
  }

  /** In the order of storage; rows of background, which most are, are passed over as a whole. */
  private static void forEachLabelled(LabelVolume labels, LpsView view, LabelledVoxel action) {
    short[] values = VoxelArrays.labels(labels);
    short[] background = new short[labels.extents().i()];
    int[] at = new int[3];
    for (int row = 0; row < values.length; row += background.length) {
      int end = row + background.length;
      if (Arrays.equals(values, row, end, background, 0, background.length)) {
        continue;
      }
      for (int axis = 0; axis < 3; axis++) {
        at[axis] = view.along(axis, row);
      }
      int axis = view.storedFastest();
      int step = view.along(axis, end - 1) < at[axis] ? -1 : 1;
      for (int n = row; n < end; n++, at[axis] += step) {
        if (values[n] != 0) {
          action.at(Short.toUnsignedInt(values[n]), at);
        }
      }
    }
  }
}
