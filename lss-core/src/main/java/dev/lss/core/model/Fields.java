package dev.lss.core.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.ModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One JSON object that is read strictly: every field has one type, every field must be asked for.
 * Errors name the place, as in {@code unknown field "colour" at lss-model.json:/stages/0/colour;
 * known: name, role}. The fields that were asked for are the known ones. Not thread-safe.
 */
final class Fields {

  /** Limits for untrusted JSON: length of the document in bytes, and depth. */
  static final int MAX_BYTES = 1 << 20;

  private static final int MAX_DEPTH = 32;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxDocumentLength(MAX_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final JsonNode node;
  private final String place;
  private final String code;
  private final Set<String> known = new LinkedHashSet<>();

  private Fields(JsonNode node, String place, String code) {
    this.node = node;
    this.place = place;
    this.code = code;
  }

  /**
   * Parses a document whose root is an object.
   *
   * @param json UTF-8 text, at most {@link #MAX_BYTES}
   * @param file name of the file, for messages
   * @param code code of the errors
   */
  static Fields parse(byte[] json, String file, String code) {
    if (json.length > MAX_BYTES) {
      throw new ModelException(code, "%s may have %s bytes, has more".formatted(file, MAX_BYTES));
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ModelException(code, file + " is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelException(code, file + " is not valid JSON: " + e.getMessage(), e);
    }
    if (!root.isObject()) {
      throw new ModelException(code, file + " must hold a JSON object");
    }
    return new Fields(root, file + ":", code);
  }

  /** Returns the names of all fields, in file order. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      names.add(field.getKey());
    }
    return names;
  }

  boolean has(String name) {
    known.add(name);
    return node.has(name);
  }

  String text(String name) {
    return asText(require(name), at(name));
  }

  Optional<String> optionalText(String name) {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  int integer(String name) {
    return asInteger(require(name), at(name));
  }

  boolean flag(String name) {
    JsonNode value = require(name);
    if (!value.isBoolean()) {
      throw mismatch("true or false", value, at(name));
    }
    return value.booleanValue();
  }

  double number(String name) {
    return asNumber(require(name), at(name));
  }

  List<String> texts(String name) {
    return list(name, this::asText);
  }

  List<Integer> integers(String name) {
    return list(name, this::asInteger);
  }

  List<Long> longs(String name) {
    return list(name, this::asLong);
  }

  List<Double> numbers(String name) {
    return list(name, this::asNumber);
  }

  Fields object(String name) {
    return asObject(require(name), at(name));
  }

  List<Fields> objects(String name) {
    return list(name, this::asObject);
  }

  /** Returns the value that belongs to a text out of a closed set. */
  <T> T oneOf(String name, Map<String, T> values) {
    String text = text(name);
    T value = values.get(text);
    if (value == null) {
      throw unknown(name + " \"" + text + "\"", name, values.keySet());
    }
    return value;
  }

  /** Reads an object whose field "kind" says what else it must hold. */
  <T> T ofKind(Map<String, Function<Fields, T>> kinds) {
    T value = build(() -> oneOf("kind", kinds).apply(this));
    refuseOthers();
    return value;
  }

  /** Returns the text that belongs to a value out of a closed set, for writing. */
  static <T> String key(Map<String, T> values, T value) {
    return values.entrySet().stream()
        .filter(entry -> entry.getValue().equals(value))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /** Runs a constructor and puts the place in front of what it refuses. */
  <T> T build(Supplier<T> constructor) {
    try {
      return constructor.get();
    } catch (IllegalArgumentException e) {
      throw new ModelException(
          code, "%s at %s".formatted(e.getMessage(), place.endsWith(":") ? place + "/" : place), e);
    }
  }

  /** Refuses every field that was not asked for. */
  void refuseOthers() {
    for (String name : names()) {
      if (!known.contains(name)) {
        throw unknown("field \"" + name + "\"", name, known);
      }
    }
  }

  /** Returns the error for something that is not on a list. */
  ModelException unknown(String what, String field, Set<String> knownValues) {
    return new ModelException(
        code,
        "unknown %s at %s; known: %s"
            .formatted(what, at(field), String.join(", ", knownValues.stream().sorted().toList())));
  }

  /** Returns an error about one field. */
  ModelException wrong(String field, String what) {
    return new ModelException(code, what + " at " + at(field));
  }

  private String at(String name) {
    return place + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  private JsonNode require(String name) {
    known.add(name);
    JsonNode value = node.get(name);
    if (value == null) {
      throw new ModelException(code, "missing field \"%s\" at %s".formatted(name, at(name)));
    }
    return value;
  }

  private <T> List<T> list(String name, BiFunction<JsonNode, String, T> element) {
    JsonNode array = require(name);
    if (!array.isArray()) {
      throw mismatch("an array", array, at(name));
    }
    List<T> values = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      values.add(element.apply(array.get(i), at(name) + "/" + i));
    }
    return values;
  }

  private String asText(JsonNode value, String where) {
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw mismatch("a text that is not blank", value, where);
    }
    return value.textValue();
  }

  private int asInteger(JsonNode value, String where) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw mismatch("a whole number", value, where);
    }
    return value.intValue();
  }

  private long asLong(JsonNode value, String where) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw mismatch("a whole number", value, where);
    }
    return value.longValue();
  }

  private double asNumber(JsonNode value, String where) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw mismatch("a finite number", value, where);
    }
    return value.doubleValue();
  }

  private Fields asObject(JsonNode value, String where) {
    if (!value.isObject()) {
      throw mismatch("an object", value, where);
    }
    return new Fields(value, where, code);
  }

  private ModelException mismatch(String wanted, JsonNode found, String where) {
    String shown = found.isContainerNode() ? found.getNodeType().toString() : found.toString();
    return new ModelException(
        code,
        "wanted %s at %s, found %s"
            .formatted(wanted, where, shown.length() > 80 ? shown.substring(0, 80) : shown));
  }
}
