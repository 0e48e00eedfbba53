package dev.lss.core.io;

/** What voxels of a file become that are NaN or infinite; a notice counts them. */
public enum NonFiniteRule {
  /** The smallest finite value of the image, which is air in a CT. */
  SMALLEST,

  /**
   * What 0 stands for in the file, as ITK's reader of NIfTI files has it, which nnU-Net uses: 0
   * unless the header has an intercept.
   */
  STORED_ZERO
}
