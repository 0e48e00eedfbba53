package dev.lss.core.nnunet;

import dev.lss.api.model.Normalization;
import java.util.Map;
import java.util.Optional;

/**
 * How one channel is normalised before resampling. Immutable.
 *
 * @param scheme nnU-Net's class
 * @param onlyInside whether a z-score looks only at the voxels that are not empty
 * @param ct the numbers of {@link Scheme#CT}, else empty
 */
public record NnUnetNormalization(
    Scheme scheme, boolean onlyInside, Optional<Normalization.CtClip> ct) {

  /** The schemes that nnU-Net brings. */
  public enum Scheme {
    /** Clipped to percentiles of the training's foreground, minus its mean, by its deviation. */
    CT,
    /** Minus the image's mean, by its deviation. */
    Z_SCORE,
    /** As it is. */
    NONE,
    /** The image's minimum to 0, its maximum to 1. */
    RESCALE_0_1,
    /** Divided by 255. */
    RGB_0_1
  }

  private static final Map<String, Scheme> SCHEMES =
      Map.of(
          "CTNormalization", Scheme.CT,
          "ZScoreNormalization", Scheme.Z_SCORE,
          "NoNormalization", Scheme.NONE,
          "RescaleTo01Normalization", Scheme.RESCALE_0_1,
          "RGBTo01Normalization", Scheme.RGB_0_1);

  /** Reads the scheme of a channel; the numbers of a CT come from the top of the plans. */
  static NnUnetNormalization read(
      JsonPlace scheme, boolean onlyInside, JsonPlace plans, int channel) {
    Scheme found = scheme.oneOf(SCHEMES);
    if (found != Scheme.CT) {
      return new NnUnetNormalization(found, onlyInside, Optional.empty());
    }
    String field =
        plans.has("foreground_intensity_properties_per_channel")
            ? "foreground_intensity_properties_per_channel"
            : "foreground_intensity_properties_by_modality"; // nnU-Net 2.0
    JsonPlace numbers = plans.at(field).at(String.valueOf(channel));
    double lower = numbers.at("percentile_00_5").number();
    double upper = numbers.at("percentile_99_5").number();
    double mean = numbers.at("mean").number();
    double std = numbers.at("std").number();
    try {
      return new NnUnetNormalization(
          found, onlyInside, Optional.of(new Normalization.CtClip(lower, upper, mean, std)));
    } catch (IllegalArgumentException e) {
      throw numbers.wrong(String.valueOf(e.getMessage()));
    }
  }

  /** Returns the same in the words of a model package. */
  public Normalization asNormalization() {
    return switch (scheme) {
      case CT -> ct.orElseThrow();
      case Z_SCORE -> onlyInside ? new Normalization.ZScoreInMask() : new Normalization.ZScore();
      case NONE -> new Normalization.None();
      case RESCALE_0_1 -> new Normalization.Rescale01();
      case RGB_0_1 -> new Normalization.Rgb01();
    };
  }
}
