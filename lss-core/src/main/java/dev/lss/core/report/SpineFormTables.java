package dev.lss.core.report;

import dev.lss.api.CanalMeasurement;
import dev.lss.api.DiscSpaceMeasurement;
import dev.lss.api.LordosisMeasurement;
import dev.lss.api.Measurements;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.VertebralShape;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The form of a spine as tables, the same for every task that measures it. */
public final class SpineFormTables {

  private SpineFormTables() {}

  /** Returns tables of bodies, spaces, canal and lordosis; none of what was not measured. */
  public static List<TextTable> of(Measurements measured) {
    List<TextTable> tables = new ArrayList<>();
    add(
        tables,
        List.of(
            "body (mm)",
            "anterior",
            "middle",
            "posterior",
            "depth",
            "wedge (deg)",
            "loss (%)",
            "quality"),
        measured.of(VertebraMeasurement.class).stream()
            .filter(one -> one.shape().isPresent())
            .map(SpineFormTables::body)
            .toList());
    add(
        tables,
        List.of(
            "disc (mm)",
            "anterior",
            "middle",
            "posterior",
            "index",
            "angle (deg)",
            "slip",
            "slip (%)",
            "signal",
            "quality"),
        measured.of(DiscSpaceMeasurement.class).stream().map(SpineFormTables::space).toList());
    add(
        tables,
        List.of("canal", "front to back (mm)", "quality"),
        measured.of(CanalMeasurement.class).stream()
            .map(
                one ->
                    List.of(
                        name(one.at()),
                        number("%.1f", OptionalDouble.of(one.anteroposteriorMm())),
                        one.quality().name()))
            .toList());
    add(
        tables,
        List.of("lordosis", "degrees", "quality"),
        measured.of(LordosisMeasurement.class).stream()
            .map(
                one ->
                    List.of(
                        one.upper() + " to " + (one.toSacrum() ? "S1" : one.lower()),
                        number("%.1f", OptionalDouble.of(one.degrees())),
                        one.quality().name()))
            .toList());
    return tables;
  }

  private static void add(List<TextTable> tables, List<String> columns, List<List<String>> rows) {
    if (!rows.isEmpty()) {
      tables.add(new TextTable(columns, rows));
    }
  }

  private static List<String> body(VertebraMeasurement vertebra) {
    VertebralShape shape = vertebra.shape().orElseThrow();
    return List.of(
        vertebra.level().toString(),
        number("%.1f", shape.anteriorHeightMm()),
        number("%.1f", shape.middleHeightMm()),
        number("%.1f", shape.posteriorHeightMm()),
        number("%.1f", shape.depthMm()),
        number("%.1f", shape.wedgeDegrees()),
        number("%.0f", shape.deformityPercent()),
        shape.quality().name());
  }

  private static List<String> space(DiscSpaceMeasurement space) {
    return List.of(
        name(space.structure()),
        number("%.1f", space.anteriorHeightMm()),
        number("%.1f", space.middleHeightMm()),
        number("%.1f", space.posteriorHeightMm()),
        number("%.2f", space.heightIndex()),
        number("%.1f", space.angleDegrees()),
        number("%.1f", space.slipMm()),
        number("%.0f", space.slipPercent()),
        number("%.2f", space.signalRatio()),
        space.quality().name());
  }

  /** Returns the short name of a vertebra or disc, such as L3 or L3/L4. */
  static String name(Structure structure) {
    if (structure instanceof Structure.Vertebra vertebra) {
      return vertebra.level().toString();
    }
    return structure instanceof Structure.Disc disc
        ? disc.above() + "/" + below(disc.above()).map(VertebraLevel::toString).orElse("S1")
        : structure.displayName();
  }

  private static Optional<VertebraLevel> below(VertebraLevel level) {
    return switch (level) {
      case T11 -> Optional.of(VertebraLevel.T12);
      case T12, T13 -> Optional.of(VertebraLevel.L1);
      case L1 -> Optional.of(VertebraLevel.L2);
      case L2 -> Optional.of(VertebraLevel.L3);
      case L3 -> Optional.of(VertebraLevel.L4);
      case L4 -> Optional.of(VertebraLevel.L5);
      case L5, L6 -> Optional.empty();
    };
  }

  private static String number(String format, OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "-";
  }
}
