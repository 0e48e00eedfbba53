package dev.lss.core.naming;

import dev.lss.core.naming.NamingModel.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Names the bodies of a chain, from the head down, and says how probable the names are: a
 * conditional random field over the chain. How well each level fits each body comes from a small
 * network, how well two levels follow one another from a table of routes and the length of the
 * step; the probability of some names is their share of the sum over all namings. Ported from
 * {@code naming/decoder.py} of the training, which must give the same. Immutable.
 */
public final class LevelDecoder {

  private static final Set<SpineLevel> BOTTOM = EnumSet.of(SpineLevel.L6, SpineLevel.S);

  private final NamingModel model;
  private final double[][] fits;
  private final double[][] steps;

  /**
   * A naming.
   *
   * @param levels of each body, from the head down
   * @param missed how many vertebrae are missing between each body and the next
   */
  public record Path(List<SpineLevel> levels, List<Integer> missed) {}

  private LevelDecoder(NamingModel model, double[][] fits, double[][] steps) {
    this.model = model;
    this.fits = fits;
    this.steps = steps;
  }

  /**
   * Takes a chain of at least one body, from the head down.
   *
   * @param places weight of what the places of the bodies say, 1 where nothing else is known
   * @param evidence what else speaks for each level of each body, as logarithms, bodies x levels
   */
  public static LevelDecoder of(
      NamingModel model, List<SpineBody> chain, double places, double[][] evidence) {
    double[][] features = BodyFeatures.of(chain);
    double[][] fits = new double[features.length][];
    for (int n = 0; n < fits.length; n++) {
      fits[n] = model.fits(features[n]);
      for (int level = 0; level < fits[n].length; level++) {
        fits[n][level] = places * fits[n][level] + evidence[n][level];
      }
    }
    double[][] steps = new double[chain.size() - 1][];
    for (int n = 0; n < steps.length; n++) {
      double length = chain.get(n + 1).centreMm().minus(chain.get(n).centreMm()).norm();
      steps[n] = model.routeScores(length, places);
    }
    return new LevelDecoder(model, fits, steps);
  }

  /** Returns the decoder that gives a body no other level than these. */
  public LevelDecoder only(int body, Set<SpineLevel> open) {
    double[][] restricted = fits.clone();
    restricted[body] = fits[body].clone();
    for (int level = 0; level < restricted[body].length; level++) {
      if (!open.contains(SpineLevel.of(level))) {
        restricted[body][level] = Double.NEGATIVE_INFINITY;
      }
    }
    return new LevelDecoder(model, restricted, steps);
  }

  /** Returns the best naming. Ties go to the first level, and to the first route. */
  public Path best() {
    double[] score = fits[0];
    List<int[]> back = new ArrayList<>();
    for (int n = 0; n < steps.length; n++) {
      double[] next = impossible();
      int[] come = new int[next.length];
      Arrays.fill(come, -1);
      for (int r = 0; r < steps[n].length; r++) {
        Route route = model.routes().get(r);
        double value = score[route.upper()] + steps[n][r];
        if (value > next[route.lower()]) {
          next[route.lower()] = value;
          come[route.lower()] = r;
        }
      }
      for (int level = 0; level < next.length; level++) {
        next[level] += fits[n + 1][level];
      }
      score = next;
      back.add(come);
    }
    int at = 0;
    for (int level = 1; level < score.length; level++) {
      if (score[level] > score[at]) {
        at = level;
      }
    }
    List<SpineLevel> levels = new ArrayList<>(List.of(SpineLevel.of(at)));
    List<Integer> missed = new ArrayList<>();
    for (int n = steps.length - 1; n >= 0; n--) {
      Route route = model.routes().get(back.get(n)[at]);
      missed.add(route.missed());
      levels.add(SpineLevel.of(route.upper()));
      at = route.upper();
    }
    Collections.reverse(levels);
    Collections.reverse(missed);
    return new Path(levels, missed);
  }

  /** Returns the logarithm of the sum over all namings. */
  public double logTotal() {
    double[] sum = fits[0];
    for (int n = 0; n < steps.length; n++) {
      double[] next = impossible();
      for (int r = 0; r < steps[n].length; r++) {
        Route route = model.routes().get(r);
        int lower = route.lower();
        next[lower] = logAdd(next[lower], sum[route.upper()] + steps[n][r]);
      }
      for (int level = 0; level < next.length; level++) {
        next[level] += fits[n + 1][level];
      }
      sum = next;
    }
    double total = Double.NEGATIVE_INFINITY;
    for (double one : sum) {
      total = logAdd(total, one);
    }
    return total;
  }

  /**
   * Returns the model's own probability that these levels are right, not calibrated. A lowest body
   * that is called L6 or a piece of the sacrum counts as right either way.
   *
   * @param open names that make no difference to whoever asks, such as those of the chest
   */
  public double probability(Path path, Set<SpineLevel> open) {
    LevelDecoder restricted = this;
    for (int n = 0; n < fits.length; n++) {
      SpineLevel level = path.levels().get(n);
      Set<SpineLevel> names =
          BOTTOM.contains(level) ? BOTTOM : open.contains(level) ? open : EnumSet.of(level);
      restricted = restricted.only(n, names);
    }
    return Math.exp(Math.min(0, restricted.logTotal() - logTotal()));
  }

  private static double[] impossible() {
    double[] scores = new double[SpineLevel.all().size()];
    Arrays.fill(scores, Double.NEGATIVE_INFINITY);
    return scores;
  }

  private static double logAdd(double a, double b) {
    double more = Math.max(a, b);
    return more == Double.NEGATIVE_INFINITY
        ? more
        : more + Math.log1p(Math.exp(Math.min(a, b) - more));
  }
}
