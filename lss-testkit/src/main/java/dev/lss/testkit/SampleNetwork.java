package dev.lss.testkit;

import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.spi.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A small network with random weights from a fixed seed, for tests.
 *
 * @param name what it shows
 * @param network the layers
 * @param weights the tensors
 * @param inputs input shapes that it must take, one after the other
 */
public record SampleNetwork(
    String name, Network network, FixedWeights weights, List<Shape> inputs) {

  @Override
  public String toString() {
    return name;
  }

  /** Returns a network that gives twice its input: one channel, 1 x 1 x 1 kernel of weight 2. */
  public static SampleNetwork doubling() {
    Layer layer =
        new Layer.Convolution(
            "double",
            Network.INPUT,
            List.of(1, 1, 1),
            List.of(1, 1, 1),
            List.of(0, 0, 0),
            1,
            "two",
            Optional.empty());
    return new SampleNetwork(
        "doubling",
        new Network(3, 1, List.of(layer), "double"),
        new FixedWeights(1).with("two", List.of(1, 1, 1, 1, 1), 2f),
        List.of(Shape.of(1, 1, 2, 3, 4)));
  }

  /** Returns networks that together hold every kind of layer, in 2-D and 3-D. */
  public static List<SampleNetwork> everyKind() {
    List<SampleNetwork> all = new ArrayList<>();
    for (int rank : new int[] {2, 3}) {
      all.add(convolution(rank, 1, 1, true));
      all.add(convolution(rank, 3, 1, true));
      all.add(convolution(rank, 3, 2, false));
      all.add(anisotropicConvolution(rank));
      all.add(transposed(rank, true));
      all.add(transposed(rank, false));
      all.add(norms(rank));
      all.add(foldableNorm(rank));
      all.add(pools(rank));
      for (Layer.Interpolation interpolation : Layer.Interpolation.values()) {
        all.add(upsample(rank, interpolation));
      }
      all.add(activations(rank, new Layer.Softmax("out", "convolved")));
      all.add(activations(rank, new Layer.Sigmoid("out", "convolved")));
      all.add(uNet(rank, 4, 3));
    }
    return List.copyOf(all);
  }

  private static List<Integer> each(int rank, int value) {
    return Collections.nCopies(rank, value);
  }

  /** The last {@code rank} of three sizes, so that the axes differ. */
  private static List<Integer> last(int rank, Integer... sizes) {
    return List.of(sizes).subList(3 - rank, 3);
  }

  private static Shape shape(int rank, int batch, int channels, Integer... sizes) {
    List<Integer> dims = new ArrayList<>(List.of(batch, channels));
    dims.addAll(last(rank, sizes));
    return new Shape(dims);
  }

  private static Integer[] kernelShape(int first, int second, List<Integer> kernel) {
    List<Integer> shape = new ArrayList<>(List.of(first, second));
    shape.addAll(kernel);
    return shape.toArray(Integer[]::new);
  }

  private static SampleNetwork convolution(int rank, int kernel, int stride, boolean bias) {
    Layer layer =
        new Layer.Convolution(
            "out",
            Network.INPUT,
            each(rank, kernel),
            each(rank, stride),
            each(rank, kernel / 2),
            3,
            "w",
            bias ? Optional.of("b") : Optional.empty());
    return new SampleNetwork(
        "%s-D convolution, kernel %s, stride %s%s"
            .formatted(rank, kernel, stride, bias ? ", bias" : ""),
        new Network(rank, 2, List.of(layer), "out"),
        new FixedWeights(rank + kernel)
            .random("w", kernelShape(3, 2, each(rank, kernel)))
            .random("b", 3),
        List.of(shape(rank, 1, 2, 4, 6, 8), shape(rank, 2, 2, 6, 2, 4)));
  }

  private static SampleNetwork anisotropicConvolution(int rank) {
    Layer layer =
        new Layer.Convolution(
            "out",
            Network.INPUT,
            last(rank, 1, 3, 5),
            last(rank, 1, 2, 1),
            last(rank, 0, 1, 0),
            2,
            "w",
            Optional.empty());
    return new SampleNetwork(
        rank + "-D convolution, a kernel, stride and padding for each axis",
        new Network(rank, 2, List.of(layer), "out"),
        new FixedWeights(rank).random("w", kernelShape(2, 2, last(rank, 1, 3, 5))),
        List.of(shape(rank, 1, 2, 3, 6, 7), shape(rank, 1, 2, 1, 4, 5)));
  }

  private static SampleNetwork transposed(int rank, boolean bias) {
    List<Integer> stride = bias ? each(rank, 2) : last(rank, 1, 3, 2);
    Layer layer =
        new Layer.TransposedConvolution(
            "out", Network.INPUT, stride, 3, "w", bias ? Optional.of("b") : Optional.empty());
    return new SampleNetwork(
        "%s-D transposed convolution, stride %s%s".formatted(rank, stride, bias ? ", bias" : ""),
        new Network(rank, 2, List.of(layer), "out"),
        new FixedWeights(rank).random("w", kernelShape(2, 3, stride)).random("b", 3),
        List.of(shape(rank, 1, 2, 2, 3, 4), shape(rank, 2, 2, 4, 1, 3)));
  }

  private static SampleNetwork norms(int rank) {
    List<Layer> layers =
        List.of(
            new Layer.InstanceNorm("instance", Network.INPUT, 1e-5, "s1", "t1"),
            new Layer.Relu("relu", "instance"),
            new Layer.BatchNorm("batch", Network.INPUT, 1e-3, "s2", "t2", "mean", "variance"),
            new Layer.LeakyRelu("leaky", "batch", 0.01),
            new Layer.Add("out", "relu", "leaky"));
    return new SampleNetwork(
        rank + "-D instance norm, batch norm, rectifiers and sum",
        new Network(rank, 2, layers, "out"),
        new FixedWeights(rank)
            .random("s1", 2)
            .random("t1", 2)
            .random("s2", 2)
            .random("t2", 2)
            .random("mean", 2)
            .positive("variance", 2),
        List.of(shape(rank, 2, 2, 3, 4, 5), shape(rank, 1, 2, 2, 3, 2)));
  }

  /** A batch norm that a runtime may fold into the convolution before it. */
  private static SampleNetwork foldableNorm(int rank) {
    List<Layer> layers =
        List.of(
            new Layer.Convolution(
                "convolved",
                Network.INPUT,
                each(rank, 3),
                each(rank, 1),
                each(rank, 1),
                3,
                "w",
                Optional.of("b")),
            new Layer.BatchNorm("norm", "convolved", 1e-5, "s", "t", "mean", "variance"),
            new Layer.LeakyRelu("out", "norm", 0.1));
    return new SampleNetwork(
        rank + "-D convolution, batch norm and leaky rectifier in a row",
        new Network(rank, 2, layers, "out"),
        new FixedWeights(rank)
            .random("w", kernelShape(3, 2, each(rank, 3)))
            .random("b", 3)
            .random("s", 3)
            .random("t", 3)
            .random("mean", 3)
            .positive("variance", 3),
        List.of(shape(rank, 1, 2, 3, 4, 5), shape(rank, 1, 2, 4, 4, 4)));
  }

  private static SampleNetwork pools(int rank) {
    List<Layer> layers =
        List.of(
            new Layer.MaxPool("max", Network.INPUT, each(rank, 2), each(rank, 2)),
            new Layer.AveragePool("average", Network.INPUT, each(rank, 2), each(rank, 2)),
            new Layer.Concatenate("out", List.of("max", "average", "max")));
    return new SampleNetwork(
        rank + "-D pools and concatenation",
        new Network(rank, 2, layers, "out"),
        new FixedWeights(rank),
        List.of(shape(rank, 1, 2, 2, 4, 6), shape(rank, 2, 2, 4, 2, 2)));
  }

  private static SampleNetwork upsample(int rank, Layer.Interpolation interpolation) {
    List<Layer> layers =
        List.of(
            new Layer.Upsample("even", Network.INPUT, interpolation, each(rank, 2)),
            new Layer.Upsample("out", "even", interpolation, last(rank, 1, 3, 2)));
    return new SampleNetwork(
        rank + "-D upsampling, " + interpolation,
        new Network(rank, 2, layers, "out"),
        new FixedWeights(rank),
        List.of(shape(rank, 1, 2, 2, 3, 4), shape(rank, 1, 2, 3, 1, 2)));
  }

  private static SampleNetwork activations(int rank, Layer last) {
    List<Layer> layers =
        List.of(
            new Layer.Convolution(
                "convolved",
                Network.INPUT,
                each(rank, 1),
                each(rank, 1),
                each(rank, 0),
                4,
                "w",
                Optional.of("b")),
            last);
    return new SampleNetwork(
        rank + "-D " + last.getClass().getSimpleName(),
        new Network(rank, 2, layers, "out"),
        new FixedWeights(rank).random("w", kernelShape(4, 2, each(rank, 1))).random("b", 4),
        List.of(shape(rank, 1, 2, 2, 3, 4), shape(rank, 2, 2, 1, 2, 3)));
  }

  /**
   * Returns a U-Net as nnU-Net builds them: two blocks of convolution, instance norm and leaky
   * rectifier per level, strided convolutions down, transposed ones up; three classes.
   */
  public static SampleNetwork uNet(int rank, int baseChannels, int levels) {
    FixedWeights weights = new FixedWeights(7);
    List<Layer> layers = new ArrayList<>();
    List<String> skips = new ArrayList<>();
    String x = Network.INPUT;
    int channels = 1;
    for (int level = 0; level < levels; level++) {
      int out = baseChannels << level;
      x = block(layers, weights, "down" + level + "a", x, rank, channels, out, level > 0 ? 2 : 1);
      x = block(layers, weights, "down" + level + "b", x, rank, out, out, 1);
      skips.add(x);
      channels = out;
    }
    for (int level = levels - 2; level >= 0; level--) {
      int out = baseChannels << level;
      String up = "up" + level;
      layers.add(
          new Layer.TransposedConvolution(
              up, x, each(rank, 2), out, up + ".w", Optional.of(up + ".b")));
      weights.random(up + ".w", kernelShape(channels, out, each(rank, 2))).random(up + ".b", out);
      layers.add(new Layer.Concatenate("join" + level, List.of(up, skips.get(level))));
      x = block(layers, weights, up + "a", "join" + level, rank, 2 * out, out, 1);
      x = block(layers, weights, up + "b", x, rank, out, out, 1);
      channels = out;
    }
    layers.add(
        new Layer.Convolution(
            "logits",
            x,
            each(rank, 1),
            each(rank, 1),
            each(rank, 0),
            3,
            "logits.w",
            Optional.of("logits.b")));
    weights.random("logits.w", kernelShape(3, channels, each(rank, 1))).random("logits.b", 3);
    int unit = 1 << (levels - 1);
    return new SampleNetwork(
        "%s-D U-Net of %s channels and %s levels".formatted(rank, baseChannels, levels),
        new Network(rank, 1, layers, "logits"),
        weights,
        List.of(
            shape(rank, 1, 1, 2 * unit, 3 * unit, 4 * unit),
            shape(rank, 1, 1, 3 * unit, 2 * unit, 2 * unit)));
  }

  private static String block(
      List<Layer> layers,
      FixedWeights weights,
      String name,
      String input,
      int rank,
      int in,
      int out,
      int stride) {
    layers.add(
        new Layer.Convolution(
            name,
            input,
            each(rank, 3),
            each(rank, stride),
            each(rank, 1),
            out,
            name + ".w",
            Optional.of(name + ".b")));
    layers.add(new Layer.InstanceNorm(name + ".norm", name, 1e-5, name + ".s", name + ".t"));
    layers.add(new Layer.LeakyRelu(name + ".act", name + ".norm", 0.01));
    weights
        .random(name + ".w", kernelShape(out, in, each(rank, 3)))
        .random(name + ".b", out)
        .random(name + ".s", out)
        .random(name + ".t", out);
    return name + ".act";
  }
}
