package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

  @Test
  void help_lists_the_commands_the_exit_codes_and_examples() {
    Cli help = Cli.run("--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains(
            "demo",
            "segment",
            "measure",
            "evaluate",
            "agree",
            "tasks",
            "models",
            "backends",
            "bench")
        .contains("import-nnunet", "export")
        .contains("Exit codes:", "130", "Examples:", "Not a medical device");
    assertThat(help.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "segment",
        "measure",
        "evaluate",
        "agree",
        "tasks",
        "models",
        "import-nnunet",
        "export",
        "backends",
        "bench"
      })
  void every_command_teaches_with_an_example(String command) {
    Cli help = Cli.run(command, "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Example", "lss " + command);
  }

  @Test
  void without_a_command_it_prints_the_help() {
    Cli nothing = Cli.run();

    assertThat(nothing.exitCode()).isZero();
    assertThat(nothing.out()).isEqualTo(Cli.run("--help").out());
    assertThat(nothing.err()).isEmpty();
  }

  @Test
  void help_of_a_command_is_what_its_option_shows() {
    assertThat(Cli.run("help").out()).isEqualTo(Cli.run("--help").out());
    assertThat(Cli.run("help", "segment").out()).isEqualTo(Cli.run("segment", "--help").out());
    assertThat(Cli.run("help", "segmnet").exitCode()).isEqualTo(2);
    assertThat(Cli.run("help", "segmnet").err()).contains("did you mean", "segment");
  }

  @Test
  void an_unknown_command_is_named_with_the_one_that_was_meant() {
    Cli unknown = Cli.run("segmnet");

    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("segmnet", "did you mean", "segment");
    assertThat(unknown.err().lines()).hasSize(1);
  }

  @Test
  void a_mistyped_option_gets_a_suggestion() {
    assertThat(Cli.run("demo", "--bakend", "onnx").err()).contains("--bakend", "--backend");
  }

  @Test
  void a_line_of_300_characters_at_most_keeps_its_beginning_and_its_end() {
    String line = Failure.shortened("lss: begin " + "x".repeat(5000) + " what to do");

    assertThat(line).hasSize(300).startsWith("lss: begin ").endsWith(" what to do");
    assertThat(Failure.shortened("lss: short")).isEqualTo("lss: short");
  }

  @Test
  void letters_that_java_could_not_read_are_refused_before_they_name_another_file() {
    String[] args = {"segment", "--out", "M??ller"};

    assertThat(Lss.unreadable(args, "ANSI_X3.4-1968").orElseThrow())
        .contains("\"M??ller\"", "LC_ALL=C.UTF-8");
    assertThat(Lss.unreadable(args, "UTF-8")).isEmpty();
    assertThat(Lss.unreadable(new String[] {"a\ufffdb"}, "UTF-8")).isPresent();
  }

  @Test
  void an_unknown_option_is_named() {
    Cli unknown = Cli.run("models", "--xml");

    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("--xml", "lss models --help");
  }

  @Test
  void the_version_names_lss_and_java() {
    Cli version = Cli.run("--version");

    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).contains("lss ", "Java " + Runtime.version().feature());
  }
}
