package dev.lss.core.nnunet;

import dev.lss.api.model.ResamplingRule;
import dev.lss.fuzz.Fuzzing;
import java.nio.file.Path;

/** plans.json and dataset.json, each as the other's bytes too. */
public final class PlansFuzzer {

  private PlansFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Path file = Fuzzing.file("x.json", data);
    Fuzzing.check(() -> NnUnetDataset.read(file));
    Fuzzing.check(
        () -> {
          NnUnetPlans plans = NnUnetPlans.read(file, ResamplingRule.LABEL_ARGMAX);
          for (String name : plans.configurationNames().stream().limit(5).toList()) {
            Fuzzing.check(() -> UNetBuilder.build(plans.configuration(name).architecture(), 1, 2));
          }
        });
  }
}
