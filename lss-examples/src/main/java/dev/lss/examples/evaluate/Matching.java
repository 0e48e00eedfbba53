package dev.lss.examples.evaluate;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.LabelVolume;
import dev.lss.examples.text.CsvTable;
import dev.lss.metrics.LabelValues;
import dev.lss.spi.VoxelArrays;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/**
 * Which label of the prediction is judged by which label of the reference. Immutable.
 *
 * @param kind how the labels were matched
 * @param labels the structures to judge, each label at most once on either side
 */
public record Matching(Kind kind, List<LabelMatch> labels) {

  /** How labels are matched. */
  public enum Kind {
    /** Equal values mean the same. */
    VALUE,
    /** Equal keys in the two {@code result.json} mean the same. */
    KEY,
    /** As a file says. */
    MAP
  }

  /** Copies the list. */
  public Matching {
    labels = List.copyOf(labels);
  }

  /** Matches by key when a {@code result.json} describes both files, by value otherwise. */
  public static Matching of(CasePair pair, LabelVolume reference, LabelVolume prediction) {
    Optional<SortedMap<Integer, String>> referenceKeys = ResultKeys.of(pair.reference());
    Optional<SortedMap<Integer, String>> predictionKeys = ResultKeys.of(pair.prediction());
    return referenceKeys.isPresent() && predictionKeys.isPresent()
        ? byKey(referenceKeys.get(), predictionKeys.get())
        : byValue(reference, prediction);
  }

  /** Matches equal values; every value that is in either map is judged. */
  static Matching byValue(LabelVolume reference, LabelVolume prediction) {
    return new Matching(
        Kind.VALUE,
        LabelValues.in(reference, prediction).stream()
            .map(value -> new LabelMatch(String.valueOf(value), value, value))
            .toList());
  }

  /** Matches equal keys; a key that only one side has is judged against nothing. */
  static Matching byKey(
      SortedMap<Integer, String> reference, SortedMap<Integer, String> prediction) {
    SortedMap<String, Integer> predicted = new TreeMap<>();
    prediction.forEach((value, key) -> predicted.put(key, value));
    List<LabelMatch> labels = new ArrayList<>();
    reference.forEach(
        (value, key) -> labels.add(new LabelMatch(key, value, predicted.getOrDefault(key, 0))));
    prediction.forEach(
        (value, key) -> {
          if (!reference.containsValue(key)) {
            labels.add(new LabelMatch(key, 0, value));
          }
        });
    return new Matching(Kind.KEY, labels);
  }

  /**
   * Reads a table with the columns {@code reference}, {@code prediction} and, if names are wanted,
   * {@code name}. Where the names are keys of vertebrae, vertebrae are identified too.
   *
   * @throws InvalidStudyException {@code BAD_MAP} for what is no label, an empty name, or a label
   *     or name that comes twice, with the row
   */
  public static Matching read(Path file) {
    CsvTable table = CsvTable.read(file);
    double[] reference = table.numbers("reference");
    double[] prediction = table.numbers("prediction");
    boolean named = table.header().contains("name");
    List<String> names = named ? table.column("name") : table.column("reference");
    List<LabelMatch> labels = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int n = 0; n < reference.length; n++) {
      int r = label(reference[n], table.line(n));
      int p = label(prediction[n], table.line(n));
      String name = names.get(n);
      seen.add("reference " + r);
      seen.add("prediction " + p);
      seen.add("name " + name);
      if (seen.size() < 3 * (n + 1) || name.isEmpty()) {
        throw bad(table.line(n), "every label and every name comes once, and no name is empty");
      }
      labels.add(new LabelMatch(name, r, p));
    }
    return new Matching(Kind.MAP, labels);
  }

  private static int label(double value, long line) {
    if (!(value >= 1 && value <= 65535 && value == Math.rint(value))) {
      throw bad(line, "a label is a whole number, 1 to 65535");
    }
    return (int) value;
  }

  private static InvalidStudyException bad(long line, String rule) {
    return new InvalidStudyException(
        "BAD_MAP", "line %s of the file of --map is wrong: %s".formatted(line, rule));
  }

  /** Returns the reference with the place of each structure in this list, from 1, as its label. */
  LabelVolume ofReference(LabelVolume map) {
    return renumbered(map, LabelMatch::reference);
  }

  /** Returns the same of the prediction. */
  LabelVolume ofPrediction(LabelVolume map) {
    return renumbered(map, LabelMatch::prediction);
  }

  private LabelVolume renumbered(LabelVolume map, ToIntFunction<LabelMatch> side) {
    short[] place = new short[65536];
    for (int n = 0; n < labels.size(); n++) {
      place[side.applyAsInt(labels.get(n))] = (short) (n + 1);
    }
    place[0] = 0;
    short[] in = VoxelArrays.labels(map);
    short[] out = new short[in.length];
    for (int n = 0; n < in.length; n++) {
      out[n] = place[Short.toUnsignedInt(in[n])];
    }
    return LabelVolume.wrap(map.geometry(), out);
  }

  /** Returns notices about labels of the maps that no structure of this list has. */
  List<Notice> leftOut(LabelVolume reference, LabelVolume prediction) {
    List<Notice> notices = new ArrayList<>();
    leftOut(reference, LabelMatch::reference, "reference", notices);
    leftOut(prediction, LabelMatch::prediction, "prediction", notices);
    return notices;
  }

  private void leftOut(
      LabelVolume map, ToIntFunction<LabelMatch> side, String name, List<Notice> notices) {
    SortedSet<Integer> others = new TreeSet<>(LabelValues.in(map));
    labels.forEach(label -> others.remove(side.applyAsInt(label)));
    if (!others.isEmpty()) {
      notices.add(
          new Notice(
              "LABELS_NOT_COMPARED",
              "labels %s of the %s are matched with nothing and count as background"
                  .formatted(others, name)));
    }
  }
}
