package dev.lss.metrics.agreement;

import dev.lss.metrics.Quantiles;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The uncertainty of a mean over cases that belong to subjects, such as the Dice of five vertebrae
 * of each patient: whole subjects are drawn with replacement, since cases of one subject are alike.
 * Equal seeds give equal results on every machine. Immutable.
 */
public final class ClusterBootstrap {

  /** Below so many subjects an interval is unreliable. */
  public static final int FEW_SUBJECTS = 8;

  /** What is averaged. */
  public enum Statistic {
    /** The mean over all cases of the drawn subjects; a subject with more cases weighs more. */
    MEAN_OF_CASES,
    /** The mean over the drawn subjects of the mean of each. */
    MEAN_OF_SUBJECT_MEANS
  }

  /**
   * How often to draw.
   *
   * @param replicates number of samples drawn, at least 1
   * @param seed start of the generator
   */
  public record Draws(int replicates, long seed) {

    /** 2000 replicates, seed 42. */
    public static final Draws STANDARD = new Draws(2000, 42);

    /** Refuses less than one replicate. */
    public Draws {
      if (replicates < 1) {
        throw new IllegalArgumentException("replicates must be at least 1, was " + replicates);
      }
    }
  }

  private final double[] sums;
  private final int[] counts;
  private final Statistic statistic;
  private final Draws draws;
  private final double estimate;
  private final double[] sorted;

  private ClusterBootstrap(double[] sums, int[] counts, Statistic statistic, Draws draws) {
    this.sums = sums;
    this.counts = counts;
    this.statistic = statistic;
    this.draws = draws;
    int[] all = new int[sums.length];
    Arrays.setAll(all, n -> n);
    this.estimate = value(all);
    this.sorted = replicates();
  }

  /**
   * Draws the replicates.
   *
   * @param subjects the finite values of the cases of each subject
   * @throws IllegalArgumentException for no subject, a subject without cases, or a value that is
   *     not finite: leave those out and count them
   */
  public static ClusterBootstrap of(List<double[]> subjects, Statistic statistic, Draws draws) {
    if (subjects.isEmpty()) {
      throw new IllegalArgumentException("a bootstrap needs at least one subject");
    }
    double[] sums = new double[subjects.size()];
    int[] counts = new int[subjects.size()];
    for (int n = 0; n < sums.length; n++) {
      double[] cases = subjects.get(n);
      if (cases.length == 0 || !Arrays.stream(cases).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "subject %s needs at least one case and finite values alone".formatted(n + 1));
      }
      counts[n] = cases.length;
      sums[n] = Arrays.stream(cases).reduce(0, Double::sum);
    }
    return new ClusterBootstrap(sums, counts, statistic, draws);
  }

  private double value(int[] drawn) {
    double sum = 0;
    long cases = 0;
    for (int subject : drawn) {
      if (statistic == Statistic.MEAN_OF_CASES) {
        sum += sums[subject];
        cases += counts[subject];
      } else {
        sum += sums[subject] / counts[subject];
        cases++;
      }
    }
    return sum / cases;
  }

  private double[] replicates() {
    SplitMix64 random = new SplitMix64(draws.seed());
    double[] values = new double[draws.replicates()];
    int[] drawn = new int[sums.length];
    for (int replicate = 0; replicate < values.length; replicate++) {
      for (int n = 0; n < drawn.length; n++) {
        drawn[n] = random.index(drawn.length);
      }
      values[replicate] = value(drawn);
    }
    Arrays.sort(values);
    return values;
  }

  /** Returns the statistic of the subjects themselves. */
  public double estimate() {
    return estimate;
  }

  /** Returns the number of subjects. */
  public int subjects() {
    return sums.length;
  }

  /** Returns whether there are too few subjects for the intervals to be relied upon. */
  public boolean hasFewSubjects() {
    return subjects() < FEW_SUBJECTS;
  }

  /** Returns the interval between two quantiles (type 7) of the replicates. */
  public Interval percentileInterval(double confidence) {
    double tail = Interval.tail(confidence);
    return between(tail, 1 - tail);
  }

  /**
   * Returns the interval corrected for bias and acceleration (Efron, JASA 1987), the acceleration
   * from leaving out one subject after another.
   *
   * @return the interval; empty when all replicates lie on one side of the estimate, so that the
   *     correction is infinite: then use {@link #percentileInterval} and say so
   */
  public Optional<Interval> bcaInterval(double confidence) {
    double tail = Interval.tail(confidence);
    if (sorted[0] == sorted[sorted.length - 1]) {
      return Optional.of(new Interval(estimate, estimate));
    }
    double z0 = bias();
    if (Double.isInfinite(z0)) {
      return Optional.empty();
    }
    double z = Distributions.normalQuantile(tail);
    double acceleration = acceleration();
    return Optional.of(
        between(corrected(z0, z0 - z, acceleration), corrected(z0, z0 + z, acceleration)));
  }

  private static double corrected(double z0, double z, double acceleration) {
    return Distributions.NORMAL.cumulativeProbability(z0 + z / (1 - acceleration * z));
  }

  private Interval between(double low, double high) {
    return new Interval(Quantiles.ofSorted(sorted, low), Quantiles.ofSorted(sorted, high));
  }

  /** The normal quantile of the share of replicates below the estimate, ties half counted. */
  double bias() {
    double below = 0;
    for (double value : sorted) {
      below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
    }
    double share = below / sorted.length;
    return share == 0 ? Double.NEGATIVE_INFINITY : -Distributions.normalQuantile(share);
  }

  double acceleration() {
    double[] left = new double[sums.length];
    for (int out = 0; out < left.length; out++) {
      int without = out;
      left[out] = value(IntStream.range(0, left.length).filter(n -> n != without).toArray());
    }
    double squares = 0;
    double cubes = 0;
    for (double value : Moments.centred(left)) {
      squares += value * value;
      cubes -= value * value * value;
    }
    return squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
  }

  /**
   * Returns the p-value of equivalence by bootstrap: the larger of the shares of replicates at or
   * beyond either margin, when the cases are differences.
   *
   * @param margin positive, in the unit of the data
   */
  public double equivalenceP(double margin) {
    if (!(margin > 0)) {
      throw new IllegalArgumentException("a margin must be positive, was " + margin);
    }
    long below = Arrays.stream(sorted).filter(v -> v <= -margin).count();
    long above = Arrays.stream(sorted).filter(v -> v >= margin).count();
    return (double) Math.max(below, above) / sorted.length;
  }
}
