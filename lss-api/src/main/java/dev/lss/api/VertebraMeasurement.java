package dev.lss.api;

import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** What one segmented vertebra measures. Immutable. */
public final class VertebraMeasurement implements Measurement {

  private final VertebraLevel level;
  private final double volumeMm3;
  private final Vector3 centroidMm;
  private final OptionalDouble meanHu;
  private final OptionalDouble bodyMeanHu;
  private final boolean holdsMetal;
  private final boolean touchesBorder;
  private final OptionalDouble levelConfidence;
  private final Optional<VertebralShape> shape;

  private VertebraMeasurement(Builder b) {
    level = b.level;
    volumeMm3 = b.volumeMm3;
    centroidMm = b.centroidMm;
    meanHu = b.meanHu;
    bodyMeanHu = b.bodyMeanHu;
    holdsMetal = b.holdsMetal;
    touchesBorder = b.touchesBorder;
    levelConfidence = b.levelConfidence;
    shape = b.shape;
    if (!(volumeMm3 > 0)) {
      throw new IllegalArgumentException("volumeMm3 must be positive, was " + volumeMm3);
    }
    if (!centroidMm.isFinite() || !Double.isFinite(meanHu.orElse(0))) {
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
   */
  public static Builder builder(VertebraLevel level, double volumeMm3, Vector3 centroidMm) {
    return new Builder(level, volumeMm3, centroidMm);
  }

  /** Returns a builder that holds everything of this measurement. */
  public Builder toBuilder() {
    return new Builder(level, volumeMm3, centroidMm)
        .meanHu(meanHu)
        .bodyMeanHu(bodyMeanHu)
        .holdsMetal(holdsMetal)
        .touchesBorder(touchesBorder)
        .levelConfidence(levelConfidence)
        .shape(shape);
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

  /**
   * Returns the mean of the CT over all voxels of the vertebra; empty when the values of the image
   * cannot be Hounsfield units, which the notice {@code NOT_HU} says.
   */
  public OptionalDouble meanHu() {
    return meanHu;
  }

  /**
   * Returns the mean of the CT over the inner part of the vertebral body; empty when no body core
   * could be found, as in a vertebra cut by the border of the image, and where {@link #meanHu} is.
   */
  public OptionalDouble bodyMeanHu() {
    return bodyMeanHu;
  }

  /**
   * Returns whether it holds metal or cement: more than 20 mm³ above 2500 HU. Means and, by the
   * streaks of metal, the outline are then unreliable.
   */
  public boolean holdsMetal() {
    return holdsMetal;
  }

  /**
   * Returns whether a voxel lies on the border of the image, so that part of the vertebra may be
   * out of view.
   */
  public boolean touchesBorder() {
    return touchesBorder;
  }

  /**
   * Returns the probability that the levels of the spine are right, this one among them, in [0, 1],
   * cut off after four decimals; empty where labels were given and not named.
   */
  public OptionalDouble levelConfidence() {
    return levelConfidence;
  }

  /** Returns the form of its body; empty when it was not measured. */
  public Optional<VertebralShape> shape() {
    return shape;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.0f mm³", level, volumeMm3);
  }

  /** Collects the parts of a measurement. Not thread-safe. */
  public static final class Builder {

    private final VertebraLevel level;
    private final double volumeMm3;
    private final Vector3 centroidMm;
    private OptionalDouble meanHu = OptionalDouble.empty();
    private OptionalDouble bodyMeanHu = OptionalDouble.empty();
    private boolean holdsMetal;
    private boolean touchesBorder;
    private OptionalDouble levelConfidence = OptionalDouble.empty();
    private Optional<VertebralShape> shape = Optional.empty();

    private Builder(VertebraLevel level, double volumeMm3, Vector3 centroidMm) {
      this.level = Objects.requireNonNull(level, "level");
      this.volumeMm3 = volumeMm3;
      this.centroidMm = Objects.requireNonNull(centroidMm, "centroidMm");
    }

    /** Sets the mean of the CT over the whole vertebra. */
    public Builder meanHu(OptionalDouble mean) {
      meanHu = Objects.requireNonNull(mean, "meanHu");
      return this;
    }

    /** Sets the mean of the CT over the inner part of the body. */
    public Builder bodyMeanHu(OptionalDouble mean) {
      bodyMeanHu = Objects.requireNonNull(mean, "bodyMeanHu");
      return this;
    }

    /** Sets whether it holds metal or cement. */
    public Builder holdsMetal(boolean holds) {
      holdsMetal = holds;
      return this;
    }

    /** Sets whether a voxel lies on the border of the image. */
    public Builder touchesBorder(boolean touches) {
      touchesBorder = touches;
      return this;
    }

    /** Sets the probability that the levels are right. */
    public Builder levelConfidence(OptionalDouble probability) {
      levelConfidence = Objects.requireNonNull(probability, "levelConfidence");
      return this;
    }

    /** Sets the form of its body. */
    public Builder shape(Optional<VertebralShape> measured) {
      shape = Objects.requireNonNull(measured, "shape");
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
