package dev.example;

import dev.lss.api.Measurements;
import dev.lss.core.report.JsonObject;
import dev.lss.core.report.Presentation;
import dev.lss.core.report.TextTable;
import java.util.List;
import java.util.Locale;

/** Shows brightness as a table and in result.json; the picture is the usual one. */
final class BrightnessPresentation implements Presentation {

  @Override
  public void json(Measurements measured, JsonObject measurements) {
    measurements.put(
        "brightness",
        measured.of(Brightness.class),
        (one, node) ->
            node.put("key", one.structure().key())
                .put("meanT1", one.meanT1())
                .put("meanT2", one.meanT2()));
  }

  @Override
  public List<TextTable> tables(Measurements measured) {
    List<List<String>> rows =
        measured.of(Brightness.class).stream()
            .map(one -> List.of(one.structure().key(), text(one.meanT1()), text(one.meanT2())))
            .toList();
    return rows.isEmpty()
        ? List.of()
        : List.of(new TextTable(List.of("structure", "T1", "T2"), rows));
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
