package dev.lss.core.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the name of one label belongs in a panel: beside the third of it that is nearest to the
 * side of the names. Immutable.
 *
 * @param label the label value
 * @param edge the column of its outermost pixel on that side
 * @param row the mean row of that third's pixels
 */
record LabelledArea(int label, int edge, double row) {

  /**
   * Returns the area of each label of a panel, from top to bottom.
   *
   * @param labels label per row and column
   * @param leftSide whether the names go to the left of the labels
   */
  static List<LabelledArea> in(int[][] labels, boolean leftSide) {
    Map<Integer, List<int[]>> pixels = new TreeMap<>();
    for (int y = 0; y < labels.length; y++) {
      for (int x = 0; x < labels[y].length; x++) {
        if (labels[y][x] != 0) {
          pixels.computeIfAbsent(labels[y][x], n -> new ArrayList<>()).add(new int[] {x, y});
        }
      }
    }
    return pixels.entrySet().stream()
        .map(entry -> of(entry.getKey(), entry.getValue(), leftSide))
        .sorted(Comparator.comparingDouble(LabelledArea::row))
        .toList();
  }

  private static LabelledArea of(int label, List<int[]> pixels, boolean leftSide) {
    int left = pixels.stream().mapToInt(p -> p[0]).min().orElseThrow();
    int right = pixels.stream().mapToInt(p -> p[0]).max().orElseThrow();
    int edge = leftSide ? left : right;
    int reach = (right - left) / 3;
    double row =
        pixels.stream()
            .filter(p -> Math.abs(p[0] - edge) <= reach)
            .mapToInt(p -> p[1])
            .average()
            .orElseThrow();
    return new LabelledArea(label, edge, row);
  }
}
