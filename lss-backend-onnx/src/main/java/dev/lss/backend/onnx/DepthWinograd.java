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
   * Adds the nodes.
   *
   * @param layer the convolution
   * @param inChannels channels of its input
   * @param sizes key of the spatial sizes of its input; equal keys mean equal sizes
   * @param weight its weights: out, in, 3, 3, 3
   * @param bias one value per output channel
   */
  void convolve(
      Layer.Convolution layer, int inChannels, String sizes, float[] weight, float[] bias) {
    if (prepared.add(sizes)) {
      prepare(sizes, layer.input());
    }
    String name = layer.name() + ":";
    int out = layer.outChannels();
    // N, C, D, HW -> N, C, 6n, HW -> N, 6n, C, HW -> Nn, 6C, H, W
    node("Reshape", List.of(layer.input(), longs(0, 0, 0, -1)), name + "rows");
    node("MatMul", List.of(sizes + ":into", name + "rows"), name + "into");
    node("Transpose", List.of(name + "into"), name + "slices", attribute("perm", SWAP));
    shape(name + "steps", longs(-1, (long) IN * inChannels), sizes + ":plane");
    node("Reshape", List.of(name + "slices", name + "steps"), name + "stacked");
    node(
        "Conv",
        List.of(
            name + "stacked",
            graph.constant(
                name + "weight",
                List.of(IN * out, inChannels, 3, 3),
                transformed(weight, out, inChannels)),
            graph.constant(name + "bias", List.of(IN * out), second(bias))),
        name + "planes",
        attribute("kernel_shape", List.of(3, 3)),
        attribute("pads", List.of(1, 1, 1, 1)),
        attribute("group", IN));
    // Nn, 6C, H, W -> N, 6n, C, HW -> N, C, 6n, HW -> N, C, D, HW
    shape(name + "split", sizes + ":batch", longs(-1, out), sizes + ":pixels");
    node("Reshape", List.of(name + "planes", name + "split"), name + "parts");
    node("Transpose", List.of(name + "parts"), name + "channels", attribute("perm", SWAP));
    node("MatMul", List.of(sizes + ":back", name + "channels"), name + "back");
    shape(name + "whole", longs(0, 0, 0), sizes + ":plane");
    node("Reshape", List.of(name + "back", name + "whole"), layer.name());
  }

  /** Makes what depends on the sizes alone: both matrices and pieces of shapes. */
  private void prepare(String sizes, String tensor) {
    node("Shape", List.of(tensor), sizes + ":batch", attribute("end", 1));
    node("Shape", List.of(tensor), sizes + ":depth", attribute("start", 2), attribute("end", 3));
    node("Shape", List.of(tensor), sizes + ":plane", attribute("start", 3));
    node("ReduceProd", List.of(sizes + ":plane"), sizes + ":pixels", attribute("keepdims", 1));
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

  /** Returns the weights of the six convolutions, one after the other. */
  private static float[] transformed(float[] weight, int out, int in) {
    int plane = 9;
    float[] all = new float[IN * out * in * plane];
    int at = 0;
    for (double[] row : WEIGHT_TRANSFORM) {
      for (int filter = 0; filter < out * in; filter++) {
        for (int p = 0; p < plane; p++) {
          int from = filter * 3 * plane + p;
          double sum = 0;
          for (int k = 0; k < 3; k++) {
            sum += row[k] * weight[from + k * plane];
          }
          all[at++] = (float) sum;
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
