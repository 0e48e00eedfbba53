package dev.lss.core.report;

import dev.lss.api.DiscSpaceMeasurement;
import dev.lss.api.LordosisMeasurement;
import dev.lss.api.Measurements;
import dev.lss.api.VertebralShape;

/** The form of a spine in JSON, the same for every task that measures it. */
public final class SpineFormJson {

  private SpineFormJson() {}

  /** Adds {@code discSpaces} and {@code lordosis}, which are empty where nothing was measured. */
  public static void put(Measurements measured, JsonObject measurements) {
    measurements.put("discSpaces", measured.of(DiscSpaceMeasurement.class), SpineFormJson::space);
    measurements.put("lordosis", measured.of(LordosisMeasurement.class), SpineFormJson::lordosis);
  }

  /** Writes the form of one vertebra. */
  public static void put(VertebralShape shape, JsonObject node) {
    node.put("quality", shape.quality().name())
        .put("anteriorHeightMm", shape.anteriorHeightMm())
        .put("middleHeightMm", shape.middleHeightMm())
        .put("posteriorHeightMm", shape.posteriorHeightMm())
        .put("depthMm", shape.depthMm())
        .put("wedgeDegrees", shape.wedgeDegrees())
        .put("deformityPercent", shape.deformityPercent());
  }

  private static void space(DiscSpaceMeasurement space, JsonObject node) {
    node.put("key", space.structure().key())
        .put("quality", space.quality().name())
        .put("anteriorHeightMm", space.anteriorHeightMm())
        .put("middleHeightMm", space.middleHeightMm())
        .put("posteriorHeightMm", space.posteriorHeightMm())
        .put("meanHeightMm", space.meanHeightMm())
        .put("dabbsHeightMm", space.dabbsHeightMm())
        .put("heightIndex", space.heightIndex())
        .put("heightToDepthRatio", space.heightToDepthRatio())
        .put("angleDegrees", space.angleDegrees())
        .put("slipMm", space.slipMm())
        .put("slipPercent", space.slipPercent());
    if (space.slipGrade().isPresent()) {
      node.put("slipGrade", space.slipGrade().getAsInt());
    } else {
      node.putNull("slipGrade");
    }
  }

  private static void lordosis(LordosisMeasurement lordosis, JsonObject node) {
    node.put("upper", lordosis.upper().toString())
        .put("lower", lordosis.lower().toString())
        .put("degrees", lordosis.degrees())
        .put("quality", lordosis.quality().name());
  }
}
