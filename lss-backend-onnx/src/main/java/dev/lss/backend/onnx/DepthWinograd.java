package dev.lss.backend.onnx;

import static dev.lss.backend.onnx.OnnxGraph.attribute;

import dev.lss.api.model.network.Layer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A convolution of 3 x 3 x 3 as six convolutions of 3 x 3 for every four slices, by Winograd's
 * minimal filtering F(4, 3) along the slowest axis (Lavin and Gray, Fast Algorithms for
 * Convolutional Neural Networks, 2016, section 4.1). It halves the multiplications, and the two
 * dimensions that are left run on the runtime's blocked kernels, which it does not have for three.
 *
 * <p>With {@code B}, {@code G} and {@code A} of that paper, four output slices are {@code A' (G w *
 * B' x)} of six input slices, where {@code *} is the convolution over rows and columns. {@code B'}
 * and {@code A'} are applied to all slices at once as two matrices of the size of the input's
 * depth; the graph makes them out of the identity when it runs, so the depth stays open. Tensors
 * with the same {@code sizes} key share them.
 *
 * <p>A bias is added to the second of the six, whose column in {@code A'} is all ones there.
 */
final class DepthWinograd {

  /** Output slices of one step. */
  private static final int OUT = 4;

  /** Input slices of one step, and multiplications for each weight. */
  private static final int IN = 6;

  /** Channels of a block in the runtime's two-dimensional kernels. */
  private static final int BLOCK = 16;

  private static final float[] INPUT_TRANSFORM = {
    4, 0, -5, 0, 1, 0, //
    0, -4, -4, 1, 1, 0, //
    0, 4, -4, -1, 1, 0, //
    0, -2, -1, 2, 1, 0, //
    0, 2, -1, -2, 1, 0, //
    0, 4, 0, -5, 0, 1
  };

  private static final double[][] WEIGHT_TRANSFORM = {
    {1.0 / 4, 0, 0},
    {-1.0 / 6, -1.0 / 6, -1.0 / 6},
    {-1.0 / 6, 1.0 / 6, -1.0 / 6},
    {1.0 / 24, 1.0 / 12, 1.0 / 6},
    {1.0 / 24, -1.0 / 12, 1.0 / 6},
    {0, 0, 1}
  };

  /** Six rows of four: the transpose of the paper's. */
  private static final float[] OUTPUT_TRANSFORM = {
    1, 0, 0, 0, //
    1, 1, 1, 1, //
    1, -1, 1, -1, //
    1, 2, 4, 8, //
    1, -2, 4, -8, //
    0, 0, 0, 1
  };

  private static final List<Integer> SWAP = List.of(0, 2, 1, 3);
  private static final List<Integer> SLICES_FIRST = List.of(0, 2, 1, 3, 4);

  private final OnnxGraph graph;
  private final Set<String> prepared = new HashSet<>();

  DepthWinograd(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Tells whether a convolution can be done, and is worth doing, this way. */
  static boolean fits(Layer.Convolution layer, int inChannels) {
    return layer.kernel().equals(List.of(3, 3, 3))
        && layer.stride().equals(List.of(1, 1, 1))
        && layer.padding().equals(List.of(1, 1, 1))
        && inChannels % BLOCK == 0
        && layer.outChannels() % BLOCK == 0;
  }

  /**
   * A part of a convolution's input, one behind the other along the channels.
   *
   * @param tensor its name
   * @param channels its channels, a multiple of 16
   */
  record Part(String tensor, int channels) {}

  /** Tells whether each part by itself can be done this way. */
  static boolean fits(List<Part> parts) {
    return parts.stream().allMatch(part -> part.channels() % BLOCK == 0);
  }

  /**
   * Adds the nodes. Parts of the input are convolved one by one and added up, so that they are
   * never copied into one tensor: at full size that one would be the largest of all.
   *
   * @param layer the convolution
   * @param input the parts of its input
   * @param sizes key of the spatial sizes of its input; equal keys mean equal sizes
   * @param weight its weights: out, in, 3, 3, 3
   * @param bias one value per output channel
   */
  void convolve(
      Layer.Convolution layer, List<Part> input, String sizes, float[] weight, float[] bias) {
    if (prepared.add(sizes)) {
      prepare(sizes, input.get(0).tensor());
    }
    int in = input.stream().mapToInt(Part::channels).sum();
    int first = 0;
    String planes = "";
    for (Part part : input) {
      String name = "%s:%s:".formatted(layer.name(), first);
      float[] weights = transformed(weight, layer.outChannels(), in, first, part.channels());
      String added = planes(name, part, sizes, weights, first == 0 ? bias : new float[0]);
      if (first > 0) {
        node("Add", List.of(planes, added), name + "sum");
        added = name + "sum";
      }
      planes = added;
      first += part.channels();
    }
    // Nn, 6C, H, W -> N, 6n, CHW -> N, D, CHW -> N, C, D, H, W
    String name = layer.name() + ":";
    shape(name + "split", sizes + ":batch", sizes + ":count", longs(-1));
    node("Reshape", List.of(planes, name + "split"), name + "products");
    node("MatMul", List.of(sizes + ":back", name + "products"), name + "back");
    shape(
        name + "whole",
        sizes + ":batch",
        sizes + ":depth",
        longs(layer.outChannels()),
        sizes + ":plane");
    node("Reshape", List.of(name + "back", name + "whole"), name + "slices");
    node("Transpose", List.of(name + "slices"), layer.name(), attribute("perm", SLICES_FIRST));
  }

  /** Adds the six convolutions of one part. */
  private String planes(String name, Part part, String sizes, float[] weights, float[] bias) {
    int out = weights.length / (IN * part.channels() * 9);
    // N, C, D, H, W -> N, D, CHW -> N, 6n, CHW -> Nn, 6C, H, W
    node("Transpose", List.of(part.tensor()), name + "slices", attribute("perm", SLICES_FIRST));
    node("Reshape", List.of(name + "slices", longs(0, 0, -1)), name + "rows");
    node("MatMul", List.of(sizes + ":into", name + "rows"), name + "into");
    shape(name + "steps", longs(-1, (long) IN * part.channels()), sizes + ":plane");
    node("Reshape", List.of(name + "into", name + "steps"), name + "stacked");
    List<String> inputs = new ArrayList<>();
    inputs.add(name + "stacked");
    inputs.add(graph.constant(name + "weight", List.of(IN * out, part.channels(), 3, 3), weights));
    if (bias.length > 0) {
      inputs.add(graph.constant(name + "bias", List.of(IN * out), second(bias)));
    }
    node(
        "Conv",
        inputs,
        name + "planes",
        attribute("kernel_shape", List.of(3, 3)),
        attribute("pads", List.of(1, 1, 1, 1)),
        attribute("group", IN));
    return name + "planes";
  }

  /** Makes what depends on the sizes alone: both matrices and pieces of shapes. */
  private void prepare(String sizes, String tensor) {
    node("Shape", List.of(tensor), sizes + ":batch", attribute("end", 1));
    node("Shape", List.of(tensor), sizes + ":depth", attribute("start", 2), attribute("end", 3));
    node("Shape", List.of(tensor), sizes + ":plane", attribute("start", 3));
    // The identity of D x D, each column transformed: 6n x D.
    identity(sizes + ":depth", sizes + ":slices", longs(1, 1), sizes + ":depth");
    node(
        "Conv",
        List.of(
            sizes + ":slices",
            graph.constant("winograd:b", List.of(IN, 1, IN, 1), INPUT_TRANSFORM)),
        sizes + ":columns",
        attribute("strides", List.of(OUT, 1)),
        attribute("pads", List.of(1, 0, OUT, 0)));
    node("Transpose", List.of(sizes + ":columns"), sizes + ":steps", attribute("perm", SWAP));
    shape(sizes + ":flat", longs(-1), sizes + ":depth");
    node("Reshape", List.of(sizes + ":steps", sizes + ":flat"), sizes + ":into");
    // The identity of 6n x 6n, each column transformed and cut to D: D x 6n.
    node("Shape", List.of(sizes + ":into"), sizes + ":count", attribute("end", 1));
    identity(sizes + ":count", sizes + ":products", longs(1, -1, IN));
    node("Transpose", List.of(sizes + ":products"), sizes + ":sixes", attribute("perm", SWAP));
    node(
        "ConvTranspose",
        List.of(
            sizes + ":sixes",
            graph.constant("winograd:a", List.of(IN, 1, OUT, 1), OUTPUT_TRANSFORM)),
        sizes + ":fours",
        attribute("strides", List.of(OUT, 1)));
    shape(sizes + ":table", longs(-1), sizes + ":count");
    node("Reshape", List.of(sizes + ":fours", sizes + ":table"), sizes + ":whole");
    node("Slice", List.of(sizes + ":whole", longs(0), sizes + ":depth"), sizes + ":back");
  }

  /** Adds an identity matrix of a size that is a tensor, its rows split up to this shape. */
  private void identity(String size, String name, String... rows) {
    shape(name + ":square", size, size);
    node("ConstantOfShape", List.of(name + ":square"), name + ":zeros");
    node("EyeLike", List.of(name + ":zeros"), name + ":eye");
    List<String> split = new ArrayList<>(List.of(rows));
    split.add(size);
    shape(name + ":shape", split.toArray(String[]::new));
    node("Reshape", List.of(name + ":eye", name + ":shape"), name);
  }

  private void shape(String name, String... parts) {
    node("Concat", List.of(parts), name, attribute("axis", 0));
  }

  private String longs(long... values) {
    return graph.constant(values);
  }

  private void node(
      String operator, List<String> inputs, String output, ProtobufWriter... attributes) {
    graph.node(operator, inputs, output, attributes);
  }

  /** Returns the weights of the six convolutions for some input channels, one after the other. */
  private static float[] transformed(float[] weight, int out, int in, int first, int count) {
    int plane = 9;
    float[] all = new float[IN * out * count * plane];
    int at = 0;
    for (double[] row : WEIGHT_TRANSFORM) {
      for (int o = 0; o < out; o++) {
        for (int i = first; i < first + count; i++) {
          for (int p = 0; p < plane; p++) {
            int from = (o * in + i) * 3 * plane + p;
            double sum = 0;
            for (int k = 0; k < 3; k++) {
              sum += row[k] * weight[from + k * plane];
            }
            all[at++] = (float) sum;
          }
        }
      }
    }
    return all;
  }

  private static float[] second(float[] bias) {
    float[] all = new float[IN * bias.length];
    System.arraycopy(bias, 0, all, bias.length, bias.length);
    return all;
  }
}
