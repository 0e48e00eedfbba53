package dev.lss.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Reads numbers that other programs computed. */
public final class Golden {

  private Golden() {}

  /** Returns {@code statistics.json} of the golden files. */
  public static JsonNode statistics() {
    try {
      return new ObjectMapper().readTree(RealData.golden("statistics.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a file beside a test class. */
  public static JsonNode resource(Class<?> test, String name) {
    try (InputStream in = Objects.requireNonNull(test.getResourceAsStream(name), name)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a list of numbers. */
  public static double[] doubles(JsonNode list) {
    double[] values = new double[list.size()];
    for (int n = 0; n < values.length; n++) {
      values[n] = value(list.get(n));
    }
    return values;
  }

  /** Returns a number; {@code null} is NaN, {@code "inf"} is infinity. */
  public static double value(JsonNode node) {
    if (node.isNull()) {
      return Double.NaN;
    }
    if (node.asText().equals("inf")) {
      return Double.POSITIVE_INFINITY;
    }
    assertThat(node.isNumber()).as("a number, but was %s", node).isTrue();
    return node.asDouble();
  }

  /** Compares relative to the size of the value. */
  public static void close(double actual, double expected, double relative, String what) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      assertThat(actual).as(what).isEqualTo(Double.valueOf(expected));
    } else {
      assertThat(actual)
          .as(what)
          .isCloseTo(expected, within(relative * Math.max(Math.abs(expected), 1e-300)));
    }
  }
}
