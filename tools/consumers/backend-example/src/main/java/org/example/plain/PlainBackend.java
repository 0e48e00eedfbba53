package org.example.plain;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.Device;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs described networks in plain Java, one value after the other. An example, and slow. */
public final class PlainBackend implements InferenceBackend {

  /** Creates the backend. */
  public PlainBackend() {}

  @Override
  public String id() {
    return "plain";
  }

  @Override
  public int spiVersion() {
    return InferenceBackend.SPI_VERSION;
  }

  @Override
  public Set<ModelFormat> formats() {
    return Set.of();
  }

  @Override
  public BackendStatus probe() {
    return new BackendStatus.Available("1.0", List.of(Device.CPU));
  }

  @Override
  public InferenceSession open(ModelSource model, SessionConfig config) {
    if (!(model instanceof Described described)) {
      throw new BackendException(
          "FORMAT_UNSUPPORTED", model.name() + " is a file, and the backend plain opens none");
    }
    if (!config.device().equals(Device.CPU)) {
      throw new BackendException(
          "DEVICE_UNAVAILABLE",
          "%s was asked to run on %s, but the backend plain runs on the CPU only"
              .formatted(model.name(), config.device()));
    }
    if (!precisions().contains(config.precision())) {
      throw new BackendException(
          "PRECISION_UNSUPPORTED",
          "%s was asked to run in %s, but the backend plain runs in fp32 only"
              .formatted(model.name(), config.precision()));
    }
    return new PlainSession(described);
  }

  /** The checks and the closing come from {@link CheckedSession}. */
  private static final class PlainSession extends CheckedSession {

    private final Described model;
    private final Map<String, float[]> weights = new HashMap<>();

    PlainSession(Described model) {
      super(model.name(), model.input(), model.output());
      this.model = model;
      model.network().requireWeights(model.weights());
      Weights read = model.weights();
      model.network().tensorNames().forEach(name -> weights.put(name, read.values(name)));
    }

    @Override
    protected void runOpen(FloatTensor in, FloatTensor out) {
      Shape given = model.outputShape(in.shape());
      if (!given.equals(out.shape())) {
        throw new BackendException(
            "WRONG_SHAPE",
            "%s gives %s for an input of %s, the output is to be %s"
                .formatted(name(), given, in.shape(), out.shape()));
      }
      Interpreter interpreter = new Interpreter(weights);
      interpreter.results.put(Network.INPUT, Block.read(in));
      for (Layer layer : model.network().layers()) {
        interpreter.results.put(layer.name(), layer.accept(interpreter));
      }
      out.data().duplicate().clear().put(interpreter.of(model.network().output()).values);
    }

    @Override
    protected void release() {
      weights.clear();
    }
  }

  /** The value of one layer, in the order n, c, d, h, w; the depth of a picture is 1. */
  private static final class Block {

    private final int n;
    private final int c;
    private final int[] size;
    private final float[] values;

    Block(int n, int c, int[] size) {
      this.n = n;
      this.c = c;
      this.size = size;
      this.values = new float[n * c * size[0] * size[1] * size[2]];
    }

    static Block read(FloatTensor in) {
      List<Integer> dims = in.shape().dims();
      Block block = new Block(dims.get(0), dims.get(1), three(dims.subList(2, dims.size()), 1));
      in.data().duplicate().clear().get(block.values);
      return block;
    }

    int plane() {
      return size[0] * size[1] * size[2];
    }

    /** Returns the place of a value. */
    int at(int in, int ic, int d, int h, int w) {
      return (((in * c + ic) * size[0] + d) * size[1] + h) * size[2] + w;
    }

    /** Returns a block of the same sizes, each value made from the value and its channel. */
    Block map(Value value) {
      Block result = new Block(n, c, size);
      for (int i = 0; i < values.length; i++) {
        result.values[i] = (float) value.of(values[i], i / plane() % c, i);
      }
      return result;
    }
  }

  private interface Value {
    double of(float x, int channel, int index);
  }

  private interface Reduction {
    double of(double before, float x);
  }

  /** Three numbers for the axes; a list of two is for rows and columns. */
  private static int[] three(List<Integer> numbers, int depth) {
    List<Integer> all = new ArrayList<>(numbers);
    if (all.size() == 2) {
      all.add(0, depth);
    }
    return all.stream().mapToInt(Integer::intValue).toArray();
  }

  private static final class Interpreter implements Layer.Visitor<Block> {

    private final Map<String, Block> results = new HashMap<>();
    private final Map<String, float[]> weights;

    Interpreter(Map<String, float[]> weights) {
      this.weights = weights;
    }

    private Block of(String layer) {
      return results.get(layer);
    }

