package dev.lss.core.model;

import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads a network from the explicit list of layers in a manifest. Every layer has {@code op},
 * {@code name} and {@code inputs}; the other fields belong to its kind and are all required, except
 * a convolution's {@code bias}. An unknown kind is refused, never skipped.
 */
final class LayerReader {

  private static final Map<String, Function<Fields, Layer>> KINDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("convolution", LayerReader::convolution),
              Map.entry("transposedConvolution", LayerReader::transposedConvolution),
              Map.entry("instanceNorm", LayerReader::instanceNorm),
              Map.entry("batchNorm", LayerReader::batchNorm),
              Map.entry(
                  "leakyRelu", f -> new Layer.LeakyRelu(name(f), input(f), f.number("slope"))),
              Map.entry("relu", f -> new Layer.Relu(name(f), input(f))),
              Map.entry("add", LayerReader::add),
              Map.entry("concatenate", LayerReader::concatenate),
              Map.entry(
                  "maxPool",
                  f ->
                      new Layer.MaxPool(
                          name(f), input(f), f.integers("kernel"), f.integers("stride"))),
              Map.entry(
                  "averagePool",
                  f ->
                      new Layer.AveragePool(
                          name(f), input(f), f.integers("kernel"), f.integers("stride"))),
              Map.entry("upsample", LayerReader::upsample),
              Map.entry("softmax", f -> new Layer.Softmax(name(f), input(f))),
              Map.entry("sigmoid", f -> new Layer.Sigmoid(name(f), input(f)))));

  private LayerReader() {}

  static Network network(Fields fields) {
    int spatialRank = fields.integer("spatialRank");
    int inputChannels = fields.integer("inputChannels");
    List<Layer> layers = fields.objects("layers").stream().map(LayerReader::layer).toList();
    String output = fields.text("output");
    fields.refuseOthers();
    return fields.build(() -> new Network(spatialRank, inputChannels, layers, output));
  }

  private static Layer layer(Fields fields) {
    Layer layer = fields.oneOf("op", KINDS).apply(fields);
    fields.refuseOthers();
    return layer;
  }

  private static Layer convolution(Fields f) {
    return new Layer.Convolution(
        name(f),
        input(f),
        f.integers("kernel"),
        f.integers("stride"),
        f.integers("padding"),
        f.integer("outChannels"),
        f.text("weight"),
        f.optionalText("bias"));
  }

  private static Layer transposedConvolution(Fields f) {
    List<Integer> stride = f.integers("stride");
    if (!f.integers("kernel").equals(stride)) {
      throw f.wrong(
          "kernel",
          "a transposed convolution's kernel must equal its stride %s, was %s"
              .formatted(stride, f.integers("kernel")));
    }
    return new Layer.TransposedConvolution(
        name(f),
        input(f),
        stride,
        f.integer("outChannels"),
        f.text("weight"),
        f.optionalText("bias"));
  }

  private static Layer instanceNorm(Fields f) {
    return new Layer.InstanceNorm(
        name(f), input(f), f.number("epsilon"), f.text("scale"), f.text("shift"));
  }

  private static Layer batchNorm(Fields f) {
    return new Layer.BatchNorm(
        name(f),
        input(f),
        f.number("epsilon"),
        f.text("scale"),
        f.text("shift"),
        f.text("mean"),
        f.text("variance"));
  }

  private static Layer add(Fields f) {
    List<String> inputs = inputs(f, 2);
    return new Layer.Add(name(f), inputs.get(0), inputs.get(1));
  }

  private static Layer concatenate(Fields f) {
    List<String> inputs = f.texts("inputs");
    if (inputs.size() < 2) {
      throw f.wrong("inputs", "concatenate takes at least 2 inputs, was given " + inputs.size());
    }
    return new Layer.Concatenate(name(f), inputs);
  }

  private static Layer upsample(Fields f) {
    Layer.Interpolation interpolation =
        f.oneOf(
            "mode",
            Map.of("nearest", Layer.Interpolation.NEAREST, "linear", Layer.Interpolation.LINEAR));
    return new Layer.Upsample(name(f), input(f), interpolation, f.integers("scale"));
  }

  private static String name(Fields f) {
    return f.text("name");
  }

  private static String input(Fields f) {
    return inputs(f, 1).get(0);
  }

  private static List<String> inputs(Fields f, int count) {
    List<String> inputs = f.texts("inputs");
    if (inputs.size() != count) {
      throw f.wrong(
          "inputs",
          "%s takes %s inputs, was given %s".formatted(f.text("op"), count, inputs.size()));
    }
    return inputs;
  }
}
