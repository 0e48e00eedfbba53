package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.BackendException;
import dev.lss.api.CancelledException;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.ModelException;
import dev.lss.api.ResourceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

  @Test
  void each_kind_of_failure_has_its_code() {
    assertThat(ExitCode.of(new IOException("disk full"))).isEqualTo(1);
    assertThat(ExitCode.of(new InvalidStudyException("TRUNCATED", "cut"))).isEqualTo(4);
    assertThat(ExitCode.of(new ModelException("MODEL_CHECKSUM", "hash"))).isEqualTo(5);
    assertThat(ExitCode.of(new BackendException("NO_BACKEND", "none"))).isEqualTo(5);
    assertThat(ExitCode.of(new UnsatisfiedLinkError("no library"))).isEqualTo(5);
    assertThat(ExitCode.of(new ResourceException("TOO_LARGE", "needs 9 GB"))).isEqualTo(6);
    assertThat(ExitCode.of(new OutOfMemoryError("Java heap space"))).isEqualTo(6);
    assertThat(ExitCode.of(new CancelledException("CANCELLED", "stopped"))).isEqualTo(130);
  }

  @Test
  void a_failure_is_one_line_with_its_code_however_long_its_message() {
    assertThat(reported(new BackendException("NO_BACKEND", "none works:\n  a: x\n  b: y"), false))
        .isEqualTo("lss: none works:; a: x; b: y [NO_BACKEND]" + System.lineSeparator());
  }

  @Test
  void verbose_adds_the_trace_with_its_causes() {
    assertThat(reported(new ModelException("M", "bad", new IOException("the disk says no")), true))
        .startsWith("lss: bad [M]")
        .contains("at dev.lss.examples", "Caused by: java.io.IOException: the disk says no");
  }

  @Test
  void a_full_heap_says_how_to_get_a_larger_one() {
    assertThat(reported(new OutOfMemoryError("Java heap space"), false))
        .contains("Java heap space", "LSS_JAVA_OPTS=-Xmx");
  }

  private static String reported(Throwable failure, boolean verbose) {
    StringWriter err = new StringWriter();
    Failure.report(failure, new PrintWriter(err), verbose);
    return err.toString();
  }
}
