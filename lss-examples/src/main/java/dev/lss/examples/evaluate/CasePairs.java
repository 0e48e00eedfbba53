package dev.lss.examples.evaluate;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds out which prediction belongs to which reference. Two files belong together. In folders all
 * NIfTI files and DICOM segmentations, at any depth, are matched by their path without {@code
 * .nii}, {@code .nii.gz} or {@code .dcm}; of a folder that holds a {@code result.json} only {@code
 * labels.nii.gz} is a label map. Immutable.
 *
 * <p>A reference without prediction is an error, unless the caller says otherwise, because leaving
 * it out would flatter the prediction. A prediction without reference is a notice.
 *
 * @param pairs the cases, in order of name, at least one
 * @param notices predictions without reference, and references without prediction
 */
record CasePairs(List<CasePair> pairs, List<Notice> notices) {

  private static final int NAMED = 5;

  /** Copies the lists. */
  CasePairs {
    pairs = List.copyOf(pairs);
    notices = List.copyOf(notices);
  }

  /**
   * Pairs two files or two folders.
   *
   * @throws InvalidStudyException {@code NO_SUCH_FILE}; {@code NO_LABEL_MAPS} when a folder holds
   *     none; {@code AMBIGUOUS_NAME} when a folder holds one name with both endings; {@code
   *     NO_PREDICTION} when a reference has none
   */
  static CasePairs of(Path reference, Path prediction, Settings.Missing missing)
      throws IOException {
    SortedMap<String, Path> references = maps(reference);
    SortedMap<String, Path> predictions = maps(prediction);
    if (isOne(reference) && isOne(prediction)) {
      String name = references.firstKey();
      Path first = references.values().iterator().next();
      Path second = predictions.values().iterator().next();
      return new CasePairs(List.of(new CasePair(name, first, Optional.of(second))), List.of());
    }
    List<String> absent =
        references.keySet().stream().filter(name -> !predictions.containsKey(name)).toList();
    List<Notice> notices = new ArrayList<>();
    if (!absent.isEmpty()) {
      String what =
          "%s of %s references have no prediction of the same name"
              .formatted(absent.size(), references.size());
      switch (missing) {
        case REFUSE ->
            throw new InvalidStudyException(
                "NO_PREDICTION",
                "%s: %s; --missing worst or skip goes on without".formatted(what, some(absent)));
        case SKIP ->
            notices.add(
                new Notice(
                    "PREDICTIONS_MISSING",
                    "%s and were left out, which flatters the rest: %s"
                        .formatted(what, some(absent))));
        case WORST ->
            notices.add(
                new Notice(
                    "PREDICTIONS_MISSING",
                    "%s and were judged as empty maps: %s".formatted(what, some(absent))));
      }
    }
    List<CasePair> pairs = new ArrayList<>();
    references.forEach(
        (name, path) -> {
          if (predictions.containsKey(name) || missing == Settings.Missing.WORST) {
            pairs.add(new CasePair(name, path, Optional.ofNullable(predictions.get(name))));
          }
        });
    if (pairs.isEmpty()) {
      throw new InvalidStudyException(
          "NO_PREDICTION", "no reference has a prediction of the same name in " + prediction);
    }
    List<String> spare =
        predictions.keySet().stream().filter(name -> !references.containsKey(name)).toList();
    if (!spare.isEmpty()) {
      notices.add(
          new Notice(
              "PREDICTIONS_NOT_COMPARED",
              "%s predictions have no reference of the same name and were left out: %s"
                  .formatted(spare.size(), some(spare))));
    }
    return new CasePairs(pairs, notices);
  }

  /** Returns whether a path stands for one map, whatever its name is. */
  private static boolean isOne(Path path) {
    return Files.isRegularFile(path) || ResultKeys.isResult(path);
  }

  private static SortedMap<String, Path> maps(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new InvalidStudyException("NO_SUCH_FILE", "there is no file or folder " + path);
    }
    if (!Files.isDirectory(path)) {
      return new TreeMap<>(Map.of(withoutEnding(String.valueOf(path.getFileName())), path));
    }
    SortedMap<String, Path> maps = new TreeMap<>();
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.filter(CasePairs::isLabelMap).toList()) {
        String name =
            withoutEnding(
                path.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/"));
        if (maps.put(name, file) != null) {
          throw new InvalidStudyException(
              "AMBIGUOUS_NAME",
              "%s holds %s with several of the endings .nii, .nii.gz and .dcm; keep one"
                  .formatted(path, name));
        }
      }
    }
    if (maps.isEmpty()) {
      throw new InvalidStudyException(
          "NO_LABEL_MAPS", "the folder %s holds no .nii, .nii.gz or .dcm file".formatted(path));
    }
    return maps;
  }

  private static boolean isLabelMap(Path file) {
    String name = String.valueOf(file.getFileName());
    if (name.startsWith(".") || !Files.isRegularFile(file) || withoutEnding(name).equals(name)) {
      return false;
    }
    Path folder = file.getParent();
    return folder == null || !ResultKeys.isResult(folder) || name.equals(ResultKeys.LABELS);
  }

  private static String withoutEnding(String name) {
    return name.replaceFirst("\\.(nii|nii\\.gz|dcm)$", "");
  }

  static String some(List<String> names) {
    return names.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (names.size() > NAMED ? ", ..." : "");
  }
}
