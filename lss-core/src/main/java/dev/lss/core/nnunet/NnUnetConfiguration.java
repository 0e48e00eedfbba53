package dev.lss.core.nnunet;

import java.util.List;
import java.util.Optional;

/**
 * One configuration of nnU-Net's plans, with everything that it inherits. Numbers per axis are in
 * tensor order after {@code transpose_forward}. The network is {@link NnUnetPlans#architecture}.
 * Immutable.
 *
 * @param name name in the plans, such as {@code 3d_fullres}
 * @param spacingMm grid of the network in mm; two numbers for a 2-D configuration, which leaves the
 *     slowest axis as it is
 * @param patchSize voxels of one tile, as many numbers
 * @param normalizations one per image channel
 * @param imageResampling for images
 * @param labelResampling for the label map of an earlier stage
 * @param logitResampling for the network's output
 * @param previousStage configuration whose label map this one takes as further channels (cascade)
 */
public record NnUnetConfiguration(
    String name,
    List<Double> spacingMm,
    List<Integer> patchSize,
    List<NnUnetNormalization> normalizations,
    NnUnetResampling imageResampling,
    NnUnetResampling labelResampling,
    NnUnetResampling logitResampling,
    Optional<String> previousStage) {

  /** Copies the lists. */
  public NnUnetConfiguration {
    spacingMm = List.copyOf(spacingMm);
    patchSize = List.copyOf(patchSize);
    normalizations = List.copyOf(normalizations);
  }
}
