package dev.lss.examples.evaluate;

import dev.lss.metrics.EmptyPolicy;
import dev.lss.metrics.SurfaceConvention;
import dev.lss.metrics.SurfaceOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is measured, and what is done about cases that are not as they should be. Immutable.
 *
 * @param tolerancesMm tolerances of the surface Dice, each at least 0
 * @param surfaces what counts as surface; empty to measure no distances between surfaces
 * @param emptyPolicy what the measures of a structure are that is in neither map
 * @param handling what is done about odd cases
 * @param threads labels worked on at the same time, at least 1
 */
public record Settings(
    List<Double> tolerancesMm,
    Optional<SurfaceConvention> surfaces,
    EmptyPolicy emptyPolicy,
    Handling handling,
    int threads) {

  /**
   * What is done about odd cases.
   *
   * @param missing what is done about a reference without prediction
   * @param resample whether a prediction on another grid is brought onto the reference's
   * @param keepGoing whether a case that cannot be compared is left out, with a notice
   */
  public record Handling(Missing missing, boolean resample, boolean keepGoing) {}

  /** What is done about a reference without prediction. */
  public enum Missing {
    /** It is an error. */
    REFUSE,
    /** It is left out, with a notice. */
    SKIP,
    /**
     * It is judged as an empty map. In summaries what is missing on one side counts as worst:
     * shares as 0, distances as the diagonal of the image.
     */
    WORST
  }

  /** Refuses a tolerance below 0. */
  public Settings {
    tolerancesMm = List.copyOf(tolerancesMm);
    for (double tolerance : tolerancesMm) {
      if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a tolerance must be at least 0 mm, was " + tolerance);
      }
    }
  }

  /** Returns every measure, in the order of all tables. */
  List<Measure> measures() {
    List<Measure> measures = new ArrayList<>();
    measures.add(Measure.share("dice", "Dice", true));
    measures.add(Measure.share("iou", "IoU", true));
    measures.add(Measure.share("precision", "precision", false));
    measures.add(Measure.share("recall", "recall", false));
    measures.add(Measure.share("specificity", "specificity", false));
    measures.add(Measure.share("accuracy", "accuracy", false));
    measures.add(
        new Measure("volumeErrorMm3", "volume error (mm3)", Measure.Better.NEAR_ZERO, false));
    measures.add(
        new Measure("relativeVolumeError", "volume error (%)", Measure.Better.NEAR_ZERO, true));
    measures.add(Measure.share("volumeSimilarity", "volume similarity", false));
    measures.add(Measure.distance("centroidDistanceMm", "centroid distance", false));
    if (surfaces.isPresent()) {
      measures.add(Measure.distance("hausdorffMm", "Hausdorff", false));
      measures.add(Measure.distance("hausdorff95Mm", "HD95", true));
      measures.add(Measure.distance("hausdorff95PooledMm", "pooled HD95", false));
      measures.add(Measure.distance("assdMm", "ASSD", true));
      measures.add(Measure.distance("masdMm", "MASD", false));
      for (double mm : tolerancesMm) {
        String number = String.valueOf(mm).replaceFirst("\\.0$", "");
        measures.add(Measure.share(surfaceDice(mm), "surface Dice %s mm".formatted(number), true));
      }
    }
    return measures;
  }

  /** Returns the measures in tables for people, errors with a sign last. */
  List<Measure> mainMeasures() {
    return measures().stream()
        .filter(Measure::isMain)
        .sorted(Comparator.comparing(measure -> measure.better() == Measure.Better.NEAR_ZERO))
        .toList();
  }

  SurfaceOptions surfaceOptions() {
    return new SurfaceOptions(
        surfaces.orElse(SurfaceConvention.AREA_WEIGHTED), emptyPolicy, threads);
  }

  /** Returns what the surface Dice at a tolerance is called, such as {@code surfaceDice0.5mm}. */
  static String surfaceDice(double toleranceMm) {
    return "surfaceDice%smm".formatted(String.valueOf(toleranceMm).replaceFirst("\\.0$", ""));
  }
}
