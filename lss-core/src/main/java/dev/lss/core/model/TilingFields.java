package dev.lss.core.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.model.TileRule;
import dev.lss.api.model.TileRule.Monai;
import dev.lss.api.model.TileRule.NnUnet;
import dev.lss.api.model.TileRule.Whole;
import java.util.Map;
import java.util.function.Function;

/** The field {@code tiling} of a stage, read and written. */
final class TilingFields {

  private static final Map<String, Function<Fields, TileRule>> KINDS =
      Map.of(
          "nnUnet", TilingFields::nnUnet,
          "monai", TilingFields::monai,
          "whole", fields -> new Whole());

  private static final Map<String, Monai.Weights> WEIGHTS =
      Map.of("constant", Monai.Weights.CONSTANT, "gaussian", Monai.Weights.GAUSSIAN);

  private static final Map<String, Monai.Padding> PADDINGS =
      Map.of("zero", Monai.Padding.ZERO, "replicate", Monai.Padding.REPLICATE);

  private TilingFields() {}

  static TileRule read(Fields fields) {
    TileRule rule = fields.build(() -> fields.oneOf("kind", KINDS).apply(fields));
    fields.refuseOthers();
    return rule;
  }

  private static TileRule nnUnet(Fields fields) {
    return new NnUnet(fields.number("step"));
  }

  private static TileRule monai(Fields fields) {
    return new Monai(
        fields.number("overlap"),
        fields.oneOf("weights", WEIGHTS),
        fields.oneOf("padding", PADDINGS));
  }

  static void write(TileRule rule, ObjectNode node) {
    if (rule instanceof Monai monai) {
      node.put("kind", "monai")
          .put("overlap", monai.overlap())
          .put("weights", Fields.key(WEIGHTS, monai.weights()))
          .put("padding", Fields.key(PADDINGS, monai.padding()));
    } else if (rule instanceof NnUnet nnUnet) {
      node.put("kind", "nnUnet").put("step", nnUnet.step());
    } else {
      node.put("kind", "whole");
    }
  }
}
