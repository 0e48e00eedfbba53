package dev.lss.core.pipeline;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;

/**
 * One vertebra that the localiser found and named.
 *
 * @param level its level
 * @param centre continuous voxel index of the centre of its visible part, in the upright image
 * @param confidence height of its peak in the heat map, in [0, 1]
 */
record LocatedVertebra(VertebraLevel level, Vector3 centre, double confidence) {}
