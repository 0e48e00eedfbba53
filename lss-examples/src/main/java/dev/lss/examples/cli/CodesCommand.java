package dev.lss.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.lss.api.CodeCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lss codes}: what the codes of errors and notices mean. */
@Command(
    name = "codes",
    sortOptions = false,
    customSynopsis = "lss codes [CODE] [--json] [--verbose]",
    header = "Explains the codes of errors and notices.",
    footer = {"", "Example: lss codes LEVELS_WITHOUT_ANCHOR"})
final class CodesCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "CODE",
      description = "The code in question. Default: all of them.")
  private @Nullable String code;

  @Option(names = "--json", description = "Print JSON for scripts.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    List<CodeCatalog.Entry> entries =
        CodeCatalog.entries().stream()
            .filter(entry -> code == null || entry.code().equals(code.toUpperCase(Locale.ROOT)))
            .toList();
    if (entries.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "LSS has no code %s; \"lss codes\" lists all".formatted(code));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ArrayNode list = new ObjectMapper().createArrayNode();
      entries.forEach(
          entry ->
              list.addObject()
                  .put("code", entry.code())
                  .put("kind", kind(entry))
                  .put("meaning", entry.meaning())
                  .put("action", entry.action()));
      out.println(list.toPrettyString());
    } else {
      entries.forEach(
          entry ->
              out.printf(
                  "%s (%s)%n  meaning     %s%n  what to do  %s%n",
                  entry.code(), kind(entry), entry.meaning(), entry.action()));
    }
    out.flush();
    return ExitCode.DONE;
  }

  private static String kind(CodeCatalog.Entry entry) {
    return entry.kind().name().toLowerCase(Locale.ROOT);
  }
}
