package dev.lss.core.nnunet;

import java.util.List;

/**
 * A U-Net as nnU-Net's plans describe it. Lists have one entry per stage, from the full resolution
 * down; triples are in tensor order (D, H, W), pairs (H, W). Immutable.
 *
 * @param kind plain or residual encoder; the decoder is plain in both
 * @param spatialRank 2 or 3
 * @param features channels per stage
 * @param kernels kernel sizes, odd
 * @param strides strides of each stage's first convolution
 * @param encoderBlocks convolutions, or residual blocks, per stage
 * @param decoderConvolutions convolutions per decoder stage, the coarsest first; one fewer
 * @param bias whether convolutions have a bias
 * @param norm what follows a convolution
 * @param epsilon added to the variance by the norm
 * @param activation what follows the norm
 * @param slope slope of a leaky ReLU below zero
 * @param activationFirst whether the activation comes before the norm
 * @param stemChannels channels of a residual encoder's stem
 */
record UNetArchitecture(
    Kind kind,
    int spatialRank,
    List<Integer> features,
    List<List<Integer>> kernels,
    List<List<Integer>> strides,
    List<Integer> encoderBlocks,
    List<Integer> decoderConvolutions,
    boolean bias,
    Norm norm,
    double epsilon,
    Activation activation,
    double slope,
    boolean activationFirst,
    int stemChannels) {

  /** The encoder. */
  public enum Kind {
    /** Stacked convolutions. */
    PLAIN,
    /** A stem, then residual blocks of two convolutions. */
    RESIDUAL
  }

  /** What follows a convolution. */
  public enum Norm {
    /** Nothing. */
    NONE,
    /** Instance norm with scale and shift. */
    INSTANCE,
    /** Batch norm with stored statistics. */
    BATCH
  }

  /** What follows the norm. */
  public enum Activation {
    /** Nothing. */
    NONE,
    /** ReLU. */
    RELU,
    /** Leaky ReLU. */
    LEAKY_RELU
  }

  /** Refuses lists whose lengths do not fit together and sizes that cannot work. */
  public UNetArchitecture {
    if (kind == Kind.RESIDUAL && activationFirst) {
      throw new IllegalArgumentException("nonlin_first is known for PlainConvUNet only");
    }
    features = List.copyOf(features);
    kernels = List.copyOf(kernels);
    strides = List.copyOf(strides);
    encoderBlocks = List.copyOf(encoderBlocks);
    decoderConvolutions = List.copyOf(decoderConvolutions);
    int stages = features.size();
    if (stages < 2
        || stages > 12
        || kernels.size() != stages
        || strides.size() != stages
        || encoderBlocks.size() != stages
        || decoderConvolutions.size() != stages - 1) {
      throw new IllegalArgumentException(
          ("a U-Net has 2 to 12 stages with features, kernels, strides and blocks for each and"
                  + " decoder convolutions for all but one, was %s, %s, %s, %s and %s")
              .formatted(
                  stages,
                  kernels.size(),
                  strides.size(),
                  encoderBlocks.size(),
                  decoderConvolutions.size()));
    }
    for (List<Integer> kernel : kernels) {
      if (kernel.size() != spatialRank || !kernel.stream().allMatch(k -> k > 0 && k % 2 == 1)) {
        throw new IllegalArgumentException(
            "a kernel must be %s odd numbers, was %s".formatted(spatialRank, kernel));
      }
    }
    for (List<Integer> stride : strides) {
      if (stride.size() != spatialRank || !stride.stream().allMatch(s -> s > 0)) {
        throw new IllegalArgumentException(
            "a stride must be %s positive numbers, was %s".formatted(spatialRank, stride));
      }
    }
  }

  /** Returns the number of resolutions. */
  public int stages() {
    return features.size();
  }
}
