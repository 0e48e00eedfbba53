package dev.lss.core.ct;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import dev.lss.core.ct.HeatMaps.Peak;

/**
 * One vertebra that the localiser found and named.
 *
 * @param level its level
 * @param peak where it was found in the heat maps
 * @param centre continuous voxel index of the centre of its visible part, in the upright image
 */
record LocatedVertebra(VertebraLevel level, Peak peak, Vector3 centre) {

  /** Returns the height of its peak in the heat map, in [0, 1]. */
  double confidence() {
    return Math.min(1, peak.value());
  }
}
