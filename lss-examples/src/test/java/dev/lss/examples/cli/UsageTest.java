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
  void without_a_command_one_line_says_so() {
    Cli nothing = Cli.run();

    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err().lines())
        .containsExactly("lss: a command is missing (see \"lss --help\")");
  }

  @Test
  void an_unknown_command_is_named() {
    Cli unknown = Cli.run("segmnet");

    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("segmnet");
    assertThat(unknown.err().lines()).hasSize(1);
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
