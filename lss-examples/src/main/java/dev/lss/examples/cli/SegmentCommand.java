package dev.lss.examples.cli;

import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.nifti.NiftiImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lss segment}: an image in, labels, a picture and measurements out. */
@Command(
    name = "segment",
    sortOptions = false,
    customSynopsis = {
      "lss segment --task TASK --input [ROLE=]FILE --out DIR",
      "           [--backend ID] [--threads N] [--model DIR] [--verbose]"
    },
    header = "Segments an image and measures what was found.",
    description = {
      "",
      "Writes into the folder --out:",
      "  labels.nii.gz  labels on the image's own grid; L1 to L5 are 20 to 24",
      "  overlay.png    slices through what was found, to look at",
      "  result.json    measurements, notices and provenance; written last, so",
      "                 a folder without it holds no result",
      "The image is read and checked before anything else; a damaged one is",
      "refused with exit code 4 and nothing is written.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  lss segment --task ct-vertebrae --input ct.nii.gz --out result",
      "  lss segment --task ct-vertebrae --input CT=scan.nii --out result --threads 2",
      "",
      "Exit codes: see \"lss --help\"."
    })
final class SegmentCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--task",
      required = true,
      paramLabel = "TASK",
      converter = Task.Converter.class,
      description = "What to segment: ct-vertebrae (L1 to L5 on CT).")
  private Task task;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "[ROLE=]FILE",
      converter = InputFile.Converter.class,
      description = "The image, NIfTI (.nii, .nii.gz), in Hounsfield units.")
  private List<InputFile> inputs;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the result; made if missing.")
  private Path out;

  @Mixin private NetworkOptions network;

  @Override
  public Integer call() throws IOException {
    Stopwatch stopwatch = new Stopwatch();
    PrintWriter print = spec.commandLine().getOut();
    network.check();
    Path input = task.onlyInput(inputs, spec.commandLine());
    OutputFolder folder = OutputFolder.prepare(out, spec.commandLine());
    stopwatch.begin();
    NiftiImage image = InputFile.readImage(input);
    stopwatch.end("read");
    try (Interruption interruption = Interruption.listen(spec.commandLine().getErr())) {
      LumbarStudy study =
          new LumbarStudy(
              List.of(new Series(task.role(), image.volume(), Optional.of(image.source()))));
      SegmentationResult result =
          ResultFiles.withNotices(
              image.notices(), network.segment(task, study, interruption.token()));
      interruption.token().throwIfCancelled();
      stopwatch.begin();
      Nifti.writeLabels(folder.file("labels.nii.gz"), result.labels(), image.header());
      ResultFiles.write(folder, result, image.volume(), stopwatch);
      ResultTable.print(result, print);
      print.println("written to " + folder.path());
      return result.foundAnything() ? ExitCode.DONE : ExitCode.NOTHING_FOUND;
    }
  }
}
