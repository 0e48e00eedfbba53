package dev.lss.examples.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line {@code lss}. */
@Command(
    name = "lss",
    sortOptions = false,
    customSynopsis = "lss COMMAND [OPTIONS]",
    versionProvider = Version.class,
    subcommands = {
      DemoCommand.class,
      SegmentCommand.class,
      MeasureCommand.class,
      InspectCommand.class,
      EvaluateCommand.class,
      AgreeCommand.class,
      TasksCommand.class,
      CodesCommand.class,
      ModelsCommand.class,
      ImportNnunetCommand.class,
      ExportCommand.class,
      BackendsCommand.class,
      BenchCommand.class,
      HelpCommand.class
    },
    header = "Segments and measures the lumbar spine. Not a medical device.",
    description = {
      "",
      "Start with \"lss demo\": it makes a phantom CT, segments it and shows what comes out.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:some other failure, such as a full disk",
      "2:the command line is wrong",
      "3:nothing was found; an empty result with a notice was written",
      "4:the input is missing, damaged or unsupported",
      "5:a model or a backend is missing or does not work",
      "6:not enough memory; try LSS_JAVA_OPTS=-Xmx4g",
      "130:cancelled with Ctrl-C; no result, unless the last line says that it is complete",
      "141:the standard output was closed before everything was printed"
    },
    footer = {
      "",
      "Examples:",
      "  lss demo --out demo",
      "  lss segment --task ct-vertebrae --input ct.nii.gz --out result",
      "  lss measure --task ct-vertebrae --input ct.nii.gz --labels labels.nii.gz --out result",
      "  lss evaluate --reference manual.nii.gz --prediction result/labels.nii.gz",
      "  lss agree --table volumes.csv --columns manual,automatic --margin 5%%",
      "  lss tasks",
      "  lss backends --json",
      "  lss bench"
    })
public final class Lss implements Callable<Integer> {

  /** What Java 17 calls the encoding of file names where the locale has none. */
  private static final Set<String> ASCII = Set.of("ANSI_X3.4-1968", "US-ASCII", "646", "ASCII");

  private static final int MOST_SUGGESTIONS = 3;

  private static final int HELP_COLUMNS = 96;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      scope = ScopeType.INHERIT,
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      description = "Use the backends and tasks in the jars of this folder; anywhere in the line.")
  @SuppressWarnings("unused") // the launcher takes it out, because only it makes the class path
  private void plugins(String folder) {
    throw new ParameterException(
        spec.commandLine(),
        "--plugins is read by the launcher ./lss; with java put the jars of %s on the class path"
            .formatted(folder));
  }

  @Option(
      names = "--with",
      paramLabel = "ID[,ID]",
      description =
          "Fetch and keep these backends besides onnx: djl, tf or all; anywhere in the line.")
  @SuppressWarnings("unused") // the launcher takes it out, because only it builds
  private void with(String backends) {
    throw new ParameterException(
        spec.commandLine(),
        "--with is read by the launcher ./lss; with java put the jars of %s on the class path"
            .formatted(backends));
  }

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version of LSS and of Java.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean version;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  private boolean verbose;

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    StandardOutput standard = StandardOutput.ofProcess();
    PrintWriter out = standard.writer();
    PrintWriter err = writer(System.err);
    int exitCode = run(args, out, err);
    out.flush();
    System.exit(standard.exitCode(exitCode, err));
  }

  /** Runs the command line and returns its exit code. */
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    Lss lss = new Lss();
    CommandLine line =
        new CommandLine(lss)
            .setOut(out)
            .setErr(err)
            .setUsageHelpWidth(HELP_COLUMNS)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(Lss::reportUsage)
            .setExecutionExceptionHandler((e, at, parsed) -> Failure.report(e, err, lss.verbose));
    Optional<String> unreadable = unreadable(args, System.getProperty("sun.jnu.encoding", ""));
    if (unreadable.isPresent()) {
      return reportUsage(new ParameterException(line, unreadable.get()), args);
    }
    try {
      return line.execute(args);
    } catch (OutOfMemoryError | LinkageError e) {
      return Failure.report(e, err, lss.verbose);
    }
  }

  /**
   * Returns what is wrong when Java could not read the arguments, which would name other files
   * then.
   *
   * @param args the arguments
   * @param encoding in which Java took them
   */
  static Optional<String> unreadable(String[] args, String encoding) {
    for (String argument : args) {
      boolean replaced = ASCII.contains(encoding) && argument.contains("??");
      if (replaced || argument.indexOf('\ufffd') >= 0) {
        return Optional.of(
            ("\"%s\" holds letters that Java cannot read in this locale (encoding %s); start"
                    + " through ./lss, or with LC_ALL=C.UTF-8")
                .formatted(argument, encoding));
      }
    }
    return Optional.empty();
  }

  // Java 17 knows the terminal's encoding only as the default one.
  @SuppressWarnings("DefaultCharset")
  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.DONE;
  }

  private static int reportUsage(ParameterException e, String[] args) {
    CommandLine at = e.getCommandLine();
    String message = String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", "; ");
    String see = " (see \"%s --help\")".formatted(at.getCommandSpec().qualifiedName());
    at.getErr().println(Failure.shortened("lss: " + message + suggestion(e) + see));
    at.getErr().flush();
    return ExitCode.USAGE;
  }

  private static String suggestion(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    List<String> near = unmatched.getSuggestions();
    return near.isEmpty()
        ? ""
        : "; did you mean "
            + near.stream().limit(MOST_SUGGESTIONS).collect(Collectors.joining(" or "))
            + "?";
  }
}
