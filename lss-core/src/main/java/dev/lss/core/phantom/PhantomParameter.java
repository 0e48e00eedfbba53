package dev.lss.core.phantom;

/**
 * The numbers that describe a phantom, each with the range that phantoms are drawn from. Lengths
 * are in mm, angles in degrees, attenuations in Hounsfield units. The ranges are those of the
 * phantom family in lss_training/ct/phantom.py.
 */
public enum PhantomParameter {
  /** Half the width of the body of L5; each level above is 3.2 % of it smaller. */
  BODY_HALF_WIDTH_MM(19, 28),
  /** Half the depth of the body of L5; 1.8 % smaller per level. */
  BODY_HALF_DEPTH_MM(14, 19.5),
  /** Half the height of the body of L5; 1.5 % smaller per level. */
  BODY_HALF_HEIGHT_MM(11.5, 16.5),
  /** Share by which the middle of a body is narrower than its endplates. */
  WAIST(0.04, 0.14),
  /** Gap between the bodies; 4 % smaller per level. */
  DISC_MM(6, 12),
  /** Half the width of the vertebral canal. */
  CANAL_HALF_WIDTH_MM(10, 13.5),
  /** Half the depth of the vertebral canal. */
  CANAL_HALF_DEPTH_MM(7, 9.5),
  /** Radius of a lumbar pedicle; thoracic ones have 0.9 of it. */
  PEDICLE_RADIUS_MM(4, 6.5),
  /** Half the thickness of a lamina. */
  LAMINA_THICKNESS_MM(2.5, 4.2),
  /** Half the height of a lamina. */
  LAMINA_HALF_HEIGHT_MM(7.5, 10.5),
  /** Length of the spinous process behind the canal. */
  SPINOUS_LENGTH_MM(24, 34),
  /** Half the height of the spinous process. */
  SPINOUS_HALF_HEIGHT_MM(7, 11),
  /** Half the thickness of the spinous process. */
  SPINOUS_HALF_THICKNESS_MM(2.5, 4.5),
  /** How far the spinous process points downwards; 8 degrees more in the thoracic spine. */
  SPINOUS_DROP_DEG(2, 18),
  /** Length of a transverse process; 0.45 of it at T12 and T11. */
  TRANSVERSE_LENGTH_MM(14, 24),
  /** Radius of a transverse process. */
  TRANSVERSE_RADIUS_MM(3, 4.8),
  /** How far the tip of a transverse process lies above its root. */
  TRANSVERSE_UP_MM(-2, 5),
  /** How far a transverse process points backwards. */
  TRANSVERSE_BACK_DEG(8, 30),
  /** Radius of an articular process. */
  FACET_RADIUS_MM(3.8, 5.4),
  /** How far an upper articular process reaches beyond the middle of the disc. */
  FACET_UP_MM(2, 6),
  /** How far a lower articular process reaches beyond the middle of the disc. */
  FACET_DOWN_MM(3, 7),
  /** Factor on the sagittal curvature of an average adult. */
  LORDOSIS(0.4, 1.3),
  /** Largest lean of a level to the left, negative to the right. */
  SCOLIOSIS_DEG(-10, 10),
  /** Thickness of the cortex; a wall thinner than a voxel would hide where the bone ends. */
  SHELL_MM(2.0, 2.5),
  /** Attenuation of the cortex. */
  SHELL_HU(300, 550),
  /** Attenuation of the bone inside the cortex. */
  CORE_HU(100, 220),
  /** Attenuation of muscle. */
  SOFT_HU(20, 70),
  /** Attenuation of a disc. */
  DISC_HU(60, 120),
  /** Attenuation of the contents of the canal. */
  CANAL_HU(5, 35),
  /** Attenuation of fat. */
  FAT_HU(-120, -80),
  /** Half the width of the trunk. */
  TRUNK_HALF_WIDTH_MM(130, 190),
  /** Half the depth of the trunk. */
  TRUNK_HALF_DEPTH_MM(95, 135),
  /** Standard deviation of the image noise. */
  NOISE_HU(3, 45),
  /** Standard deviation of the voxel-wise texture inside the cortex. */
  TEXTURE_HU(0, 30);

  private final double low;
  private final double high;

  PhantomParameter(double low, double high) {
    this.low = low;
    this.high = high;
  }

  /** Returns the lower end of the range. */
  public double low() {
    return low;
  }

  /** Returns the upper end of the range. */
  public double high() {
    return high;
  }
}
