package dev.lss.examples.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis from values to points of the page, with marks at round values. Immutable.
 *
 * <p>Marks are whole multiples of a step, counted in integers, so an axis has at most twelve of
 * them whatever the values are. Values that a double hardly tells apart get a range in which it
 * does.
 *
 * @param low value at {@code from}
 * @param high value at {@code to}
 * @param from where it begins on the page
 * @param to where it ends
 * @param marks the marks
 * @param note what all marks have in common, such as {@code x 1e81} or {@code + 1000000000}; empty
 *     when they say it all
 */
public record Axis(double low, double high, double from, double to, List<Mark> marks, String note) {

  private static final int STEPS = 8;

  /** So many times its last digit a range must hold. */
  private static final double RESOLUTION = Math.scalb(1.0, -40);

  private static final double SMALLEST = 1e-290;

  /** Marks that need more digits than this are written relative to a round value. */
  private static final long LARGEST_COUNT = 100_000;

  /**
   * A mark.
   *
   * @param at where it is on the page
   * @param label what is written there, with a true minus sign
   */
  public record Mark(double at, String label) {}

  /** Copies the list. */
  public Axis {
    marks = List.copyOf(marks);
  }

  /** Returns an axis that holds two finite values with a twentieth to spare at either end. */
  public static Axis of(double smallest, double largest, double from, double to) {
    double size = Math.max(Math.abs(smallest), Math.abs(largest));
    double half = 1.1 * (largest / 2 - smallest / 2); // the whole span may overflow
    double least = Math.max(size == 0 ? 1 : size * RESOLUTION, SMALLEST);
    half = Math.min(Math.max(half, least), Double.MAX_VALUE);
    double middle = smallest / 2 + largest / 2;
    double low = Math.max(-Double.MAX_VALUE, middle - half);
    double high = Math.min(Double.MAX_VALUE, middle + half);
    Axis axis = new Axis(low, high, from, to, List.of(), "");
    return axis.marked(half / STEPS * 2);
  }

  private Axis marked(double rough) {
    int power = (int) Math.floor(Math.log10(rough));
    double head = rough / Math.pow(10, power);
    BigDecimal step =
        BigDecimal.valueOf(head > 5 ? 10 : head > 2 ? 5 : head > 1 ? 2 : 1)
            .scaleByPowerOfTen(power);
    long first = (long) Math.ceil(low / step.doubleValue());
    long last = (long) Math.floor(high / step.doubleValue());
    long base =
        Math.max(Math.abs(first), Math.abs(last)) > LARGEST_COUNT
            ? Math.floorDiv(first, 1000) * 1000
            : 0;
    BigDecimal widest = step.multiply(BigDecimal.valueOf(Math.max(1, last - base)));
    widest = widest.max(step.multiply(BigDecimal.valueOf(base - first)));
    int exponent = exponent(widest);
    int digits = Math.max(0, step.stripTrailingZeros().scale() + exponent);
    List<Mark> marks = new ArrayList<>();
    for (long count = first; count <= last; count++) {
      marks.add(
          new Mark(
              at(step.multiply(BigDecimal.valueOf(count)).doubleValue()),
              minus(
                  step.multiply(BigDecimal.valueOf(count - base))
                      .scaleByPowerOfTen(-exponent)
                      .setScale(digits, RoundingMode.UNNECESSARY)
                      .toPlainString())));
    }
    String factor = exponent == 0 ? "" : minus("x 1e" + exponent);
    String origin =
        base == 0
            ? ""
            : (base < 0 ? " \u2212 " : " + ")
                + origin(step.multiply(BigDecimal.valueOf(Math.abs(base))));
    return new Axis(low, high, from, to, marks, (factor + origin).strip());
  }

  /** Returns the power of ten to leave out; 0 where plain numbers are short. */
  private static int exponent(BigDecimal largest) {
    int power = largest.precision() - largest.scale() - 1;
    return power >= 6 || power < -3 ? power : 0;
  }

  private static String origin(BigDecimal value) {
    BigDecimal plain = value.stripTrailingZeros();
    return minus(plain.scale() < -12 ? plain.toString().replace("E+", "e") : plain.toPlainString());
  }

  /** Returns a number with a true minus sign. */
  public static String minus(String number) {
    return number.replace('-', '\u2212');
  }

  /** Returns where a value is on the page. */
  public double at(double value) {
    return from + (value / 2 - low / 2) / (high / 2 - low / 2) * (to - from);
  }

  /** Returns whether a value lies on the axis. */
  public boolean holds(double value) {
    return value >= low && value <= high;
  }

  /** Puts marks with labels below a horizontal axis, whose line lies at y, and its title. */
  public void below(Canvas canvas, double y, String title) {
    for (Mark mark : marks) {
      canvas.line(mark.at, y, mark.at, y + 5, new Canvas.Pen(Canvas.INK, 1, 0));
      canvas.text(mark.at, y + 20, Canvas.Anchor.MIDDLE, mark.label);
    }
    canvas.text((from + to) / 2, y + 46, Canvas.Anchor.MIDDLE, withNote(title));
  }

  /** Puts marks with labels left of a vertical axis, whose line lies at x, and its title. */
  public void leftOf(Canvas canvas, double x, double titleX, String title) {
    for (Mark mark : marks) {
      canvas.line(x - 5, mark.at, x, mark.at, new Canvas.Pen(Canvas.INK, 1, 0));
      canvas.text(x - 9, mark.at + 4, Canvas.Anchor.END, mark.label);
    }
    canvas.textUpwards(titleX, (from + to) / 2, withNote(title));
  }

  private String withNote(String title) {
    return note.isEmpty() ? title : title + "  [" + note + "]";
  }
}
