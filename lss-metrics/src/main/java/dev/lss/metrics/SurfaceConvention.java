package dev.lss.metrics;

/**
 * What counts as the surface of a mask, and how its points are weighed. Figures of two conventions
 * must not be compared, so every result carries its own.
 */
public enum SurfaceConvention {
  /**
   * Points are the corners of voxels where inside and outside meet; each has the area in mm² (the
   * length in mm in 2-D) of the piece of surface that passes by it. Percentiles are by area,
   * without interpolation. As surface-distance (Nikolov et al., arXiv 1809.04430).
   */
  AREA_WEIGHTED,
  /**
   * Points are the centres of the mask's voxels that share a face (2-D: an edge) with a voxel
   * outside, and all weigh the same. Percentiles are interpolated. As MONAI.
   */
  EDGE_VOXELS
}
