package dev.lss.core.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.model.StageWindow;
import dev.lss.api.model.StageWindow.AroundPoint;
import dev.lss.api.model.StageWindow.Outside;
import dev.lss.api.model.StageWindow.Tiles;
import dev.lss.api.model.StageWindow.Whole;
import java.util.Map;
import java.util.function.Function;

/** The field {@code window} of a stage, read and written. */
final class WindowFields {

  private static final Map<String, Function<Fields, StageWindow>> KINDS =
      Map.of(
          "tiles", WindowFields::tiles,
          "aroundPoint", WindowFields::aroundPoint,
          "whole", fields -> new Whole(fields.integers("patchSize")));

  private static final Map<String, Outside> OUTSIDE =
      Map.of(
          "zero", Outside.ZERO,
          "normalized", Outside.NORMALIZED,
          "replicate", Outside.REPLICATE);

  private WindowFields() {}

  static StageWindow read(Fields fields) {
    return fields.ofKind(KINDS);
  }

  private static StageWindow tiles(Fields fields) {
    return new Tiles(
        fields.integers("patchSize"),
        TileRuleFields.read(fields.object("rule")),
        fields.oneOf("outside", OUTSIDE),
        fields.integers("mirrorAxes"));
  }

  private static StageWindow aroundPoint(Fields fields) {
    return new AroundPoint(fields.integers("patchSize"), fields.number("priorSigmaMm"));
  }

  static void write(StageWindow window, ObjectNode node) {
    if (window instanceof Tiles tiles) {
      patchSize(window, node.put("kind", "tiles"));
      TileRuleFields.write(tiles.rule(), node.putObject("rule"));
      node.put("outside", Fields.key(OUTSIDE, tiles.outside()));
      tiles.mirrorAxes().forEach(node.putArray("mirrorAxes")::add);
    } else if (window instanceof AroundPoint point) {
      patchSize(window, node.put("kind", "aroundPoint"));
      node.put("priorSigmaMm", point.priorSigmaMm());
    } else {
      patchSize(window, node.put("kind", "whole"));
    }
  }

  private static void patchSize(StageWindow window, ObjectNode node) {
    window.patchSize().forEach(node.putArray("patchSize")::add);
  }
}
