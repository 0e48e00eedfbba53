package dev.lss.examples.cli;

import dev.lss.api.image.LabelVolume;
import dev.lss.core.volume.VolumeLabels;
import dev.lss.dicom.DicomLabels;
import dev.lss.examples.evaluate.Evaluation;
import dev.lss.examples.evaluate.EvaluationFiles;
import dev.lss.examples.evaluate.EvaluationTable;
import dev.lss.examples.evaluate.LabelMap;
import dev.lss.examples.evaluate.Settings;
import dev.lss.metrics.EmptyPolicy;
import dev.lss.metrics.SurfaceConvention;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lss evaluate}: how well label maps agree with those of a reference. */
@Command(
    name = "evaluate",
    sortOptions = false,
    customSynopsis = {
      "lss evaluate --reference A --prediction [NAME=]B ... [--map FILE] [--out DIR]",
      "             [--plots] [--tolerance MM ...] [--surface KIND] [--overlap-only]",
      "             [--empty POLICY] [--missing KIND] [--keep-going] [--resample]",
      "             [--threads N] [--verbose]"
    },
    header = "Compares label maps with those of a reference.",
    description = {
      "",
      "A and B are NIfTI files or DICOM segmentations, or folders of them whose files",
      "are matched by name; every reference needs a prediction. Labels are matched by",
      "key when both sides have a result.json or are DICOM, by value otherwise, or as",
      "--map says. Both maps must lie on one grid; of DICOM, on the same voxels. Two",
      "pictures (PNG, JPEG, TIFF) are masks: what is not black is",
      "label 1; they have no scale, so --overlap-only. Prints a table; into --out go",
      "evaluation.csv, of several cases summary.csv, .md and .tex, of several",
      "predictions comparison.csv, .md and .tex, and, written last, evaluation.json.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  lss evaluate --reference manual.nii.gz --prediction result",
      "  lss evaluate --reference manual --prediction ai --tolerance 1 --tolerance 3 --out table",
      "  lss evaluate --reference manual --prediction new=ai2 --prediction old=ai1 --out table",
      "",
      "A file for --map is a table: reference,prediction,name / 31+32,20,vertebra/L1 / ...",
      "",
      "Exit codes: see \"lss --help\"."
    })
final class EvaluateCommand implements Callable<Integer> {

  /** The surfaces by their names on the command line. */
  enum SurfaceKind {
    /** Corners of voxels, weighed by area. */
    AREA,
    /** Voxels at the edge, all alike. */
    EDGE
  }

  /** What a label in neither map is, by its name on the command line. */
  enum EmptyKind {
    /** Not defined. */
    UNDEFINED,
    /** As good as can be. */
    PERFECT
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--reference",
      required = true,
      paramLabel = "A",
      description = "What counts as true: a file or a folder.")
  private Path reference;

  @Option(
      names = "--prediction",
      required = true,
      paramLabel = "[NAME=]B",
      converter = NamedPath.Converter.class,
      description =
          "What is judged: a file or a folder. Given several times, the predictions are compared and"
              + " ranked; their names default to those of the files.")
  private List<NamedPath> predictions;

  @Option(
      names = "--map",
      paramLabel = "FILE",
      description =
          "Which label is which: CSV with the columns reference, prediction, name. Labels of one"
              + " name, or with a plus between them, count as one.")
  private @Nullable Path map;

  @Option(
      names = "--tolerance",
      paramLabel = "MM",
      arity = "1..*",
      description = "Tolerances of the surface Dice in mm. Default: 1 and 3.")
  private List<Double> tolerances = List.of(1.0, 3.0);

  @Option(
      names = "--surface",
      paramLabel = "KIND",
      description =
          "What a surface is: area (weighed by area, as surface-distance; default) or edge (edge"
              + " voxels, as MONAI).")
  private SurfaceKind surface = SurfaceKind.AREA;

  @Option(names = "--overlap-only", description = "Measure no distances between surfaces.")
  private boolean overlapOnly;

  @Option(
      names = "--empty",
      paramLabel = "POLICY",
      description =
          "What a label is that is in neither map: undefined (left out and counted; default) or"
              + " perfect (Dice 1, distance 0).")
  private EmptyKind empty = EmptyKind.UNDEFINED;

  @Option(
      names = "--missing",
      paramLabel = "KIND",
      description =
          "What a reference without prediction is: refuse (an error; default), skip (left out, with"
              + " a notice) or worst (judged as an empty map; in summaries what is missing on one"
              + " side then counts as Dice 0 and as a distance of the image's diagonal).")
  private Settings.Missing missing = Settings.Missing.REFUSE;

