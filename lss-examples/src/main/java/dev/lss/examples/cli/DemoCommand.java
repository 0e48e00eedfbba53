package dev.lss.examples.cli;

import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.phantom.LumbarPhantom;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lss demo}: the whole path on an image whose volumes are known. */
@Command(
    name = "demo",
    sortOptions = false,
    customSynopsis = {
      "lss demo [--out DIR] [--backend ID] [--device DEVICE] [--precision PRECISION]",
      "         [--threads N] [--model DIR] [--verbose]"
    },
    header = "Makes a phantom CT, segments it and compares with the truth.",
    description = {
      "",
      "Needs no data. Writes ct.nii (the phantom), labels.nii.gz, overlay.png",
      "and, last, result.json.",
      ""
    },
    footer = {"", "Example: lss demo --out demo", "", "Exit codes: see \"lss --help\"."})
final class DemoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "demo",
      description = "Folder for the result; made if missing. Default: demo.")
  private Path out;

  @Mixin private NetworkOptions network;

  @Override
  public Integer call() throws IOException {
    Stopwatch stopwatch = new Stopwatch();
    network.check();
    OutputFolder folder = OutputFolder.prepare(out, spec.commandLine());
    LumbarPhantom phantom = LumbarPhantom.demo();
    Volume ct = phantom.ct();
    try (Interruption interruption = Interruption.listen(spec.commandLine().getErr())) {
      SegmentationResult result =
          network.segment(Task.CT_VERTEBRAE, LumbarStudy.ofCt(ct), interruption.token());
      interruption.token().throwIfCancelled();
      stopwatch.begin();
      Nifti.write(folder.file("ct.nii"), ct); // noise hardly shrinks, and gzip would take seconds
      Nifti.writeLabels(folder.file("labels.nii.gz"), result.labels());
      ResultFiles.write(folder, result, ct, stopwatch);
      PrintWriter print = spec.commandLine().getOut();
      ResultTable.print(result, print);
      compare(result, phantom, print);
      print.println("written to " + folder.path() + "; open overlay.png");
      return result.foundAnything() ? ExitCode.DONE : ExitCode.NOTHING_FOUND;
    }
  }

  private static void compare(SegmentationResult result, LumbarPhantom phantom, PrintWriter print) {
    print.print("off the true volume by");
    for (VertebraMeasurement found : result.measurements().vertebrae()) {
      double truth = phantom.trueVolumeMm3(found.level());
      print.format(
          Locale.ROOT, "  %s %+.1f %%", found.level(), 100 * (found.volumeMm3() / truth - 1));
    }
    print.println();
  }
}
