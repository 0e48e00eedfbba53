package dev.lss.core.inference;

import dev.lss.api.image.Extents;

/** How much each voxel of a tile counts where tiles overlap. Immutable. */
public sealed interface TileWindow permits GaussianWindow, MonaiWindow {

  /** Returns the extents of a tile. */
  Extents patch();

  /** Returns all weights in single precision, i fastest, all above 0. */
  float[] weights();

  /** Returns all weights rounded to half precision, i fastest, all above 0. */
  float[] halfWeights();
}
