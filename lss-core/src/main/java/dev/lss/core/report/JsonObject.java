package dev.lss.core.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A JSON object that is being written, field by field, in the order of the calls. A number that is
 * not finite is written as {@code null}. Not thread-safe.
 */
public final class JsonObject {

  private final ObjectNode node;

  JsonObject(ObjectNode node) {
    this.node = node;
  }

  /** Adds a text. */
  public JsonObject put(String name, String text) {
    node.put(name, text);
    return this;
  }

  /** Adds a number; null when it is not finite. */
  public JsonObject put(String name, double number) {
    if (Double.isFinite(number)) {
      node.put(name, number);
    } else {
      node.putNull(name);
    }
    return this;
  }

  /** Adds a number; null when there is none. */
  public JsonObject put(String name, OptionalDouble number) {
    return put(name, number.orElse(Double.NaN));
  }

  /** Adds a whole number. */
  public JsonObject put(String name, long number) {
    node.put(name, number);
    return this;
  }

  /** Adds true or false. */
  public JsonObject put(String name, boolean value) {
    node.put(name, value);
    return this;
  }

  /** Adds {@code null}. */
  public JsonObject putNull(String name) {
    node.putNull(name);
    return this;
  }

  /** Adds an object that {@code fill} writes. */
  public JsonObject put(String name, Consumer<JsonObject> fill) {
    fill.accept(new JsonObject(node.putObject(name)));
    return this;
  }

  /** Adds a list with one object for each item, which {@code fill} writes. */
  public <T> JsonObject put(String name, List<T> items, BiConsumer<T, JsonObject> fill) {
    ArrayNode list = node.putArray(name);
    items.forEach(item -> fill.accept(item, new JsonObject(list.addObject())));
    return this;
  }

  /** Adds a list of numbers; null for each that is not finite. */
  public JsonObject putNumbers(String name, double... numbers) {
    ArrayNode list = node.putArray(name);
    for (double number : numbers) {
      if (Double.isFinite(number)) {
        list.add(number);
      } else {
        list.addNull();
      }
    }
    return this;
  }

  /** Adds a list of texts. */
  public JsonObject putTexts(String name, List<String> texts) {
    ArrayNode list = node.putArray(name);
    texts.forEach(list::add);
    return this;
  }
}
