package dev.lss.api.model;

/** How values or labels reach another grid; all use half-pixel grids. */
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
  NEAREST,
  /**
   * For labels: each by itself as an image of 0 and 1, linearly; a voxel takes the label that is
   * largest there. Of equal ones it takes the nearest voxel's if that is among them, else the
   * smallest. nnU-Net's rule with batchgenerators 0.25.4 and later.
   */
  LABEL_ARGMAX,
  /**
   * For labels: each by itself as an image of 0 and 1, linearly; a voxel takes the largest label
   * value that reaches one half there, or background. nnU-Net's rule with batchgenerators up to
   * 0.25.3.
   */
  LABEL_HALF
}
