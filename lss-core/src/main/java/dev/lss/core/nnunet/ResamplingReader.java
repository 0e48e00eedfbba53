package dev.lss.core.nnunet;

import dev.lss.api.model.Resampling;
import dev.lss.api.model.Resampling.SeparateZ;
import dev.lss.api.model.ResamplingRule;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the three resampling functions of a configuration with their arguments, {@code
 * resampling_fn_data} and so on. {@code resample_data_or_seg_to_shape} takes the order of a spline
 * within a slice; the defaults are its own: order 3, the nearest slice across thick ones, thick or
 * not by the spacing. {@code resample_torch_fornnunet} is linear. What LSS cannot do is {@code
 * NNUNET_UNSUPPORTED}.
 */
final class ResamplingReader {

  private static final String SPLINE = "resample_data_or_seg_to_shape";
  private static final String TORCH = "resample_torch_fornnunet";

  private static final Map<Integer, ResamplingRule> IMAGE_ORDERS =
      Map.of(0, ResamplingRule.NEAREST, 1, ResamplingRule.LINEAR, 3, ResamplingRule.CUBIC);
  private static final Map<Integer, ResamplingRule> LOGIT_ORDERS = Map.of(1, ResamplingRule.LINEAR);

  private ResamplingReader() {}

  /** Returns how images reach the grid of the network. */
  static Resampling images(JsonPlace configuration) {
    return isTorch(configuration.at("resampling_fn_data"))
        ? torch(configuration.at("resampling_fn_data_kwargs"))
        : spline(configuration.at("resampling_fn_data_kwargs"), false, IMAGE_ORDERS);
  }

  /** Returns how logits are brought back. */
  static Resampling logits(JsonPlace configuration) {
    return isTorch(configuration.at("resampling_fn_probabilities"))
        ? torch(configuration.at("resampling_fn_probabilities_kwargs"))
        : spline(configuration.at("resampling_fn_probabilities_kwargs"), false, LOGIT_ORDERS);
  }

  /**
   * Returns how the labels of an earlier stage reach the grid of the network.
   *
   * @param linear what order 1 means, which plans do not say: it depends on the version of
   *     batchgenerators
   */
  static Resampling previousLabels(JsonPlace configuration, ResamplingRule linear) {
    configuration.at("resampling_fn_seg").oneOf(Map.of(SPLINE, true));
    return spline(
        configuration.at("resampling_fn_seg_kwargs"),
        true,
        Map.of(0, ResamplingRule.NEAREST, 1, linear));
  }

  private static boolean isTorch(JsonPlace function) {
    return function.oneOf(Map.of(SPLINE, false, TORCH, true));
  }

  private static Resampling spline(
      JsonPlace kwargs, boolean ofLabels, Map<Integer, ResamplingRule> orders) {
    kwargs.onlyFields(Set.of("is_seg", "order", "order_z", "force_separate_z"));
    requireOf(kwargs, ofLabels);
    int order = kwargs.find("order").map(v -> v.integer(0, 5)).orElse(3);
    int orderZ = kwargs.find("order_z").map(v -> v.integer(0, 5)).orElse(0);
    ResamplingRule rule = orders.get(order);
    if (rule == null || orderZ != 0) {
      throw kwargs.unknown(
          "order %s, order_z %s".formatted(order, orderZ),
          orders.keySet().stream().map("order %s, order_z 0"::formatted).toList());
    }
    return new Resampling(rule, separateZ(kwargs));
  }

  private static Resampling torch(JsonPlace kwargs) {
    kwargs.onlyFields(
        Set.of(
            "is_seg",
            "num_threads",
            "device",
            "memefficient_seg_resampling",
            "force_separate_z",
            "mode",
            "aniso_axis_mode"));
    requireOf(kwargs, false);
    kwargs.find("mode").ifPresent(mode -> mode.oneOf(Map.of("linear", true)));
    kwargs.find("aniso_axis_mode").ifPresent(mode -> mode.oneOf(Map.of("nearest-exact", true)));
    return new Resampling(ResamplingRule.TORCH_LINEAR, separateZ(kwargs));
  }

  private static void requireOf(JsonPlace kwargs, boolean labels) {
    boolean found = kwargs.find("is_seg").map(JsonPlace::bool).orElse(false);
    if (found != labels) {
      throw kwargs.unknown("is_seg " + found, Set.of("is_seg " + labels));
    }
  }

  private static SeparateZ separateZ(JsonPlace kwargs) {
    Optional<Boolean> forced = kwargs.find("force_separate_z").map(JsonPlace::bool);
    if (forced.isEmpty()) {
      return SeparateZ.AUTO;
    }
    return forced.get() ? SeparateZ.ALWAYS : SeparateZ.NEVER;
  }
}
