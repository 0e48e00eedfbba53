package dev.lss.core.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.testkit.RealData;
import java.io.IOException;

/** The reference results of nnU-Net's preprocessing. */
final class Golden {

  private Golden() {}

  static JsonNode read(String key) throws IOException {
    return new ObjectMapper()
        .readTree(RealData.golden("nnunet_preprocessing.json").toFile())
        .get(key);
  }
}
