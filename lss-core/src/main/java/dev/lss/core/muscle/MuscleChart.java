package dev.lss.core.muscle;

import dev.lss.api.MuscleComposition;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Muscle;
import dev.lss.api.anatomy.Side;
import dev.lss.core.report.StrokeFont;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;

/**
 * The muscles of both sides beside each other, the right one to the left as in the slices: mean
 * areas, and the part of them that is fat.
 */
final class MuscleChart {

  private static final int ROW = 30;
  private static final int CAPTION = 26;
  private static final int BAR = 18;
  private static final int NAME = 190;
  private static final int NUMBERS = 150;
  private static final Color TEXT = new Color(0xE8EAED);
  private static final Color FAT = new Color(0xFFE066);

  private final Graphics2D graphics;
  private final LabelTable table;
  private final StrokeFont font = new StrokeFont(10);
  private final double middle;
  private final double pixelsPerMm2;

  private MuscleChart(
      Graphics2D graphics, List<MuscleComposition> muscles, LabelTable table, int width) {
    this.graphics = graphics;
    this.table = table;
    middle = width / 2.0;
    double largest = muscles.stream().mapToDouble(MuscleComposition::meanCsaMm2).max().orElse(1);
    pixelsPerMm2 = (middle - NAME / 2.0 - NUMBERS) / largest;
  }

  static int height(List<MuscleComposition> muscles) {
    return CAPTION + ROW * (int) muscles.stream().map(MuscleComposition::muscle).distinct().count();
  }

  static void draw(
      Graphics2D graphics, List<MuscleComposition> muscles, LabelTable table, int width) {
    MuscleChart chart = new MuscleChart(graphics, muscles, table, width);
    chart.font.write(
        graphics, "Mean area, right and left; yellow: the fat in it", 0, CAPTION - 9, TEXT);
    int y = CAPTION;
    for (Muscle muscle : Muscle.values()) {
      List<MuscleComposition> sides =
          muscles.stream().filter(one -> one.muscle() == muscle).toList();
      if (!sides.isEmpty()) {
        String name = muscle.displayName();
        chart.font.write(
            graphics, name, chart.middle - chart.font.width(name) / 2, y + BAR - 4, TEXT);
        for (MuscleComposition side : sides) {
          chart.bar(side, y);
        }
        y += ROW;
      }
    }
  }

  private void bar(MuscleComposition muscle, int y) {
    int sign = muscle.side() == Side.RIGHT ? -1 : 1;
    double from = middle + sign * NAME / 2.0;
    double length = muscle.meanCsaMm2() * pixelsPerMm2;
    int rgb = table.byStructure(muscle.structure()).map(LabelTable.Entry::rgb).orElse(0xB0B0B0);
    fill(new Color(rgb), from, sign * length, y);
    double fat = Math.max(0, Math.min(1, muscle.fatFraction().orElse(0)));
    fill(FAT, from, sign * length * fat, y);
    String text =
        String.format(Locale.ROOT, "%.1f cm2", muscle.meanCsaMm2() / 100)
            + (muscle.fatFraction().isPresent()
                ? String.format(Locale.ROOT, ", %.1f %%", 100 * muscle.fatFraction().getAsDouble())
                : "");
    double end = from + sign * (length + 8);
    font.write(graphics, text, sign < 0 ? end - font.width(text) : end, y + BAR - 4, TEXT);
  }

  private void fill(Color colour, double from, double length, int y) {
    graphics.setColor(colour);
    double left = Math.min(from, from + length);
    graphics.fillRect((int) Math.rint(left), y, (int) Math.rint(Math.abs(length)), BAR);
  }
}
