package dev.lss.core.nnunet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * nnU-Net's {@code plans.json} (v2.0 to v2.8). What a configuration says is read when it is asked
 * for, so that one that LSS cannot run does not stand in the way of another. Immutable.
 */
public final class NnUnetPlans {

  private static final Set<String> READERS =
      Set.of(
          "SimpleITKIO",
          "SimpleITKIOWithReorient",
          "NibabelIO",
          "NibabelIOWithReorient",
          "NaturalImage2DIO",
          "Tiff3DIO");

  private static final int MOST_ANCESTORS = 16;
  private static final int MOST_CHANNELS = 1000;

  private final JsonPlace root;
  private final List<Integer> transposeForward;
  private final List<Integer> transposeBackward;
  private final String reader;

  private NnUnetPlans(JsonPlace root) {
    this.root = root;
    this.transposeForward = permutation(root.at("transpose_forward"));
    this.transposeBackward = permutation(root.at("transpose_backward"));
    for (int axis = 0; axis < 3; axis++) {
      if (transposeBackward.get(transposeForward.get(axis)) != axis) {
        throw root.at("transpose_backward").wrong("wanted the inverse of transpose_forward");
      }
    }
    this.reader = root.at("image_reader_writer").text();
    if (!READERS.contains(reader)) {
      throw root.at("image_reader_writer").unknown(reader, READERS);
    }
    if (root.has("label_manager")) {
      root.at("label_manager").oneOf(Map.of("LabelManager", true));
    }
  }

  /**
   * Reads the file.
   *
   * @throws IOException when the file cannot be read
   * @throws dev.lss.api.ModelException {@code NNUNET_FOLDER} when it is damaged, {@code
   *     NNUNET_UNSUPPORTED} when it names something that LSS does not know
   */
  public static NnUnetPlans read(Path path) throws IOException {
    return new NnUnetPlans(JsonPlace.read(path));
  }

  /** Returns which axis of the file's array (z, y, x) becomes each axis of the tensor. */
  public List<Integer> transposeForward() {
    return transposeForward;
  }

  /** Returns the inverse of {@link #transposeForward()}. */
  public List<Integer> transposeBackward() {
    return transposeBackward;
  }

  /** Returns nnU-Net's name of the image reader; those with Reorient turn images to RAS. */
  public String imageReader() {
    return reader;
  }

  /** Returns whether images are turned to RAS before anything else. */
  public boolean reorientsToRas() {
    return reader.endsWith("WithReorient");
  }

  /** Returns the name of the data set, such as {@code Dataset042_Spine}; empty when not given. */
  public Optional<String> datasetName() {
    return root.find("dataset_name").map(JsonPlace::text);
  }

  /** Returns the names of all configurations, in file order. */
  public List<String> configurationNames() {
    return root.at("configurations").fields();
  }

  /**
   * Returns one configuration with what it inherits ({@code inherits_from}; the child's fields
   * win).
   *
   * @throws dev.lss.api.ModelException as {@link #read}
   */
  public NnUnetConfiguration configuration(String name) {
    JsonPlace configuration = resolve(name);
    configuration.at("preprocessor_name").oneOf(Map.of("DefaultPreprocessor", true));
    List<Integer> patch =
        configuration.at("patch_size").items().stream().map(v -> v.integer(1, 4096)).toList();
    List<Double> spacing =
        configuration.at("spacing").items().stream().map(NnUnetPlans::spacing).toList();
    if ((patch.size() != 2 && patch.size() != 3) || spacing.size() != patch.size()) {
      throw configuration
          .at("patch_size")
          .wrong("wanted 2 or 3 numbers, as many as spacing has, found " + patch.size());
    }
    return new NnUnetConfiguration(
        name,
        spacing,
        patch,
        normalizations(configuration),
        NnUnetResampling.read(configuration, "resampling_fn_data"),
        NnUnetResampling.read(configuration, "resampling_fn_seg"),
        NnUnetResampling.read(configuration, "resampling_fn_probabilities"),
        configuration.find("previous_stage").map(JsonPlace::text));
  }

  /**
   * Returns the network of a configuration.
   *
   * @throws dev.lss.api.ModelException as {@link #read}
   */
  public UNetArchitecture architecture(String name) {
    return ArchitectureReader.read(resolve(name), configuration(name).patchSize().size());
  }

  private JsonPlace resolve(String name) {
    JsonPlace all = root.at("configurations").requireObject();
    Map<String, JsonPlace> chain = new LinkedHashMap<>(); // the child first
    Optional<String> next = Optional.of(name);
    while (next.isPresent()) {
      if (!all.has(next.get())) {
        throw all.unknown(next.get(), all.fields());
      }
      JsonPlace configuration = all.at(next.get()).requireObject();
      if (chain.put(next.get(), configuration) != null) {
        throw configuration.wrong("configurations inherit in a circle");
      }
      if (chain.size() > MOST_ANCESTORS) {
        throw configuration.wrong(
            "a configuration inherits from at most %d others".formatted(MOST_ANCESTORS));
      }
      next = configuration.find("inherits_from").map(JsonPlace::text);
    }
    List<JsonPlace> ancestors = new ArrayList<>(chain.values());
    JsonPlace resolved = ancestors.get(ancestors.size() - 1);
    for (int n = ancestors.size() - 2; n >= 0; n--) {
      resolved = resolved.overriddenBy(ancestors.get(n));
    }
    return resolved;
  }

  private List<NnUnetNormalization> normalizations(JsonPlace configuration) {
    List<JsonPlace> schemes = configuration.at("normalization_schemes").items();
    List<JsonPlace> masks = configuration.at("use_mask_for_norm").items();
    if (schemes.isEmpty() || schemes.size() > MOST_CHANNELS) {
      throw configuration
          .at("normalization_schemes")
          .wrong("wanted 1 to %d entries, found %d".formatted(MOST_CHANNELS, schemes.size()));
    }
    if (schemes.size() != masks.size()) {
      throw configuration
          .at("use_mask_for_norm")
          .wrong("wanted %d entries, found %d".formatted(schemes.size(), masks.size()));
    }
    List<NnUnetNormalization> normalizations = new ArrayList<>();
    for (int c = 0; c < schemes.size(); c++) {
      normalizations.add(NnUnetNormalization.read(schemes.get(c), masks.get(c).bool(), root, c));
    }
    return normalizations;
  }

  private static double spacing(JsonPlace value) {
    double spacing = value.positive();
    if (!(spacing >= 1e-6 && spacing <= 1e6)) {
      throw value.wanted("a spacing from 1e-6 to 1e6 mm");
    }
    return spacing;
  }

  private static List<Integer> permutation(JsonPlace value) {
    List<Integer> axes = value.items().stream().map(v -> v.integer(0, 2)).toList();
    if (axes.size() != 3 || new HashSet<>(axes).size() != 3) {
      throw value.wrong("wanted the numbers 0, 1 and 2 in some order, found " + axes);
    }
    return axes;
  }
}
