package dev.lss.testkit;

import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Runs a network by its definition: plain loops, in double, one value after the other. What every
 * backend is compared with; far too slow for images.
 *
 * <p>A 2-D network runs as a 3-D one of depth 1.
 */
public final class ReferenceInterpreter implements Layer.Visitor<ReferenceInterpreter.Tensor> {

  /** Values in the order n, c, d, h, w. */
  static final class Tensor {

    private final int n;
    private final int c;
    private final int d;
    private final int h;
    private final int w;
    private final double[] data;

    private Tensor(int n, int c, int d, int h, int w, double[] data) {
      this.n = n;
      this.c = c;
      this.d = d;
      this.h = h;
      this.w = w;
      this.data = data;
    }

    private Tensor(int n, int c, int d, int h, int w) {
      this(n, c, d, h, w, new double[n * c * d * h * w]);
    }

    double get(int in, int ic, int id, int ih, int iw) {
      return data[(((in * c + ic) * d + id) * h + ih) * w + iw];
    }

    /** Returns the value, or 0 outside. */
    double getOrZero(int in, int ic, int id, int ih, int iw) {
      boolean inside = id >= 0 && id < d && ih >= 0 && ih < h && iw >= 0 && iw < w;
      return inside ? get(in, ic, id, ih, iw) : 0;
    }

    /** Sets every value from its index (n, c, d, h, w). */
    Tensor fill(ToDoubleFunction<int[]> value) {
      int next = 0;
      for (int in = 0; in < n; in++) {
        for (int ic = 0; ic < c; ic++) {
          for (int id = 0; id < d; id++) {
            for (int ih = 0; ih < h; ih++) {
              for (int iw = 0; iw < w; iw++) {
                data[next++] = value.applyAsDouble(new int[] {in, ic, id, ih, iw});
              }
            }
          }
        }
      }
      return this;
    }

    Tensor map(DoubleUnaryOperator function) {
      return new Tensor(n, c, d, h, w, Arrays.stream(data).map(function).toArray());
    }
  }

  private final Map<String, Tensor> results = new HashMap<>();
  private final Weights weights;

  private ReferenceInterpreter(Weights weights) {
    this.weights = weights;
  }

  /** Returns the network's output for one input, in a new tensor. */
  public static FloatTensor run(Network network, Weights weights, FloatTensor in) {
    ReferenceInterpreter interpreter = new ReferenceInterpreter(weights);
    interpreter.results.put(Network.INPUT, read(in));
    for (Layer layer : network.layers()) {
      interpreter.results.put(layer.name(), layer.accept(interpreter));
    }
    return write(interpreter.of(network.output()), network.spatialRank());
  }

  private static Tensor read(FloatTensor in) {
    Shape s = in.shape();
    boolean flat = s.rank() == 4;
    Tensor tensor =
        new Tensor(
            s.get(0), s.get(1), flat ? 1 : s.get(2), s.get(flat ? 2 : 3), s.get(flat ? 3 : 4));
    for (int i = 0; i < s.size(); i++) {
      tensor.data[i] = in.data().get(i);
    }
    return tensor;
  }

  private static FloatTensor write(Tensor tensor, int spatialRank) {
    FloatTensor out =
        FloatTensor.allocate(
            spatialRank == 2
                ? Shape.of(tensor.n, tensor.c, tensor.h, tensor.w)
                : Shape.of(tensor.n, tensor.c, tensor.d, tensor.h, tensor.w));
    for (int i = 0; i < tensor.data.length; i++) {
      out.data().put(i, (float) tensor.data[i]);
    }
    return out;
  }

  private Tensor of(String name) {
    return Objects.requireNonNull(results.get(name), name);
  }

