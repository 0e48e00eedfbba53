package dev.lss.api;

/**
 * How fat was told from muscle. Values of two methods differ even of one muscle in one image, by a
 * tenth and more, and are never compared ({@link MuscleComposition#requireComparable}).
 */
public enum FatMethod {
  /**
   * Dixon: the mean over voxels of fat / (fat + water). A share of the signal, not proton density,
   * unless the scanner made it that.
   */
  DIXON_MEAN_OF_VOXELS,
  /** Dixon: the sum of fat over the sum of fat and water; weights voxels by their signal. */
  DIXON_RATIO_OF_SUMS,
  /** {@link #DIXON_RATIO_OF_SUMS} of signals that were freed of the noise's (Rician) bias. */
  DIXON_RATIO_OF_NOISE_CORRECTED_SUMS,
  /**
   * In and opposed phase: the mean over voxels of (in - opposed) / (2 in). It cannot tell fat from
   * water: 0.7 reads 0.3, and the decay between the echoes (T2*) shifts it.
   */
  IN_OPPOSED_PHASE,
  /** The voxels of the brightest of three Gaussian components. */
  GAUSSIAN_MIXTURE_3(true),
  /** The voxels of the brighter of two Gaussian components. */
  GAUSSIAN_MIXTURE_2(true),
  /** The voxels of the brightest of three clusters of least squares. */
  K_MEANS_3(true),
  /** The voxels of the brighter of two clusters of least squares. */
  K_MEANS_2(true),
  /** The voxels above the exact threshold of Otsu 1979. */
  OTSU(true),
  /** CT: voxels of -190 to -30 HU among those of -190 to 150 HU. */
  HU_CLASSES,
  /** Nothing in the study tells fat from muscle. */
  NONE;

  private final boolean threshold;

  FatMethod() {
    this(false);
  }

  FatMethod(boolean threshold) {
    this.threshold = threshold;
  }

  /** Returns whether it parts the brightness of one image, where fat is taken as bright. */
  public boolean isThreshold() {
    return threshold;
  }
}
