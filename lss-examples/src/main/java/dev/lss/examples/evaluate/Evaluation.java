package dev.lss.examples.evaluate;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One prediction or several of the same cases, judged. Immutable.
 *
 * @param settings what was measured
 * @param predictions the predictions, at least one
 * @param statistics of each prediction, in their order
 * @param contrasts every two predictions compared
 * @param rankings the predictions by each measure
 */
public record Evaluation(
    Settings settings,
    List<Prediction> predictions,
    List<Statistics> statistics,
    List<Contrast> contrasts,
    List<Ranking> rankings) {

  /** Copies the lists. */
  public Evaluation {
    predictions = List.copyOf(predictions);
    statistics = List.copyOf(statistics);
    contrasts = List.copyOf(contrasts);
    rankings = List.copyOf(rankings);
  }

  /**
   * Judges predictions.
   *
   * @param predictions file or folder by name, in the order of all tables
   * @param map a file that says which label is which; empty to match by key or value
   * @throws InvalidStudyException when files cannot be paired, read or compared
   */
  public static Evaluation of(
      Path reference,
      Map<String, Path> predictions,
      Optional<Path> map,
      Settings settings,
      LabelMap.Reader reader)
      throws IOException {
    Optional<Matching> fixed = map.map(Matching::read);
    List<Prediction> judged = new ArrayList<>();
    for (var entry : predictions.entrySet()) {
      judged.add(
          Prediction.judge(entry.getKey(), reference, entry.getValue(), fixed, settings, reader));
    }
    List<Statistics> statistics =
        judged.stream().map(prediction -> Statistics.of(prediction, settings)).toList();
    return new Evaluation(
        settings, judged, statistics, Contrast.of(statistics), Ranking.of(statistics));
  }

  /** Returns whether there was any structure to judge. */
  public boolean foundAnything() {
    return predictions.stream()
        .flatMap(prediction -> prediction.cases().stream())
        .anyMatch(judged -> !judged.labels().isEmpty());
  }

  /** Returns whether there are several cases, so that summaries mean something. */
  boolean hasSeveralCases() {
    return predictions.stream().anyMatch(prediction -> prediction.cases().size() > 1);
  }

  /** Returns what is doubtful about the whole; of several predictions with their names. */
  List<Notice> notices() {
    List<Notice> notices = new ArrayList<>();
    for (Prediction prediction : predictions) {
      String of = predictions.size() == 1 ? "" : prediction.name() + ": ";
      prediction
          .notices()
          .forEach(notice -> notices.add(new Notice(notice.code(), of + notice.message())));
    }
    if (!foundAnything()) {
      notices.add(new Notice("NOTHING_FOUND", "no map holds a label, so nothing was compared"));
    }
    return notices;
  }
}
