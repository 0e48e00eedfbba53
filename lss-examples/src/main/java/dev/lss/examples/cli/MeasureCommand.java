package dev.lss.examples.cli;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SourceRef;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.Segmenters;
import dev.lss.core.io.NonFiniteRule;
import dev.lss.core.raster.RasterClip;
import dev.lss.core.raster.RasterImage;
import dev.lss.core.task.Case;
import dev.lss.core.task.Numbering;
import dev.lss.core.task.SeriesNeed;
import dev.lss.core.task.Task;
import dev.lss.core.volume.VolumeLabels;
import dev.lss.dicom.DicomLabels;
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

/** {@code lss measure}: the measurements of a task on labels that exist already; no network. */
@Command(
    name = "measure",
    sortOptions = false,
    customSynopsis = {
      "lss measure --task TASK --input [ROLE=]FILE --labels LABELS --out DIR",
      "            [--ids NAME] [--levels LABELS] [--format FORMAT] [--spacing S] [--verbose]"
    },
    header = "Measures an existing label map; no network runs.",
    description = {
      "",
      "The labels must lie on the image's own grid. For ct-vertebrae they are the",
      "VerSe ids 20 to 24 for L1 to L5, 25 for L6 and 28 for T13, whole vertebrae;",
      "others are listed in a notice and not measured. Of a DICOM segmentation the codes",
      "tell the vertebrae, and it must lie on the image that it was made of. For",
      "us-fascia they are a picture of the image's",
      "size in which everything that is not black is fascia; image and labels may",
      "be clips of one length. Writes overlay.png and, last, result.json.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  lss measure --task ct-vertebrae --input ct.nii.gz \\",
      "      --labels labels.nii.gz --out result",
      "  lss measure --task ct-vertebrae --input SERIES --labels seg.dcm --out result",
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
      description = "What the labels are, such as ct-vertebrae; see \"lss tasks\".")
  private String taskId;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "[ROLE=]FILE",
      converter = InputFile.Converter.class,
      description =
          "An image, NIfTI, NRRD, MetaImage or DICOM, CT in Hounsfield units; for us-fascia a"
              + " picture or clip. Several for several series.")
  private List<InputFile> inputs;

  @Option(
      names = "--labels",
      required = true,
      paramLabel = "LABELS",
      description =
          "The label map, on the image's grid, or a DICOM segmentation of it; for us-fascia a"
              + " picture or clip.")
  private Path labelFile;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the result; made if missing.")
  private Path out;

  @Option(
      names = "--ids",
      paramLabel = "NAME",
      description = "The program whose ids the labels have; see docs/muscles.md.")
  private @Nullable String ids;

  @Mixin private LevelsOption levels;

  @Mixin private DicomOutput output;

  @Mixin private PictureOptions pictures;

  @Override
  public Integer call() throws IOException {
    Stopwatch watch = new Stopwatch();
    Task task = TaskName.find(taskId, spec.commandLine());
    List<SeriesNeed> needs = task.measureNeeds();
    if (needs.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "the task %s measures nothing".formatted(task.id()));
    }
    levels.check(task);
    numbering(task);
    List<SeriesFile> files =
        SeriesFile.assign(inputs, needs, Optional.empty(), task.id(), spec.commandLine());
    pictures.check(files);
    List<Path> read = new ArrayList<>(List.of(labelFile));
    inputs.forEach(input -> read.add(input.path()));
    levels.path().ifPresent(read::add);
    OutputFolder folder =
        OutputFolder.prepare(out, OutputFolder.RESULT, read, spec.commandLine())
            .claim(
                output.hasDicom()
                    ? ResultFiles.OF_REPORT + "|" + DicomOutput.NAMES
                    : ResultFiles.OF_REPORT);
    ResultFiles results = new ResultFiles(folder, task.presentation(), watch);
    watch.begin();
    boolean found =
        (files.size() == 1 && files.get(0).isPicture())
            ? measurePictures(task, files.get(0), results, watch)
            : measure(task, files, results, watch);
    ResultText.printWritten(folder.path(), spec.commandLine().getOut());
    return found ? ExitCode.DONE : ExitCode.NOTHING_FOUND;
  }

  private boolean measure(Task task, List<SeriesFile> files, ResultFiles results, Stopwatch watch)
      throws IOException {
    StudyFiles read =
        StudyFiles.read(
            files, Optional.empty(), task.measureNeeds(), pictures, NonFiniteRule.SMALLEST);
    Series measured =
        Case.best(read.study().series(), task.measureNeeds())
            .orElseGet(() -> read.study().byRole(task.measureNeeds().get(0).role()).get(0));
    Optional<DicomSeries> dicom = read.dicomOf(measured);
    output.check(dicom);
    VolumeLabels labels = readLabels(measured, dicom);
    watch.end("read");
    LumbarStudy study = levels.addTo(read.study());
    SegmentationResult result =
        Segmenters.measure(
            task, study, numbered(task, labels.labels()), Optional.of(labels.source()));
    result = ResultFiles.withNotices(labels.notices(), result);
    result = output.noticed(ResultFiles.withNotices(read.notices(), result));
    output.write(results.folder(), dicom, result);
    return report(task, result, study, measured, results, watch);
  }

  /** Returns the numbering of {@code --ids}; empty without it. */
  private Optional<Numbering> numbering(Task task) {
    if (ids == null) {
      return Optional.empty();
    }
    List<String> known = task.numberings().stream().map(Numbering::name).toList();
    for (Numbering numbering : task.numberings()) {
      if (numbering.name().equalsIgnoreCase(ids)) {
        return Optional.of(numbering);
      }
    }
    throw new ParameterException(
        spec.commandLine(),
        "--ids %s: the task %s knows %s"
            .formatted(ids, task.id(), known.isEmpty() ? "none" : String.join(", ", known)));
  }

  private LabelVolume numbered(Task task, LabelVolume labels) {
    return numbering(task).map(numbering -> numbering.renumber(labels)).orElse(labels);
  }

  private VolumeLabels readLabels(Series measured, Optional<DicomSeries> dicom) {
    if (PictureFile.isOne(labelFile)) {
      return PictureFile.readLabels(labelFile, measured.geometry());
    }
    if (!DicomInput.isOne(labelFile)) {
      return InputFile.readLabels(labelFile);
    }
    DicomLabels segmentation = DicomInput.labels(labelFile);
    try {
      DicomLabels.Labelled labels =
          dicom.isPresent()
              ? segmentation.labelsOf(dicom.get())
              : new DicomLabels.Labelled(
                  segmentation.labelsOn(measured.geometry()), segmentation.notices());
      return new VolumeLabels(
          labels.labels(), Optional.empty(), segmentation.source(), labels.notices());
    } catch (IOException e) {
      throw DicomInput.unreadable(labelFile, e);
    }
  }

  private boolean report(
      Task task,
      SegmentationResult result,
      LumbarStudy study,
      Series measured,
      ResultFiles results,
      Stopwatch watch)
      throws IOException {
    watch.begin();
    results.report(result, study, measured);
    ResultText.print(result, task.presentation(), spec.commandLine().getOut());
    return !result.measurements().isEmpty();
  }

  private boolean measurePictures(Task task, SeriesFile file, ResultFiles results, Stopwatch watch)
      throws IOException {
    try (RasterClip images = PictureFile.open(file.path(), pictures.pixelSize());
        RasterClip masks = PictureFile.open(labelFile, pictures.pixelSize())) {
      output.check(Optional.empty());
      watch.end("read");
      if (images.size() != masks.size()) {
        throw new InvalidStudyException(
            "FRAMES_DIFFER",
            "there must be as many label pictures as images, were %s and %s"
                .formatted(masks.size(), images.size()));
      }
      List<SegmentationResult> frames = new ArrayList<>();
      for (int f = 0; f < images.size(); f++) {
        frames.add(measure(task, PictureFile.series(file.role(), images.frame(f)), masks.frame(f)));
      }
      if (images.isSingle()) {
        Series image = PictureFile.series(file.role(), images.frame(0));
        return report(task, frames.get(0), LumbarStudy.of(image), image, results, watch);
      }
      watch.begin();
      results.report(frames, Clip.of(file.role(), images));
      ResultText.print(frames, task.presentation(), spec.commandLine().getOut());
      return frames.stream().anyMatch(frame -> !frame.measurements().isEmpty());
    }
  }

  private static SegmentationResult measure(Task task, Series image, RasterImage mask) {
    LabelVolume labels = PictureFile.markedOnto(image.geometry(), mask.plane());
    Optional<SourceRef> source = Optional.of(mask.source());
    return Segmenters.measure(task, LumbarStudy.of(image), labels, source);
  }
}