  /** Returns kernel, stride or padding as three numbers; a 2-D list gets one for the depth. */
  private static int[] three(List<Integer> sizes, int depth) {
    List<Integer> all = new ArrayList<>(sizes);
    if (all.size() == 2) {
      all.add(0, depth);
    }
    return all.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int windows(int size, int padding, int kernel, int stride) {
    return (size + 2 * padding - kernel) / stride + 1;
  }

  @Override
  public Tensor visit(Layer.Convolution layer) {
    Tensor x = of(layer.input());
    int[] k = three(layer.kernel(), 1);
    int[] s = three(layer.stride(), 1);
    int[] p = three(layer.padding(), 0);
    float[] weight = weights.values(layer.weight());
    float[] bias = layer.bias().map(weights::values).orElse(new float[layer.outChannels()]);
    return new Tensor(
            x.n,
            layer.outChannels(),
            windows(x.d, p[0], k[0], s[0]),
            windows(x.h, p[1], k[1], s[1]),
            windows(x.w, p[2], k[2], s[2]))
        .fill(
            o -> {
              double sum = bias[o[1]];
              int next = o[1] * x.c * k[0] * k[1] * k[2];
              for (int c = 0; c < x.c; c++) {
                for (int a = 0; a < k[0]; a++) {
                  for (int b = 0; b < k[1]; b++) {
                    for (int e = 0; e < k[2]; e++) {
                      sum +=
                          weight[next++]
                              * x.getOrZero(
                                  o[0],
                                  c,
                                  o[2] * s[0] - p[0] + a,
                                  o[3] * s[1] - p[1] + b,
                                  o[4] * s[2] - p[2] + e);
                    }
                  }
                }
              }
              return sum;
            });
  }

  @Override
  public Tensor visit(Layer.TransposedConvolution layer) {
    Tensor x = of(layer.input());
    int[] s = three(layer.stride(), 1);
    float[] weight = weights.values(layer.weight());
    float[] bias = layer.bias().map(weights::values).orElse(new float[layer.outChannels()]);
    return new Tensor(x.n, layer.outChannels(), x.d * s[0], x.h * s[1], x.w * s[2])
        .fill(
            o -> {
              double sum = bias[o[1]];
              for (int c = 0; c < x.c; c++) {
                int tap =
                    (((c * layer.outChannels() + o[1]) * s[0] + o[2] % s[0]) * s[1] + o[3] % s[1])
                            * s[2]
                        + o[4] % s[2];
                sum += weight[tap] * x.get(o[0], c, o[2] / s[0], o[3] / s[1], o[4] / s[2]);
              }
              return sum;
            });
  }

  @Override
  public Tensor visit(Layer.InstanceNorm layer) {
    Tensor x = of(layer.input());
    float[] scale = weights.values(layer.scale());
    float[] shift = weights.values(layer.shift());
    Tensor y = new Tensor(x.n, x.c, x.d, x.h, x.w);
    int size = x.d * x.h * x.w;
    for (int plane = 0; plane < x.n * x.c; plane++) {
      double[] values = Arrays.copyOfRange(x.data, plane * size, (plane + 1) * size);
      double mean = Arrays.stream(values).average().orElseThrow();
      double variance =
          Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      int c = plane % x.c;
      for (int i = 0; i < size; i++) {
        y.data[plane * size + i] =
            (values[i] - mean) / Math.sqrt(variance + layer.epsilon()) * scale[c] + shift[c];
      }
    }
    return y;
  }

  @Override
  public Tensor visit(Layer.BatchNorm layer) {
    Tensor x = of(layer.input());
    float[] scale = weights.values(layer.scale());
    float[] shift = weights.values(layer.shift());
    float[] mean = weights.values(layer.mean());
    float[] variance = weights.values(layer.variance());
    return like(x)
        .fill(
            o ->
                (x.get(o[0], o[1], o[2], o[3], o[4]) - mean[o[1]])
                        / Math.sqrt(variance[o[1]] + layer.epsilon())
                        * scale[o[1]]
                    + shift[o[1]]);
  }

  private static Tensor like(Tensor x) {
    return new Tensor(x.n, x.c, x.d, x.h, x.w);
  }

  @Override
  public Tensor visit(Layer.LeakyRelu layer) {
    return of(layer.input()).map(v -> v > 0 ? v : layer.slope() * v);
  }

  @Override
  public Tensor visit(Layer.Relu layer) {
    return of(layer.input()).map(v -> Math.max(v, 0));
  }

  @Override
  public Tensor visit(Layer.Sigmoid layer) {
    return of(layer.input()).map(v -> 1 / (1 + Math.exp(-v)));
  }

  @Override
  public Tensor visit(Layer.Add layer) {
    Tensor x = of(layer.left());
    Tensor y = of(layer.right());
    Tensor sum = like(x);
    Arrays.setAll(sum.data, i -> x.data[i] + y.data[i]);
    return sum;
  }

  @Override
  public Tensor visit(Layer.Concatenate layer) {
    List<Tensor> parts = layer.parts().stream().map(this::of).toList();
    Tensor first = parts.get(0);
    int channels = parts.stream().mapToInt(part -> part.c).sum();
    return new Tensor(first.n, channels, first.d, first.h, first.w)
        .fill(
            o -> {
              int c = o[1];
              int part = 0;
              while (c >= parts.get(part).c) {
                c -= parts.get(part++).c;
              }
              return parts.get(part).get(o[0], c, o[2], o[3], o[4]);
            });
  }

  @Override
  public Tensor visit(Layer.MaxPool layer) {
    return pool(
        of(layer.input()),
        three(layer.kernel(), 1),
        three(layer.stride(), 1),
        window -> Arrays.stream(window).max().orElseThrow());
  }

  @Override
  public Tensor visit(Layer.AveragePool layer) {
    return pool(
        of(layer.input()),
        three(layer.kernel(), 1),
        three(layer.stride(), 1),
        window -> Arrays.stream(window).average().orElseThrow());
  }

  private static Tensor pool(Tensor x, int[] k, int[] s, Function<double[], Double> reduce) {
    return new Tensor(
            x.n,
            x.c,
            windows(x.d, 0, k[0], s[0]),
            windows(x.h, 0, k[1], s[1]),
            windows(x.w, 0, k[2], s[2]))
        .fill(
            o -> {
              double[] window = new double[k[0] * k[1] * k[2]];
              for (int i = 0; i < window.length; i++) {
                int a = i / (k[1] * k[2]);
                int b = i / k[2] % k[1];
                int e = i % k[2];
                window[i] = x.get(o[0], o[1], o[2] * s[0] + a, o[3] * s[1] + b, o[4] * s[2] + e);
              }
              return reduce.apply(window);
            });
  }

  @Override
  public Tensor visit(Layer.Upsample layer) {
    Tensor x = of(layer.input());
    int[] s = three(layer.scale(), 1);
    Tensor y = new Tensor(x.n, x.c, x.d * s[0], x.h * s[1], x.w * s[2]);
    return switch (layer.interpolation()) {
      case NEAREST -> y.fill(o -> x.get(o[0], o[1], o[2] / s[0], o[3] / s[1], o[4] / s[2]));
      case LINEAR -> y.fill(o -> linear(x, o, s));
    };
  }

  /** Half-pixel grid: output o lies at (o + 0.5) / scale - 0.5 of the input, edges repeated. */
  private static double linear(Tensor x, int[] o, int[] s) {
    int[] sizes = {x.d, x.h, x.w};
    double sum = 0;
    for (int corner = 0; corner < 8; corner++) {
      double weight = 1;
      int[] at = new int[3];
      for (int axis = 0; axis < 3; axis++) {
        double position = (o[2 + axis] + 0.5) / s[axis] - 0.5;
        int below = (int) Math.floor(position);
        int upper = corner >> axis & 1;
        weight *= upper == 1 ? position - below : 1 - (position - below);
        at[axis] = Math.min(Math.max(below + upper, 0), sizes[axis] - 1);
      }
      sum += weight * x.get(o[0], o[1], at[0], at[1], at[2]);
    }
    return sum;
  }

  @Override
  public Tensor visit(Layer.Softmax layer) {
    Tensor x = of(layer.input());
    return like(x)
        .fill(
            o -> {
              double sum = 0;
              for (int c = 0; c < x.c; c++) {
                sum += Math.exp(x.get(o[0], c, o[2], o[3], o[4]));
              }
              return Math.exp(x.get(o[0], o[1], o[2], o[3], o[4])) / sum;
            });
  }
}
