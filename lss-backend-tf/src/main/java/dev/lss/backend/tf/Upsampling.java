package dev.lss.backend.tf;

import static dev.lss.backend.tf.TfGraph.flag;
import static dev.lss.backend.tf.TfScope.FLOAT;
import static dev.lss.backend.tf.TfScope.INTEGER;

import dev.lss.api.model.network.Layer;
import java.util.List;
import java.util.Map;

/**
 * Upsampling of a channels-last tensor. TensorFlow resizes two axes of a picture, so a volume is
 * resized in two steps: its slices, then its depth, with height and width taken for one axis. Both
 * steps are on the half-pixel grid and leave alone what has the factor 1, so linear interpolation
 * is the same as along three axes at once.
 */
final class Upsampling {

  private final TfScope scope;
  private final String operator;

  private Upsampling(TfScope scope, Layer.Interpolation interpolation) {
    this.scope = scope;
    this.operator =
        switch (interpolation) {
          case NEAREST -> "ResizeNearestNeighbor";
          case LINEAR -> "ResizeBilinear";
        };
  }

  /** Adds the nodes that enlarge a tensor and returns the last. */
  static String add(TfScope scope, String x, Layer.Upsample layer) {
    Upsampling upsampling = new Upsampling(scope, layer.interpolation());
    return layer.scale().size() == 2
        ? upsampling.pictures(x, layer.scale())
        : upsampling.volumes(x, layer.scale());
  }

  private String pictures(String x, List<Integer> scale) {
    String sizes = scope.part("picture", scope.sizes(x), 1, 2);
    return resized("pictures", x, scope.times("large", sizes, scale));
  }

  private String volumes(String x, List<Integer> scale) {
    int depth = scale.get(0);
    int height = scale.get(1);
    int width = scale.get(2);
    String sizes = scope.sizes(x); // N D H W C
    String rest = scope.integers("rest", -1);

    String slices = scope.reshaped("slices", x, rest, scope.part("slice", sizes, 2, 3));
    String slice = scope.times("slice_size", scope.part("hw", sizes, 2, 2), scale.subList(1, 3));
    String wide = resized("wide_slices", slices, slice);

    String now = scope.times("now", sizes, List.of(1, 1, height, width, 1)); // N D H' W' C
    String stacks =
        scope.reshaped(
            "stacks", wide, scope.part("nd", now, 0, 2), rest, scope.part("c", now, 4, 1));
    String plane =
        scope.node(
            "plane",
            "Prod",
            List.of(scope.part("hw_now", now, 2, 2), scope.integers("first", 0)),
            Map.of("T", INTEGER, "Tidx", INTEGER, "keep_dims", flag(true)));
    String deep = scope.times("deep", scope.part("d", now, 1, 1), List.of(depth));
    String tall = resized("tall_stacks", stacks, scope.joined("stack_size", deep, plane));

    return scope.reshaped("volumes", tall, scope.times("end", now, List.of(1, depth, 1, 1, 1)));
  }

  private String resized(String node, String x, String sizes) {
    return scope.node(
        node,
        operator,
        List.of(x, sizes),
        Map.of("T", FLOAT, "align_corners", flag(false), "half_pixel_centers", flag(true)));
  }
}
