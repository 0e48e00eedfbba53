package dev.lss.core.nnunet;

import dev.lss.api.model.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads how the channels of a configuration are normalised: {@code normalization_schemes} and
 * {@code use_mask_for_norm}, which only z-scores follow. The numbers of a CT come from the top of
 * the plans.
 */
final class NormalizationReader {

  private enum Scheme {
    CT,
    Z_SCORE,
    NONE,
    RESCALE_0_1,
    RGB_0_1
  }

  private static final Map<String, Scheme> SCHEMES =
      Map.of(
          "CTNormalization", Scheme.CT,
          "ZScoreNormalization", Scheme.Z_SCORE,
          "NoNormalization", Scheme.NONE,
          "RescaleTo01Normalization", Scheme.RESCALE_0_1,
          "RGBTo01Normalization", Scheme.RGB_0_1);

  private NormalizationReader() {}

  static List<Normalization> read(JsonPlace configuration, JsonPlace plans) {
    List<JsonPlace> schemes = configuration.at("normalization_schemes").items();
    List<JsonPlace> masks = configuration.at("use_mask_for_norm").items();
    if (schemes.isEmpty() || schemes.size() > NnUnetDataset.MOST_CHANNELS) {
      throw configuration
          .at("normalization_schemes")
          .wrong(
              "wanted 1 to %s entries, found %s"
                  .formatted(NnUnetDataset.MOST_CHANNELS, schemes.size()));
    }
    if (schemes.size() != masks.size()) {
      throw configuration
          .at("use_mask_for_norm")
          .wrong("wanted %s entries, found %s".formatted(schemes.size(), masks.size()));
    }
    List<Normalization> normalizations = new ArrayList<>();
    for (int c = 0; c < schemes.size(); c++) {
      boolean onlyInside = masks.get(c).bool();
      normalizations.add(
          switch (schemes.get(c).oneOf(SCHEMES)) {
            case CT -> ctClip(plans, c);
            case Z_SCORE ->
                onlyInside ? new Normalization.ZScoreInMask() : new Normalization.ZScore();
            case NONE -> new Normalization.None();
            case RESCALE_0_1 -> new Normalization.Rescale01();
            case RGB_0_1 -> new Normalization.Rgb01();
          });
    }
    return normalizations;
  }

  private static Normalization ctClip(JsonPlace plans, int channel) {
    String field =
        plans.has("foreground_intensity_properties_per_channel")
            ? "foreground_intensity_properties_per_channel"
            : "foreground_intensity_properties_by_modality"; // nnU-Net 2.0
    JsonPlace numbers = plans.at(field).at(String.valueOf(channel));
    return numbers.build(
        () ->
            new Normalization.CtClip(
                numbers.at("percentile_00_5").number(),
                numbers.at("percentile_99_5").number(),
                numbers.at("mean").number(),
                numbers.at("std").number()));
  }
}
