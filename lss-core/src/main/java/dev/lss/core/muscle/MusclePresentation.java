package dev.lss.core.muscle;

import dev.lss.api.LumbarStudy;
import dev.lss.api.Measurements;
import dev.lss.api.MuscleComposition;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.core.report.JsonObject;
import dev.lss.core.report.Presentation;
import dev.lss.core.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** How muscles are shown. */
final class MusclePresentation implements Presentation {

  static final MusclePresentation INSTANCE = new MusclePresentation();

  private MusclePresentation() {}

  @Override
  public void json(Measurements measured, JsonObject measurements) {
    measurements.put("muscles", measured.of(MuscleComposition.class), MuscleJson::put);
  }

  @Override
  public List<TextTable> tables(Measurements measured) {
    List<List<String>> rows = new ArrayList<>();
    for (MuscleComposition muscle : measured.of(MuscleComposition.class)) {
      rows.add(
          List.of(
              muscle.structure().displayName(),
              number("%.1f", muscle.volumeMm3() / 1000),
              number("%.0f", muscle.meanCsaMm2()),
              percent(muscle.fatFraction()),
              muscle.leanVolumeMm3().isPresent()
                  ? number("%.1f", muscle.leanVolumeMm3().getAsDouble() / 1000)
                  : "-",
              muscle.volumeAsymmetryPercent().isPresent()
                  ? number("%+.1f %%", muscle.volumeAsymmetryPercent().getAsDouble())
                  : "-",
              String.valueOf(muscle.slices().size()),
              muscle.touchesBorder() ? "yes" : "no"));
    }
    return rows.isEmpty()
        ? List.of()
        : List.of(
            new TextTable(
                List.of(
                    "muscle",
                    "volume (ml)",
                    "mean area (mm2)",
                    "fat",
                    "lean (ml)",
                    "left-right",
                    "slices",
                    "at the border"),
                rows));
  }

  private static String percent(OptionalDouble fraction) {
    return fraction.isPresent() ? number("%.1f %%", 100 * fraction.getAsDouble()) : "-";
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  @Override
  public byte[] picture(Series image, SegmentationResult result) {
    return MuscleOverlay.png(image, result, List.of(image));
  }

  @Override
  public byte[] picture(LumbarStudy study, Series image, SegmentationResult result) {
    return MuscleOverlay.png(image, result, study.series());
  }
}
