package dev.lss.backend.tf;

import static dev.lss.backend.tf.TfGraph.flag;
import static dev.lss.backend.tf.TfGraph.number;
import static dev.lss.backend.tf.TfGraph.type;

import dev.lss.api.model.network.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;

/**
 * Upsampling in a graph. TensorFlow resizes two axes of a picture, so a volume is resized in two
 * steps: its slices, then its depth, with height and width taken for one axis. Both steps are on
 * the half-pixel grid and leave alone what has the factor 1, so linear interpolation is the same as
 * along three axes at once. Not thread-safe; one per layer.
 */
final class Upsampling {

  private static final AttrValue FLOAT = type(DataType.DT_FLOAT);
  private static final AttrValue INTEGER = type(DataType.DT_INT32);

  private final TfGraph graph;
  private final String scope;
  private final String operator;

  private Upsampling(TfGraph graph, String scope, Layer.Interpolation interpolation) {
    this.graph = graph;
    this.scope = scope;
    this.operator =
        switch (interpolation) {
          case NEAREST -> "ResizeNearestNeighbor";
          case LINEAR -> "ResizeBilinear";
        };
  }

  /** Adds the nodes that enlarge a channels-last tensor and returns the last. */
  static String add(TfGraph graph, String scope, String x, Layer.Upsample layer) {
    Upsampling upsampling = new Upsampling(graph, scope, layer.interpolation());
    List<Integer> scale = layer.scale();
    return scale.size() == 2 ? upsampling.pictures(x, scale) : upsampling.volumes(x, scale);
  }

  private String pictures(String x, List<Integer> scale) {
    String sizes = part("picture", shape(x), 1, 2);
    return resized("pictures", x, product("sizes", sizes, scale));
  }

  private String volumes(String x, List<Integer> scale) {
    int depth = scale.get(0);
    int height = scale.get(1);
    int width = scale.get(2);
    String sizes = shape(x); // N D H W C
    String rest = graph.integers(scope + "/rest", -1);
    String slices = reshaped("slices", x, rest, part("slice", sizes, 2, 3));
    String larger =
        product("slice_sizes", part("height_width", sizes, 2, 2), List.of(height, width));
    String large = resized("large_slices", slices, larger);
    String wide = product("wide", sizes, List.of(1, 1, height, width, 1)); // N D H' W' C
    String stacks =
        reshaped("stacks", large, part("samples", wide, 0, 2), rest, part("channels", wide, 4, 1));
    String plane =
        node(
            "plane",
            "Prod",
            List.of(part("plane_sizes", wide, 2, 2), graph.integers(scope + "/first", 0)),
            Map.of("T", INTEGER, "Tidx", INTEGER, "keep_dims", flag(true)));
    String deep = product("deep", part("depth", wide, 1, 1), List.of(depth));
    String taller = resized("large_stacks", stacks, joined("stack", deep, plane));
    return reshaped("volume", taller, product("all", wide, List.of(1, depth, 1, 1, 1)));
  }

  private String resized(String name, String x, String sizes) {
    return node(
        name + "_resized",
        operator,
        List.of(x, sizes),
        Map.of("T", FLOAT, "align_corners", flag(false), "half_pixel_centers", flag(true)));
  }

  private String shape(String x) {
    return node("shape", "Shape", List.of(x), Map.of("T", FLOAT, "out_type", INTEGER));
  }

  private String reshaped(String name, String x, String... sizes) {
    String all = sizes.length == 1 ? sizes[0] : joined(name + "_sizes", sizes);
    return node(name, "Reshape", List.of(x, all), Map.of("T", FLOAT, "Tshape", INTEGER));
  }

  private String joined(String name, String... vectors) {
    List<String> inputs = new ArrayList<>(List.of(vectors));
    inputs.add(graph.integers(scope + "/" + name + "_axis", List.of(), 0));
    return node(
        name,
        "ConcatV2",
        inputs,
        Map.of("N", number(vectors.length), "T", INTEGER, "Tidx", INTEGER));
  }

  private String part(String name, String vector, int begin, int size) {
    String from = graph.integers(scope + "/" + name + "_begin", begin);
    String length = graph.integers(scope + "/" + name + "_size", size);
    return node(
        name, "Slice", List.of(vector, from, length), Map.of("T", INTEGER, "Index", INTEGER));
  }

  private String product(String name, String vector, List<Integer> factors) {
    String constant =
        graph.integers(
            scope + "/" + name + "_factors", factors.stream().mapToInt(f -> f).toArray());
    return node(name, "Mul", List.of(vector, constant), Map.of("T", INTEGER));
  }

  private String node(
      String name, String operator, List<String> inputs, Map<String, AttrValue> attributes) {
    return graph.node(scope + "/" + name, operator, inputs, attributes);
  }
}
