package dev.lss.examples.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.Notice;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** JSON documents with the rules of docs/result-json.md. */
public final class JsonText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonText() {}

  /** Returns an empty document of a schema, with the sentence that every result carries. */
  public static ObjectNode document(String schema, String notice) {
    return JSON.createObjectNode().put("schema", schema).put("notice", notice);
  }

  /** Puts a number with all its digits; null when it is NaN or infinite. */
  public static void put(ObjectNode node, String field, double value) {
    if (Double.isFinite(value)) {
      node.put(field, value);
    } else {
      node.putNull(field);
    }
  }

  /** Puts a list of notices. */
  public static void put(ObjectNode node, String field, List<Notice> notices) {
    var list = node.putArray(field);
    notices.forEach(n -> list.addObject().put("code", n.code()).put("message", n.message()));
  }

  /** Returns the document as UTF-8 bytes that end with a line feed, the same on every system. */
  public static byte[] bytes(ObjectNode document) {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return (JSON.writer(printer).writeValueAsString(document) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values is always written", e);
    }
  }
}
