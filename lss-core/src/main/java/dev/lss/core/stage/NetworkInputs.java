package dev.lss.core.stage;

import dev.lss.api.image.Volume;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Normalization.None;
import dev.lss.api.model.Normalization.ZScoreInMask;
import dev.lss.core.image.NonZero;
import dev.lss.core.image.Normalize;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.StagePool;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Image channels as a network takes them. */
final class NetworkInputs {

  private NetworkInputs() {}

  /**
   * Returns the channels normalised and then resampled.
   *
   * @param channels images on one grid
   * @param normalizations one for each channel; those in a mask share that of all channels
   * @param way the network's grid and how to get there
   */
  static List<Volume> of(
      List<Volume> channels, List<Normalization> normalizations, Resample.Way way, StagePool pool) {
    Optional<BitSet> mask =
        normalizations.contains(new ZScoreInMask())
            ? Optional.of(NonZero.filled(channels))
            : Optional.empty();
    List<Volume> inputs = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      inputs.add(
          normalizations.get(c) instanceof ZScoreInMask
              ? Resample.normalized(
                  Normalize.inMask(channels.get(c), mask.orElseThrow()), new None(), way, pool)
              : Resample.normalized(channels.get(c), normalizations.get(c), way, pool));
    }
    return inputs;
  }
}
