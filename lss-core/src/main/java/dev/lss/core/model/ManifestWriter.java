package dev.lss.core.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import java.nio.charset.StandardCharsets;

/** Writes {@code lss-model.json} as {@link Manifest} reads it; defaults are left out. */
final class ManifestWriter {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ManifestWriter() {}

  static byte[] write(Manifest manifest) {
    ObjectNode root = MAPPER.createObjectNode().put("schema", Manifest.SCHEMA_TEXT);
    describe(manifest.description(), root);
    for (Stage stage : manifest.description().stages()) {
      StageFields.write(stage, root.withArray("stages").addObject());
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

  static byte[] bytes(ObjectNode root) {
    try {
      return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes is always written", e);
    }
  }
}
