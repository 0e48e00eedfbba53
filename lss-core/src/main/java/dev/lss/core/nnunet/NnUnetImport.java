package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.network.Weights;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.model.Model;
import dev.lss.core.model.PackageWriter;
import dev.lss.core.model.Safetensors.Dtype;
import dev.lss.core.model.SafetensorsWriter;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a model as a model package, which needs no Python, no pickle and, in half precision, half
 * the space. Only tensors that the networks use are written, one at a time. Made for {@link
 * NnUnetModel}; every model whose networks are described layer by layer can be written so.
 */
public final class NnUnetImport {

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
   * @param model the model; its stages and task are kept
   * @param details the rest of the manifest
   * @param dtype F32 keeps every bit, F16 rounds
   * @param target the folder, which must not exist
   * @throws IOException when it cannot be written
   * @throws ModelException {@code WEIGHTS_OUT_OF_RANGE} when a weight is not finite or too large
   *     for the dtype; {@code OPAQUE_NETWORK} when a network is a file of a runtime; as {@link
   *     PackageWriter#write}
   */
  public static void write(Model model, Details details, Dtype dtype, Path target)
      throws IOException {
    ModelDescription description =
        ModelDescription.builder(
                details.id(), details.version(), model.description().task(), details.license())
            .title(details.title())
            .intendedUse(details.intendedUse())
            .trainingData(details.trainingData())
            .stages(model.description().stages())
            .build();
    Map<String, AtomicFiles.Content> files = new LinkedHashMap<>();
    files.put("LICENSE", text(details.licenseText()));
    files.put("MODEL_CARD.md", text(card(model, description, dtype)));
    for (Stage stage : description.stages()) {
      List<ModelSource> folds = model.sources(stage);
      for (int i = 0; i < folds.size(); i++) {
        files.put(stage.network().files().get(i), weights(folds.get(i), dtype)::writeTo);
      }
    }
    PackageWriter.write(target, description, files);
  }

  private static SafetensorsWriter weights(ModelSource fold, Dtype dtype) {
    if (!(fold instanceof ModelSource.Described described)) {
      throw new ModelException(
          "OPAQUE_NETWORK", fold.name() + " is a file of a runtime; its layers are not known");
    }
    Set<String> names = new TreeSet<>(described.network().tensorNames());
    SafetensorsWriter writer = new SafetensorsWriter();
    Weights weights = described.weights();
    for (String name : names) {
      writer.add(name, dtype, weights.shape(name), () -> checked(name, weights, dtype));
    }
    return writer;
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

  private static String card(Model from, ModelDescription model, Dtype dtype) {
    StringBuilder card = new StringBuilder();
    card.append("# ").append(model.title()).append("\n\n");
    card.append(from instanceof NnUnetModel ? "Imported from nnU-Net v2's " : "Imported from ");
    card.append(from.description()).append("; weights as ").append(dtype);
    card.append(". Not a medical device.\n\n");
    card.append("- Licence: ").append(model.license()).append('\n');
    card.append("- Intended use: ").append(model.intendedUse()).append('\n');
    card.append("- Trained on: ").append(model.trainingData()).append('\n');
    for (Stage stage : model.stages()) {
      card.append("- Stage ").append(stage.name()).append(": ");
      card.append(stage.network().files().size()).append(" fold(s), output ");
      card.append(String.join(", ", keys(stage.output()))).append('\n');
    }
    return card.toString();
  }

  private static List<String> keys(StageOutput output) {
    if (output instanceof StageOutput.Softmax softmax) {
      return softmax.labels().stream().map(StageOutput.Label::key).toList();
    }
    if (output instanceof StageOutput.SigmoidRegions sigmoid) {
      return sigmoid.regions().stream().map(StageOutput.Region::key).toList();
    }
    return output instanceof StageOutput.HeatMaps maps
        ? maps.keys()
        : List.of(((StageOutput.PointedObject) output).key());
  }
}
