package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class StandardOutputTest {

  private static final class Failing extends OutputStream {

    private final String message;

    Failing(String message) {
      this.message = message;
    }

    @Override
    public void write(int value) throws IOException {
      throw new IOException(message);
    }
  }

  private static String tell(StandardOutput out, int exitCode, int expected) {
    StringWriter err = new StringWriter();
    assertThat(out.exitCode(exitCode, new PrintWriter(err))).isEqualTo(expected);
    return err.toString();
  }

  private static StandardOutput failing(String message) {
    StandardOutput out = new StandardOutput(new Failing(message));
    PrintWriter writer = out.writer();
    writer.println("a table");
    writer.flush();
    return out;
  }

  @Test
  void an_output_that_takes_everything_changes_no_exit_code() {
    StandardOutput out = new StandardOutput(OutputStream.nullOutputStream());
    out.writer().println("a table");

    assertThat(tell(out, ExitCode.DONE, ExitCode.DONE)).isEmpty();
    assertThat(tell(out, ExitCode.NOTHING_FOUND, ExitCode.NOTHING_FOUND)).isEmpty();
  }

  @Test
  void a_full_disk_is_a_failure_and_said() {
    assertThat(tell(failing("No space left on device"), ExitCode.DONE, ExitCode.FAILED))
        .contains("the standard output cannot be written: No space left on device");
  }

  @Test
  void a_closed_pipe_is_a_failure_without_a_word() {
    assertThat(tell(failing("Broken pipe"), ExitCode.DONE, StandardOutput.CLOSED_PIPE)).isEmpty();
  }

  @Test
  void a_failure_before_it_keeps_its_own_exit_code() {
    assertThat(tell(failing("Broken pipe"), ExitCode.BAD_INPUT, ExitCode.BAD_INPUT)).isEmpty();
  }
}
