package dev.lss.api;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import java.util.OptionalDouble;

/**
 * What one segmented vertebra measures. Immutable.
 *
 * @param level which vertebra
 * @param volumeMm3 voxels times voxel volume, in mm³; positive, since absent vertebrae are not
 *     measured
 * @param centroidMm mean position of the voxel centres, LPS mm; of the part in view
 * @param meanHu mean of the CT over all voxels of the vertebra
 * @param bodyMeanHu mean of the CT over the inner part of the vertebral body; empty when no body
 *     core could be found, as in a vertebra cut by the border of the image
 * @param touchesBorder whether a voxel of it lies on the border of the image, so that part of it
 *     may be out of view and volume and centroid are of the visible part
 */
public record VertebraMeasurement(
    VertebraLevel level,
    double volumeMm3,
    Vector3 centroidMm,
    double meanHu,
    OptionalDouble bodyMeanHu,
    boolean touchesBorder) {

  /** Refuses a volume that is not positive and numbers that are not finite. */
  public VertebraMeasurement {
    if (!(volumeMm3 > 0)) {
      throw new IllegalArgumentException("volumeMm3 must be positive, was " + volumeMm3);
    }
    if (!centroidMm.isFinite() || !Double.isFinite(meanHu)) {
      throw new IllegalArgumentException("centroid and mean must be finite");
    }
  }
}
