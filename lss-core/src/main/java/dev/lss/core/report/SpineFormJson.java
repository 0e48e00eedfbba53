package dev.lss.core.report;

import dev.lss.api.CanalMeasurement;
import dev.lss.api.DiscSpaceMeasurement;
import dev.lss.api.LordosisMeasurement;
import dev.lss.api.Measurements;
import dev.lss.api.VertebralShape;
import dev.lss.api.image.Vector3;

/** The form of a spine in JSON, the same for every task that measures it. */
public final class SpineFormJson {

  private SpineFormJson() {}

  /** Adds {@code canal}, which is empty where nothing was measured. */
  public static void putCanal(Measurements measured, JsonObject measurements) {
    measurements.put(
        "canal",
        measured.of(CanalMeasurement.class),
        (width, node) ->
            node.put("at", width.at().key())
                .put("anteroposteriorMm", width.anteroposteriorMm())
                .put("quality", width.quality().name()));
  }

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
    shape.superior().ifPresent(plate -> put("superiorEndplate", plate, node));
    shape.inferior().ifPresent(plate -> put("inferiorEndplate", plate, node));
  }

  private static void put(String name, VertebralShape.Endplate plate, JsonObject node) {
    node.put(
        name,
        inner -> {
          put("anteriorMm", plate.anteriorMm(), inner);
          put("posteriorMm", plate.posteriorMm(), inner);
        });
  }

  private static void put(String name, Vector3 mm, JsonObject node) {
    node.putNumbers(name, mm.x(), mm.y(), mm.z());
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
        .put("farfanIndex", space.farfanIndex())
        .put("volumeMm3", space.volumeMm3())
        .put("signalRatio", space.signalRatio())
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
        .put("lower", lordosis.toSacrum() ? "S1" : lordosis.lower().toString())
        .put("degrees", lordosis.degrees())
        .put("quality", lordosis.quality().name());
  }
}
