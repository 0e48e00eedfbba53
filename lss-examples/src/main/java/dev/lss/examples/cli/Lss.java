package dev.lss.examples.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

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
      BenchCommand.class
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
      "130:cancelled with Ctrl-C; no result was written"
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
    System.exit(run(args, writer(System.out), writer(System.err)));
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
    try {
      return line.execute(args);
    } catch (OutOfMemoryError | LinkageError e) {
      return Failure.report(e, err, lss.verbose);
    }
  }

  // Java 17 knows the terminal's encoding only as the default one.
  @SuppressWarnings("DefaultCharset")
  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true);
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int reportUsage(ParameterException e, String[] args) {
    CommandLine at = e.getCommandLine();
    String message = String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", "; ");
    at.getErr()
        .printf("lss: %s (see \"%s --help\")%n", message, at.getCommandSpec().qualifiedName());
    at.getErr().flush();
    return ExitCode.USAGE;
  }
}
