package dev.lss.core.nnunet;

import dev.lss.api.model.network.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What nnU-Net's checkpoint of a training holds that a prediction needs. Immutable.
 *
 * @param weights tensors of the network under the names of its state dict, without the prefixes of
 *     {@code torch.compile} and data parallelism, and without aliases; read when asked for
 * @param trainer name of the trainer class; empty when the file does not say
 * @param configuration name of the configuration in plans.json, such as {@code 3d_fullres}
 * @param mirrorAxes spatial axes of the tensor over which the training allows mirroring, 0 is the
 *     slowest; empty when it allows none or does not say, which nnU-Net takes for none
 * @param initArguments arguments of the trainer: nested maps, lists, sets, texts, Long, Double,
 *     Boolean, paths as texts, and an empty Optional for None and for what is not kept, such as
 *     NumPy arrays
 */
record Checkpoint(
    Weights weights,
    Optional<String> trainer,
    Optional<String> configuration,
    List<Integer> mirrorAxes,
    Map<String, Object> initArguments) {

  /** Copies the list and the map. */
  public Checkpoint {
    mirrorAxes = List.copyOf(mirrorAxes);
    initArguments = Map.copyOf(initArguments);
  }
}
