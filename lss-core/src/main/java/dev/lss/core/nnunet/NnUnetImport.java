package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.api.model.network.Weights;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.model.PackageWriter;
import dev.lss.core.model.Safetensors.Dtype;
import dev.lss.core.model.SafetensorsWriter;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes an nnU-Net model as a model package, which needs no Python, no pickle and, in half
 * precision, half the space. Only tensors that the network uses are written, one at a time.
 */
public final class NnUnetImport {

  /** The task of a model that draws the labels that its last stage lists. */
  public static final String TASK = "segment";

  /**
   * What no results folder says.
   *
   * @param id id of the package
   * @param version version of the weights
   * @param title one line for people
   * @param license SPDX expression of the weights' licence
   * @param licenseText text of the licence
   * @param intendedUse what it is for and what it is not
   * @param trainingData what it was trained on
   */
  public record Details(
      String id,
      String version,
      String title,
      String license,
      String licenseText,
      String intendedUse,
      String trainingData) {}

  private NnUnetImport() {}

  /**
   * Writes the package.
   *
   * @param model the model
   * @param details the rest of the manifest
   * @param dtype F32 keeps every bit, F16 rounds
   * @param target the folder, which must not exist
   * @throws IOException when it cannot be written
   * @throws ModelException {@code WEIGHTS_OUT_OF_RANGE} when a weight is not finite or too large
   *     for the dtype; as {@link PackageWriter#write}
   */
  public static void write(NnUnetModel model, Details details, Dtype dtype, Path target)
      throws IOException {
    Map<String, AtomicFiles.Content> files = new LinkedHashMap<>();
    files.put("LICENSE", text(details.licenseText()));
    ModelDescription description = description(model, details);
    files.put("MODEL_CARD.md", text(card(description, dtype)));
    addWeights(model, dtype, files);
    PackageWriter.write(target, description, files);
  }

  /** Returns how a package of this model describes itself. */
  public static ModelDescription description(NnUnetModel model, Details details) {
    List<Stage> stages = new ArrayList<>();
    model.previousStage().ifPresent(previous -> stages.add(stage(previous)));
    stages.add(stage(model));
    return new ModelDescription(
        details.id(),
        details.version(),
        details.title(),
        details.license(),
        details.intendedUse(),
        details.trainingData(),
        TASK,
        stages);
  }

  private static Stage stage(NnUnetModel model) {
    return NnUnetStages.stage(
        model, model.describedFolds().stream().map(f -> file(model, f)).toList());
  }

  private static String file(NnUnetModel model, ModelSource.Described fold) {
    String name = fold.name().substring(fold.name().lastIndexOf('/') + 1);
    return "%s/%s.safetensors".formatted(model.configuration().name(), name);
  }

  private static void addWeights(
      NnUnetModel model, Dtype dtype, Map<String, AtomicFiles.Content> files) {
    model.previousStage().ifPresent(previous -> addWeights(previous, dtype, files));
    for (ModelSource.Described fold : model.describedFolds()) {
      SafetensorsWriter writer = new SafetensorsWriter();
      Set<String> names = new TreeSet<>(fold.network().tensorNames());
      Weights weights = fold.weights();
      for (String name : names) {
        writer.add(name, dtype, weights.shape(name), () -> checked(name, weights, dtype));
      }
      files.put(file(model, fold), writer::writeTo);
    }
  }

  private static float[] checked(String name, Weights weights, Dtype dtype) {
    float limit = dtype == Dtype.F16 ? 65504 : Float.MAX_VALUE;
    float[] values = weights.values(name);
    for (float value : values) {
      if (!(Math.abs(value) <= limit)) {
        throw new ModelException(
            "WEIGHTS_OUT_OF_RANGE",
            "tensor %s holds %s; %s holds numbers up to %s".formatted(name, value, dtype, limit));
      }
    }
    return values;
  }

  private static AtomicFiles.Content text(String text) {
    return out -> out.write((text.stripTrailing() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String card(ModelDescription model, Dtype dtype) {
    StringBuilder card = new StringBuilder();
    card.append("# ").append(model.title()).append("\n\n");
    card.append("Imported from a results folder of nnU-Net v2; weights as ").append(dtype);
    card.append(". Not a medical device.\n\n");
    card.append("- Licence: ").append(model.license()).append('\n');
    card.append("- Intended use: ").append(model.intendedUse()).append('\n');
    card.append("- Trained on: ").append(model.trainingData()).append('\n');
    for (Stage stage : model.stages()) {
      card.append("- Configuration ").append(stage.name()).append(": ");
      card.append(stage.network().files().size()).append(" fold(s), labels ");
      card.append(String.join(", ", stage.labels().stream().map(Stage.StageLabel::key).toList()));
      card.append('\n');
    }
    return card.toString();
  }
}
