package dev.lss.examples.cli;

import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Tasks;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.image.Volume;
import dev.lss.core.model.Model;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.phantom.LumbarPhantom;
import dev.lss.core.task.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
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
    customSynopsis = "lss demo [--out DIR] [OPTIONS]",
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

  @Mixin private ModelOptions modelOptions;

  @Mixin private NetworkOptions network;

  @Override
  public Integer call() throws IOException {
    Stopwatch stopwatch = new Stopwatch();
    network.options();
    OutputFolder folder =
        OutputFolder.prepare(out, OutputFolder.RESULT, modelOptions.paths(), spec.commandLine())
            .claim("ct\\.nii|" + ResultFiles.OF_VOLUME);
    Task task = TaskName.find(Tasks.CT_VERTEBRAE, spec.commandLine());
    Model model = modelOptions.open(Optional.of(task));
    stopwatch.end("open");
    LumbarPhantom phantom = LumbarPhantom.demo();
    Volume ct = phantom.ct();
    stopwatch.end("read");
    try (Interruption interruption = Interruption.listen(spec.commandLine().getErr())) {
      LumbarStudy study = LumbarStudy.ofCt(ct);
      SegmentationResult result =
          network.run(
              task,
              model,
              stopwatch,
              (segmenter, progress) -> segmenter.segment(study, progress, interruption.token()));
      interruption.beginWriting();
      Nifti.write(folder.file("ct.nii"), ct); // noise hardly shrinks, and gzip would take seconds
      ResultFiles results = new ResultFiles(folder, task.presentation(), stopwatch);
      results.labels(result.labels(), Optional.empty());
      results.report(result, study, study.reference());
      interruption.complete();
      PrintWriter print = spec.commandLine().getOut();
      ResultText.print(result, task.presentation(), print);
      compare(result, phantom, print);
      print.println("written to " + folder.path() + "; open overlay.png");
      print.flush();
      return result.foundAnything() ? ExitCode.DONE : ExitCode.NOTHING_FOUND;
    }
  }

  private static void compare(SegmentationResult result, LumbarPhantom phantom, PrintWriter print) {
    print.print("off the true volume by");
    for (VertebraMeasurement found : result.measurements().of(VertebraMeasurement.class)) {
      double truth = phantom.trueVolumeMm3(found.level());
      print.format(
          Locale.ROOT, "  %s %+.1f %%", found.level(), 100 * (found.volumeMm3() / truth - 1));
    }
    print.println();
  }
}
