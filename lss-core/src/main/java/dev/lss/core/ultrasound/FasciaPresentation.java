package dev.lss.core.ultrasound;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.LengthUnit;
import dev.lss.api.Measurements;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.core.report.JsonObject;
import dev.lss.core.report.Presentation;
import dev.lss.core.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** How layers of fascia are shown. */
final class FasciaPresentation implements Presentation {

  static final FasciaPresentation INSTANCE = new FasciaPresentation();

  private FasciaPresentation() {}

  @Override
  public void json(Measurements measured, JsonObject measurements) {
    measurements.put(
        "fascia",
        measured.of(FasciaMeasurement.class),
        (layer, node) -> FasciaJson.layer(layer, node, true));
  }

  @Override
  public List<TextTable> tables(Measurements measured) {
    List<FasciaMeasurement> layers = measured.of(FasciaMeasurement.class);
    if (layers.isEmpty()) {
      return List.of();
    }
    String unit = layers.get(0).unit() == LengthUnit.MM ? "mm" : "px";
    List<List<String>> rows = new ArrayList<>();
    for (FasciaMeasurement layer : layers) {
      OptionalDouble ratio = layer.echo().ratio();
      rows.add(
          List.of(
              String.valueOf(layer.layer()),
              number("%.2f", layer.thickness().mean()),
              number("%.2f", layer.thickness().sd()),
              number("%.1f", layer.length()),
              number("%.1f", layer.depth()),
              number("%.1f", layer.angleDeg()),
              ratio.isPresent() ? number("%.2f", ratio.getAsDouble()) : "-"));
    }
    return List.of(
        new TextTable(
            List.of(
                "layer",
                "thickness (" + unit + ")",
                "SD",
                "length (" + unit + ")",
                "depth (" + unit + ")",
                "angle",
                "echo ratio"),
            rows));
  }

  @Override
  public void json(List<SegmentationResult> frames, JsonObject measurements) {
    FasciaJson.clip(new FasciaClip(frames), measurements);
  }

  @Override
  public List<TextTable> tables(List<SegmentationResult> frames) {
    return new FasciaClip(frames).tables();
  }

  @Override
  public byte[] picture(Series image, SegmentationResult result) {
    return FasciaOverlay.png(
        image, result.labels(), result.measurements().of(FasciaMeasurement.class));
  }

  static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
