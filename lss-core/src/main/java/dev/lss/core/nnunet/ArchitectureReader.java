package dev.lss.core.nnunet;

import dev.lss.core.nnunet.UNetArchitecture.Activation;
import dev.lss.core.nnunet.UNetArchitecture.Kind;
import dev.lss.core.nnunet.UNetArchitecture.Norm;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Reads the network of a configuration: the {@code architecture} block that plans have since
 * nnU-Net 2.3.1, or the older {@code UNet_class_name} fields, which mean bias, instance norm with
 * epsilon 1e-5 and leaky ReLU (nnunetv2, plans_handler.py, class ConfigurationManager).
 */
final class ArchitectureReader {

  private static final int MAX_FEATURES = 1 << 14;
  private static final int MAX_STAGES = 12;
  private static final int MAX_BLOCKS = 100;

  private static final Map<String, Kind> CLASSES =
      Map.of("PlainConvUNet", Kind.PLAIN, "ResidualEncoderUNet", Kind.RESIDUAL);

  /** Arguments of the two classes; deep supervision, dropout and stochastic depth only train. */
  private static final Set<String> ARGUMENTS =
      Set.of(
          "n_stages",
          "features_per_stage",
          "conv_op",
          "kernel_sizes",
          "strides",
          "n_conv_per_stage",
          "n_blocks_per_stage",
          "n_conv_per_stage_decoder",
          "conv_bias",
          "norm_op",
          "norm_op_kwargs",
          "dropout_op",
          "dropout_op_kwargs",
          "nonlin",
          "nonlin_kwargs",
          "nonlin_first",
          "deep_supervision",
          "stem_channels",
          "stochastic_depth_p",
          "squeeze_excitation",
          "squeeze_excitation_reduction_ratio",
          "block",
          "bottleneck_channels");

  private ArchitectureReader() {}

  static UNetArchitecture read(JsonPlace configuration, int spatialRank) {
    return configuration.build(
        () ->
            configuration.has("architecture")
                ? current(configuration.at("architecture"), spatialRank)
                : old(configuration, spatialRank));
  }

  private static UNetArchitecture current(JsonPlace architecture, int rank) {
    Kind kind = kind(architecture.at("network_class_name"));
    JsonPlace args = architecture.at("arch_kwargs");
    args.onlyFields(ARGUMENTS);
    refuseOtherBlocks(args);
    args.at("conv_op").oneOf(torch("conv", "Conv" + rank + "d", true));
    int stages = args.at("n_stages").integer(2, MAX_STAGES);
    List<Integer> features = perStage(args.at("features_per_stage"), stages, MAX_FEATURES);
    String blocks = kind == Kind.PLAIN ? "n_conv_per_stage" : "n_blocks_per_stage";
    Norm norm =
        args.has("norm_op")
            ? args.at("norm_op")
                .oneOf(
                    join(
                        torch("instancenorm", "InstanceNorm" + rank + "d", Norm.INSTANCE),
                        torch("batchnorm", "BatchNorm" + rank + "d", Norm.BATCH)))
            : Norm.NONE;
    Activation activation =
        args.has("nonlin")
            ? args.at("nonlin")
                .oneOf(
                    join(
                        torch("activation", "LeakyReLU", Activation.LEAKY_RELU),
                        torch("activation", "ReLU", Activation.RELU)))
            : Activation.NONE;
    return new UNetArchitecture(
        kind,
        rank,
        features,
        tuples(args.at("kernel_sizes"), stages, rank, 31),
        tuples(args.at("strides"), stages, rank, 16),
        perStage(args.at(blocks), stages, MAX_BLOCKS),
        perStage(args.at("n_conv_per_stage_decoder"), stages - 1, MAX_BLOCKS),
        args.find("conv_bias").map(JsonPlace::bool).orElse(false),
        norm,
        epsilon(args, norm),
        activation,
        slope(args, activation),
        args.find("nonlin_first").map(JsonPlace::bool).orElse(false),
        args.find("stem_channels").map(c -> c.integer(1, MAX_FEATURES)).orElse(features.get(0)));
  }

  /**
   * A class whose module has moved is looked for by its name alone, as nnU-Net does
   * (get_network_from_plans.py); weights that do not fit it are refused later.
   */
  private static Kind kind(JsonPlace place) {
    String name = place.text();
    Kind kind = CLASSES.get(name.substring(name.lastIndexOf('.') + 1));
    if (kind == null) {
      throw place.unknown(name, CLASSES.keySet());
    }
    return kind;
  }

