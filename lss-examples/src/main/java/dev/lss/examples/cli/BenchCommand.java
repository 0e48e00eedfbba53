package dev.lss.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.bench.Bench;
import dev.lss.bench.BenchCase;
import dev.lss.bench.BenchJson;
import dev.lss.bench.BenchReport;
import dev.lss.bench.BenchTable;
import dev.lss.bench.PhantomSize;
import dev.lss.core.io.AtomicFiles;
import dev.lss.examples.text.JsonText;
import dev.lss.spi.Device;
import dev.lss.spi.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lss bench}: how fast each backend is on this machine. */
@Command(
    name = "bench",
    sortOptions = false,
    customSynopsis = {
      "lss bench [--backend ID ...] [--device DEVICE] [--precision PRECISION ...]",
      "          [--threads N[,N...]] [--size SIZE] [--runs N] [--json] [--out FILE]",
      "          [--verbose]"
    },
    header = "Measures the backends on this machine and names the fastest.",
    description = {
      "",
      "Needs no data. Each combination of backend, precision and threads runs in a",
      "process of its own, about half a minute each: it opens the bundled network,",
      "runs it on one patch, and segments a phantom CT. What cannot run here is",
      "listed with the reason. For figures to rely on, let nothing else run.",
      "",
      "The processes get this one's options for the JVM, such as LSS_JAVA_OPTS.",
      "Exit code 5 when nothing could be measured.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  lss bench",
      "  lss bench --threads 1,4,8 --precision fp32 --out bench.json",
      "  lss bench --backend onnx --size large --runs 10",
      "",
      "Exit codes: see \"lss --help\"."
    })
final class BenchCommand implements Callable<Integer> {

  private static final int DEFAULT_RUNS = 5;

  @Spec private CommandSpec spec;

  @Option(
      names = "--backend",
      paramLabel = "ID",
      description = "A backend; may be given several times. Default: all on the class path.")
  private List<String> backends = List.of();

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|cuda:N",
      converter = NetworkOptions.DeviceConverter.class,
      description = "Device. Default: auto, the best that each backend has.")
  private Optional<Device> device = Optional.empty();

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16",
      converter = NetworkOptions.PrecisionConverter.class,
      description = "Arithmetic; may be given several times. Default: all that a backend has.")
  private List<Precision> precisions = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N[,N...]",
      split = ",",
      description = "Numbers of threads, each 1 or more. Default: all processors.")
  private List<Integer> threads = List.of(Runtime.getRuntime().availableProcessors());

  @Option(
      names = "--size",
      paramLabel = "small|standard|large",
      description =
          "Voxels of the CT: 2 x 2 x 3 mm, 1 x 1 x 2 mm or 0.75 x 0.75 x 1 mm. Default: standard.")
  private PhantomSize size = PhantomSize.STANDARD;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Runs after warm-up, 1 or more; the fastest counts. Default: 5.")
  private int runs = DEFAULT_RUNS;

  @Option(names = "--json", description = "Print JSON for scripts instead of the table.")
  private boolean json;

  @Option(names = "--out", paramLabel = "FILE", description = "Write the JSON into this file too.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    requirePositive("--runs", runs);
    threads.forEach(count -> requirePositive("--threads", count));
    requireWritable();
    PrintWriter print = spec.commandLine().getOut();
    try (Interruption interruption = Interruption.listen(spec.commandLine().getErr())) {
      Bench bench =
          new Bench(backends, device, precisions, threads.stream().distinct().toList(), size, runs);
      List<BenchCase> cases = bench.cases(BenchCommand.class.getClassLoader());
      if (cases.isEmpty()) {
        print.println("no backend is on the class path; add dev.lss:lss-backend-onnx");
        return ExitCode.MODEL_OR_BACKEND;
      }
      BenchReport report = bench.run(cases, this::tell, interruption.token());
      write(report, print);
      return report.hasFigures() ? ExitCode.DONE : ExitCode.MODEL_OR_BACKEND;
    }
  }

  private void requirePositive(String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(), "%s must be at least 1, was %s".formatted(option, value));
    }
  }

  /** Minutes of measuring are not to end at a folder that is not there. */
  private void requireWritable() {
    if (out == null) {
      return;
    }
    Path folder = out.toAbsolutePath().normalize().getParent();
    if (Files.isDirectory(out) || folder == null || !Files.isWritable(folder)) {
      throw new ParameterException(
          spec.commandLine(),
          "--out must be a file in a folder that can be written to, was " + out);
    }
    String schema = BenchJson.SCHEMA.substring(0, BenchJson.SCHEMA.indexOf('/'));
    OutputFile.requireFreeJson(out, schema, spec.commandLine());
  }

  /** One line for each case: a bar that moves twice a minute tells nothing. */
  private void tell(String one, int done, int total) {
    if (TerminalProgress.isTerminal()) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf("lss: measuring %s of %s: %s%n", done + 1, total, one);
      err.flush();
    }
  }

  private void write(BenchReport report, PrintWriter print) throws IOException {
    ObjectNode document = JsonText.document(BenchJson.SCHEMA, "Not a medical device.");
    BenchJson.put(report, document);
    byte[] bytes = JsonText.bytes(document);
    if (json) {
      print.print(new String(bytes, StandardCharsets.UTF_8));
      print.flush();
    } else {
      BenchTable.print(report, print);
    }
    if (out != null) {
      AtomicFiles.write(out, file -> file.write(bytes));
    }
  }
}
