package dev.lss.examples.evaluate;

import dev.lss.metrics.Overlap;
import dev.lss.metrics.SurfaceDistances;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How one structure of one case was judged. Immutable.
 *
 * @param match the structure
 * @param overlap counts of voxels
 * @param figures every measure by its key, always in the same order; NaN where it is not defined
 */
record LabelResult(LabelMatch match, Overlap overlap, Map<String, Double> figures) {

  /** Copies the figures. */
  LabelResult {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  static LabelResult of(
      LabelMatch match,
      Overlap overlap,
      Optional<SurfaceDistances> surfaces,
      double centroidDistanceMm,
      Settings settings) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("dice", overlap.dice());
    figures.put("iou", overlap.iou());
    figures.put("precision", overlap.precision());
    figures.put("recall", overlap.recall());
    figures.put("specificity", overlap.specificity());
    figures.put("accuracy", overlap.accuracy());
    figures.put("volumeErrorMm3", overlap.volumeErrorMm3());
    figures.put("relativeVolumeError", overlap.relativeVolumeError());
    figures.put("volumeSimilarity", overlap.volumeSimilarity());
    figures.put("centroidDistanceMm", centroidDistanceMm);
    surfaces.ifPresent(
        distances -> {
          figures.put("hausdorffMm", distances.hausdorffMm());
          figures.put("hausdorff95Mm", distances.hausdorff95Mm());
          figures.put("hausdorff95PooledMm", distances.pooledPercentileMm(95));
          figures.put("assdMm", distances.assdMm());
          figures.put("masdMm", distances.masdMm());
          settings
              .tolerancesMm()
              .forEach(mm -> figures.put(Settings.surfaceDice(mm), distances.surfaceDice(mm)));
        });
    return new LabelResult(match, overlap, figures);
  }

  double value(Measure measure) {
    return figures.getOrDefault(measure.key(), Double.NaN);
  }

  /**
   * Returns a value with which a structure that one side lacks costs what is worst: no share at
   * all, or a distance as long as the image's diagonal.
   */
  double worst(Measure measure, double diagonalMm) {
    double value = value(measure);
    if (Double.isFinite(value) || inReference() == inPrediction()) {
      return value;
    }
    return switch (measure.better()) {
      case HIGHER -> 0;
      case LOWER -> diagonalMm;
      case NEAR_ZERO -> value;
    };
  }

  private boolean inReference() {
    return overlap.truePositives() + overlap.falseNegatives() > 0;
  }

  private boolean inPrediction() {
    return overlap.truePositives() + overlap.falsePositives() > 0;
  }

  /** Returns why a figure is not a finite number; empty when all are. */
  Optional<String> undefinedReason() {
    if (figures.values().stream().allMatch(Double::isFinite)) {
      return Optional.empty();
    }
    if (inReference() && inPrediction()) {
      return Optional.of(
          Double.isFinite(overlap.volumeErrorMm3()) ? "NO_BACKGROUND" : "NO_MILLIMETRES");
    }
    return Optional.of(
        inReference() ? "PREDICTION_EMPTY" : inPrediction() ? "REFERENCE_EMPTY" : "BOTH_EMPTY");
  }
}
