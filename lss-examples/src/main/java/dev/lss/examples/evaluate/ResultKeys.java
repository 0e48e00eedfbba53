package dev.lss.examples.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.InvalidStudyException;
import dev.lss.core.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads from a {@code result.json} which structure each label value stands for. */
final class ResultKeys {

  /** The label map that a {@code result.json} beside it describes. */
  static final String LABELS = "labels.nii.gz";

  private static final String RESULT = "result.json";

  private ResultKeys() {}

  /** Returns whether a folder holds a result and its labels. */
  static boolean isResult(Path folder) {
    return Files.isRegularFile(folder.resolve(RESULT))
        && Files.isRegularFile(folder.resolve(LABELS));
  }

  /**
   * Returns key by label value; empty when no {@code result.json} describes this file.
   *
   * @throws InvalidStudyException {@code BAD_RESULT} when it is none of the schema that this
   *     version reads
   */
  static Optional<SortedMap<Integer, String>> of(Path labels) {
    Path file = labels.resolveSibling(RESULT);
    if (!String.valueOf(labels.getFileName()).equals(LABELS) || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    SortedMap<Integer, String> keys = new TreeMap<>();
    JsonNode result = read(file);
    boolean known = result.path("schema").asText().equals(ResultJson.SCHEMA);
    for (JsonNode label : result.path("labels")) {
      String key = label.path("key").asText();
      known &= label.path("value").isInt() && !key.isBlank() && !keys.containsValue(key);
      keys.put(label.path("value").asInt(), key);
    }
    if (!known) {
      throw bad(file, "is no result of the schema " + ResultJson.SCHEMA);
    }
    return Optional.of(keys);
  }

  private static JsonNode read(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw bad(file, "cannot be read as JSON");
    }
  }

  private static InvalidStudyException bad(Path file, String what) {
    return new InvalidStudyException(
        "BAD_RESULT", "%s %s; use --map, or move it away".formatted(file, what));
  }
}
