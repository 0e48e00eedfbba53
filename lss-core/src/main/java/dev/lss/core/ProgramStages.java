package dev.lss.core;

import dev.lss.api.ModelException;
import dev.lss.api.Notice;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import java.util.ArrayList;
import java.util.List;

/** Stages of a model that are programs and not only data. */
final class ProgramStages {

  private ProgramStages() {}

  /**
   * Refuses a model that is a program unless somebody gave the word for it.
   *
   * @throws ModelException {@code CODE_NOT_TRUSTED}
   */
  static void requireTrust(ModelDescription model, boolean trusted) {
    List<StageNetwork.Opaque> programs = of(model);
    if (!trusted && !programs.isEmpty()) {
      throw new ModelException(
          "CODE_NOT_TRUSTED",
          ("the model %s brings a program (%s, %s) and nobody said that it may run: trust its"
                  + " origin with --trust-code or trustCode(), or take the model as layers and"
                  + " safetensors or as ONNX, which are data")
              .formatted(
                  model.id(),
                  programs.get(0).format(),
                  String.join(", ", programs.get(0).files())));
    }
  }

  /** Returns one notice for each stage that is a program and not only data. */
  static List<Notice> notices(ModelDescription model) {
    return of(model).stream()
        .map(
            program ->
                new Notice(
                    "MODEL_IS_CODE",
                    "the model %s runs code that its package brings (%s); trust its origin"
                        .formatted(model.id(), String.join(", ", program.files()))))
        .toList();
  }

  private static List<StageNetwork.Opaque> of(ModelDescription model) {
    List<StageNetwork.Opaque> programs = new ArrayList<>();
    for (Stage stage : model.stages()) {
      if (stage.network() instanceof StageNetwork.Opaque opaque && opaque.format().mayBeCode()) {
        programs.add(opaque);
      }
    }
    return programs;
  }
}
