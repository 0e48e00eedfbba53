package dev.lss.examples.evaluate;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.LabelVolume;
import dev.lss.examples.text.CsvTable;
import dev.lss.metrics.LabelValues;
import dev.lss.spi.VoxelArrays;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Which label of the prediction is judged by which label of the reference. Immutable.
 *
 * @param kind how the labels were matched
 * @param labels the structures to judge, each label at most once on either side
 */
record Matching(Kind kind, List<LabelMatch> labels) {

  /** How labels are matched. */
  enum Kind {
    /** Equal values mean the same. */
    VALUE,
    /** Equal keys in the two {@code result.json} mean the same. */
    KEY,
    /** As a file says. */
    MAP
  }

  /** Copies the list. */
  Matching {
    labels = List.copyOf(labels);
  }

  /**
   * Matches by key when both sides have keys, by value otherwise. A reference without prediction is
   * matched as the others are.
   *
   * @param keys the key of each value of the reference; empty when nothing says it
   * @param predicted the same of the prediction
   * @param takesOwn whether there is no prediction and the keys of the reference count alone
   */
  static Matching of(
      LabelVolume reference,
      LabelVolume prediction,
      Optional<SortedMap<Integer, String>> keys,
      Optional<SortedMap<Integer, String>> predicted,
      boolean takesOwn) {
    Optional<SortedMap<Integer, String>> others = takesOwn ? keys : predicted;
    return keys.isPresent() && others.isPresent()
        ? byKey(keys.get(), others.get())
        : byValue(reference, prediction);
  }

  /** Matches equal values; every value that is in either map is judged. */
  static Matching byValue(LabelVolume reference, LabelVolume prediction) {
    return new Matching(
        Kind.VALUE,
        LabelValues.in(reference, prediction).stream()
            .map(value -> LabelMatch.of(String.valueOf(value), Set.of(value), Set.of(value)))
            .toList());
  }

  /** Matches equal keys; a key that only one side has is judged against nothing. */
  static Matching byKey(
      SortedMap<Integer, String> reference, SortedMap<Integer, String> prediction) {
    SortedMap<String, Integer> predicted = new TreeMap<>();
    prediction.forEach((value, key) -> predicted.put(key, value));
    List<LabelMatch> labels = new ArrayList<>();
    reference.forEach(
        (value, key) -> {
          Integer other = predicted.remove(key);
          labels.add(LabelMatch.of(key, Set.of(value), other == null ? Set.of() : Set.of(other)));
        });
    prediction.forEach(
        (value, key) -> {
          if (predicted.containsKey(key)) {
            labels.add(LabelMatch.of(key, Set.of(), Set.of(value)));
          }
        });
    return new Matching(Kind.KEY, labels);
  }

  /**
   * Reads a table with the columns {@code reference}, {@code prediction} and, if names are wanted,
   * {@code name}. Labels of rows with one name count as one structure, and so do labels with a plus
   * between them, as {@code 31+32}; an empty cell is a structure that this side does not have.
   * Where the names are keys of vertebrae, vertebrae are identified too.
   *
   * @throws InvalidStudyException {@code BAD_MAP} for what is no label, an empty name, or a label
   *     that belongs to two structures, with the line
   */
  static Matching read(Path file) {
    CsvTable table = CsvTable.read(file);
    List<String> references = table.column("reference");
    List<String> predictions = table.column("prediction");
    List<String> names = table.header().contains("name") ? table.column("name") : references;
    Map<String, LabelMatch> labels = new LinkedHashMap<>();
    Map<String, String> owners = new HashMap<>();
    for (int n = 0; n < names.size(); n++) {
      String name = names.get(n);
      long line = table.line(n);
      Set<Integer> reference = labels(references.get(n), line);
      Set<Integer> prediction = labels(predictions.get(n), line);
      if (name.isEmpty() || (reference.isEmpty() && prediction.isEmpty())) {
        throw bad(line, "a name and a label are needed");
      }
      reference.forEach(label -> own(owners, "reference " + label, name, line));
      prediction.forEach(label -> own(owners, "prediction " + label, name, line));
      labels.merge(name, LabelMatch.of(name, reference, prediction), Matching::merged);
    }
    return new Matching(Kind.MAP, List.copyOf(labels.values()));
  }

  private static void own(Map<String, String> owners, String label, String name, long line) {
    String owner = owners.putIfAbsent(label, name);
    if (owner != null && !owner.equals(name)) {
      throw bad(line, "a label belongs to one name alone");
    }
  }

  private static LabelMatch merged(LabelMatch one, LabelMatch other) {
    Set<Integer> reference = new TreeSet<>(one.reference());
    reference.addAll(other.reference());
    Set<Integer> prediction = new TreeSet<>(one.prediction());
    prediction.addAll(other.prediction());
    return LabelMatch.of(one.name(), reference, prediction);
  }

  private static Set<Integer> labels(String cell, long line) {
    Set<Integer> labels = new TreeSet<>();
    for (String part : cell.isEmpty() ? new String[0] : cell.split("\\s*\\+\\s*", -1)) {
      int label = part.matches("\\d{1,5}(\\.0*)?") ? (int) Double.parseDouble(part) : 0;
      if (label < 1 || label > 65535) {
        throw bad(line, "a label is a whole number, 1 to 65535");
      }
      labels.add(label);
    }
    return labels;
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

  private LabelVolume renumbered(LabelVolume map, Function<LabelMatch, SortedSet<Integer>> side) {
    short[] place = new short[65536];
    for (int n = 0; n < labels.size(); n++) {
      for (int label : side.apply(labels.get(n))) {
        place[label] = (short) (n + 1);
      }
    }
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

  /** Returns a notice about vertebrae whose level is not known, so that none identifies them. */
  List<Notice> unknownLevels() {
    List<String> unknown =
        labels.stream()
            .filter(label -> label.isVertebra() && label.level().isEmpty())
            .map(LabelMatch::name)
            .toList();
    return unknown.isEmpty()
        ? List.of()
        : List.of(
            new Notice(
                "LEVELS_NOT_IDENTIFIED",
                "levels are C1 to C7, T1 to T13, L1 to L6 and S1; left out of identification: %s"
                    .formatted(CasePairs.some(unknown))));
  }

  private void leftOut(
      LabelVolume map,
      Function<LabelMatch, SortedSet<Integer>> side,
      String name,
      List<Notice> notices) {
    SortedSet<Integer> others = new TreeSet<>(LabelValues.in(map));
    labels.forEach(label -> others.removeAll(side.apply(label)));
    if (!others.isEmpty()) {
      notices.add(
          new Notice(
              "LABELS_NOT_COMPARED",
              "labels %s of the %s are matched with nothing and count as background"
                  .formatted(others, name)));
    }
  }
}
