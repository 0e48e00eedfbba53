package dev.lss.core.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.model.Resampling;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageGrid.LongerSide;
import dev.lss.api.model.StageGrid.Spacing;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The field {@code grid} of a stage, read and written. Logits come back linearly, all axes alike,
 * unless {@code logits} says otherwise.
 */
final class GridFields {

  private static final Map<String, Function<Fields, StageGrid>> KINDS =
      Map.of("spacing", GridFields::spacing, "longerSide", GridFields::longerSide);

  private static final Resampling LINEAR = Resampling.of(ResamplingRule.LINEAR);

  private GridFields() {}

  static StageGrid read(Fields fields) {
    return fields.ofKind(KINDS);
  }

  private static StageGrid spacing(Fields fields) {
    return new Spacing(
        fields.numbers("spacingMm"),
        ResamplingFields.read(fields.object("images")),
        resampling(fields, "logits").orElse(LINEAR),
        resampling(fields, "previousLabels"));
  }

  private static StageGrid longerSide(Fields fields) {
    return new LongerSide(fields.integer("pixels"), ResamplingFields.read(fields.object("images")));
  }

  private static Optional<Resampling> resampling(Fields fields, String name) {
    return fields.has(name)
        ? Optional.of(ResamplingFields.read(fields.object(name)))
        : Optional.empty();
  }

  static void write(StageGrid grid, ObjectNode node) {
    if (grid instanceof LongerSide side) {
      node.put("kind", "longerSide").put("pixels", side.pixels());
      ResamplingFields.write(side.images(), node.putObject("images"));
    } else if (grid instanceof Spacing spacing) {
      node.put("kind", "spacing");
      spacing.spacingMm().forEach(node.putArray("spacingMm")::add);
      ResamplingFields.write(spacing.images(), node.putObject("images"));
      if (!spacing.logits().equals(LINEAR)) {
        ResamplingFields.write(spacing.logits(), node.putObject("logits"));
      }
      spacing
          .previousLabels()
          .ifPresent(labels -> ResamplingFields.write(labels, node.putObject("previousLabels")));
    }
  }
}
