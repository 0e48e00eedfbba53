package dev.lss.core.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes a network as {@link LayerReader} reads it. */
final class LayerWriter implements Layer.Visitor<ObjectNode> {

  private final ObjectNode node;

  private LayerWriter(ObjectNode node) {
    this.node = node;
  }

  static void write(Network network, ObjectNode node) {
    node.put("spatialRank", network.spatialRank()).put("inputChannels", network.inputChannels());
    for (Layer layer : network.layers()) {
      layer.accept(new LayerWriter(node.withArray("layers").addObject()));
    }
    node.put("output", network.output());
  }

  private ObjectNode begin(String op, Layer layer) {
    node.put("op", op).put("name", layer.name());
    layer.inputs().forEach(node.putArray("inputs")::add);
    return node;
  }

  private ObjectNode numbers(String field, List<Integer> values) {
    values.forEach(node.putArray(field)::add);
    return node;
  }

  private ObjectNode weights(int outChannels, String weight, Optional<String> bias) {
    node.put("outChannels", outChannels).put("weight", weight);
    bias.ifPresent(name -> node.put("bias", name));
    return node;
  }

  @Override
  public ObjectNode visit(Layer.Convolution layer) {
    begin("convolution", layer);
    numbers("kernel", layer.kernel());
    numbers("stride", layer.stride());
    numbers("padding", layer.padding());
    return weights(layer.outChannels(), layer.weight(), layer.bias());
  }

  @Override
  public ObjectNode visit(Layer.TransposedConvolution layer) {
    begin("transposedConvolution", layer);
    numbers("kernel", layer.stride());
    numbers("stride", layer.stride());
    return weights(layer.outChannels(), layer.weight(), layer.bias());
  }

  @Override
  public ObjectNode visit(Layer.InstanceNorm layer) {
    return begin("instanceNorm", layer)
        .put("epsilon", layer.epsilon())
        .put("scale", layer.scale())
        .put("shift", layer.shift());
  }

  @Override
  public ObjectNode visit(Layer.BatchNorm layer) {
    return begin("batchNorm", layer)
        .put("epsilon", layer.epsilon())
        .put("scale", layer.scale())
        .put("shift", layer.shift())
        .put("mean", layer.mean())
        .put("variance", layer.variance());
  }

  @Override
  public ObjectNode visit(Layer.LeakyRelu layer) {
    return begin("leakyRelu", layer).put("slope", layer.slope());
  }

  @Override
  public ObjectNode visit(Layer.Relu layer) {
    return begin("relu", layer);
  }

  @Override
  public ObjectNode visit(Layer.Add layer) {
    return begin("add", layer);
  }

  @Override
  public ObjectNode visit(Layer.Concatenate layer) {
    return begin("concatenate", layer);
  }

  @Override
  public ObjectNode visit(Layer.MaxPool layer) {
    begin("maxPool", layer);
    numbers("kernel", layer.kernel());
    return numbers("stride", layer.stride());
  }

  @Override
  public ObjectNode visit(Layer.AveragePool layer) {
    begin("averagePool", layer);
    numbers("kernel", layer.kernel());
    return numbers("stride", layer.stride());
  }

  @Override
  public ObjectNode visit(Layer.Upsample layer) {
    begin("upsample", layer).put("mode", layer.interpolation().name().toLowerCase(Locale.ROOT));
    return numbers("scale", layer.scale());
  }

  @Override
  public ObjectNode visit(Layer.Softmax layer) {
    return begin("softmax", layer);
  }

  @Override
  public ObjectNode visit(Layer.Sigmoid layer) {
    return begin("sigmoid", layer);
  }
}
