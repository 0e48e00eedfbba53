package dev.lss.examples.cli;

import dev.lss.api.CancellationToken;
import dev.lss.api.KnownLevel;
import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.SeriesRole;
import dev.lss.core.io.NonFiniteRule;
import dev.lss.core.model.Model;
import dev.lss.core.raster.RasterClip;
import dev.lss.core.task.SeriesNeed;
import dev.lss.core.task.Task;
import dev.lss.core.ultrasound.FasciaClip;
import dev.lss.core.volume.VolumeFiles;
import dev.lss.dicom.DicomSeries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lss segment}: an image in, labels, a picture and measurements out. */
@Command(
    name = "segment",
    sortOptions = false,
    customSynopsis = {
      "lss segment --task TASK --input [ROLE=]FILE [--input ...] --out DIR [OPTIONS]",
      "lss segment --model MODEL --input [ROLE=]FILE [--input ...] --out DIR [OPTIONS]"
    },
    header = "Segments an image and measures what was found.",
    description = {
      "",
      "Writes into the folder --out:",
      "  labels.nii.gz  labels on the grid of the first image, or of --reference; of a",
      "                 picture labels.png, of a clip labels/NNNN.png",
      "  labels.dcm     with --format dicom-seg or dicom-labelmap: the same for archives",
      "                 and viewers, of a DICOM input",
      "  report.dcm     with --format dicom-sr: the measurements as a DICOM report",
      "  overlay.png    slices through what was found, to look at",
      "  result.json    measurements, notices and provenance; written last, so",
      "                 a folder without it holds no result",
      "\"lss tasks\" lists the tasks and the images that each takes. Files without a",
      "role fill the roles in order. A task of pictures takes PNG, JPEG or TIFF, or a",
      "clip: a folder of pictures, a TIFF of several pages, or ultrasound DICOM.",
      "MODEL is a results folder of nnU-Net v2, named Trainer__Plans__config, as it",
      "is, or a model package, with layers and weights or with an ONNX, TorchScript",
      "or SavedModel file.",
      "Model and images are read and checked before a network is loaded; a damaged",
      "image is refused with exit code 4 and nothing is written.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  lss segment --task ct-vertebrae --input ct.nii.gz --out result",
      "  lss segment --task ct-vertebrae --input CT=scan.nii --out result --threads 2",
      "  lss segment --task ct-vertebrae --input ct.nii --level L5@-3,40,-812 --out result",
      "  lss segment --task ct-vertebrae --input SERIES --format nifti,dicom-seg,dicom-sr --out result",
      "  lss segment --task us-fascia --input image.png --spacing 0.06 --out result",
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
      description =
          "What to segment, such as ct-vertebrae; see \"lss tasks\". Default: the task of --model.")
  private @Nullable String taskId;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "[ROLE=]FILE",
      converter = InputFile.Converter.class,
      description =
          "An image: NIfTI, NRRD or MetaImage, CT in Hounsfield units; a folder, zip or file of"
              + " DICOM; or a picture or clip. Several for several series.")
  private List<InputFile> inputs;

  @Option(
      names = "--reference",
      paramLabel = "ROLE",
      description = "The image on whose grid the labels are wanted. Default: the first one.")
  private @Nullable String reference;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the result; made if missing.")
  private Path out;

  @Option(
      names = "--level",
      paramLabel = "LEVEL[@x,y,z]",
      converter = LevelConverter.class,
      description =
          "CT: the level of the vertebra at a point (LPS mm), or of the lowest one in view, if you"
              + " know it; the others are counted from it.")
  private @Nullable KnownLevel knownLevel;

  @Mixin private LevelsOption levels;

  @Mixin private DicomOutput output;

  @Mixin private PictureOptions pictures;

  @Mixin private ModelOptions modelOptions;

  @Mixin private NetworkOptions network;

  @Override
  public Integer call() throws IOException {
    Stopwatch watch = new Stopwatch();
    network.options();
    Optional<Task> wanted =
        Optional.ofNullable(taskId).map(id -> TaskName.find(id, spec.commandLine()));
    List<Path> read = new ArrayList<>(modelOptions.paths());
    inputs.forEach(input -> read.add(input.path()));
    levels.path().ifPresent(read::add);
    OutputFolder folder = OutputFolder.prepare(out, OutputFolder.RESULT, read, spec.commandLine());
    Model model = modelOptions.open(wanted);
    watch.end("open");
    Task task = wanted.orElseGet(() -> TaskName.catalog().byId(model.description().task()));
    task.check(model.description());
    if (knownLevel != null && !task.takesKnownLevel()) {
      throw new ParameterException(
          spec.commandLine(),
          "--level is for tasks that name levels, %s does not".formatted(task.id()));
    }
    levels.check(task);
    network.requireTiles(model.description());
    List<SeriesNeed> needs = task.needs(model.description());
    Optional<SeriesRole> onGridOf =
        Optional.ofNullable(reference).map(key -> SeriesFile.role(key, needs));
    List<SeriesFile> files =
        SeriesFile.assign(inputs, needs, onGridOf, task.id(), spec.commandLine());
    pictures.check(files);
    NonFiniteRule rule = VolumeFiles.nonFiniteRule(model.description());
    StudyFiles.requireFits(files, task, model.description(), network.options());
    ResultFiles results = new ResultFiles(folder, task.presentation(), watch);
    try (Interruption interruption = Interruption.listen(spec.commandLine().getErr())) {
      Work work = new Work(task, model, folder, results, interruption, watch);
      boolean found =
          (files.size() == 1 && files.get(0).isPicture())
              ? segmentPictures(work, files.get(0))
              : segmentStudy(work, files, onGridOf, needs, rule);
      ResultText.printWritten(folder.path(), spec.commandLine().getOut());
      return found ? ExitCode.DONE : ExitCode.NOTHING_FOUND;
    }
  }

  /** What is to be done, with what, and where the result goes. */
  private record Work(
      Task task,
      Model model,
      OutputFolder folder,
      ResultFiles results,
      Interruption interruption,
      Stopwatch watch) {

    CancellationToken cancellation() {
      return interruption.token();
    }
  }

  private boolean segment(Work work, StudyFiles read) throws IOException {
    work.folder()
        .claim(read.reference().isPresent() ? ResultFiles.OF_VOLUME : ResultFiles.OF_PICTURE);
    Optional<DicomSeries> dicom = read.dicomOf(read.study().reference());
    output.check(dicom);
    work.watch().end("read");
    LumbarStudy asked = levels.addTo(read.study());
    LumbarStudy study = knownLevel == null ? asked : asked.withKnownLevel(knownLevel);
    SegmentationResult result =
        output.noticed(
            ResultFiles.withNotices(
                read.notices(),
                network.run(
                    work.task(),
                    work.model(),
                    work.watch(),
                    (segmenter, progress) ->
                        segmenter.segment(study, progress, work.cancellation()))));
    work.interruption().beginWriting();
    output.write(work.folder(), dicom, result);
    if (output.hasPlain()) {
      work.results().labels(result.labels(), read.reference());
    }
    work.results().report(result, read.study(), read.study().reference());
    work.interruption().complete();
    ResultText.print(result, work.task().presentation(), spec.commandLine().getOut());
    return result.foundAnything();
  }

  private boolean segmentPictures(Work work, SeriesFile file) throws IOException {
    try (RasterClip clip = PictureFile.open(file.path(), pictures.pixelSize())) {
      return clip.isSingle()
          ? segment(work, StudyFiles.of(PictureFile.series(file.role(), clip.frame(0))))
          : segmentClip(work, Clip.of(file.role(), clip));
    }
  }

  private boolean segmentStudy(
      Work work,
      List<SeriesFile> files,
      Optional<SeriesRole> onGridOf,
      List<SeriesNeed> needs,
      NonFiniteRule rule)
      throws IOException {
    boolean isOnePicture =
        files.size() == 1 && needs.get(0).kind() == SeriesNeed.Kind.PICTURE && needs.size() == 1;
    Optional<Clip> clip = isOnePicture ? DicomInput.clip(files.get(0)) : Optional.empty();
    return clip.isPresent()
        ? segmentClip(work, clip.get())
        : segment(work, StudyFiles.read(files, onGridOf, needs, pictures, rule));
  }

  private boolean segmentClip(Work work, Clip clip) throws IOException {
    work.folder().claim(ResultFiles.OF_CLIP);
    output.check(Optional.empty());
    work.watch().end("read");
    List<LumbarStudy> frames = clip.studies();
    int threads = network.options().threads();
    TimedClip timed =
        network.run(
            work.task(),
            work.model(),
            work.watch(),
            (segmenter, progress) ->
                TimedClip.of(
                    () ->
                        FasciaClip.segment(
                            segmenter, frames, threads, progress, work.cancellation())));
    FasciaClip found = timed.clip();
    work.interruption().beginWriting();
    work.results().labels(found.frames());
    List<SegmentationResult> shown = new ArrayList<>(timed.frames());
    shown.set(0, ResultFiles.withNotices(clip.notices(), shown.get(0)));
    work.results().report(shown, clip);
    work.interruption().complete();
    ResultText.print(shown, work.task().presentation(), spec.commandLine().getOut());
    return found.foundAnything();
  }
}
