package dev.lss.core.nnunet;

import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.core.nnunet.UNetArchitecture.Activation;
import dev.lss.core.nnunet.UNetArchitecture.Kind;
import dev.lss.core.nnunet.UNetArchitecture.Norm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Writes an nnU-Net architecture out as layers, whose tensors have the names that the checkpoint
 * uses ({@code encoder.stages.0.0.convs.0.conv.weight}).
 *
 * <p>Rules after dynamic_network_architectures (unet_decoder.py, residual.py,
 * simple_conv_blocks.py): padding is (kernel - 1) / 2; the decoder's transposed convolution has
 * kernel = stride and its result comes before the skip in the concatenation; only the last of the
 * {@code seg_layers} is used, the others train; a residual block adds, before its last activation,
 * the input after average pooling by the stride (when there is one) and a 1x1 convolution without
 * bias with norm (when the channels change). Dropout and stochastic depth are the identity.
 */
final class UNetBuilder {

  private final UNetArchitecture net;
  private final List<Layer> layers = new ArrayList<>();

  private UNetBuilder(UNetArchitecture net) {
    this.net = net;
  }

  /**
   * Returns the network.
   *
   * @param architecture what the plans say
   * @param inputChannels channels of the input, those of an earlier stage included
   * @param heads channels of the output
   */
  static Network build(UNetArchitecture architecture, int inputChannels, int heads) {
    UNetBuilder builder = new UNetBuilder(architecture);
    String output = builder.decoder(builder.encoder(inputChannels), heads);
    return new Network(architecture.spatialRank(), inputChannels, builder.layers, output);
  }

  private List<Integer> one() {
    return Collections.nCopies(net.spatialRank(), 1);
  }

  /** Adds the encoder; returns the last layer of every stage. */
  private List<String> encoder(int inputChannels) {
    List<String> skips = new ArrayList<>();
    String x = Network.INPUT;
    int channels = inputChannels;
    if (net.kind() == Kind.RESIDUAL) {
      channels = net.stemChannels();
      x = block("encoder.stem.convs.0", x, net.kernels().get(0), one(), channels, true);
    }
    for (int s = 0; s < net.stages(); s++) {
      int features = net.features().get(s);
      List<Integer> kernel = net.kernels().get(s);
      for (int b = 0; b < net.encoderBlocks().get(s); b++) {
        List<Integer> stride = b == 0 ? net.strides().get(s) : one();
        if (net.kind() == Kind.PLAIN) {
          String name = "encoder.stages.%s.0.convs.%s".formatted(s, b);
          x = block(name, x, kernel, stride, features, true);
        } else {
          String name = "encoder.stages.%s.blocks.%s".formatted(s, b);
          x = residual(name, x, kernel, stride, channels, features);
        }
        channels = features;
      }
      skips.add(x);
    }
    return skips;
  }

  private String decoder(List<String> skips, int heads) {
    int last = net.stages() - 1;
    String x = skips.get(last);
    for (int s = 0; s < last; s++) {
      int finer = last - 1 - s;
      int features = net.features().get(finer);
      String up = "decoder.transpconvs." + s;
      layers.add(
          new Layer.TransposedConvolution(
              up, x, net.strides().get(finer + 1), features, up + ".weight", bias(up, net.bias())));
      String joined = "decoder.concatenate." + s;
      layers.add(new Layer.Concatenate(joined, List.of(up, skips.get(finer))));
      x = joined;
      for (int c = 0; c < net.decoderConvolutions().get(s); c++) {
        String name = "decoder.stages.%s.convs.%s".formatted(s, c);
        x = block(name, x, net.kernels().get(finer), one(), features, true);
      }
    }
    return convolution("decoder.seg_layers." + (last - 1), x, one(), one(), heads, true);
  }

  private String residual(
      String name,
      String x,
      List<Integer> kernel,
      List<Integer> stride,
      int channels,
      int features) {
    String first = block(name + ".conv1", x, kernel, stride, features, true);
    String second = block(name + ".conv2", first, kernel, one(), features, false);
    String skip = x;
    int index = 0;
    if (!stride.equals(one())) {
      layers.add(new Layer.AveragePool(name + ".skip.0", x, stride, stride));
      skip = name + ".skip.0";
      index = 1;
    }
    if (channels != features) {
      String projection = name + ".skip." + index;
      String narrow = convolution(projection + ".conv", skip, one(), one(), features, false);
      skip = norm(projection + ".norm", narrow);
    }
    layers.add(new Layer.Add(name + ".add", second, skip));
    return activation(name + ".nonlin2", name + ".add");
  }

  /** Adds convolution, norm and activation. */
  private String block(
      String name, String x, List<Integer> kernel, List<Integer> stride, int out, boolean active) {
    String y = convolution(name + ".conv", x, kernel, stride, out, net.bias());
    if (!active) {
      return norm(name + ".norm", y);
    }
    return net.activationFirst()
        ? norm(name + ".norm", activation(name + ".nonlin", y))
        : activation(name + ".nonlin", norm(name + ".norm", y));
  }

  private String convolution(
      String name, String x, List<Integer> kernel, List<Integer> stride, int out, boolean bias) {
    List<Integer> padding = kernel.stream().map(k -> (k - 1) / 2).toList();
    layers.add(
        new Layer.Convolution(
            name, x, kernel, stride, padding, out, name + ".weight", bias(name, bias)));
    return name;
  }

  private static Optional<String> bias(String name, boolean bias) {
    return bias ? Optional.of(name + ".bias") : Optional.empty();
  }

  private String norm(String name, String x) {
    if (net.norm() == Norm.NONE) {
      return x;
    }
    layers.add(
        net.norm() == Norm.INSTANCE
            ? new Layer.InstanceNorm(name, x, net.epsilon(), name + ".weight", name + ".bias")
            : new Layer.BatchNorm(
                name,
                x,
                net.epsilon(),
                name + ".weight",
                name + ".bias",
                name + ".running_mean",
                name + ".running_var"));
    return name;
  }

  private String activation(String name, String x) {
    if (net.activation() == Activation.NONE) {
      return x;
    }
    layers.add(
        net.activation() == Activation.RELU
            ? new Layer.Relu(name, x)
            : new Layer.LeakyRelu(name, x, net.slope()));
    return name;
  }
}
