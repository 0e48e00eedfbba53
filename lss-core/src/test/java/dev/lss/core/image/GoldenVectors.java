package dev.lss.core.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.image.Extents;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reference results of NumPy, SciPy and scikit-image; arrays there are (k, j, i), C order. */
final class GoldenVectors {

  private GoldenVectors() {}

  static JsonNode read() {
    try {
      return new ObjectMapper().readTree(RealData.golden("nnunet_preprocessing.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Extents extents(JsonNode shape) {
    return new Extents(shape.get(2).asInt(), shape.get(1).asInt(), shape.get(0).asInt());
  }

  static double[] doubles(JsonNode array) {
    double[] values = new double[array.get("data").size()];
    for (int n = 0; n < values.length; n++) {
      values[n] = array.get("data").get(n).asDouble();
    }
    return values;
  }
}
