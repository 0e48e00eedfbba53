package dev.lss.core.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.model.TileRule;
import dev.lss.api.model.TileRule.Monai;
import dev.lss.api.model.TileRule.NnUnet;
import java.util.Map;
import java.util.function.Function;

/** The field {@code rule} of a window of tiles, read and written. */
final class TileRuleFields {

  private static final Map<String, Function<Fields, TileRule>> KINDS =
      Map.of("nnUnet", fields -> new NnUnet(fields.number("step")), "monai", TileRuleFields::monai);

  private static final Map<String, Monai.Weights> WEIGHTS =
      Map.of("constant", Monai.Weights.CONSTANT, "gaussian", Monai.Weights.GAUSSIAN);

  private TileRuleFields() {}

  static TileRule read(Fields fields) {
    return fields.ofKind(KINDS);
  }

  private static TileRule monai(Fields fields) {
    return new Monai(fields.number("overlap"), fields.oneOf("weights", WEIGHTS));
  }

  static void write(TileRule rule, ObjectNode node) {
    if (rule instanceof Monai monai) {
      node.put("kind", "monai")
          .put("overlap", monai.overlap())
          .put("weights", Fields.key(WEIGHTS, monai.weights()));
    } else if (rule instanceof NnUnet nnUnet) {
      node.put("kind", "nnUnet").put("step", nnUnet.step());
    }
  }
}
