package dev.lss.core.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import dev.lss.api.ProgressListener;
import dev.lss.api.StageTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunTest {

  private final List<Double> overall = new ArrayList<>();
  private final CancellationToken token = new CancellationToken();
  private final Run run = new Run(listener(), token, shares());

  private ProgressListener listener() {
    return new ProgressListener() {
      @Override
      public void progress(String stage, int done, int total) {}

      @Override
      public void overall(double fraction) {
        overall.add(fraction);
      }
    };
  }

  private static Map<String, Double> shares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    shares.put("localize", 0.25);
    shares.put("network", 0.5);
    return shares;
  }

  @Test
  void the_whole_is_the_stages_before_and_the_share_of_the_running_one() {
    run.overall(0);
    run.progress("localize", 1, 2);
    run.progress("localize", 2, 2);
    run.progress("network", 1, 4);
    run.progress("network", 4, 4);
    run.overall(1);

    assertThat(overall).containsExactly(0.0, 0.125, 0.25, 0.375, 0.75, 1.0);
  }

  @Test
  void a_stage_that_begins_anew_does_not_bring_the_whole_back() {
    run.overall(0);
    run.progress("localize", 2, 2);
    run.progress("localize", 0, 2);
    run.progress("localize", 1, 2);
    run.progress("network", 0, 4);
    run.progress("unknown", 1, 1);

    assertThat(overall).containsExactly(0.0, 0.25);
  }

  @Test
  void times_of_a_stage_are_summed_in_the_order_in_which_stages_first_ran() {
    run.add("network", Duration.ofMillis(3));
    assertThat(run.time("measure", () -> 7)).isEqualTo(7);
    run.add("network", Duration.ofMillis(4));

    assertThat(run.timings()).extracting(StageTiming::stage).containsExactly("network", "measure");
    assertThat(run.timings().get(0).elapsed()).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void no_step_begins_after_the_token_was_set() {
    token.cancel();

    assertThatThrownBy(
            () ->
                run.time(
                    "measure",
                    () -> {
                      throw new AssertionError("begun");
                    }))
        .isInstanceOf(CancelledException.class);
  }
}
