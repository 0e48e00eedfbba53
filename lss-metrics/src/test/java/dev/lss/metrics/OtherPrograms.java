package dev.lss.metrics;

import static dev.lss.metrics.Golden.close;
import static dev.lss.metrics.Golden.doubles;
import static dev.lss.metrics.Golden.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.spi.VoxelArrays;
import java.util.List;

/**
 * Compares with what tools/oracles/surfaces.py wrote: surface-distance and scikit-image to 1e-9,
 * MONAI, which computes in float32, to 1e-5.
 */
final class OtherPrograms {

  private static final double DOUBLE = 1e-9;
  private static final double FLOAT = 1e-5;
  private static final double[] PERCENT = {50, 95, 100};

  private OtherPrograms() {}

  /** Compares label 1 of two maps. */
  static void agree(JsonNode oracle, LabelVolume reference, LabelVolume prediction) {
    Overlap overlap =
        LabelOverlaps.of(reference, prediction, List.of(1), EmptyPolicy.UNDEFINED).of(1);
    assertThat(doubles(oracle.path("counts")))
        .as("voxels in both, in the prediction and in the reference alone")
        .containsExactly(
            overlap.truePositives(), overlap.falsePositives(), overlap.falseNegatives());
    double tolerance = value(oracle.path("tolerance"));
    agreeWithSurfaceDistance(
        oracle.path("surfaceDistance"),
        distances(reference, prediction, SurfaceConvention.AREA_WEIGHTED),
        tolerance);
    SurfaceDistances edges = distances(reference, prediction, SurfaceConvention.EDGE_VOXELS);
    boolean filled =
        edges.referenceToPrediction().points() > 0 && edges.predictionToReference().points() > 0;
    if (filled) { // for empty masks the conventions differ; SurfaceDistancesTest has ours
      agreeWithMonai(oracle.path("monai"), edges, overlap, tolerance);
    }
    if (!oracle.path("skimage").isNull()) {
      agreeWithSkimage(
          oracle.path("skimage"),
          distances(unit(reference), unit(prediction), SurfaceConvention.EDGE_VOXELS));
    }
  }

  private static SurfaceDistances distances(
      LabelVolume reference, LabelVolume prediction, SurfaceConvention convention) {
    return LabelSurfaces.of(
            reference, prediction, List.of(1), SurfaceOptions.STANDARD.with(convention))
        .of(1);
  }

  /** The same voxels with a spacing of 1, as scikit-image sees them. */
  private static LabelVolume unit(LabelVolume map) {
    return LabelVolume.wrap(
        GridGeometry.ofSpacing(map.extents(), new Vector3(1, 1, 1)), VoxelArrays.labels(map));
  }

  private static void agreeWithSurfaceDistance(
      JsonNode oracle, SurfaceDistances ours, double tolerance) {
    DirectedDistances there = ours.referenceToPrediction();
    DirectedDistances back = ours.predictionToReference();
    close(there.totalWeight(), value(oracle.at("/areas/0")), DOUBLE, "area of the reference");
    close(back.totalWeight(), value(oracle.at("/areas/1")), DOUBLE, "area of the prediction");
    close(there.meanMm(), value(oracle.at("/averages/0")), DOUBLE, "directed mean");
    close(back.meanMm(), value(oracle.at("/averages/1")), DOUBLE, "directed mean back");
    close(there.shareWithin(tolerance), value(oracle.at("/overlaps/0")), DOUBLE, "overlap");
    close(back.shareWithin(tolerance), value(oracle.at("/overlaps/1")), DOUBLE, "overlap back");
    for (int n = 0; n < PERCENT.length; n++) {
      double expected = value(oracle.path("percentiles").get(n));
      close(ours.percentileMm(PERCENT[n]), expected, DOUBLE, "percentile " + PERCENT[n]);
    }
    close(ours.surfaceDice(tolerance), value(oracle.path("surfaceDice")), DOUBLE, "surface Dice");
  }

  private static void agreeWithMonai(
      JsonNode oracle, SurfaceDistances ours, Overlap overlap, double tolerance) {
    for (int n = 0; n < PERCENT.length; n++) {
      double expected = value(oracle.path("percentiles").get(n));
      close(ours.percentileMm(PERCENT[n]), expected, FLOAT, "MONAI's percentile " + PERCENT[n]);
    }
    close(ours.assdMm(), value(oracle.path("average")), FLOAT, "MONAI's average");
    close(ours.surfaceDice(tolerance), value(oracle.path("surfaceDice")), FLOAT, "MONAI's surface");
    close(overlap.dice(), value(oracle.path("dice")), FLOAT, "MONAI's Dice");
    close(overlap.iou(), value(oracle.path("iou")), FLOAT, "MONAI's IoU");
  }

  private static void agreeWithSkimage(JsonNode oracle, SurfaceDistances ours) {
    close(ours.hausdorffMm(), value(oracle.path("hausdorff")), DOUBLE, "scikit-image's Hausdorff");
    close(
        Math.max(ours.referenceToPrediction().meanMm(), ours.predictionToReference().meanMm()),
        value(oracle.path("largerAverage")),
        DOUBLE,
        "scikit-image's modified Hausdorff");
  }
}
