package dev.lss.core.ct;

import dev.lss.api.Measurements;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.VertebraMeasurement;
import dev.lss.core.report.JsonObject;
import dev.lss.core.report.Overlay;
import dev.lss.core.report.Presentation;
import dev.lss.core.report.SpineFormJson;
import dev.lss.core.report.SpineFormTables;
import dev.lss.core.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** How vertebrae are shown. */
final class VertebraPresentation implements Presentation {

  static final VertebraPresentation INSTANCE = new VertebraPresentation();

  /** What must not be overlooked by whoever sees nothing but the picture. */
  private static final Set<String> DOUBTS =
      Set.of(
          "LEVELS_WITHOUT_ANCHOR",
          "LEVELS_AMBIGUOUS",
          "LEVEL_CONFLICT",
          "LABEL_ORDER",
          "TRANSITIONAL_VERTEBRA",
          "VERTEBRA_MISSING",
          "VERTEBRA_NOT_SEGMENTED",
          "NO_SURE_LUMBAR",
          "SECOND_SPINE",
          "IMPLAUSIBLE_VOLUME",
          "ORIENTATION_DOUBTFUL",
          "NOT_HU",
          "METAL");

  private VertebraPresentation() {}

  @Override
  public void json(Measurements measured, JsonObject measurements) {
    List<VertebraMeasurement> vertebrae = measured.of(VertebraMeasurement.class);
    measurements.put(
        "levelConfidence",
        vertebrae.isEmpty() ? OptionalDouble.empty() : vertebrae.get(0).levelConfidence());
    measurements.put("vertebrae", vertebrae, VertebraPresentation::json);
    SpineFormJson.put(measured, measurements);
  }

  private static void json(VertebraMeasurement vertebra, JsonObject node) {
    node.put("key", vertebra.structure().key())
        .put("volumeMm3", vertebra.volumeMm3())
        .putNumbers(
            "centroidMm",
            vertebra.centroidMm().x(),
            vertebra.centroidMm().y(),
            vertebra.centroidMm().z())
        .put("meanHu", vertebra.meanHu())
        .put("bodyMeanHu", vertebra.bodyMeanHu());
    if (vertebra.meanHu().isEmpty()) {
      node.put("undefinedReason", "NOT_HU");
    } else if (vertebra.bodyMeanHu().isEmpty()) {
      node.put("undefinedReason", vertebra.touchesBorder() ? "PARTIAL_VIEW" : "NO_BODY_CORE");
    }
    node.put("holdsMetal", vertebra.holdsMetal());
    node.put("touchesBorder", vertebra.touchesBorder());
    vertebra
        .shape()
        .ifPresent(shape -> node.put("shape", inner -> SpineFormJson.put(shape, inner)));
  }

  @Override
  public List<TextTable> tables(Measurements measured) {
    List<List<String>> rows = new ArrayList<>();
    for (VertebraMeasurement vertebra : measured.of(VertebraMeasurement.class)) {
      rows.add(
          List.of(
              vertebra.level().toString(),
              number("%.2f", vertebra.volumeMm3() / 1000),
              hu(vertebra.meanHu()),
              hu(vertebra.bodyMeanHu()),
              vertebra.touchesBorder() ? "yes" : "no"));
    }
    if (rows.isEmpty()) {
      return List.of();
    }
    List<TextTable> tables = new ArrayList<>();
    tables.add(
        new TextTable(
            List.of("level", "volume (ml)", "mean HU", "body HU", "at the border"), rows));
    tables.addAll(SpineFormTables.of(measured));
    return tables;
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String hu(OptionalDouble mean) {
    return mean.isPresent() ? number("%.0f", mean.getAsDouble()) : "-";
  }

  @Override
  public byte[] picture(Series image, SegmentationResult result) {
    return Overlay.png(
        image,
        result.labels(),
        result.labelTable(),
        result.notices().stream().filter(notice -> DOUBTS.contains(notice.code())).toList());
  }
}
