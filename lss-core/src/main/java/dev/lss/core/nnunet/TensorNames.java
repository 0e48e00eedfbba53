package dev.lss.core.nnunet;

import dev.lss.api.model.network.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The names of the tensors that a layer uses. Stateless. */
final class TensorNames implements Layer.Visitor<List<String>> {

  static final TensorNames INSTANCE = new TensorNames();

  private TensorNames() {}

  private static List<String> of(String weight, Optional<String> bias) {
    List<String> names = new ArrayList<>(List.of(weight));
    bias.ifPresent(names::add);
    return names;
  }

  @Override
  public List<String> visit(Layer.Convolution layer) {
    return of(layer.weight(), layer.bias());
  }

  @Override
  public List<String> visit(Layer.TransposedConvolution layer) {
    return of(layer.weight(), layer.bias());
  }

  @Override
  public List<String> visit(Layer.InstanceNorm layer) {
    return List.of(layer.scale(), layer.shift());
  }

  @Override
  public List<String> visit(Layer.BatchNorm layer) {
    return List.of(layer.scale(), layer.shift(), layer.mean(), layer.variance());
  }

  @Override
  public List<String> visit(Layer.LeakyRelu layer) {
    return List.of();
  }

  @Override
  public List<String> visit(Layer.Relu layer) {
    return List.of();
  }

  @Override
  public List<String> visit(Layer.Add layer) {
    return List.of();
  }

  @Override
  public List<String> visit(Layer.Concatenate layer) {
    return List.of();
  }

  @Override
  public List<String> visit(Layer.MaxPool layer) {
    return List.of();
  }

  @Override
  public List<String> visit(Layer.AveragePool layer) {
    return List.of();
  }

  @Override
  public List<String> visit(Layer.Upsample layer) {
    return List.of();
  }

  @Override
  public List<String> visit(Layer.Softmax layer) {
    return List.of();
  }

  @Override
  public List<String> visit(Layer.Sigmoid layer) {
    return List.of();
  }
}