  private static UNetArchitecture old(JsonPlace plans, int rank) {
    Kind kind = plans.at("UNet_class_name").oneOf(CLASSES);
    int stages = plans.at("n_conv_per_stage_encoder").items().size();
    if (stages < 2 || stages > MAX_STAGES) {
      throw plans
          .at("n_conv_per_stage_encoder")
          .wrong("wanted 2 to %s entries, found %s".formatted(MAX_STAGES, stages));
    }
    long base = plans.at("UNet_base_num_features").integer(1, MAX_FEATURES);
    int most = plans.at("unet_max_num_features").integer(1, MAX_FEATURES);
    List<Integer> features =
        IntStream.range(0, stages)
            .mapToObj(s -> (int) Math.min(base << Math.min(s, 20), most))
            .toList();
    return new UNetArchitecture(
        kind,
        rank,
        features,
        tuples(plans.at("conv_kernel_sizes"), stages, rank, 31),
        tuples(plans.at("pool_op_kernel_sizes"), stages, rank, 16),
        perStage(plans.at("n_conv_per_stage_encoder"), stages, MAX_BLOCKS),
        perStage(plans.at("n_conv_per_stage_decoder"), stages - 1, MAX_BLOCKS),
        true,
        Norm.INSTANCE,
        1e-5,
        Activation.LEAKY_RELU,
        0.01,
        false,
        features.get(0));
  }

  private static void refuseOtherBlocks(JsonPlace args) {
    if (args.find("squeeze_excitation").map(JsonPlace::bool).orElse(false)) {
      throw args.at("squeeze_excitation").unknown("squeeze_excitation", Set.of("false"));
    }
    if (args.has("block")) {
      args.at("block")
          .oneOf(
              Map.of("dynamic_network_architectures.building_blocks.residual.BasicBlockD", true));
    }
    if (args.has("bottleneck_channels")) {
      throw args.at("bottleneck_channels").unknown("bottleneck_channels", Set.of("null"));
    }
  }

  private static double epsilon(JsonPlace args, Norm norm) {
    if (norm == Norm.NONE || !args.has("norm_op_kwargs")) {
      if (norm == Norm.INSTANCE) {
        throw args.at("norm_op").unknown("InstanceNorm without affine", Set.of("affine"));
      }
      return 1e-5;
    }
    JsonPlace kwargs = args.at("norm_op_kwargs");
    kwargs.onlyFields(Set.of("eps", "affine", "momentum", "track_running_stats"));
    // The defaults are PyTorch's: batch norm is affine and tracks, instance norm neither.
    boolean affine = kwargs.find("affine").map(JsonPlace::bool).orElse(norm == Norm.BATCH);
    boolean tracks =
        kwargs.find("track_running_stats").map(JsonPlace::bool).orElse(norm == Norm.BATCH);
    if (!affine || tracks != (norm == Norm.BATCH)) {
      throw kwargs.unknown(
          "affine %s, track_running_stats %s".formatted(affine, tracks),
          Set.of("affine true, track_running_stats " + (norm == Norm.BATCH)));
    }
    return kwargs.find("eps").map(JsonPlace::positive).orElse(1e-5);
  }

  private static double slope(JsonPlace args, Activation activation) {
    if (!args.has("nonlin_kwargs") || activation == Activation.NONE) {
      return 0.01;
    }
    JsonPlace kwargs = args.at("nonlin_kwargs");
    kwargs.onlyFields(
        activation == Activation.RELU ? Set.of("inplace") : Set.of("inplace", "negative_slope"));
    return kwargs.find("negative_slope").map(JsonPlace::number).orElse(0.01);
  }

  /** A class of torch.nn has two names. */
  private static <T> Map<String, T> torch(String module, String name, T value) {
    return Map.of("torch.nn." + name, value, "torch.nn.modules." + module + "." + name, value);
  }

  private static <T> Map<String, T> join(Map<String, T> a, Map<String, T> b) {
    Map<String, T> all = new HashMap<>(a);
    all.putAll(b);
    return all;
  }

  /** One number for all stages, or a list of as many. */
  private static List<Integer> perStage(JsonPlace value, int stages, int most) {
    return value.isArray()
        ? items(value, stages).stream().map(v -> v.integer(1, most)).toList()
        : Collections.nCopies(stages, value.integer(1, most));
  }

  private static List<List<Integer>> tuples(JsonPlace value, int stages, int rank, int most) {
    Function<JsonPlace, List<Integer>> tuple = v -> perStage(v, rank, most);
    if (!value.isArray()) {
      return Collections.nCopies(stages, tuple.apply(value));
    }
    return items(value, stages).stream().map(tuple).toList();
  }

  private static List<JsonPlace> items(JsonPlace value, int count) {
    List<JsonPlace> items = value.items();
    if (items.size() != count) {
      throw value.wrong("wanted %s entries, found %s".formatted(count, items.size()));
    }
    return items;
  }
}
