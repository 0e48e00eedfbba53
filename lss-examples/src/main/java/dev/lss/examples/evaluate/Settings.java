package dev.lss.examples.evaluate;

import dev.lss.metrics.EmptyPolicy;
import dev.lss.metrics.SurfaceConvention;
import dev.lss.metrics.SurfaceOptions;
import java.util.List;

/**
 * What is measured. Immutable.
 *
 * @param tolerancesMm tolerances of the surface Dice, each at least 0
 * @param distances whether distances between surfaces are measured at all
 * @param convention what counts as surface
 * @param threads labels worked on at the same time, at least 1
 */
public record Settings(
    List<Double> tolerancesMm, boolean distances, SurfaceConvention convention, int threads) {

  /** What Dice is for a structure that is in neither map: not defined, left out and counted. */
  static final EmptyPolicy EMPTY = EmptyPolicy.UNDEFINED;

  /** Refuses a tolerance below 0. */
  public Settings {
    tolerancesMm = List.copyOf(tolerancesMm);
    for (double tolerance : tolerancesMm) {
      if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a tolerance must be at least 0 mm, was " + tolerance);
      }
    }
  }

  SurfaceOptions surfaces() {
    return new SurfaceOptions(convention, EMPTY, threads);
  }

  /** Returns what the surface Dice at a tolerance is called, such as {@code surfaceDice0.5mm}. */
  static String surfaceDice(double toleranceMm) {
    String number = String.valueOf(toleranceMm);
    return "surfaceDice%smm".formatted(number.endsWith(".0") ? number.replace(".0", "") : number);
  }
}
