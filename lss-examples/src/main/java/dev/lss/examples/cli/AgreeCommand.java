package dev.lss.examples.cli;

import dev.lss.examples.agree.Agreement;
import dev.lss.examples.agree.AgreementFiles;
import dev.lss.examples.agree.AgreementTable;
import dev.lss.examples.agree.Labels;
import dev.lss.examples.agree.Margin;
import dev.lss.examples.agree.Question;
import dev.lss.examples.agree.Question.Columns;
import dev.lss.examples.text.CsvTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lss agree}: whether a method may replace a reference, from a table of both. */
@Command(
    name = "agree",
    sortOptions = false,
    customSynopsis = {
      "lss agree --table CSV --columns REFERENCE,METHOD ... --margin M [--by COLUMN]",
      "          [--title WORDS] [--unit UNIT] [--out DIR] [--verbose]",
      "lss agree --table CSV --raters A,B,C ... [--by COLUMN] [--out DIR] [--verbose]"
    },
    header = "Tells how well a method agrees with a reference, from a table.",
    description = {
      "",
      "Prints intraclass correlations, Bland and Altman's limits, the test of",
      "equivalence and correlations, all with 95 %% intervals. Differences are",
      "method minus reference. With --raters the intraclass correlations of two or",
      "more columns, none of which counts as true. Rows with an empty cell or NA are",
      "left out and counted. Into --out go a picture bland-altman-N of each",
      "comparison as SVG, PDF and PNG and, written last, agreement.json.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  lss agree --table volumes.csv --columns manual,automatic --margin 5%%",
      "  lss agree --table long.csv --columns manual,automatic --by muscle --margin 2.5 --out a",
      "  lss agree --table readers.csv --raters reader1,reader2,reader3",
      "",
      "Exit codes: see \"lss --help\"."
    })
final class AgreeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--table",
      required = true,
      paramLabel = "CSV",
      description = "CSV with a header; decimal commas only between semicolons or tabs.")
  private Path table;

  @Option(
      names = "--columns",
      paramLabel = "REFERENCE,METHOD",
      converter = ColumnsConverter.class,
      description = "Two columns, what counts as true first; may be given more than once.")
  private List<Columns> columns = List.of();

  @Option(
      names = "--raters",
      paramLabel = "A,B,C",
      converter = RatersConverter.class,
      description = "Two or more columns of raters; may be given more than once.")
  private List<Raters> raters = List.of();

  @Option(
      names = "--margin",
      paramLabel = "M",
      converter = MarginConverter.class,
      description =
          "Margin of equivalence, chosen before looking at the data: a number in the unit of the"
              + " table, or per cent of the reference's mean, such as 5%%. Needed with --columns.")
  private @Nullable Margin margin;

  @Option(
      names = "--by",
      paramLabel = "COLUMN",
      description = "Treat the rows of each value of this column for themselves.")
  private @Nullable String by;

  @Option(names = "--title", paramLabel = "WORDS", description = "Words above the pictures.")
  private @Nullable String title;

  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      description = "Unit of the values, such as ml, for the axes of the pictures.")
  private @Nullable String unit;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for agreement.json and the pictures; made if missing.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    Question question = question();
    Optional<OutputFolder> folder =
        out == null
            ? Optional.empty()
            : Optional.of(
                OutputFolder.prepare(out, AgreementFiles.MAIN, List.of(table), spec.commandLine())
                    .claim(AgreementFiles.NAMES));
    Agreement agreement = Agreement.of(CsvTable.read(table), question);
    PrintWriter print = spec.commandLine().getOut();
    AgreementTable.print(agreement, print);
    if (folder.isPresent()) {
      Labels labels = new Labels(Optional.ofNullable(title), Optional.ofNullable(unit));
      folder.get().write(AgreementFiles.of(agreement, labels));
      print.println("written to " + folder.get().path());
    }
    return ExitCode.DONE;
  }

  private Question question() {
    if (columns.isEmpty() && raters.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--columns REFERENCE,METHOD or --raters A,B,C says what to compare");
    }
    if (!columns.isEmpty() && margin == null) {
      throw new ParameterException(
          spec.commandLine(), "--columns needs --margin, chosen before looking at the data");
    }
    return new Question(
        columns,
        raters.stream().map(Raters::names).toList(),
        Optional.ofNullable(by),
        Optional.ofNullable(margin));
  }

  /** Columns of two or more raters. */
  private record Raters(List<String> names) {}

  /** Reads {@code A,B,C}. */
  static final class RatersConverter implements ITypeConverter<Raters> {
    @Override
    public Raters convert(String text) {
      List<String> names = CsvTable.cells(text);
      if (names.size() < 2 || names.contains("") || Set.copyOf(names).size() < names.size()) {
        throw new TypeConversionException(
            "two or more different columns are written A,B,C, was \"%s\"".formatted(text));
      }
      return new Raters(names);
    }
  }

  /** Reads {@code REFERENCE,METHOD}. */
  static final class ColumnsConverter implements ITypeConverter<Columns> {
    @Override
    public Columns convert(String text) {
      List<String> names = CsvTable.cells(text);
      if (names.size() != 2 || names.contains("")) {
        throw new TypeConversionException(
            "two columns are written REFERENCE,METHOD, was \"%s\"".formatted(text));
      }
      return new Columns(names.get(0), names.get(1));
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
