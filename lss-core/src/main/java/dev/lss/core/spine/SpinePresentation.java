package dev.lss.core.spine;

import dev.lss.api.DiscSpaceMeasurement;
import dev.lss.api.LordosisMeasurement;
import dev.lss.api.Measurements;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.VertebralShape;
import dev.lss.api.image.Vector3;
import dev.lss.core.report.JsonObject;
import dev.lss.core.report.Overlay;
import dev.lss.core.report.OverlayMark;
import dev.lss.core.report.Presentation;
import dev.lss.core.report.SpineFormJson;
import dev.lss.core.report.SpineFormTables;
import dev.lss.core.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** How a spine on MR is shown. */
final class SpinePresentation implements Presentation {

  static final SpinePresentation INSTANCE = new SpinePresentation();

  /** What must not be overlooked by whoever sees nothing but the picture. */
  private static final Set<String> DOUBTS =
      Set.of(
          "LEVELS_WITHOUT_ANCHOR",
          "LEVELS_AMBIGUOUS",
          "LEVEL_CONFLICT",
          "TRANSITIONAL_VERTEBRA",
          "VERTEBRA_MISSING",
          "ORIENTATION_DOUBTFUL");

  private static final int LINE = 0xFFF3B0;
  private static final int ANGLE = 0xFF6B6B;
  private static final double[] HEIGHTS_AT = {0.1, 0.5, 0.9};
  private static final double BEYOND = 1.2;

  private SpinePresentation() {}

  @Override
  public void json(Measurements measured, JsonObject measurements) {
    List<VertebraMeasurement> vertebrae = measured.of(VertebraMeasurement.class);
    measurements.put(
        "levelConfidence",
        vertebrae.isEmpty() ? OptionalDouble.empty() : vertebrae.get(0).levelConfidence());
    measurements.put("vertebrae", vertebrae, SpinePresentation::json);
    SpineFormJson.put(measured, measurements);
    SpineFormJson.putCanal(measured, measurements);
  }

  private static void json(VertebraMeasurement vertebra, JsonObject node) {
    Vector3 centre = vertebra.centroidMm();
    node.put("key", vertebra.structure().key())
        .put("volumeMm3", vertebra.volumeMm3())
        .putNumbers("centroidMm", centre.x(), centre.y(), centre.z())
        .put("touchesBorder", vertebra.touchesBorder());
    vertebra
        .shape()
        .ifPresent(shape -> node.put("shape", inner -> SpineFormJson.put(shape, inner)));
  }

  @Override
  public List<TextTable> tables(Measurements measured) {
    return SpineFormTables.of(measured);
  }

  @Override
  public byte[] picture(Series image, SegmentationResult result) {
    return Overlay.png(
        image,
        result.labels(),
        result.labelTable(),
        result.notices().stream().filter(notice -> DOUBTS.contains(notice.code())).toList(),
        marks(result.measurements()));
  }

  static List<OverlayMark> marks(Measurements measured) {
    List<OverlayMark> marks = new ArrayList<>();
    for (VertebraMeasurement vertebra : measured.of(VertebraMeasurement.class)) {
      vertebra.shape().ifPresent(shape -> add(marks, shape));
    }
    measured.of(LordosisMeasurement.class).forEach(angle -> add(marks, angle, measured));
    return marks;
  }

  private static void add(List<OverlayMark> marks, VertebralShape shape) {
    if (shape.superior().isEmpty() || shape.inferior().isEmpty()) {
      return;
    }
    VertebralShape.Endplate up = shape.superior().get();
    VertebralShape.Endplate down = shape.inferior().get();
    marks.add(new OverlayMark(up.anteriorMm(), up.posteriorMm(), LINE, ""));
    marks.add(new OverlayMark(down.anteriorMm(), down.posteriorMm(), LINE, ""));
    for (double at : HEIGHTS_AT) {
      marks.add(new OverlayMark(along(up, at), along(down, at), LINE, ""));
    }
  }

  private static Vector3 along(VertebralShape.Endplate plate, double share) {
    return plate.anteriorMm().times(1 - share).plus(plate.posteriorMm().times(share));
  }

  /** Both endplates of the angle, drawn on behind the spine. */
  private static void add(
      List<OverlayMark> marks, LordosisMeasurement angle, Measurements measured) {
    String text = String.format(Locale.ROOT, "%.0f deg", angle.degrees());
    for (VertebraMeasurement vertebra : measured.of(VertebraMeasurement.class)) {
      if (vertebra.level() == angle.upper()) {
        vertebra
            .shape()
            .flatMap(VertebralShape::superior)
            .ifPresent(
                plate ->
                    marks.add(
                        new OverlayMark(
                            plate.anteriorMm(), along(plate, 1 + BEYOND), ANGLE, text)));
      }
    }
    if (angle.toSacrum()) {
      measured.of(DiscSpaceMeasurement.class).stream()
          .filter(space -> space.structure().above() == angle.lower())
          .flatMap(space -> space.floor().stream())
          .forEach(
              plate ->
                  marks.add(
                      new OverlayMark(plate.anteriorMm(), along(plate, 1 + BEYOND), ANGLE, "")));
      return;
    }
    for (VertebraMeasurement vertebra : measured.of(VertebraMeasurement.class)) {
      if (vertebra.level() == angle.lower()) {
        vertebra
            .shape()
            .flatMap(VertebralShape::inferior)
            .ifPresent(
                plate ->
                    marks.add(
                        new OverlayMark(plate.anteriorMm(), along(plate, 1 + BEYOND), ANGLE, "")));
      }
    }
  }
}
