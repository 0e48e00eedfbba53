package dev.lss.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalLong;

/** An outcome as one line of JSON, from the process that measured to the one that asked. */
final class OutcomeJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private OutcomeJson() {}

  static String write(Outcome outcome) {
    return put(outcome, JSON.createObjectNode()).toString();
  }

  /** Puts the fields of an outcome; times in ms, 3 decimals. */
  static ObjectNode put(Outcome outcome, ObjectNode node) {
    if (outcome instanceof Outcome.Failed failed) {
      return node.put("measured", false).put("reason", failed.reason());
    }
    Outcome.Measured m = (Outcome.Measured) outcome;
    node.put("measured", true)
        .put("runtime", m.runtime())
        .put("device", m.device())
        .put("coldStartMs", rounded(m.coldStartMs()))
        .put("forwardMedianMs", rounded(m.forwardMedianMs()))
        .put("forwardBestMs", rounded(m.forwardBestMs()))
        .put("pipelineMs", rounded(m.pipelineMs()))
        .put("networkMs", rounded(m.networkMs()));
    m.peakBytes()
        .ifPresentOrElse(bytes -> node.put("peakBytes", bytes), () -> node.putNull("peakBytes"));
    return node;
  }

  /** Returns the value with 3 decimals. */
  static double rounded(double value) {
    return Math.rint(value * 1000) / 1000;
  }

  /** Reads what {@link #write} gives; empty when the text is something else. */
  static Optional<Outcome> read(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      if (!node.path("measured").isBoolean()) {
        return Optional.empty();
      }
      if (!node.path("measured").booleanValue()) {
        return Optional.of(new Outcome.Failed(node.path("reason").asText()));
      }
      JsonNode peak = node.path("peakBytes");
      return Optional.of(
          new Outcome.Measured(
              node.path("runtime").asText(),
              node.path("device").asText(),
              node.path("coldStartMs").asDouble(),
              node.path("forwardMedianMs").asDouble(),
              node.path("forwardBestMs").asDouble(),
              node.path("pipelineMs").asDouble(),
              node.path("networkMs").asDouble(),
              peak.isNumber() ? OptionalLong.of(peak.asLong()) : OptionalLong.empty()));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
