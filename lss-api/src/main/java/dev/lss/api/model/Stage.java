package dev.lss.api.model;

import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.network.Signature;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One network of a model with everything that must be done around it. Triples per axis are in
 * tensor order, slowest axis first: (k, j, i), or transposed as {@link NnUnetRules#transpose} says.
 * Immutable.
 *
 * @param role what the stage does in the task
 * @param name name of the stage, unique in the model
 * @param network the network and its files
 * @param inputs the image channels, in order; a stage may add channels of its own behind them
 * @param orientation orientation the images are brought to first; empty means as stored
 * @param spacingMm grid of the network, (k, j, i), in mm; two numbers for a 2-D network of nnU-Net,
 *     which leaves the slowest axis as it is; empty where {@code longerSidePixels} is given
 * @param longerSidePixels for a 2-D network that knows no millimetres: the image is resized, both
 *     axes by one factor, so that the longer of i and j has so many pixels
 * @param resampling how images reach that grid
 * @param patchSize voxels of one tile, (k, j, i)
 * @param tiling how tiles are laid over an image and put together
 * @param mirrorAxes tensor axes (0 = k) over which predictions are mirrored and averaged
 * @param output what the output channels mean
 * @param labels what each output channel or label value stands for
 * @param centrePriorSigmaMm for a network that is told by a Gaussian bump in the middle of its
 *     patch which object is meant: the bump's standard deviation in mm; the bump is the last input
 *     channel
 * @param nnunet for a network that runs as nnU-Net runs it, else empty
 */
public record Stage(
    Role role,
    String name,
    StageNetwork network,
    List<InputChannel> inputs,
    Optional<AnatomicalCode> orientation,
    List<Double> spacingMm,
    OptionalInt longerSidePixels,
    ResamplingRule resampling,
    List<Integer> patchSize,
    TileRule tiling,
    List<Integer> mirrorAxes,
    OutputKind output,
    List<StageLabel> labels,
    OptionalDouble centrePriorSigmaMm,
    Optional<NnUnetRules> nnunet) {

  /** What a stage does in its task. */
  public enum Role {
    /** Finds the region of interest on a coarse grid. */
    LOCALIZER,
    /** Draws the structures. */
    SEGMENTER
  }

  /**
   * One entry of the stage's label list.
   *
   * @param value output channel of a sigmoid network, label value of a softmax network
   * @param key structure key, such as {@code vertebra/L3}, or {@code heatmap/...}
   */
  public record StageLabel(int value, String key) {}

  /** Refuses lists of the wrong length and numbers out of range. */
  public Stage {
    inputs = List.copyOf(inputs);
    spacingMm = List.copyOf(spacingMm);
    patchSize = List.copyOf(patchSize);
    mirrorAxes = List.copyOf(mirrorAxes);
    labels = List.copyOf(labels);
    if (inputs.isEmpty() || labels.isEmpty()) {
      throw new IllegalArgumentException("stage " + name + " needs at least one input and label");
    }
    Signature signature = network.signature();
    if (longerSidePixels.isPresent()
        && (longerSidePixels.getAsInt() < 1
            || signature.spatialRank() != 2
            || nnunet.isPresent()
            || centrePriorSigmaMm.isPresent())) {
      throw new IllegalArgumentException(
          ("stage %s: longerSidePixels must be at least 1, was %d, and is for a 2-D network without"
                  + " rules of nnU-Net's and without a centre prior")
              .formatted(name, longerSidePixels.getAsInt()));
    }
    int spacings =
        longerSidePixels.isPresent() ? 0 : nnunet.isPresent() ? signature.spatialRank() : 3;
    if (spacingMm.size() != spacings || !spacingMm.stream().allMatch(s -> s > 0)) {
      throw new IllegalArgumentException(
          "stage %s: spacingMm must be %d positive numbers, was %s"
              .formatted(name, spacings, spacingMm));
    }
    if (patchSize.size() != signature.spatialRank() || !patchSize.stream().allMatch(p -> p > 0)) {
      throw new IllegalArgumentException(
          "stage %s: patchSize must be %d positive numbers, was %s"
              .formatted(name, signature.spatialRank(), patchSize));
    }
    int channels =
        inputs.size()
            + (centrePriorSigmaMm.isPresent() ? 1 : 0)
            + (nnunet.flatMap(NnUnetRules::previousStage).isPresent()
                ? foreground(nnunet.get(), labels)
                : 0);
    if (channels != signature.inputChannels()) {
      throw new IllegalArgumentException(
          "stage %s: the network takes %d channels, the stage makes %d"
              .formatted(name, signature.inputChannels(), channels));
    }
  }

  /** Returns what the network takes and gives. */
  public Signature signature() {
    return network.signature();
  }

  /** The labels of the earlier stage, which nnU-Net trains on the same data set as this one. */
  private static int foreground(NnUnetRules rules, List<StageLabel> labels) {
    return rules.regions().isEmpty() ? labels.size() : rules.regionValues().size();
  }
}
