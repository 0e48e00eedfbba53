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
    line("%s: %s rows", c.title(), c.sample().n());
    line(
        "  means               %s and %s",
        number(c.sample().methodMean()), number(c.sample().referenceMean()));
    print(c.icc());
    print(c.blandAltman());
    print(c.tost(), margin);
    line(
        "  Lin                 %s  (95 %% %s)%s",
        ratio(c.lin().estimate()),
        ratios(c.lin().interval()),
        why(c.lin().interval().low(), Undefined.of(c.lin(), c.sample().n())));
    WilcoxonSignedRank wilcoxon = c.wilcoxon();
    line(
        "  Wilcoxon            p %s (%s)",
        p(wilcoxon.p()), Double.isNaN(wilcoxon.pExact()) ? "normal approximation" : "exact");
    line(
        "  correlation         Pearson %s, Spearman %s%s; no measure of agreement",
        ratio(c.pearson().coefficient()),
        ratio(c.spearman().coefficient()),
        why(c.pearson().coefficient(), Undefined.of(c.pearson())));
    double percent = c.meanAbsolutePercentDifference();
    line(
        "  mean |difference|   %s %% of the reference%s",
        number(percent), why(percent, Undefined.REFERENCE_OF_0));
    line("");
  }

  private void print(RaterAgreement raters) {
    line(
        "%s: %s raters, %s rows",
        raters.title(), raters.raters().size(), raters.ratings().subjects());
    print(raters.icc());
    line("");
  }

  private void print(List<Icc> forms) {
    for (Icc icc : forms) {
      line(
          "  %-18s  %s  (95 %% %s)%s",
          icc.form().label(),
          ratio(icc.estimate()),
          ratios(icc.interval()),
          why(icc.interval().low(), Undefined.of(icc)));
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
        "  proportional bias   slope %s  (95 %% %s), p %s%s",
        signed(slope.slope()),
        interval(slope.slopeInterval()),
        p(slope.p()),
        why(slope.slopeInterval().low(), Undefined.ofProportionalBias(limits)));
  }

  private void print(PairedTost tost, Margin margin) {
    line(
        "  equivalence         %s within %s%s: %s",
        tost.equivalent() ? "yes," : "not shown",
        number(tost.marginAbsolute()),
        margin.percent() ? " (%s of the reference)".formatted(margin.text()) : "",
        tost.standardError() == 0
            ? "all differences are equal, so there is nothing to test"
            : "p %s, 90 %% interval of the bias %s"
                .formatted(p(tost.p()), interval(tost.interval())));
  }

  /** Returns the reason why a value is not defined; nothing when it is. */
  private static String why(double value, Undefined reason) {
    return Double.isNaN(value) ? ": " + reason.word() : "";
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
