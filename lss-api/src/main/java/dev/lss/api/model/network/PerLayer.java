package dev.lss.api.model.network;

/** A visitor that gives one answer for every layer that a subclass does not single out. */
class PerLayer<R> implements Layer.Visitor<R> {

  private final R otherwise;

  PerLayer(R otherwise) {
    this.otherwise = otherwise;
  }

  @Override
  public R visit(Layer.Convolution layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.TransposedConvolution layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.InstanceNorm layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.BatchNorm layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.LeakyRelu layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.Relu layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.Add layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.Concatenate layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.MaxPool layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.AveragePool layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.Upsample layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.Softmax layer) {
    return otherwise;
  }

  @Override
  public R visit(Layer.Sigmoid layer) {
    return otherwise;
  }
}
