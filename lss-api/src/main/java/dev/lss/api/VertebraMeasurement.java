package dev.lss.api;

import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import java.util.Objects;
import java.util.OptionalDouble;

/** What one segmented vertebra measures. Immutable. */
public final class VertebraMeasurement implements Measurement {

  private final VertebraLevel level;
  private final double volumeMm3;
  private final Vector3 centroidMm;
  private final double meanHu;
  private final OptionalDouble bodyMeanHu;
  private final boolean touchesBorder;

  private VertebraMeasurement(Builder b) {
    level = b.level;
    volumeMm3 = b.volumeMm3;
    centroidMm = b.centroidMm;
    meanHu = b.meanHu;
    bodyMeanHu = b.bodyMeanHu;
    touchesBorder = b.touchesBorder;
    if (!(volumeMm3 > 0)) {
      throw new IllegalArgumentException("volumeMm3 must be positive, was " + volumeMm3);
    }
    if (!centroidMm.isFinite() || !Double.isFinite(meanHu)) {
      throw new IllegalArgumentException("centroid and mean must be finite");
    }
  }

  /**
   * Starts a measurement.
   *
   * @param level which vertebra
   * @param volumeMm3 voxels times voxel volume, in mm³; positive, since absent vertebrae are not
   *     measured
   * @param centroidMm mean position of the voxel centres, LPS mm
   * @param meanHu mean of the CT over all voxels of the vertebra
   */
  public static Builder builder(
      VertebraLevel level, double volumeMm3, Vector3 centroidMm, double meanHu) {
    return new Builder(level, volumeMm3, centroidMm, meanHu);
  }

  @Override
  public Structure.Vertebra structure() {
    return new Structure.Vertebra(level);
  }

  /** Returns which vertebra was measured. */
  public VertebraLevel level() {
    return level;
  }

  /** Returns voxels times voxel volume, in mm³; of the part in view; positive. */
  public double volumeMm3() {
    return volumeMm3;
  }

  /** Returns the mean position of the voxel centres, LPS mm; of the part in view. */
  public Vector3 centroidMm() {
    return centroidMm;
  }

  /** Returns the mean of the CT over all voxels of the vertebra. */
  public double meanHu() {
    return meanHu;
  }

  /**
   * Returns the mean of the CT over the inner part of the vertebral body; empty when no body core
   * could be found, as in a vertebra cut by the border of the image.
   */
  public OptionalDouble bodyMeanHu() {
    return bodyMeanHu;
  }

  /**
   * Returns whether a voxel lies on the border of the image, so that part of the vertebra may be
   * out of view.
   */
  public boolean touchesBorder() {
    return touchesBorder;
  }

  @Override
  public String toString() {
    return "%s %.0f mm³".formatted(level, volumeMm3);
  }

  /** Collects the parts of a measurement. Not thread-safe. */
  public static final class Builder {

    private final VertebraLevel level;
    private final double volumeMm3;
    private final Vector3 centroidMm;
    private final double meanHu;
    private OptionalDouble bodyMeanHu = OptionalDouble.empty();
    private boolean touchesBorder;

    private Builder(VertebraLevel level, double volumeMm3, Vector3 centroidMm, double meanHu) {
      this.level = Objects.requireNonNull(level, "level");
      this.volumeMm3 = volumeMm3;
      this.centroidMm = Objects.requireNonNull(centroidMm, "centroidMm");
      this.meanHu = meanHu;
    }

    /** Sets the mean of the CT over the inner part of the body. */
    public Builder bodyMeanHu(OptionalDouble mean) {
      bodyMeanHu = Objects.requireNonNull(mean, "bodyMeanHu");
      return this;
    }

    /** Sets whether a voxel lies on the border of the image. */
    public Builder touchesBorder(boolean touches) {
      touchesBorder = touches;
      return this;
    }

    /**
     * Returns the measurement.
     *
     * @throws IllegalArgumentException when the volume is not positive or a number is not finite
     */
    public VertebraMeasurement build() {
      return new VertebraMeasurement(this);
    }
  }
}
