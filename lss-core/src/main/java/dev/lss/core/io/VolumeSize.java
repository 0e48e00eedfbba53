package dev.lss.core.io;

import dev.lss.api.image.GridGeometry;

/**
 * What the header of a volume says of it, before a voxel is read. Immutable.
 *
 * @param grid where the voxels lie
 * @param heapBytes what they will take in memory
 */
public record VolumeSize(GridGeometry grid, long heapBytes) {}
