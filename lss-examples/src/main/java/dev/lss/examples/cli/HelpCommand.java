package dev.lss.examples.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code lss help}: the help of a command, as {@code lss COMMAND --help} shows it. */
@Command(
    name = "help",
    helpCommand = true,
    customSynopsis = "lss help [COMMAND]",
    header = "Shows the help of a command.",
    footer = {"", "Example: lss help segment"})
final class HelpCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMAND",
      description = "The command in question. Default: all of them.")
  private @Nullable String command;

  @Override
  public Integer call() {
    CommandLine lss = spec.commandLine().getParent();
    CommandLine shown = command == null ? lss : lss.getSubcommands().get(command);
    if (shown == null) {
      throw new UnmatchedArgumentException(lss, List.of(String.valueOf(command)));
    }
    shown.usage(spec.commandLine().getOut());
    return ExitCode.DONE;
  }
}
