package dev.lss.core.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageOutput.HeatMaps;
import dev.lss.api.model.StageOutput.Label;
import dev.lss.api.model.StageOutput.PointedObject;
import dev.lss.api.model.StageOutput.Region;
import dev.lss.api.model.StageOutput.SigmoidRegions;
import dev.lss.api.model.StageOutput.Softmax;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The field {@code output} of a stage, read and written. */
final class OutputFields {

  private static final Map<String, Function<Fields, StageOutput>> KINDS =
      Map.of(
          "softmax", fields -> new Softmax(entries(fields, "labels", OutputFields::label)),
          "sigmoidRegions",
              fields -> new SigmoidRegions(entries(fields, "regions", OutputFields::region)),
          "heatMaps", fields -> new HeatMaps(fields.texts("keys")),
          "pointedObject", fields -> new PointedObject(fields.text("key")));

  private OutputFields() {}

  static StageOutput read(Fields fields) {
    return fields.ofKind(KINDS);
  }

  private static <T> List<T> entries(Fields fields, String name, Function<Fields, T> entry) {
    return fields.objects(name).stream()
        .map(
            one -> {
              T value = one.build(() -> entry.apply(one));
              one.refuseOthers();
              return value;
            })
        .toList();
  }

  private static Label label(Fields fields) {
    return new Label(fields.integer("value"), fields.text("key"));
  }

  private static Region region(Fields fields) {
    return new Region(fields.text("key"), fields.integers("values"), fields.integer("writes"));
  }

  static void write(StageOutput output, ObjectNode node) {
    if (output instanceof Softmax softmax) {
      node.put("kind", "softmax");
      for (Label label : softmax.labels()) {
        node.withArray("labels").addObject().put("value", label.value()).put("key", label.key());
      }
    } else if (output instanceof SigmoidRegions regions) {
      node.put("kind", "sigmoidRegions");
      for (Region region : regions.regions()) {
        ObjectNode entry = node.withArray("regions").addObject().put("key", region.key());
        region.values().forEach(entry.putArray("values")::add);
        entry.put("writes", region.writes());
      }
    } else if (output instanceof HeatMaps maps) {
      maps.keys().forEach(node.put("kind", "heatMaps").putArray("keys")::add);
    } else if (output instanceof PointedObject object) {
      node.put("kind", "pointedObject").put("key", object.key());
    }
  }
}
