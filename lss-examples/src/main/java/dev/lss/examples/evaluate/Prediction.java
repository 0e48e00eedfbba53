package dev.lss.examples.evaluate;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.image.Unshear;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How all cases of one prediction were judged. Immutable.
 *
 * @param name what the prediction is called
 * @param cases the cases that were judged, in order of name
 * @param failures the cases that could not be compared and were left out
 * @param notices what is doubtful about the whole
 */
record Prediction(
    String name, List<CaseResult> cases, List<Failure> failures, List<Notice> notices) {

  /**
   * A case that could not be compared.
   *
   * @param name name of the case
   * @param code stable code of the reason
   * @param message the reason
   */
  record Failure(String name, String code, String message) {}

  /** Copies the lists. */
  Prediction {
    cases = List.copyOf(cases);
    failures = List.copyOf(failures);
    notices = List.copyOf(notices);
  }

  /**
   * Judges every case.
   *
   * @param fixed what a file says about the labels
   * @throws InvalidStudyException when files cannot be paired, or, unless the settings say to keep
   *     going, when a case cannot be compared; when none can be compared in any case
   */
  static Prediction judge(
      String name,
      Path reference,
      Path prediction,
      Optional<Matching> fixed,
      Settings settings,
      LabelMap.Reader reader)
      throws IOException {
    CasePairs pairs = CasePairs.of(reference, prediction, settings.handling().missing());
    boolean keyed =
        pairs.pairs().stream()
            .anyMatch(pair -> pair.prediction().flatMap(ResultKeys::of).isPresent());
    List<CaseResult> cases = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    List<Notice> notices = new ArrayList<>(pairs.notices());
    for (CasePair pair : pairs.pairs()) {
      try {
        cases.add(judge(pair, keyed, fixed, settings, reader, List.of()));
      } catch (InvalidStudyException e) {
        if (!settings.handling().keepGoing()) {
          throw pairs.pairs().size() == 1 ? e : named(pair, e);
        }
        Optional<CaseResult> worst = worst(pair, keyed, fixed, settings, reader, e);
        worst.ifPresent(cases::add);
        if (worst.isEmpty()) {
          failures.add(new Failure(pair.name(), e.code(), String.valueOf(e.getMessage())));
          if (failures.size() == pairs.pairs().size()) {
            throw named(pair, e);
          }
        }
      }
    }
    if (!failures.isEmpty()) {
      notices.add(
          new Notice(
              "CASES_LEFT_OUT",
              "%s of %s cases could not be compared and were left out: %s"
                  .formatted(
                      failures.size(),
                      pairs.pairs().size(),
                      CasePairs.some(failures.stream().map(Failure::name).toList()))));
    }
    return new Prediction(name, cases, failures, notices);
  }

  private static InvalidStudyException named(CasePair pair, InvalidStudyException e) {
    return new InvalidStudyException(
        e.code(), "case %s: %s".formatted(pair.name(), e.getMessage()), e);
  }

  /** Judges a case whose prediction cannot be used as an empty map, where the settings say so. */
  private static Optional<CaseResult> worst(
      CasePair pair,
      boolean keyed,
      Optional<Matching> fixed,
      Settings settings,
      LabelMap.Reader reader,
      InvalidStudyException why) {
    if (settings.handling().missing() != Settings.Missing.WORST || pair.prediction().isEmpty()) {
      return Optional.empty();
    }
    Notice notice =
        new Notice("JUDGED_AS_EMPTY", "the prediction cannot be compared: " + why.getMessage());
    CasePair empty = new CasePair(pair.name(), pair.reference(), Optional.empty());
    try {
      return Optional.of(judge(empty, keyed, fixed, settings, reader, List.of(notice)));
    } catch (InvalidStudyException e) {
      return Optional.empty(); // it is the reference
    }
  }

  private static CaseResult judge(
      CasePair pair,
      boolean keyed,
      Optional<Matching> fixed,
      Settings settings,
      LabelMap.Reader reader,
      List<Notice> before) {
    LabelMap referenceFile = reader.read(pair.reference());
    Optional<LabelMap> predictionFile = pair.prediction().map(reader::read);
    LabelVolume reference =
        predictionFile
            .map(other -> referenceFile.labelsBeside(other, true))
            .orElse(referenceFile.labels());
    List<Notice> notices = new ArrayList<>(before);
    referenceFile.notices().forEach(notice -> notices.add(about("reference", notice)));
    LabelVolume judged;
    if (predictionFile.isPresent()) {
      predictionFile.get().notices().forEach(notice -> notices.add(about("prediction", notice)));
      judged = predictionFile.get().labelsBeside(referenceFile, false);
      if (settings.handling().resample()) {
        judged = onto(reference, judged, notices);
      }
    } else {
      judged = filled(reference.geometry(), 0);
    }
    Matching matching =
        fixed.isPresent()
            ? fixed.get()
            : Matching.of(
                reference,
                judged,
                referenceFile.keys().or(() -> ResultKeys.of(pair.reference())),
                pair.prediction().isPresent()
                    ? predictionFile
                        .flatMap(LabelMap::keys)
                        .or(() -> pair.prediction().flatMap(ResultKeys::of))
                    : Optional.empty(),
                keyed && pair.prediction().isEmpty());
    return CaseResult.of(pair.name(), reference, judged, matching, settings, notices);
  }

  private static LabelVolume filled(GridGeometry grid, int label) {
    short[] labels = new short[grid.extents().voxels()];
    Arrays.fill(labels, (short) label);
    return LabelVolume.wrap(grid, labels);
  }

  /** Brings a prediction onto the reference's grid, where it lies on another. */
  private static LabelVolume onto(
      LabelVolume reference, LabelVolume prediction, List<Notice> notices) {
    GridGeometry ours = reference.geometry();
    GridGeometry theirs = prediction.geometry();
    if (ours.sameAs(theirs, GridGeometry.SAME_VOXELS)
        || ours.space() != theirs.space()
        || ours.calibrated() != theirs.calibrated()) {
      return prediction;
    }
    short[] seen = VoxelArrays.labels(Unshear.labelsOnto(filled(theirs, 1), ours));
    short[] labels = VoxelArrays.labels(reference);
    long common = 0;
    long labelled = 0;
    long outside = 0;
    for (int n = 0; n < seen.length; n++) {
      common += seen[n];
      labelled += labels[n] == 0 ? 0 : 1;
      outside += labels[n] == 0 ? 0 : 1 - seen[n];
    }
    if (common == 0) {
      throw new InvalidStudyException(
          "NO_COMMON_FIELD",
          "the prediction (%s) and the reference (%s) have no place in common; are they of one image?"
              .formatted(theirs.describe(), ours.describe()));
    }
    notices.add(
        new Notice(
            "PREDICTION_RESAMPLED",
            "the prediction was brought from %s onto the reference's %s: each voxel took the label"
                    .formatted(theirs.describe(), ours.describe())
                + " of the nearest voxel, or background outside, where %s of %s labelled voxels lie"
                    .formatted(outside, labelled)));
    return Unshear.labelsOnto(prediction, ours);
  }

  private static Notice about(String side, Notice notice) {
    return new Notice(notice.code(), side + ": " + notice.message());
  }
}
