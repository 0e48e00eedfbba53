package dev.lss.examples.agree;

import dev.lss.api.Notice;
import dev.lss.metrics.agreement.BlandAltman;
import dev.lss.metrics.agreement.Icc;
import dev.lss.metrics.agreement.Interval;
import dev.lss.metrics.agreement.PairedTost;
import dev.lss.metrics.agreement.ProportionalBias;
import dev.lss.metrics.agreement.WilcoxonSignedRank;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints agreement for people; programs read the JSON. */
public final class AgreementTable {

  private static final double SMALLEST_P = 1e-15;

  private final PrintWriter out;

  private AgreementTable(PrintWriter out) {
    this.out = out;
  }

  /** Prints every comparison and then the notices. */
  public static void print(Agreement agreement, PrintWriter out) {
    AgreementTable table = new AgreementTable(out);
    agreement
        .comparisons()
        .forEach(c -> table.print(c, agreement.question().margin().orElseThrow()));
    agreement.raters().forEach(table::print);
    for (Notice notice : agreement.notices()) {
      out.println("notice " + notice.code() + ": " + notice.message());
    }
    out.flush();
  }

  private void print(Comparison c, Margin margin) {
    line("%s: %d rows", c.title(), c.sample().n());
    line(
        "  means               %s and %s",
        number(c.sample().methodMean()), number(c.sample().referenceMean()));
    print(c.icc());
    print(c.blandAltman());
    print(c.tost(), margin);
    line(
        "  Lin                 %s  (95 %% %s)",
        ratio(c.lin().estimate()), ratios(c.lin().interval()));
    WilcoxonSignedRank wilcoxon = c.wilcoxon();
    line(
        "  Wilcoxon            p %s (%s)",
        p(wilcoxon.p()), Double.isNaN(wilcoxon.pExact()) ? "normal approximation" : "exact");
    line(
        "  correlation         Pearson %s, Spearman %s; no measure of agreement",
        ratio(c.pearson().coefficient()), ratio(c.spearman().coefficient()));
    line("  mean |difference|   %s %% of the reference", number(c.meanAbsolutePercentDifference()));
    line("");
  }

  private void print(RaterAgreement raters) {
    line(
        "%s: %d raters, %d rows",
        raters.title(), raters.raters().size(), raters.ratings().subjects());
    print(raters.icc());
    line("");
  }

  private void print(List<Icc> forms) {
    for (Icc icc : forms) {
      line(
          "  %-18s  %s  (95 %% %s)",
          icc.form().label(), ratio(icc.estimate()), ratios(icc.interval()));
    }
  }

  private void print(BlandAltman limits) {
    line(
        "  bias                %s  (95 %% %s), SD %s",
        signed(limits.bias()), interval(limits.biasInterval()), number(limits.sd()));
    line(
        "  limits of agreement %s  (95 %% %s)",
        signed(limits.limits().low()), interval(limits.lowerLimitInterval()));
    line(
        "                      %s  (95 %% %s)",
        signed(limits.limits().high()), interval(limits.upperLimitInterval()));
    ProportionalBias slope = limits.proportionalBias();
    line(
        "  proportional bias   slope %s  (95 %% %s), p %s",
        signed(slope.slope()), interval(slope.slopeInterval()), p(slope.p()));
  }

  private void print(PairedTost tost, Margin margin) {
    line(
        "  equivalence         %s within %s%s: p %s, 90 %% interval of the bias %s",
        tost.equivalent() ? "yes," : "not shown",
        number(tost.marginAbsolute()),
        margin.percent() ? " (%s of the reference)".formatted(margin.text()) : "",
        p(tost.p()),
        interval(tost.interval()));
  }

  /** Returns a p-value as people read it. */
  static String p(double p) {
    return p < SMALLEST_P ? "< 1e-15" : number(p);
  }

  private static String ratio(double value) {
    return format("%.4f", value);
  }

  private static String ratios(Interval interval) {
    return ratio(interval.low()) + " to " + ratio(interval.high());
  }

  private static String number(double value) {
    return format("%.4g", value);
  }

  private static String signed(double value) {
    return format("%+.4g", value);
  }

  private static String interval(Interval interval) {
    return signed(interval.low()) + " to " + signed(interval.high());
  }

  /** Returns the number; "-" when it is not defined. */
  private static String format(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
