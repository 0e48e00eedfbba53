package dev.lss.core.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.model.NnUnetRules;
import dev.lss.api.model.NnUnetRules.Function;
import dev.lss.api.model.NnUnetRules.Region;
import dev.lss.api.model.NnUnetRules.Resampling;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The field {@code nnunet} of a stage, read and written. */
final class NnUnetFields {

  private static final Map<String, Function> FUNCTIONS =
      Map.of("spline", Function.SPLINE, "torchLinear", Function.TORCH_LINEAR);

  private static final Map<String, Optional<Boolean>> SEPARATE_Z =
      Map.of("auto", Optional.empty(), "always", Optional.of(true), "never", Optional.of(false));

  private NnUnetFields() {}

  static NnUnetRules read(Fields fields) {
    List<Region> regions =
        fields.has("regions")
            ? fields.objects("regions").stream().map(NnUnetFields::region).toList()
            : List.of();
    NnUnetRules rules =
        fields.build(
            () ->
                new NnUnetRules(
                    fields.optionalText("trainer"),
                    fields.integers("transpose"),
                    resampling(fields.object("images")),
                    resampling(fields.object("labels")),
                    resampling(fields.object("logits")),
                    regions,
                    fields.optionalText("previousStage")));
    fields.refuseOthers();
    return rules;
  }

  private static Region region(Fields fields) {
    Region region =
        fields.build(() -> new Region(fields.integers("values"), fields.integer("writes")));
    fields.refuseOthers();
    return region;
  }

  private static Resampling resampling(Fields fields) {
    Resampling resampling =
        fields.build(
            () ->
                new Resampling(
                    fields.oneOf("function", FUNCTIONS),
                    fields.integer("order"),
                    fields.integer("orderZ"),
                    fields.oneOf("separateZ", SEPARATE_Z)));
    fields.refuseOthers();
    return resampling;
  }

  static void write(NnUnetRules rules, ObjectNode node) {
    rules.trainer().ifPresent(trainer -> node.put("trainer", trainer));
    rules.transpose().forEach(node.putArray("transpose")::add);
    write(rules.images(), node.putObject("images"));
    write(rules.labels(), node.putObject("labels"));
    write(rules.logits(), node.putObject("logits"));
    for (Region region : rules.regions()) {
      ObjectNode entry = node.withArray("regions").addObject();
      region.values().forEach(entry.putArray("values")::add);
      entry.put("writes", region.writes());
    }
    rules.previousStage().ifPresent(stage -> node.put("previousStage", stage));
  }

  private static void write(Resampling resampling, ObjectNode node) {
    node.put("function", Fields.key(FUNCTIONS, resampling.function()))
        .put("order", resampling.order())
        .put("orderZ", resampling.orderZ())
        .put("separateZ", Fields.key(SEPARATE_Z, resampling.forceSeparateZ()));
  }
}
