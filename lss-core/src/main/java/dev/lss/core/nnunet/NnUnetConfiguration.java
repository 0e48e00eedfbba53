package dev.lss.core.nnunet;

import dev.lss.api.model.Normalization;
import dev.lss.api.model.StageGrid;
import java.util.List;
import java.util.Optional;

/**
 * One configuration of nnU-Net's plans, with everything that it inherits. Numbers per axis are in
 * tensor order after {@code transpose_forward}. Immutable.
 *
 * @param name name in the plans, such as {@code 3d_fullres}
 * @param grid the network's; two spacings for a 2-D configuration
 * @param patchSize voxels of one tile, as many numbers
 * @param normalizations one per image channel
 * @param previousStage configuration whose label map this one takes as further channels (cascade)
 * @param architecture the network
 */
record NnUnetConfiguration(
    String name,
    StageGrid.Spacing grid,
    List<Integer> patchSize,
    List<Normalization> normalizations,
    Optional<String> previousStage,
    UNetArchitecture architecture) {

  /** Copies the lists. */
  NnUnetConfiguration {
    patchSize = List.copyOf(patchSize);
    normalizations = List.copyOf(normalizations);
  }
}
