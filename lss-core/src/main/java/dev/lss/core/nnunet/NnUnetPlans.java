package dev.lss.core.nnunet;

import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.StageGrid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * nnU-Net's {@code plans.json} (v2.0 to v2.8). What a configuration says is read when it is asked
 * for, so that one that LSS cannot run does not stand in the way of another. Immutable.
 */
final class NnUnetPlans {

  private static final Set<String> READERS =
      Set.of(
          "SimpleITKIO",
          "SimpleITKIOWithReorient",
          "NibabelIO",
          "NibabelIOWithReorient",
          "NaturalImage2DIO",
          "Tiff3DIO");

  private static final int MOST_ANCESTORS = 16;

  private final JsonPlace root;
  private final ResamplingRule labelRule;
  private final List<Integer> transposeForward;
  private final String reader;

  private NnUnetPlans(JsonPlace root, ResamplingRule labelRule) {
    this.root = root;
    this.labelRule = labelRule;
    this.transposeForward = permutation(root.at("transpose_forward"));
    List<Integer> backward = permutation(root.at("transpose_backward"));
    for (int axis = 0; axis < 3; axis++) {
      if (backward.get(transposeForward.get(axis)) != axis) {
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
   * @param path the file
   * @param labelRule how labels of an earlier stage are resampled linearly, which it does not say
   * @throws IOException when the file cannot be read
   * @throws dev.lss.api.ModelException {@code NNUNET_FOLDER} when it is damaged, {@code
   *     NNUNET_UNSUPPORTED} when it names something that LSS does not know
   */
  static NnUnetPlans read(Path path, ResamplingRule labelRule) throws IOException {
    return new NnUnetPlans(JsonPlace.read(path), labelRule);
  }

  /** Returns which axis of the file's array (z, y, x) becomes each axis of the tensor. */
  List<Integer> transposeForward() {
    return transposeForward;
  }

  /** Returns what images are brought to before anything else: RAS, or as stored. */
  Optional<AnatomicalCode> orientation() {
    return reader.endsWith("WithReorient")
        ? Optional.of(AnatomicalCode.parse("RAS"))
        : Optional.empty();
  }

  /** Returns the name of the data set, such as {@code Dataset042_Spine}; empty when not given. */
  Optional<String> datasetName() {
    return root.find("dataset_name").map(JsonPlace::text);
  }

  /** Returns the names of all configurations, in file order. */
  List<String> configurationNames() {
    return root.at("configurations").fields();
  }

  /**
   * Returns one configuration with what it inherits ({@code inherits_from}; the child's fields
   * win).
   *
   * @throws dev.lss.api.ModelException as {@link #read}
   */
  NnUnetConfiguration configuration(String name) {
    JsonPlace configuration = resolve(name);
    configuration.at("preprocessor_name").oneOf(Map.of("DefaultPreprocessor", true));
    List<Integer> patch =
        configuration.at("patch_size").items().stream().map(v -> v.integer(1, 4096)).toList();
    List<Double> spacing =
        configuration.at("spacing").items().stream().map(NnUnetPlans::spacing).toList();
    if (spacing.size() != patch.size()) {
      throw configuration
          .at("patch_size")
          .wrong("wanted as many numbers as spacing has, found " + patch.size());
    }
    Optional<String> previous = configuration.find("previous_stage").map(JsonPlace::text);
    StageGrid.Spacing grid =
        configuration.build(
            () ->
                new StageGrid.Spacing(
                    spacing,
                    ResamplingReader.images(configuration),
                    ResamplingReader.logits(configuration),
                    previous.map(
                        stage -> ResamplingReader.previousLabels(configuration, labelRule))));
    return new NnUnetConfiguration(
        name,
        grid,
        patch,
        NormalizationReader.read(configuration, root),
        previous,
        ArchitectureReader.read(configuration, patch.size()));
  }

  private JsonPlace resolve(String name) {
    JsonPlace all = root.at("configurations").requireObject();
    Deque<JsonPlace> ancestorsFirst = new ArrayDeque<>();
    Set<String> visited = new HashSet<>();
    Optional<String> next = Optional.of(name);
    while (next.isPresent()) {
      if (!all.has(next.get())) {
        throw all.unknown(next.get(), all.fields());
      }
      JsonPlace configuration = all.at(next.get()).requireObject();
      if (!visited.add(next.get())) {
        throw configuration.wrong("configurations inherit in a circle");
      }
      ancestorsFirst.addFirst(configuration);
      if (ancestorsFirst.size() > MOST_ANCESTORS) {
        throw configuration.wrong(
            "a configuration inherits from at most %s others".formatted(MOST_ANCESTORS));
      }
      next = configuration.find("inherits_from").map(JsonPlace::text);
    }
    return JsonPlace.merged(List.copyOf(ancestorsFirst));
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
