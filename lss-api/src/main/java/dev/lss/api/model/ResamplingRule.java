package dev.lss.api.model;

/** How values reach another grid; all use half-pixel grids. */
public enum ResamplingRule {
  /**
   * Cubic B-spline with edge padding, clipped to the input's range: nnU-Net's default for images.
   */
  CUBIC,
  /** Linear interpolation, edges repeated. */
  LINEAR,
  /**
   * Linear interpolation whose triangle widens to the output step when that is larger than the
   * input step, so that noise is averaged and not sampled.
   */
  LINEAR_ANTIALIASED,
  /**
   * Linear interpolation as nnU-Net's {@code resample_torch_fornnunet}: single precision always.
   */
  TORCH_LINEAR,
  /** The nearest voxel. */
  NEAREST
}
