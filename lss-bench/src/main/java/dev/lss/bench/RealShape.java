package dev.lss.bench;

import dev.lss.api.ModelException;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import dev.lss.spi.ModelSource.Described;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network of the size that nnU-Net plans for a CT: six stages of 32 to 320 features, tiles of 128
 * x 128 x 128, 26 labels, 31 million weights. The weights are random, from a generator by name,
 * which lss_training/peers/nnunet_real_shape.py repeats bit for bit. Stateless.
 */
public final class RealShape {

  /** Voxels along each axis of a tile. */
  public static final int TILE = 128;

  /** Labels, the background among them. */
  public static final int LABELS = 26;

  private static final int[] FEATURES = {32, 64, 128, 256, 320, 320};
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final double[] BELL = {0.5, 1, 0.5};

  private final List<Layer> layers = new ArrayList<>();

  private RealShape() {}

  /** Returns the network with nnU-Net's names and its weights, each made when it is asked for. */
  public static Described source() {
    Network network = new RealShape().network();
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    Map<String, Integer> channels = network.channelsByLayer();
    for (Layer layer : network.layers()) {
      int fed = channels.getOrDefault(layer.inputs().get(0), 1);
      layer.tensors(fed).forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
    }
    return new Described("real shape", network, new Generated(Map.copyOf(shapes)));
  }

  private record Generated(Map<String, List<Integer>> shapes) implements Weights {

    @Override
    public Set<String> names() {
      return shapes.keySet();
    }

    @Override
    public List<Integer> shape(String name) {
      List<Integer> shape = shapes.get(name);
      if (shape == null) {
        throw new ModelException("MISSING_WEIGHTS", "no tensor is named " + name);
      }
      return shape;
    }

    @Override
    public float[] values(String name) {
      return RealShape.values(name, shape(name));
    }
  }

  private Network network() {
    String x = Network.INPUT;
    List<String> skips = new ArrayList<>();
    for (int stage = 0; stage < FEATURES.length; stage++) {
      String name = "encoder.stages.%s.0".formatted(stage);
      x = blocks(name, x, FEATURES[stage], stage == 0 ? 1 : 2);
      skips.add(x);
    }
    for (int stage = 0; stage < FEATURES.length - 1; stage++) {
      int features = FEATURES[FEATURES.length - 2 - stage];
      String up = "decoder.transpconvs." + stage;
      layers.add(
          new Layer.TransposedConvolution(
              up, x, List.of(2, 2, 2), features, up + ".weight", Optional.of(up + ".bias")));
      String joined = "decoder.joined." + stage;
      layers.add(
          new Layer.Concatenate(joined, List.of(up, skips.get(FEATURES.length - 2 - stage))));
      x = blocks("decoder.stages." + stage, joined, features, 1);
    }
    String head = "decoder.seg_layers." + (FEATURES.length - 2);
    layers.add(convolution(head, x, 1, 1, LABELS));
    return new Network(3, 1, layers, head);
  }

  private String blocks(String stage, String input, int features, int stride) {
    String x = input;
    for (int n = 0; n < 2; n++) {
      String block = "%s.convs.%s".formatted(stage, n);
      layers.add(convolution(block + ".conv", x, 3, n == 0 ? stride : 1, features));
      String norm = block + ".norm";
      layers.add(
          new Layer.InstanceNorm(norm, block + ".conv", 1e-5, norm + ".weight", norm + ".bias"));
      x = block + ".nonlin";
      layers.add(new Layer.LeakyRelu(x, norm, 0.01));
    }
    return x;
  }

  private static Layer convolution(String name, String input, int kernel, int stride, int out) {
    int padding = kernel / 2;
    return new Layer.Convolution(
        name,
        input,
        List.of(kernel, kernel, kernel),
        List.of(stride, stride, stride),
        List.of(padding, padding, padding),
        out,
        name + ".weight",
        Optional.of(name + ".bias"));
  }

  /**
   * Returns one tensor. Kernels of 3 x 3 x 3 are smooth, so that labels form regions and not noise.
   *
   * @param name nnU-Net's name of the tensor, which decides its numbers
   * @param shape its shape
   */
  public static float[] values(String name, List<Integer> shape) {
    float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
    boolean norm = name.contains(".norm.");
    boolean scale = norm && name.endsWith("weight");
    int taps =
        shape.subList(Math.min(2, shape.size()), shape.size()).stream().reduce(1, (a, b) -> a * b);
    long seed = seed(name);
    long mixSeed = seed(name + "/mix");
    for (int n = 0; n < values.length; n++) {
      double u = uniform(seed, n);
      double value;
      if (shape.size() == 1) {
        value = scale ? 1 + 0.2 * u : (norm ? 0.2 : 0.1) * u;
      } else if (name.contains("transpconvs")) {
        value = u * Math.sqrt(3.0 / shape.get(0));
      } else if (taps == 1) {
        value = u * Math.sqrt(3.0 / shape.get(1));
      } else {
        double bell = BELL[n % 27 / 9] * BELL[n % 9 / 3] * BELL[n % 3];
        double mix = uniform(mixSeed, n / 27) * bell;
        value = (mix + 0.25 * u) * Math.sqrt(3.0 / (27 * shape.get(1)));
      }
      values[n] = (float) value;
    }
    return values;
  }

  /** A number in [-1, 1) of 24 bits, so that what is made of it is exact or rounded once. */
  private static double uniform(long seed, long n) {
    return (mixed(seed, n) >>> 40) * 0x1p-23 - 1;
  }

  /** Returns the FNV-1a hash of a name, from which its numbers start. */
  public static long seed(String name) {
    long seed = 0xCBF29CE484222325L;
    for (byte letter : name.getBytes(StandardCharsets.UTF_8)) {
      seed = (seed ^ letter) * 0x100000001B3L;
    }
    return seed;
  }

  /** Returns the n-th number of SplitMix64 from this seed. */
  public static long mixed(long seed, long n) {
    long z = seed + (n + 1) * GOLDEN;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