    private static Block sized(Layer layer, Block x, int channels, int rank) {
      List<Integer> sizes = new ArrayList<>();
      for (int axis = 3 - rank; axis < 3; axis++) {
        sizes.add(x.size[axis]);
      }
      return new Block(x.n, channels, three(layer.outputSize(sizes), 1));
    }

    private float[] bias(Optional<String> name, int channels) {
      return name.map(weights::get).orElseGet(() -> new float[channels]);
    }

    @Override
    public Block visit(Layer.Convolution layer) {
      Block x = of(layer.input());
      Block y = sized(layer, x, layer.outChannels(), layer.kernel().size());
      int[] k = three(layer.kernel(), 1);
      int[] s = three(layer.stride(), 1);
      int[] p = three(layer.padding(), 0);
      float[] weight = weights.get(layer.weight());
      float[] bias = bias(layer.bias(), y.c);
      for (int n = 0; n < y.n; n++) {
        for (int o = 0; o < y.c; o++) {
          int first = y.at(n, o, 0, 0, 0);
          Arrays.fill(y.values, first, first + y.plane(), bias[o]);
          int tap = o * x.c * k[0] * k[1] * k[2];
          for (int c = 0; c < x.c; c++) {
            for (int a = 0; a < k[0]; a++) {
              for (int b = 0; b < k[1]; b++) {
                for (int e = 0; e < k[2]; e++) {
                  add(x, y, n, c, o, s, new int[] {a - p[0], b - p[1], e - p[2]}, weight[tap++]);
                }
              }
            }
          }
        }
      }
      return y;
    }

    /** Adds one tap of a kernel to all values of a channel; outside the input there are zeros. */
    private static void add(
        Block x, Block y, int n, int c, int o, int[] stride, int[] shift, float weight) {
      for (int d = 0; d < y.size[0]; d++) {
        int xd = d * stride[0] + shift[0];
        for (int h = 0; xd >= 0 && xd < x.size[0] && h < y.size[1]; h++) {
          int xh = h * stride[1] + shift[1];
          if (xh >= 0 && xh < x.size[1]) {
            int from = x.at(n, c, xd, xh, 0);
            int to = y.at(n, o, d, h, 0);
            for (int w = 0; w < y.size[2]; w++) {
              int xw = w * stride[2] + shift[2];
              if (xw >= 0 && xw < x.size[2]) {
                y.values[to + w] += weight * x.values[from + xw];
              }
            }
          }
        }
      }
    }

    @Override
    public Block visit(Layer.TransposedConvolution layer) {
      Block x = of(layer.input());
      Block y = sized(layer, x, layer.outChannels(), layer.stride().size());
      int[] s = three(layer.stride(), 1);
      float[] weight = weights.get(layer.weight());
      float[] bias = bias(layer.bias(), y.c);
      for (int n = 0; n < y.n; n++) {
        for (int o = 0; o < y.c; o++) {
          for (int d = 0; d < y.size[0]; d++) {
            for (int h = 0; h < y.size[1]; h++) {
              for (int w = 0; w < y.size[2]; w++) {
                float sum = bias[o];
                for (int c = 0; c < x.c; c++) {
                  int tap = ((c * y.c + o) * s[0] + d % s[0]) * s[1] + h % s[1];
                  sum +=
                      weight[tap * s[2] + w % s[2]]
                          * x.values[x.at(n, c, d / s[0], h / s[1], w / s[2])];
                }
                y.values[y.at(n, o, d, h, w)] = sum;
              }
            }
          }
        }
      }
      return y;
    }

    @Override
    public Block visit(Layer.InstanceNorm layer) {
      Block x = of(layer.input());
      int plane = x.plane();
      double[] mean = new double[x.n * x.c];
      double[] variance = new double[x.n * x.c];
      for (int i = 0; i < x.values.length; i++) {
        mean[i / plane] += x.values[i] / (double) plane;
      }
      for (int i = 0; i < x.values.length; i++) {
        variance[i / plane] += Math.pow(x.values[i] - mean[i / plane], 2) / plane;
      }
      float[] scale = weights.get(layer.scale());
      float[] shift = weights.get(layer.shift());
      return x.map(
          (v, c, i) ->
              (v - mean[i / plane]) / Math.sqrt(variance[i / plane] + layer.epsilon()) * scale[c]
                  + shift[c]);
    }

    @Override
    public Block visit(Layer.BatchNorm layer) {
      float[] mean = weights.get(layer.mean());
      float[] variance = weights.get(layer.variance());
      float[] scale = weights.get(layer.scale());
      float[] shift = weights.get(layer.shift());
      return of(layer.input())
          .map(
              (v, c, i) ->
                  (v - mean[c]) / Math.sqrt(variance[c] + layer.epsilon()) * scale[c] + shift[c]);
    }

