package dev.lss.core.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.model.Resampling;
import dev.lss.api.model.Resampling.SeparateZ;
import dev.lss.api.model.ResamplingRule;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One use of a resampling rule, read and written; {@code separateZ} is {@code never} if absent. */
final class ResamplingFields {

  private static final Map<String, ResamplingRule> RULES =
      Arrays.stream(ResamplingRule.values())
          .collect(Collectors.toMap(Enum::name, Function.identity()));

  private static final Map<String, SeparateZ> SEPARATE_Z =
      Map.of("auto", SeparateZ.AUTO, "always", SeparateZ.ALWAYS, "never", SeparateZ.NEVER);

  private ResamplingFields() {}

  static Resampling read(Fields fields) {
    Resampling resampling =
        new Resampling(
            fields.oneOf("rule", RULES),
            fields.has("separateZ") ? fields.oneOf("separateZ", SEPARATE_Z) : SeparateZ.NEVER);
    fields.refuseOthers();
    return resampling;
  }

  static void write(Resampling resampling, ObjectNode node) {
    node.put("rule", resampling.rule().name());
    if (resampling.separateZ() != SeparateZ.NEVER) {
      node.put("separateZ", Fields.key(SEPARATE_Z, resampling.separateZ()));
    }
  }
}
