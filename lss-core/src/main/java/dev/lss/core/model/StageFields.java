package dev.lss.core.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.Stage;
import java.util.List;
import java.util.Map;

/**
 * One entry of {@code stages}, read and written. Fields that are not there have the defaults of
 * {@link Stage.Builder}; what does not fit together is refused by {@link Stage} itself.
 */
final class StageFields {

  private static final String AS_STORED = "AS_STORED";
  private static final List<Integer> NOT_TRANSPOSED = List.of(0, 1, 2);

  private static final Map<String, Stage.Role> ROLES =
      Map.of("localizer", Stage.Role.LOCALIZER, "segmenter", Stage.Role.SEGMENTER);

  private StageFields() {}

  static Stage read(Fields fields) {
    Stage.Builder stage =
        Stage.builder(fields.oneOf("role", ROLES), fields.text("name"), NetworkFields.read(fields))
            .inputs(fields.objects("inputs").stream().map(InputFields::read).toList())
            .grid(GridFields.read(fields.object("grid")))
            .window(WindowFields.read(fields.object("window")))
            .output(OutputFields.read(fields.object("output")));
    String orientation = fields.text("orientation");
    if (!orientation.equals(AS_STORED)) {
      stage.orientation(fields.build(() -> AnatomicalCode.parse(orientation)));
    }
    if (fields.has("transpose")) {
      stage.transpose(fields.integers("transpose"));
    }
    if (fields.has("cropsToNonZero")) {
      stage.cropsToNonZero(fields.flag("cropsToNonZero"));
    }
    fields.optionalText("previousStage").ifPresent(stage::previousStage);
    fields.optionalText("trainer").ifPresent(stage::trainer);
    fields.refuseOthers();
    return fields.build(stage::build);
  }

  static void write(Stage stage, ObjectNode node) {
    node.put("role", Fields.key(ROLES, stage.role())).put("name", stage.name());
    NetworkFields.write(stage.network(), node);
    writeSurroundings(stage, node);
  }

  /** Adds everything that must be done around the network. */
  static void writeSurroundings(Stage stage, ObjectNode node) {
    for (InputChannel input : stage.inputs()) {
      InputFields.write(input, node.withArray("inputs").addObject());
    }
    node.put("orientation", stage.orientation().map(AnatomicalCode::toString).orElse(AS_STORED));
    if (!stage.transpose().equals(NOT_TRANSPOSED)) {
      stage.transpose().forEach(node.putArray("transpose")::add);
    }
    if (stage.cropsToNonZero()) {
      node.put("cropsToNonZero", true);
    }
    GridFields.write(stage.grid(), node.putObject("grid"));
    WindowFields.write(stage.window(), node.putObject("window"));
    OutputFields.write(stage.output(), node.putObject("output"));
    stage.previousStage().ifPresent(name -> node.put("previousStage", name));
    stage.trainer().ifPresent(name -> node.put("trainer", name));
  }
}
