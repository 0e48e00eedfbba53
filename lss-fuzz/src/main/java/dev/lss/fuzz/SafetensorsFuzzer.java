package dev.lss.fuzz;

import dev.lss.core.model.Safetensors;
import java.io.ByteArrayInputStream;

/** Weights in safetensors files. */
public final class SafetensorsFuzzer {

  private SafetensorsFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Fuzzing.check(
        () -> {
          Safetensors weights = Safetensors.read("x", new ByteArrayInputStream(data), data.length);
          for (String name : weights.names()) {
            weights.values(name);
          }
        });
  }
}
