package dev.lss.examples.cli;

import dev.lss.core.io.AtomicFiles;
import dev.lss.examples.agree.Agreement;
import dev.lss.examples.agree.Agreement.Columns;
import dev.lss.examples.agree.AgreementJson;
import dev.lss.examples.agree.AgreementTable;
import dev.lss.examples.agree.BlandAltmanSvg;
import dev.lss.examples.agree.Margin;
import dev.lss.examples.text.CsvTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lss agree}: whether a method may replace a reference, from a table of both. */
@Command(
    name = "agree",
    sortOptions = false,
    customSynopsis = {
      "lss agree --table CSV --columns REFERENCE,METHOD ... --margin M [--by COLUMN]",
      "          [--out DIR] [--verbose]"
    },
    header = "Tells how well a method agrees with a reference, from a table.",
    description = {
      "",
      "Prints intraclass correlations, Bland and Altman's limits, the test of",
      "equivalence and correlations, all with 95 %% intervals. Differences are",
      "method minus reference. Rows with an empty cell or NA are left out and",
      "counted. Into --out go a picture bland-altman-N.svg of each comparison and,",
      "written last, agreement.json.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  lss agree --table volumes.csv --columns manual,automatic --margin 5%%",
      "  lss agree --table long.csv --columns manual,automatic --by muscle --margin 2.5 --out a",
      "",
      "Exit codes: see \"lss --help\"."
    })
final class AgreeCommand implements Callable<Integer> {

  private static final String RESULT = "agreement.json";

  @Spec private CommandSpec spec;

  @Option(
      names = "--table",
      required = true,
      paramLabel = "CSV",
      description = "Comma separated values with a header, UTF-8, decimal points.")
  private Path table;

  @Option(
      names = "--columns",
      required = true,
      paramLabel = "REFERENCE,METHOD",
      converter = ColumnsConverter.class,
      description = "Two columns, what counts as true first; may be given more than once.")
  private List<Columns> columns;

  @Option(
      names = "--margin",
      required = true,
      paramLabel = "M",
      converter = MarginConverter.class,
      description =
          "Margin of equivalence, chosen before looking at the data: a number in the unit of the"
              + " table, or per cent of the reference's mean, such as 5%%.")
  private Margin margin;

  @Option(
      names = "--by",
      paramLabel = "COLUMN",
      description = "Treat the rows of each value of this column for themselves.")
  private @Nullable String by;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for agreement.json and the pictures; made if missing.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    Optional<OutputFolder> folder =
        out == null
            ? Optional.empty()
            : Optional.of(OutputFolder.prepare(out, RESULT, spec.commandLine()));
    Agreement agreement =
        Agreement.of(CsvTable.read(table), columns, Optional.ofNullable(by), margin);
    PrintWriter print = spec.commandLine().getOut();
    AgreementTable.print(agreement, print);
    if (folder.isPresent()) {
      write(agreement, folder.get());
      print.println("written to " + folder.get().path());
    }
    return ExitCode.DONE;
  }

  private static void write(Agreement agreement, OutputFolder folder) throws IOException {
    List<String> plots = new ArrayList<>();
    for (var comparison : agreement.comparisons()) {
      String name = "bland-altman-%d.svg".formatted(plots.size() + 1);
      byte[] picture = BlandAltmanSvg.draw(comparison);
      AtomicFiles.write(folder.file(name), file -> file.write(picture));
      plots.add(name);
    }
    byte[] json = AgreementJson.write(agreement, plots);
    AtomicFiles.write(folder.file(RESULT), file -> file.write(json));
  }

  /** Reads {@code REFERENCE,METHOD}. */
  static final class ColumnsConverter implements ITypeConverter<Columns> {
    @Override
    public Columns convert(String text) {
      String[] names = text.split(",", -1);
      if (names.length != 2 || names[0].isBlank() || names[1].isBlank()) {
        throw new TypeConversionException(
            "two columns are written REFERENCE,METHOD, was \"%s\"".formatted(text));
      }
      return new Columns(names[0].strip(), names[1].strip());
    }
  }

  /** Reads a margin. */
  static final class MarginConverter implements ITypeConverter<Margin> {
    @Override
    public Margin convert(String text) {
      try {
        return Margin.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