  @Option(
      names = "--keep-going",
      description =
          "Leave out cases that cannot be compared, with a notice; with --missing worst a"
              + " prediction that cannot be read is judged as an empty map.")
  private boolean keepGoing;

  @Option(
      names = "--resample",
      description =
          "Where grids differ, bring the prediction onto the reference's grid: each voxel takes the"
              + " label of the nearest voxel, background outside. A notice says where it was done.")
  private boolean resample;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads, 1 or more. Default: all processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for evaluation.json and the tables; made if missing.")
  private @Nullable Path out;

  @Option(
      names = "--plots",
      description = "Into --out also a box plot of each measure, box-MEASURE as SVG, PDF and PNG.")
  private boolean plots;

  @Override
  public Integer call() throws IOException {
    if (plots && out == null) {
      throw new ParameterException(spec.commandLine(), "--plots needs --out, a folder for them");
    }
    Settings settings = settings();
    Map<String, Path> named = named();
    Optional<OutputFolder> folder =
        out == null
            ? Optional.empty()
            : Optional.of(
                OutputFolder.prepare(out, EvaluationFiles.MAIN, files(named), spec.commandLine())
                    .claim(EvaluationFiles.NAMES));
    Evaluation evaluation =
        Evaluation.of(reference, named, Optional.ofNullable(map), settings, EvaluateCommand::read);
    PrintWriter print = spec.commandLine().getOut();
    EvaluationTable.print(evaluation, print);
    if (folder.isPresent()) {
      folder.get().write(EvaluationFiles.of(evaluation, plots));
      print.println("written to " + folder.get().path());
    }
    return evaluation.foundAnything() ? ExitCode.DONE : ExitCode.NOTHING_FOUND;
  }

  private Settings settings() {
    if (threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads must be at least 1, was " + threads);
    }
    SurfaceConvention convention =
        surface == SurfaceKind.AREA
            ? SurfaceConvention.AREA_WEIGHTED
            : SurfaceConvention.EDGE_VOXELS;
    try {
      return new Settings(
          tolerances.stream().distinct().toList(),
          overlapOnly ? Optional.empty() : Optional.of(convention),
          empty == EmptyKind.PERFECT ? EmptyPolicy.PERFECT_WHEN_BOTH_EMPTY : EmptyPolicy.UNDEFINED,
          new Settings.Handling(missing, resample, keepGoing),
          threads);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--tolerance: " + e.getMessage(), e);
    }
  }

  private Map<String, Path> named() {
    Map<String, Path> named = new LinkedHashMap<>();
    for (NamedPath prediction : predictions) {
      if (named.put(prediction.name(), prediction.path()) != null) {
        throw new ParameterException(
            spec.commandLine(),
            "two predictions are called \"%s\"; give names: --prediction NAME=FILE"
                .formatted(prediction.name()));
      }
    }
    return named;
  }

  /** Returns the files that are read; a folder of label maps may take the evaluation too. */
  private List<Path> files(Map<String, Path> named) {
    List<Path> files = new ArrayList<>(named.values());
    files.add(reference);
    if (map != null) {
      files.add(map);
    }
    files.removeIf(Files::isDirectory);
    return files;
  }

  private static LabelMap read(Path file) {
    if (PictureFile.isOne(file)) {
      return LabelMap.of(PictureFile.readMask(file), List.of());
    }
    if (Files.isRegularFile(file) && DicomInput.isOne(file)) {
      DicomLabels segmentation = DicomInput.labels(file);
      try {
        LabelVolume labels = segmentation.labels();
        return new LabelMap(labels, segmentation.notices(), Optional.of(segmentation));
      } catch (IOException e) {
        throw DicomInput.unreadable(file, e);
      }
    }
    VolumeLabels read = InputFile.readLabels(file);
    return LabelMap.of(read.labels(), read.notices());
  }

  /** A prediction on the command line, {@code [NAME=]FILE}, by the rule of {@link InputFile}. */
  private record NamedPath(String name, Path path) {

    static final class Converter implements ITypeConverter<NamedPath> {
      @Override
      public NamedPath convert(String text) {
        InputFile file = InputFile.parse(text);
        Path name = file.path().toAbsolutePath().normalize().getFileName();
        return new NamedPath(file.role().orElse(String.valueOf(name)), file.path());
      }
    }
  }
}
