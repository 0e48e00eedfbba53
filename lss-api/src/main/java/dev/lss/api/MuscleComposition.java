package dev.lss.api;

import dev.lss.api.anatomy.Muscle;
import dev.lss.api.anatomy.Side;
import dev.lss.api.anatomy.Structure;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How large one muscle is and how much fat it holds. Immutable.
 *
 * <p>Fat is counted inside the muscle's outline only; fat between muscles and fascia belongs to
 * none. What is not known is empty, never 0. Two compositions are compared only where {@link
 * #requireComparable} lets them.
 */
public final class MuscleComposition implements Measurement {

  private final Structure.Muscle structure;
  private final long voxels;
  private final double volumeMm3;
  private final double lengthMm;
  private final FatMethod fatMethod;
  private final List<FatShare> fatShares;
  private final Optional<String> fatUndefined;
  private final boolean biasFieldCorrected;
  private final OptionalDouble volumeAsymmetryPercent;
  private final Optional<AttenuationClasses> attenuation;
  private final List<MuscleSection> slices;
  private final List<MuscleSection> levels;
  private final boolean touchesBorder;

  private MuscleComposition(Builder b) {
    structure = b.structure;
    voxels = b.voxels;
    volumeMm3 = b.volumeMm3;
    lengthMm = b.lengthMm;
    fatMethod = b.fatMethod;
    fatShares = b.fatShares;
    fatUndefined = b.fatUndefined;
    biasFieldCorrected = b.biasFieldCorrected;
    volumeAsymmetryPercent = b.volumeAsymmetryPercent;
    attenuation = b.attenuation;
    slices = b.slices;
    levels = b.levels;
    touchesBorder = b.touchesBorder;
  }

  /**
   * Starts a composition without fat, sections and comparison with the other side.
   *
   * @param structure the muscle
   * @param voxels how many voxels it has, at least 1
   * @param volumeMm3 volume inside its outline, muscle and fat together, in mm³, positive
   * @param lengthMm the extent along its course that the image covers, in mm, positive
   */
  public static Builder builder(
      Structure.Muscle structure, long voxels, double volumeMm3, double lengthMm) {
    return new Builder(structure, voxels, volumeMm3, lengthMm);
  }

  /** Returns a builder that holds everything of this composition. */
  public Builder toBuilder() {
    Builder builder = new Builder(structure, voxels, volumeMm3, lengthMm);
    builder.fatMethod = fatMethod;
    builder.fatShares = fatShares;
    builder.fatUndefined = fatUndefined;
    builder.biasFieldCorrected = biasFieldCorrected;
    builder.volumeAsymmetryPercent = volumeAsymmetryPercent;
    builder.attenuation = attenuation;
    builder.slices = slices;
    builder.levels = levels;
    builder.touchesBorder = touchesBorder;
    return builder;
  }

  @Override
  public Structure.Muscle structure() {
    return structure;
  }

  /** Returns which muscle it is. */
  public Muscle muscle() {
    return structure.muscle();
  }

  /** Returns on which side of the patient it lies. */
  public Side side() {
    return structure.side();
  }

  /** Returns how many voxels were measured, at least 1. */
  public long voxels() {
    return voxels;
  }

  /**
   * Returns the volume inside the outline, muscle and fat together, in mm³; a lower bound when
   * {@link #touchesBorder()}.
   */
  public double volumeMm3() {
    return volumeMm3;
  }

  /** Returns the extent along its course that the image covers, in mm: slices times distance. */
  public double lengthMm() {
    return lengthMm;
  }

  /** Returns the mean cross-sectional area, volume over length, in mm². */
  public double meanCsaMm2() {
    return volumeMm3 / lengthMm;
  }

  /** Returns how {@link #fatFraction()} was found; {@code NONE} when it was not. */
  public FatMethod fatMethod() {
    return fatMethod;
  }

  /** Returns the share of fat by {@link #fatMethod()}; empty when nothing tells it. */
  public OptionalDouble fatFraction() {
    return fatFraction(fatMethod);
  }

  /** Returns the share of fat by a method; empty when it was not asked or not defined. */
  public OptionalDouble fatFraction(FatMethod method) {
    return fatShares.stream()
        .filter(share -> share.method() == method)
        .mapToDouble(FatShare::fraction)
        .findFirst();
  }

  /** Returns the shares of fat by all methods that the series allow, that of fatMethod first. */
  public List<FatShare> fatShares() {
    return fatShares;
  }

  /** Returns the reason code where {@link #fatFraction()} is empty. */
  public Optional<String> fatUndefined() {
    return fatUndefined;
  }

  /**
   * Returns whether a slow change of brightness over the image was removed before fat was told from
   * muscle by brightness. Dixon and CT need none.
   */
  public boolean biasFieldCorrected() {
    return biasFieldCorrected;
  }

  /** Returns the volume that is not fat, in mm³; empty when the share of fat is not known. */
  public OptionalDouble leanVolumeMm3() {
    OptionalDouble fat = fatFraction();
    return fat.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(volumeMm3 * (1 - fat.getAsDouble()));
  }

  /**
   * Returns 100 (left - right) / mean of both volumes, in per cent, positive when the left one is
   * larger; the same on both sides, empty when the other side is not there.
   */
  public OptionalDouble volumeAsymmetryPercent() {
    return volumeAsymmetryPercent;
  }

  /** Returns the classes of HU, on CT. */
  public Optional<AttenuationClasses> attenuation() {
    return attenuation;
  }

  /** Returns the section in each slice that the muscle is in, in the order of the image. */
  public List<MuscleSection> slices() {
    return slices;
  }

  /**
   * Returns the sections at the middle of vertebrae and discs, cranial first; empty when no labels
   * of the spine were given.
   */
  public List<MuscleSection> levels() {
    return levels;
  }

  /**
   * Returns whether the muscle reaches the edge of the image, so that a part of it is out of view:
   * volume and length are then those of the part that is seen.
   */
  public boolean touchesBorder() {
    return touchesBorder;
  }

  /**
   * Refuses to compare the share of fat of this muscle with that of another composition, of the
   * other side or at another time, where the two are not of one kind.
   *
   * @throws IllegalArgumentException when the muscles differ, or the methods, or one is not known,
   *     or the bias field was removed in one alone; the message says which
   */
  public void requireComparable(MuscleComposition other) {
    if (muscle() != other.muscle()) {
      throw new IllegalArgumentException(
          "%s cannot be compared with %s".formatted(structure.key(), other.structure.key()));
    }
    if (fatMethod != other.fatMethod || fatFraction().isEmpty() || other.fatFraction().isEmpty()) {
      throw new IllegalArgumentException(
          "shares of fat by %s and by %s cannot be compared".formatted(fatMethod, other.fatMethod));
    }
    if (biasFieldCorrected != other.biasFieldCorrected) {
      throw new IllegalArgumentException(
          "shares of fat with and without a correction of the bias field cannot be compared");
    }
  }

  /**
   * Returns the share of fat of this muscle less that of another composition.
   *
   * @throws IllegalArgumentException as {@link #requireComparable}
   */
  public double fatFractionMinus(MuscleComposition other) {
    requireComparable(other);
    return fatFraction().orElseThrow() - other.fatFraction().orElseThrow();
  }

  /**
   * Returns the volume of this muscle less that of another composition, in mm³.
   *
   * @throws IllegalArgumentException when the muscles differ or one is seen in part only
   */
  public double volumeMm3Minus(MuscleComposition other) {
    if (muscle() != other.muscle() || touchesBorder || other.touchesBorder) {
      throw new IllegalArgumentException(
          "volumes of %s and %s cannot be compared: other muscles, or a part is out of view"
              .formatted(structure.key(), other.structure.key()));
    }
    return volumeMm3 - other.volumeMm3;
  }

  @Override
  public String toString() {
    return "%s: %s mm3, fat %s (%s)"
        .formatted(structure.key(), volumeMm3, fatFraction(), fatMethod);
  }

  /** Builds a {@link MuscleComposition}. Not thread-safe. */
  public static final class Builder {

    private final Structure.Muscle structure;
    private final long voxels;
    private final double volumeMm3;
    private final double lengthMm;
    private FatMethod fatMethod = FatMethod.NONE;
    private List<FatShare> fatShares = List.of();
    private Optional<String> fatUndefined = Optional.empty();
    private boolean biasFieldCorrected;
    private OptionalDouble volumeAsymmetryPercent = OptionalDouble.empty();
    private Optional<AttenuationClasses> attenuation = Optional.empty();
    private List<MuscleSection> slices = List.of();
    private List<MuscleSection> levels = List.of();
    private boolean touchesBorder;

    private Builder(Structure.Muscle structure, long voxels, double volumeMm3, double lengthMm) {
      this.structure = Objects.requireNonNull(structure, "structure");
      if (voxels < 1 || !(volumeMm3 > 0) || !(lengthMm > 0)) {
        throw new IllegalArgumentException(
            "a muscle has voxels, a volume and a length, had %s, %s mm3, %s mm"
                .formatted(voxels, volumeMm3, lengthMm));
      }
      this.voxels = voxels;
      this.volumeMm3 = volumeMm3;
      this.lengthMm = lengthMm;
    }

    /**
     * Sets the shares of fat.
     *
     * @param shares by each method that was used, the main one first; at least one
     */
    public Builder fat(List<FatShare> shares) {
      fatShares = List.copyOf(shares);
      fatMethod = fatShares.get(0).method();
      fatUndefined = Optional.empty();
      return this;
    }

    /** Says why the share of fat is not known, by a code, and by which method it was sought. */
    public Builder fatUndefined(FatMethod method, String reason) {
      fatShares = List.of();
      fatMethod = method;
      fatUndefined = Optional.of(reason);
      return this;
    }

    /** Sets whether slow changes of brightness were removed. */
    public Builder biasFieldCorrected(boolean corrected) {
      biasFieldCorrected = corrected;
      return this;
    }

    /** Sets the asymmetry of the volumes, in per cent. */
    public Builder volumeAsymmetryPercent(double percent) {
      volumeAsymmetryPercent = OptionalDouble.of(percent);
      return this;
    }

    /** Sets the classes of HU. */
    public Builder attenuation(AttenuationClasses classes) {
      attenuation = Optional.of(classes);
      return this;
    }

    /** Sets the section of each slice. */
    public Builder slices(List<MuscleSection> inOrder) {
      slices = List.copyOf(inOrder);
      return this;
    }

    /** Sets the sections at vertebrae and discs. */
    public Builder levels(List<MuscleSection> cranialFirst) {
      levels = List.copyOf(cranialFirst);
      return this;
    }

    /** Sets whether a part may be out of view. */
    public Builder touchesBorder(boolean touches) {
      touchesBorder = touches;
      return this;
    }

    /** Returns the composition. */
    public MuscleComposition build() {
      return new MuscleComposition(this);
    }
  }
}
