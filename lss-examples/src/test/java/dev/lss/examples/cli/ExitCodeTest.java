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
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void a_failure_is_one_line_with_its_code_and_one_with_what_to_do() {
    assertThat(reported(new BackendException("NO_BACKEND", "none works:\n  a: x\n  b: y"), false))
        .hasLineCount(2)
        .startsWith("lss: none works:; a: x; b: y [NO_BACKEND]")
        .contains("lss: what to do: add the one that the message names");
    assertThat(reported(new IllegalStateException("what"), false))
        .contains("what to do: this is a fault of LSS");
  }

  @Test
  void a_message_that_says_what_to_do_stands_alone() {
    assertThat(reported(new ResourceException("TOO_LARGE", "raise -Xmx by 9 MiB"), false))
        .hasLineCount(1);
  }

  @Test
  void a_file_that_cannot_be_written_is_named_with_what_happened() {
    assertThat(reported(new AccessDeniedException("/out/a.png"), false))
        .startsWith("lss: /out/a.png: no permission")
        .contains("what to do: make room, or name a place that can be written to");
    assertThat(reported(new FileSystemException("a.png", null, "the disk is full"), false))
        .startsWith("lss: a.png: the disk is full");
  }

  @ParameterizedTest
  @CsvSource({
    "Java heap space, -Xmx",
    "GC overhead limit exceeded, -Xmx",
    "'unable to create native thread: possibly out of memory', ulimit -u",
    "'Cannot reserve 4096 bytes of direct buffer memory', -XX:MaxDirectMemorySize",
    "Direct buffer memory, -XX:MaxDirectMemorySize",
    "Metaspace, -XX:MaxMetaspaceSize"
  })
  void advice_fits_what_the_jvm_says_is_lacking(String lack, String advice) {
    assertThat(reported(new OutOfMemoryError(lack), false)).contains(lack, advice);
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
