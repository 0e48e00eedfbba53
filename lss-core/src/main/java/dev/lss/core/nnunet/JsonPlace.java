package dev.lss.core.nnunet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A value in a JSON file that nnU-Net wrote, with its place for messages. Fields that LSS does not
 * use may be there; a field that it uses has the right type or is refused. Order of fields is kept.
 * Python's NaN and Infinity are read, since nnU-Net writes them.
 */
record JsonPlace(JsonNode node, String place) {

  /** Code of all errors about the text of the two files. */
  static final String INVALID = "NNUNET_FOLDER";

  private static final int MAX_BYTES = 16 << 20;

  private static final Pattern INTEGER = Pattern.compile("\\s*[+-]?[0-9]{1,9}\\s*");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxDocumentLength(MAX_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static JsonPlace read(Path path) throws IOException {
    String file = String.valueOf(path.getFileName());
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new ModelException(INVALID, "%s has more than %s bytes".formatted(file, MAX_BYTES));
    }
    try {
      JsonPlace root = new JsonPlace(MAPPER.readTree(bytes), file + ":");
      return root.requireObject();
    } catch (JsonProcessingException e) {
      throw new ModelException(
          INVALID, "%s is not valid JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  JsonPlace at(String field) {
    JsonNode value = node.get(field);
    String where = place + "/" + field.replace("~", "~0").replace("/", "~1");
    if (value == null) {
      throw new ModelException(INVALID, "missing \"%s\" at %s".formatted(field, where));
    }
    return new JsonPlace(value, where);
  }

  /** Returns a field, or empty when it is missing or null. */
  Optional<JsonPlace> find(String field) {
    return has(field) ? Optional.of(at(field)) : Optional.empty();
  }

  JsonPlace requireObject() {
    if (!node.isObject()) {
      throw wanted("an object");
    }
    return this;
  }

  List<String> fields() {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : requireObject().node().properties()) {
      names.add(field.getKey());
    }
    return names;
  }

  List<JsonPlace> items() {
    if (!node.isArray()) {
      throw wanted("an array");
    }
    List<JsonPlace> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(new JsonPlace(node.get(i), place + "/" + i));
    }
    return items;
  }

  /** Returns the values of all fields, in file order. */
  List<JsonPlace> values() {
    return fields().stream().map(this::at).toList();
  }

  boolean isText() {
    return node.isTextual();
  }

  /** Returns whether Python's int takes the text. */
  boolean isWholeNumber() {
    return INTEGER.matcher(node.asText()).matches();
  }

  boolean isArray() {
    return node.isArray();
  }

  String text() {
    if (!node.isTextual()) {
      throw wanted("a text");
    }
    return node.textValue();
  }

  boolean bool() {
    if (!node.isBoolean()) {
      throw wanted("true or false");
    }
    return node.booleanValue();
  }

  int integer(int least, int most) {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < least
        || node.intValue() > most) {
      throw wanted("a whole number from %s to %s".formatted(least, most));
    }
    return node.intValue();
  }

  /** Returns a whole number that may be written as a text or a float, which Python's int takes. */
  int integerOrText(int least, int most) {
    double value =
        node.isTextual() && INTEGER.matcher(node.textValue()).matches()
            ? Double.parseDouble(node.textValue().strip())
            : node.isNumber() ? node.doubleValue() : Double.NaN;
    if (!(value >= least && value <= most) || value != Math.rint(value)) {
      throw wanted("a whole number from %s to %s".formatted(least, most));
    }
    return (int) value;
  }

  double number() {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wanted("a finite number");
    }
    return node.doubleValue();
  }

  double positive() {
    if (!(number() > 0)) {
      throw wanted("a number above 0");
    }
    return number();
  }

  /** Returns the value that belongs to a text out of a closed set. */
  <T> T oneOf(Map<String, T> known) {
    T value = known.get(text());
    if (value == null) {
      throw unknown(text(), known.keySet());
    }
    return value;
  }

  /** Refuses fields that are not on the list. */
  void onlyFields(Collection<String> known) {
    for (String field : fields()) {
      if (!known.contains(field)) {
        throw at(field).unknown(field, known);
      }
    }
  }

  /**
   * Returns one object with the fields of all; those of a later one win, and its place is that of
   * the last.
   */
  static JsonPlace merged(List<JsonPlace> objects) {
    ObjectNode merged = MAPPER.createObjectNode();
    objects.forEach(object -> merged.setAll((ObjectNode) object.node()));
    return new JsonPlace(merged, objects.get(objects.size() - 1).place());
  }

  /** Runs a constructor and puts this place behind what it refuses. */
  <T> T build(Supplier<T> constructor) {
    try {
      return constructor.get();
    } catch (IllegalArgumentException e) {
      throw new ModelException(INVALID, "%s at %s".formatted(e.getMessage(), place), e);
    }
  }

  ModelException unknown(String name, Collection<String> known) {
    return new ModelException(
        "NNUNET_UNSUPPORTED",
        "\"%s\" at %s; known: %s"
            .formatted(
                StoredZip.shown(name), place, String.join(", ", known.stream().sorted().toList())));
  }

  ModelException wanted(String what) {
    String shown = node.isContainerNode() ? node.getNodeType().toString() : node.toString();
    return wrong("wanted %s, found %s".formatted(what, StoredZip.shown(shown)));
  }

  ModelException wrong(String what) {
    return new ModelException(INVALID, "%s at %s".formatted(what, place));
  }
}
