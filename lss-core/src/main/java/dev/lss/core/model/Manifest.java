package dev.lss.core.model;

import dev.lss.api.ModelException;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code lss-model.json} says, schema {@code lss-model/2}: the description of the model, and
 * the SHA-256 of every other file of the package. Read strictly: a field or a kind that is not
 * known is an error, because guessing a preprocessing step would give wrong labels. Immutable.
 *
 * @param description the model
 * @param files SHA-256 by path inside the package, in the order of the manifest
 */
record Manifest(ModelDescription description, Map<String, String> files) {

  static final String FILE = "lss-model.json";
  static final String LICENSE_FILE = "LICENSE";
  private static final int SCHEMA = 2;
  static final String SCHEMA_TEXT = "lss-model/" + SCHEMA;
  private static final String INVALID = "MODEL_MANIFEST";
  private static final Pattern SCHEMA_PATTERN = Pattern.compile("lss-model/([1-9][0-9]{0,5})");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  static Manifest parse(byte[] json) {
    Fields root = Fields.parse(json, FILE, INVALID);
    checkSchema(root);
    List<Stage> stages = root.objects("stages").stream().map(StageFields::read).toList();
    ModelDescription description = root.build(() -> describe(root).stages(stages).build());
    Map<String, String> files = files(root);
    root.refuseOthers();
    requireListed(root, stages, files);
    return new Manifest(description, files);
  }

  private static void checkSchema(Fields root) {
    String schema = root.text("schema");
    Matcher matcher = SCHEMA_PATTERN.matcher(schema);
    if (!matcher.matches()) {
      throw root.unknown("schema \"" + schema + "\"", "schema", Set.of(SCHEMA_TEXT));
    }
    int number = Integer.parseInt(matcher.group(1));
    if (number != SCHEMA) {
      throw new ModelException(
          "MODEL_SCHEMA",
          "the model is written in schema %s, this version of LSS reads %s: %s"
              .formatted(
                  schema,
                  SCHEMA_TEXT,
                  number > SCHEMA
                      ? "update LSS"
                      : "get or make the package again, such as with lss import-nnunet"));
    }
  }

  private static ModelDescription.Builder describe(Fields root) {
    return ModelDescription.builder(
            root.text("id"), root.text("version"), root.text("task"), root.text("license"))
        .title(root.text("title"))
        .intendedUse(root.text("intendedUse"))
        .trainingData(root.text("trainingData"));
  }

  private static Map<String, String> files(Fields root) {
    Map<String, String> files = new LinkedHashMap<>();
    for (Fields entry : root.objects("files")) {
      String path = entry.text("path");
      String sha256 = entry.text("sha256");
      entry.refuseOthers();
      PackagePath.check(path);
      if (!SHA256.matcher(sha256).matches()) {
        throw entry.wrong("sha256", "a SHA-256 is 64 lower-case hexadecimal digits");
      }
      if (path.equals(FILE) || files.put(path, sha256) != null) {
        throw entry.wrong("path", "\"" + path + "\" must not be listed again");
      }
    }
    if (!files.containsKey(LICENSE_FILE)) {
      throw new ModelException(
          "MODEL_LICENSE",
          "a model package holds its licence as a file named LICENSE; none is listed");
    }
    return files;
  }

  private static void requireListed(Fields root, List<Stage> stages, Map<String, String> files) {
    for (Stage stage : stages) {
      for (String file : stage.network().files()) {
        if (!files.containsKey(file)) {
          throw root.wrong(
              "files", "stage %s uses \"%s\", which is not listed".formatted(stage.name(), file));
        }
      }
    }
  }
}
