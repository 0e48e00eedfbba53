package dev.lss.core;

import dev.lss.api.Notice;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import java.util.ArrayList;
import java.util.List;

/** What is to be said about a model whatever it found. */
final class ModelNotices {

  private ModelNotices() {}

  /** Returns one notice for each stage that is a program and not only data. */
  static List<Notice> of(ModelDescription model) {
    List<Notice> notices = new ArrayList<>();
    for (Stage stage : model.stages()) {
      if (stage.network() instanceof StageNetwork.Opaque opaque && opaque.format().mayBeCode()) {
        notices.add(
            new Notice(
                "MODEL_IS_CODE",
                "the model %s runs code that its package brings (%s); trust its origin"
                    .formatted(model.id(), String.join(", ", opaque.files()))));
      }
    }
    return notices;
  }
}
