package dev.lss.api.model.network;

import java.util.List;

/**
 * What a network takes and gives: one tensor each, of the same spatial sizes. Immutable.
 *
 * @param spatialRank 2 or 3
 * @param inputChannels channels of the input, at least 1
 * @param outputChannels channels of the output, at least 1
 * @param sizeMultiples per spatial axis, the number that an input size must be a multiple of
 */
public record Signature(
    int spatialRank, int inputChannels, int outputChannels, List<Integer> sizeMultiples) {

  /** Refuses numbers out of range and lists of the wrong length. */
  public Signature {
    sizeMultiples = List.copyOf(sizeMultiples);
    if (spatialRank != 2 && spatialRank != 3) {
      throw new IllegalArgumentException("spatialRank must be 2 or 3, was " + spatialRank);
    }
    if (inputChannels < 1 || outputChannels < 1) {
      throw new IllegalArgumentException(
          "a network has at least one input and one output channel, had %s and %s"
              .formatted(inputChannels, outputChannels));
    }
    if (sizeMultiples.size() != spatialRank || !sizeMultiples.stream().allMatch(m -> m >= 1)) {
      throw new IllegalArgumentException(
          "sizeMultiples must be %s numbers from 1 on, was %s"
              .formatted(spatialRank, sizeMultiples));
    }
  }
}
