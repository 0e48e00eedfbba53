package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.CancelledException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class InterruptionTest {

  private static Interruption listen() {
    return Interruption.listen(new PrintWriter(new StringWriter()));
  }

  @Test
  void an_interrupt_during_the_work_cancels_it_and_nothing_is_written() {
    try (Interruption interruption = listen()) {
      assertThat(interruption.cancel()).isEqualTo("stopping; no result is written");
      assertThatThrownBy(interruption::beginWriting).isInstanceOf(CancelledException.class);
    }
  }

  @Test
  void an_interrupt_while_the_result_is_written_waits_for_it() {
    try (Interruption interruption = listen()) {
      interruption.beginWriting();

      assertThat(interruption.cancel())
          .isEqualTo("stopping after the result, which is being written");
      assertThat(interruption.token().isCancelled()).isFalse();
    }
  }
}
