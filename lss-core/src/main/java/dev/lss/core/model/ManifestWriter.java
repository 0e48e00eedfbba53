package dev.lss.core.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Stage;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Writes {@code lss-model.json} as {@link Manifest} reads it. */
final class ManifestWriter {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ManifestWriter() {}

  static byte[] write(Manifest manifest) {
    ObjectNode root = MAPPER.createObjectNode().put("schema", Manifest.SCHEMA_TEXT);
    describe(manifest.description(), root);
    for (Stage stage : manifest.description().stages()) {
      ObjectNode node = root.withArray("stages").addObject();
      node.put("role", stage.role().name().toLowerCase(Locale.ROOT)).put("name", stage.name());
      NetworkFields.write(stage.network(), node);
      surroundings(stage, node);
    }
    manifest
        .files()
        .forEach(
            (path, sha256) ->
                root.withArray("files").addObject().put("path", path).put("sha256", sha256));
    return bytes(root);
  }

  /** Adds what the model is: id, licence, purpose. */
  static void describe(ModelDescription model, ObjectNode node) {
    node.put("id", model.id())
        .put("version", model.version())
        .put("title", model.title())
        .put("license", model.license())
        .put("intendedUse", model.intendedUse())
        .put("trainingData", model.trainingData())
        .put("task", model.task());
  }

  /** Adds everything that must be done around the network of a stage. */
  static void surroundings(Stage stage, ObjectNode node) {
    for (InputChannel input : stage.inputs()) {
      ObjectNode channel = node.withArray("inputs").addObject().put("role", input.role().key());
      normalization(input.normalization(), channel.putObject("normalization"));
    }
    node.put(
        "orientation",
        stage.orientation().map(AnatomicalCode::toString).orElse(Manifest.AS_STORED));
    if (stage.longerSidePixels().isPresent()) {
      node.put("longerSidePixels", stage.longerSidePixels().getAsInt());
    } else {
      stage.spacingMm().forEach(node.putArray("spacingMm")::add);
    }
    if (stage.nnunet().isEmpty()) {
      node.put("resampling", stage.resampling().name());
    }
    stage.patchSize().forEach(node.putArray("patchSize")::add);
    TilingFields.write(stage.tiling(), node.putObject("tiling"));
    stage.mirrorAxes().forEach(node.putArray("mirrorAxes")::add);
    stage.centrePriorSigmaMm().ifPresent(sigma -> node.put("centrePriorSigmaMm", sigma));
    node.put("output", stage.output().name());
    for (Stage.StageLabel label : stage.labels()) {
      node.withArray("labels").addObject().put("value", label.value()).put("key", label.key());
    }
    stage.nnunet().ifPresent(rules -> NnUnetFields.write(rules, node.putObject("nnunet")));
  }

  static byte[] bytes(ObjectNode root) {
    try {
      return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes is always written", e);
    }
  }

  private static void normalization(Normalization normalization, ObjectNode node) {
    if (normalization instanceof Normalization.CtClip ct) {
      node.put("kind", "ctClip")
          .put("lower", ct.lower())
          .put("upper", ct.upper())
          .put("mean", ct.mean())
          .put("std", ct.std());
      return;
    }
    node.put(
        "kind",
        Manifest.PLAIN_NORMALIZATIONS.entrySet().stream()
            .filter(kind -> kind.getValue().equals(normalization))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no kind for " + normalization))
            .getKey());
  }
}
