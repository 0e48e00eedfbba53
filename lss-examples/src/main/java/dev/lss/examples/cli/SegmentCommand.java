package dev.lss.examples.cli;

import dev.lss.api.CancellationToken;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.Stage;
import dev.lss.core.NnUnetBuilder;
import dev.lss.core.Segmenters;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.nifti.NiftiHeader;
import dev.lss.core.nifti.NiftiImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      "           [--backend ID] [--device DEVICE] [--precision PRECISION]",
      "           [--threads N] [--model DIR] [--verbose]",
      "lss segment --model MODEL --input [CHANNEL=]FILE [--input ...] --out DIR",
      "           [--folds N[,N...]] [--step-size SHARE] [--no-mirroring]",
      "           [--checkpoint FILE] [--previous-stage FOLDER] [--exact]",
      "           [--max-memory SIZE] [--backend ID] [--device DEVICE]",
      "           [--precision PRECISION] [--threads N] [--verbose]"
    },
    header = "Segments an image and measures what was found.",
    description = {
      "",
      "Writes into the folder --out:",
      "  labels.nii.gz  labels on the image's own grid; L1 to L5 are 20 to 24",
      "  overlay.png    slices through what was found, to look at",
      "  result.json    measurements, notices and provenance; written last, so",
      "                 a folder without it holds no result",
      "MODEL is a results folder of nnU-Net v2, named Trainer__Plans__config, as",
      "it is, or a model package, with layers and weights or with an ONNX,",
      "TorchScript or SavedModel file.",
      "Files without a channel's name fill its channels in order, and all must lie",
      "on one grid.",
      "The image is read and checked before anything else; a damaged one is",
      "refused with exit code 4 and nothing is written.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  lss segment --task ct-vertebrae --input ct.nii.gz --out result",
      "  lss segment --task ct-vertebrae --input CT=scan.nii --out result --threads 2",
      "  lss segment --model nnUNetTrainer__nnUNetPlans__3d_fullres \\",
      "      --input T1=t1.nii.gz --input T2=t2.nii.gz --out result",
      "",
      "Exit codes: see \"lss --help\"."
    })
final class SegmentCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      converter = Task.Converter.class,
      description = "What to segment: ct-vertebrae (L1 to L5 on CT); left out with MODEL.")
  private @Nullable Task task;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "[ROLE=]FILE",
      converter = InputFile.Converter.class,
      description =
          "The image, NIfTI (.nii, .nii.gz); CT in Hounsfield units. Several for several channels.")
  private List<InputFile> inputs;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the result; made if missing.")
  private Path out;

  @Mixin private NetworkOptions network;

  @Mixin private NnUnetOptions nnUnet;

  @Override
  public Integer call() throws IOException {
    Stopwatch stopwatch = new Stopwatch();
    network.check();
    nnUnet.check();
    return task == null ? segmentByModel(stopwatch) : segment(task, stopwatch);
  }

  private Integer segment(Task known, Stopwatch stopwatch) throws IOException {
    nnUnet.requireNone();
    Path input = known.onlyInput(inputs, spec.commandLine());
    return segment(
        Map.of(known.role(), input),
        (study, cancellation) -> network.segment(known, study, cancellation),
        stopwatch);
  }

  private Integer segmentByModel(Stopwatch stopwatch) throws IOException {
    Optional<ModelPackage> opened = network.modelPackage();
    if (opened.isEmpty()) {
      return segmentByNnUnet(network.resultsFolder(), stopwatch);
    }
    if (lastStage(opened.get()).nnunet().isPresent()) {
      return segmentByNnUnet(Segmenters.forNnUnet(opened.get()), stopwatch);
    }
    nnUnet.requireNone();
    List<SeriesRole> channels =
        lastStage(opened.get()).inputs().stream().map(InputChannel::role).toList();
    return segment(
        ChannelFiles.assign(inputs, channels, spec.commandLine()),
        (study, cancellation) -> network.segment(opened.get(), study, cancellation),
        stopwatch);
  }

  private static Stage lastStage(ModelPackage opened) {
    List<Stage> stages = opened.description().stages();
    return stages.get(stages.size() - 1);
  }

  private Integer segmentByNnUnet(NnUnetBuilder builder, Stopwatch stopwatch) throws IOException {
    nnUnet.applyTo(builder);
    return segment(
        ChannelFiles.assign(inputs, builder.channels(), spec.commandLine()),
        (study, cancellation) -> network.segment(builder, study, cancellation),
        stopwatch);
  }

  private interface Segmentation {
    SegmentationResult of(LumbarStudy study, CancellationToken cancellation);
  }

  private Integer segment(Map<SeriesRole, Path> files, Segmentation segmentation, Stopwatch watch)
      throws IOException {
    OutputFolder folder = OutputFolder.prepare(out, spec.commandLine());
    watch.begin();
    List<Series> series = new ArrayList<>();
    List<Notice> notices = new ArrayList<>();
    List<NiftiHeader> headers = new ArrayList<>();
    for (Map.Entry<SeriesRole, Path> file : files.entrySet()) {
      NiftiImage image = InputFile.readImage(file.getValue());
      series.add(new Series(file.getKey(), image.volume(), Optional.of(image.source())));
      notices.addAll(image.notices());
      headers.add(image.header());
    }
    watch.end("read");
    try (Interruption interruption = Interruption.listen(spec.commandLine().getErr())) {
      LumbarStudy study = new LumbarStudy(series);
      SegmentationResult result =
          ResultFiles.withNotices(notices, segmentation.of(study, interruption.token()));
      interruption.token().throwIfCancelled();
      watch.begin();
      Nifti.writeLabels(folder.file("labels.nii.gz"), result.labels(), headers.get(0));
      ResultFiles.write(folder, result, study.reference().volume(), watch);
      PrintWriter print = spec.commandLine().getOut();
      ResultTable.print(result, print);
      print.println("written to " + folder.path());
      return result.foundAnything() ? ExitCode.DONE : ExitCode.NOTHING_FOUND;
    }
  }
}
