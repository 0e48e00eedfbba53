package dev.lss.examples.evaluate;

import dev.lss.core.model.ModelPackage;
import dev.lss.fuzz.Fuzzing;
import java.nio.file.Path;

/** Every JSON file that has no target of its own: result.json and lss-model.json. */
public final class JsonFuzzer {

  private JsonFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Path result = Fuzzing.file("json/result.json", data);
    Fuzzing.check(() -> ResultKeys.of(result.resolveSibling(ResultKeys.LABELS)));
    Path model = Fuzzing.file("json/lss-model.json", data).resolveSibling("");
    Fuzzing.check(() -> ModelPackage.open(model));
  }
}
