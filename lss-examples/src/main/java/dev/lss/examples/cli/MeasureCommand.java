package dev.lss.examples.cli;

import dev.lss.api.ClipResult;
import dev.lss.api.Measurements;
import dev.lss.api.Notice;
import dev.lss.api.Provenance;
import dev.lss.api.SegmentationResult;
import dev.lss.api.StageTiming;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.core.io.LssVersion;
import dev.lss.core.measure.VertebraMeasures;
import dev.lss.core.nifti.NiftiImage;
import dev.lss.core.nifti.NiftiLabels;
import dev.lss.core.raster.RasterClip;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lss measure}: the measurements of a task on labels that exist already; no network. */
@Command(
    name = "measure",
    sortOptions = false,
    customSynopsis = {
      "lss measure --task TASK --input [ROLE=]FILE --labels LABELS --out DIR",
      "            [--spacing S] [--verbose]"
    },
    header = "Measures an existing label map; no network runs.",
    description = {
      "",
      "The labels must lie on the image's own grid. For ct-vertebrae they are the",
      "VerSe ids 20 to 24 for L1 to L5, whole vertebrae; other labels are listed",
      "in a notice and not measured. For us-fascia they are a picture of the image's",
      "size in which everything that is not black is fascia; image and labels may",
      "be clips of one length. Writes overlay.png and, last, result.json.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  lss measure --task ct-vertebrae --input ct.nii.gz \\",
      "      --labels labels.nii.gz --out result",
      "  lss measure --task us-fascia --input image.png --labels mask.png \\",
      "      --spacing 0.06 --out result",
      "",
      "Exit codes: see \"lss --help\"."
    })
final class MeasureCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--task",
      required = true,
      paramLabel = "TASK",
      converter = Task.Converter.class,
      description = "What the labels are: ct-vertebrae or us-fascia.")
  private Task task;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "[ROLE=]FILE",
      converter = InputFile.Converter.class,
      description =
          "The image, NIfTI (.nii, .nii.gz) in Hounsfield units; for us-fascia a picture or clip.")
  private List<InputFile> inputs;

  @Option(
      names = "--labels",
      required = true,
      paramLabel = "LABELS",
      description = "The label map, NIfTI on the image's grid; for us-fascia a picture or clip.")
  private Path labelFile;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the result; made if missing.")
  private Path out;

  @Mixin private ScaleOption scale;

  @Override
  public Integer call() throws IOException {
    Stopwatch stopwatch = new Stopwatch();
    Path input = task.onlyInput(inputs, spec.commandLine());
    if (task.takesPictures()) {
      return measurePictures(input, stopwatch);
    }
    scale.requireNone();
    OutputFolder folder = OutputFolder.prepare(out, spec.commandLine());
    stopwatch.begin();
    NiftiImage image = InputFile.readImage(input);
    NiftiLabels labels = InputFile.readLabels(labelFile);
    stopwatch.end("read");
    stopwatch.begin();
    SegmentationResult result = measure(image, labels);
    stopwatch.end("measure");
    stopwatch.begin();
    ResultFiles.write(folder, result, image.volume(), stopwatch);
    PrintWriter print = spec.commandLine().getOut();
    ResultTable.print(result, print);
    print.println("written to " + folder.path());
    return result.measurements().vertebrae().isEmpty() ? ExitCode.NOTHING_FOUND : ExitCode.DONE;
  }

  private Integer measurePictures(Path input, Stopwatch stopwatch) throws IOException {
    OutputFolder folder = OutputFolder.prepare(out, spec.commandLine());
    PrintWriter print = spec.commandLine().getOut();
    stopwatch.begin();
    try (RasterClip images = PictureFile.open(input, scale.pixelSize());
        RasterClip masks = PictureFile.open(labelFile, scale.pixelSize())) {
      stopwatch.end("read");
      stopwatch.begin();
      ClipResult result = new PictureMeasurement(task).of(images, masks);
      stopwatch.end("measure");
      stopwatch.begin();
      if (images.isSingle()) {
        SegmentationResult only = result.frames().get(0);
        UltrasoundFiles.writeReport(folder, only, images.frame(0).plane(), stopwatch);
        ResultTable.print(only, print);
      } else {
        UltrasoundFiles.writeReport(folder, result, images, stopwatch);
        ResultTable.print(result, print);
      }
      print.println("written to " + folder.path());
      return result.summary().isEmpty() ? ExitCode.NOTHING_FOUND : ExitCode.DONE;
    }
  }

  private SegmentationResult measure(NiftiImage image, NiftiLabels labels) {
    LabelTable table = task.labels();
    List<VertebraMeasurement> measured =
        VertebraMeasures.of(labels.labels(), table, image.volume());
    List<Notice> notices = new ArrayList<>(image.notices());
    notices.addAll(labels.notices());
    SortedSet<Integer> others = unknownLabels(labels, table);
    if (!others.isEmpty()) {
      notices.add(
          new Notice(
              "LABELS_NOT_MEASURED",
              "labels %s are no structures of %s and were left out".formatted(others, task.id())));
    }
    if (measured.isEmpty()) {
      notices.add(
          new Notice("NOTHING_FOUND", "the label map holds none of the labels of " + task.id()));
    }
    return new SegmentationResult(
        task.id(),
        labels.labels(),
        table,
        new Measurements(measured),
        notices,
        new Provenance(
            LssVersion.get(),
            List.of(),
            Optional.empty(),
            1,
            "none",
            List.of(image.source(), labels.source())),
        List.<StageTiming>of());
  }

  private static SortedSet<Integer> unknownLabels(NiftiLabels labels, LabelTable table) {
    SortedSet<Integer> others = new TreeSet<>();
    boolean[] seen = new boolean[65536];
    for (short label : VoxelArrays.labels(labels.labels())) {
      seen[Short.toUnsignedInt(label)] = true;
    }
    for (int value = 1; value < seen.length; value++) {
      if (seen[value] && table.byValue(value).isEmpty()) {
        others.add(value);
      }
    }
    return others;
  }
}
