package dev.lss.examples.cli;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.image.Unshear;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.volume.VolumeLabels;
import dev.lss.examples.evaluate.CasePair;
import dev.lss.examples.evaluate.CasePairs;
import dev.lss.examples.evaluate.CaseResult;
import dev.lss.examples.evaluate.Evaluation;
import dev.lss.examples.evaluate.EvaluationCsv;
import dev.lss.examples.evaluate.EvaluationJson;
import dev.lss.examples.evaluate.EvaluationTable;
import dev.lss.examples.evaluate.Matching;
import dev.lss.examples.evaluate.Settings;
import dev.lss.metrics.SurfaceConvention;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lss evaluate}: how well label maps agree with those of a reference. */
@Command(
    name = "evaluate",
    sortOptions = false,
    customSynopsis = {
      "lss evaluate --reference A --prediction B [--map FILE] [--out DIR]",
      "             [--tolerance MM ...] [--surface KIND] [--overlap-only]",
      "             [--resample] [--threads N] [--verbose]"
    },
    header = "Compares label maps with those of a reference.",
    description = {
      "",
      "A and B are NIfTI files, or folders whose files are matched by name; every",
      "reference needs a prediction. Labels are matched by key when both sides have",
      "a result.json, by value otherwise, or as --map says. Both maps must lie on",
      "one grid. Two pictures (PNG, JPEG, TIFF) are masks: what is not black is",
      "label 1; they have no scale, so --overlap-only. Prints a table; into --out go",
      "evaluation.csv and, written last, evaluation.json.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  lss evaluate --reference manual.nii.gz --prediction result",
      "  lss evaluate --reference manual --prediction ai --tolerance 1 --tolerance 3 --out table",
      "",
      "A file for --map is a table: reference,prediction,name / 31,20,vertebra/L1 / ...",
      "",
      "Exit codes: see \"lss --help\"."
    })
final class EvaluateCommand implements Callable<Integer> {

  private static final String RESULT = "evaluation.json";

  /** The surfaces by their names on the command line. */
  enum SurfaceKind {
    /** Corners of voxels, weighed by area. */
    AREA,
    /** Voxels at the edge, all alike. */
    EDGE
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
      paramLabel = "B",
      description = "What is judged: a file or a folder.")
  private Path prediction;

  @Option(
      names = "--map",
      paramLabel = "FILE",
      description = "Which label is which: CSV with the columns reference, prediction, name.")
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
      description = "Folder for evaluation.json and evaluation.csv; made if missing.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    Settings settings = settings();
    Optional<OutputFolder> folder =
        out == null
            ? Optional.empty()
            : Optional.of(OutputFolder.prepare(out, RESULT, spec.commandLine()));
    Optional<Matching> fixed = map == null ? Optional.empty() : Optional.of(Matching.read(map));
    CasePairs pairs = CasePairs.of(reference, prediction);
    List<CaseResult> cases = new ArrayList<>();
    for (CasePair pair : pairs.pairs()) {
      cases.add(judge(pair, pairs.pairs().size(), fixed, settings));
    }
    Evaluation evaluation = new Evaluation(settings, cases, notices(pairs, cases));
    PrintWriter print = spec.commandLine().getOut();
    EvaluationTable.print(evaluation, print);
    if (folder.isPresent()) {
      byte[] csv = EvaluationCsv.write(evaluation);
      byte[] json = EvaluationJson.write(evaluation);
      AtomicFiles.write(folder.get().file("evaluation.csv"), file -> file.write(csv));
      AtomicFiles.write(folder.get().file(RESULT), file -> file.write(json));
      print.println("written to " + folder.get().path());
    }
    return evaluation.foundAnything() ? ExitCode.DONE : ExitCode.NOTHING_FOUND;
  }

  private Settings settings() {
    if (threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads must be at least 1, was " + threads);
    }
    try {
      return new Settings(
          tolerances.stream().distinct().toList(),
          !overlapOnly,
          surface == SurfaceKind.AREA
              ? SurfaceConvention.AREA_WEIGHTED
              : SurfaceConvention.EDGE_VOXELS,
          threads);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--tolerance: " + e.getMessage(), e);
    }
  }

  private static List<Notice> notices(CasePairs pairs, List<CaseResult> cases) {
    List<Notice> notices = new ArrayList<>(pairs.notices());
    if (cases.stream().allMatch(c -> c.labels().isEmpty())) {
      notices.add(new Notice("NOTHING_FOUND", "no map holds a label, so nothing was compared"));
    }
    return notices;
  }

  /** Judges one case; of several the message of an error says which it was. */
  private CaseResult judge(CasePair pair, int cases, Optional<Matching> fixed, Settings settings) {
    try {
      return judge(pair, fixed, settings);
    } catch (InvalidStudyException e) {
      throw cases == 1
          ? e
          : new InvalidStudyException(
              e.code(), "case %s: %s".formatted(pair.name(), e.getMessage()), e);
    }
  }

  private CaseResult judge(CasePair pair, Optional<Matching> fixed, Settings settings) {
    LabelMap referenceFile = LabelMap.read(pair.reference());
    LabelMap predictionFile = LabelMap.read(pair.prediction());
    List<Notice> notices = new ArrayList<>();
    referenceFile.notices().forEach(notice -> notices.add(about("reference", notice)));
    predictionFile.notices().forEach(notice -> notices.add(about("prediction", notice)));
    LabelVolume ours = referenceFile.labels();
    LabelVolume judged = predictionFile.labels();
    if (resample && !ours.geometry().sameAs(judged.geometry(), GridGeometry.SAME_VOXELS)) {
      notices.add(
          new Notice(
              "PREDICTION_RESAMPLED",
              "the prediction was brought from %s onto the reference's %s: each voxel took the"
                      .formatted(judged.geometry().describe(), ours.geometry().describe())
                  + " label of the nearest voxel, or background outside"));
      judged = Unshear.labelsOnto(judged, ours.geometry());
    }
    Matching matching = fixed.isPresent() ? fixed.get() : Matching.of(pair, ours, judged);
    return CaseResult.of(pair.name(), ours, judged, matching, settings, notices);
  }

  /** A label map with what is doubtful about its file. */
  private record LabelMap(LabelVolume labels, List<Notice> notices) {

    static LabelMap read(Path file) {
      if (PictureFile.isOne(file)) {
        return new LabelMap(PictureFile.readMask(file), List.of());
      }
      VolumeLabels read = InputFile.readLabels(file);
      return new LabelMap(read.labels(), read.notices());
    }
  }

  private static Notice about(String side, Notice notice) {
    return new Notice(notice.code(), side + ": " + notice.message());
  }
}
