package dev.lss.core.nnunet;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One of the three resampling functions of a configuration: for images, for label maps, for logits.
 * Immutable.
 *
 * @param function which function of nnU-Net
 * @param isSegmentation whether labels are resampled one by one
 * @param order spline order within a slice, 0, 1 or 3; 1 for the linear torch function
 * @param orderZ order along the coarse axis when that is resampled apart; 0 is nearest
 * @param forceSeparateZ whether the coarse axis is resampled apart; empty leaves it to the spacing
 */
public record NnUnetResampling(
    Function function,
    boolean isSegmentation,
    int order,
    int orderZ,
    Optional<Boolean> forceSeparateZ) {

  /** The functions that nnU-Net brings. */
  public enum Function {
    /** {@code resample_data_or_seg_to_shape}: splines in double. */
    SPLINE,
    /** {@code resample_torch_fornnunet}: linear in float32. */
    TORCH_LINEAR
  }

  private static final Map<String, Function> FUNCTIONS =
      Map.of(
          "resample_data_or_seg_to_shape", Function.SPLINE,
          "resample_torch_fornnunet", Function.TORCH_LINEAR);

  /** Reads {@code field} and {@code field_kwargs}; the defaults are the function's own. */
  static NnUnetResampling read(JsonPlace configuration, String field) {
    Function function = configuration.at(field).oneOf(FUNCTIONS);
    JsonPlace kwargs = configuration.at(field + "_kwargs");
    Optional<Boolean> separate = kwargs.find("force_separate_z").map(JsonPlace::bool);
    boolean segmentation = kwargs.find("is_seg").map(JsonPlace::bool).orElse(false);
    if (function == Function.SPLINE) {
      kwargs.onlyFields(Set.of("is_seg", "order", "order_z", "force_separate_z"));
      return new NnUnetResampling(
          function, segmentation, order(kwargs, "order", 3), order(kwargs, "order_z", 0), separate);
    }
    kwargs.onlyFields(
        Set.of(
            "is_seg",
            "num_threads",
            "device",
            "memefficient_seg_resampling",
            "force_separate_z",
            "mode",
            "aniso_axis_mode"));
    kwargs.find("mode").ifPresent(mode -> mode.oneOf(Map.of("linear", true)));
    kwargs.find("aniso_axis_mode").ifPresent(mode -> mode.oneOf(Map.of("nearest-exact", true)));
    return new NnUnetResampling(function, segmentation, 1, 0, separate);
  }

  private static int order(JsonPlace kwargs, String field, int otherwise) {
    if (!kwargs.has(field)) {
      return otherwise;
    }
    int order = kwargs.at(field).integer(0, 5);
    if (order != 0 && order != 1 && order != 3) {
      throw kwargs.at(field).unknown(String.valueOf(order), Set.of("0", "1", "3"));
    }
    return order;
  }
}