    @Override
    public Block visit(Layer.LeakyRelu layer) {
      return of(layer.input()).map((v, c, i) -> v > 0 ? v : layer.slope() * v);
    }

    @Override
    public Block visit(Layer.Relu layer) {
      return of(layer.input()).map((v, c, i) -> Math.max(v, 0));
    }

    @Override
    public Block visit(Layer.Sigmoid layer) {
      return of(layer.input()).map((v, c, i) -> 1 / (1 + Math.exp(-v)));
    }

    @Override
    public Block visit(Layer.Softmax layer) {
      Block x = of(layer.input());
      int sample = x.c * x.plane();
      double[] sums = new double[x.n * x.plane()];
      for (int i = 0; i < x.values.length; i++) {
        sums[i / sample * x.plane() + i % x.plane()] += Math.exp(x.values[i]);
      }
      return x.map((v, c, i) -> Math.exp(v) / sums[i / sample * x.plane() + i % x.plane()]);
    }

    @Override
    public Block visit(Layer.Add layer) {
      Block right = of(layer.right());
      return of(layer.left()).map((v, c, i) -> v + right.values[i]);
    }

    @Override
    public Block visit(Layer.Concatenate layer) {
      List<Block> parts = layer.parts().stream().map(this::of).toList();
      Block first = parts.get(0);
      Block y = new Block(first.n, parts.stream().mapToInt(part -> part.c).sum(), first.size);
      int to = 0;
      for (int n = 0; n < y.n; n++) {
        for (Block part : parts) {
          int count = part.c * part.plane();
          System.arraycopy(part.values, n * count, y.values, to, count);
          to += count;
        }
      }
      return y;
    }

    @Override
    public Block visit(Layer.MaxPool layer) {
      return pool(layer, layer.kernel(), layer.stride(), Double.NEGATIVE_INFINITY, Math::max);
    }

    @Override
    public Block visit(Layer.AveragePool layer) {
      int count = layer.kernel().stream().reduce(1, Math::multiplyExact);
      return pool(layer, layer.kernel(), layer.stride(), 0, (sum, x) -> sum + (double) x / count);
    }

    private Block pool(
        Layer layer,
        List<Integer> kernel,
        List<Integer> stride,
        double start,
        Reduction reduction) {
      Block x = of(layer.inputs().get(0));
      Block y = sized(layer, x, x.c, kernel.size());
      int[] k = three(kernel, 1);
      int[] s = three(stride, 1);
      for (int i = 0; i < y.values.length; i++) {
        int w = i % y.size[2];
        int h = i / y.size[2] % y.size[1];
        int d = i / (y.size[2] * y.size[1]) % y.size[0];
        int channel = i / y.plane();
        double value = start;
        for (int t = 0; t < k[0] * k[1] * k[2]; t++) {
          int from =
              x.at(
                  0,
                  channel, // of all samples, one after the other
                  d * s[0] + t / (k[1] * k[2]),
                  h * s[1] + t / k[2] % k[1],
                  w * s[2] + t % k[2]);
          value = reduction.of(value, x.values[from]);
        }
        y.values[i] = (float) value;
      }
      return y;
    }

    @Override
    public Block visit(Layer.Upsample layer) {
      Block x = of(layer.input());
      Block y = sized(layer, x, x.c, layer.scale().size());
      int[] s = three(layer.scale(), 1);
      for (int i = 0; i < y.values.length; i++) {
        int[] o = {
          i / (y.size[2] * y.size[1]) % y.size[0], i / y.size[2] % y.size[1], i % y.size[2]
        };
        y.values[i] =
            switch (layer.interpolation()) {
              case NEAREST ->
                  x.values[x.at(0, i / y.plane(), o[0] / s[0], o[1] / s[1], o[2] / s[2])];
              case LINEAR -> (float) linear(x, i / y.plane(), o, s);
            };
      }
      return y;
    }

    /** Output o lies at (o + 0.5) / scale - 0.5 of the input; the edges are repeated. */
    private static double linear(Block x, int channel, int[] o, int[] s) {
      double sum = 0;
      for (int corner = 0; corner < 8; corner++) {
        double weight = 1;
        int[] at = new int[3];
        for (int axis = 0; axis < 3; axis++) {
          double position = (o[axis] + 0.5) / s[axis] - 0.5;
          int below = (int) Math.floor(position);
          int upper = corner >> axis & 1;
          weight *= upper == 1 ? position - below : 1 - (position - below);
          at[axis] = Math.min(Math.max(below + upper, 0), x.size[axis] - 1);
        }
        sum += weight * x.values[x.at(0, channel, at[0], at[1], at[2])];
      }
      return sum;
    }
  }
}
