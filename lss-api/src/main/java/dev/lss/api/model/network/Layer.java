package dev.lss.api.model.network;

import dev.lss.api.BackendException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One step of a network. Each kind is a record; a translator implements {@link Visitor}. Immutable.
 */
public sealed interface Layer {

  /** Returns the name by which later layers refer to this one; unique in the network. */
  String name();

  /** Returns the names of the layers that feed this one, in order. */
  List<String> inputs();

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /**
   * Returns the tensors of the weights that this layer uses, none for most kinds.
   *
   * @param inChannels channels of its first input, from which the shapes follow
   */
  default List<Tensor> tensors(int inChannels) {
    return List.of();
  }

  /**
   * Returns the spatial sizes of the result for an input of these sizes; 0 where nothing is left.
   */
  default List<Integer> outputSize(List<Integer> inputSize) {
    return inputSize;
  }

  /** How {@link Upsample} makes values between samples. */
  enum Interpolation {
    /** Repeats the nearest sample. */
    NEAREST,
    /** Linear along each axis, edges repeated. */
    LINEAR
  }

  /**
   * A tensor of the weights that a layer uses.
   *
   * @param name its name in {@link Weights}
   * @param shape the shape it must have, slowest axis first
   */
  record Tensor(String name, List<Integer> shape) {

    /** Copies the list. */
    public Tensor {
      shape = List.copyOf(shape);
    }
  }

  /**
   * A function over all kinds of layer. What does not override the method of a kind answers it with
   * {@link #other}; so a visitor that was compiled before a kind was added still loads, and refuses
   * that kind by name.
   *
   * @param <R> what the function returns
   */
  interface Visitor<R> {

    /**
     * Answers every kind that has no method of its own here.
     *
     * @throws BackendException {@code LAYER_UNSUPPORTED}, unless it is overridden
     */
    default R other(Layer layer) {
      throw new BackendException(
          "LAYER_UNSUPPORTED",
          "the layer %s is of the kind %s, which %s does not know: use another backend or a newer one"
              .formatted(
                  layer.name(), layer.getClass().getSimpleName(), getClass().getSimpleName()));
    }

    /** Visits a {@link Convolution}. */
    default R visit(Convolution layer) {
      return other(layer);
    }

    /** Visits a {@link TransposedConvolution}. */
    default R visit(TransposedConvolution layer) {
      return other(layer);
    }

    /** Visits an {@link InstanceNorm}. */
    default R visit(InstanceNorm layer) {
      return other(layer);
    }

    /** Visits a {@link BatchNorm}. */
    default R visit(BatchNorm layer) {
      return other(layer);
    }

    /** Visits a {@link LeakyRelu}. */
    default R visit(LeakyRelu layer) {
      return other(layer);
    }

    /** Visits a {@link Relu}. */
    default R visit(Relu layer) {
      return other(layer);
    }

    /** Visits an {@link Add}. */
    default R visit(Add layer) {
      return other(layer);
    }

    /** Visits a {@link Concatenate}. */
    default R visit(Concatenate layer) {
      return other(layer);
    }

    /** Visits a {@link MaxPool}. */
    default R visit(MaxPool layer) {
      return other(layer);
    }

    /** Visits an {@link AveragePool}. */
    default R visit(AveragePool layer) {
      return other(layer);
    }

    /** Visits an {@link Upsample}. */
    default R visit(Upsample layer) {
      return other(layer);
    }

    /** Visits a {@link Softmax}. */
    default R visit(Softmax layer) {
      return other(layer);
    }

    /** Visits a {@link Sigmoid}. */
    default R visit(Sigmoid layer) {
      return other(layer);
    }
  }

  /** Returns a kernel of these channels and sizes, and the bias where there is one. */
  private static List<Tensor> kernel(
      String weight,
      int first,
      int second,
      List<Integer> sizes,
      Optional<String> bias,
      int outChannels) {
    List<Integer> shape = new ArrayList<>(List.of(first, second));
    shape.addAll(sizes);
    List<Tensor> tensors = new ArrayList<>(List.of(new Tensor(weight, shape)));
    bias.ifPresent(name -> tensors.add(new Tensor(name, List.of(outChannels))));
    return List.copyOf(tensors);
  }

  private static List<Tensor> perChannel(int channels, String... names) {
    return Arrays.stream(names).map(name -> new Tensor(name, List.of(channels))).toList();
  }

  /** Returns how many windows fit along each axis; 0 where none does. */
  private static List<Integer> windows(
      List<Integer> sizes, List<Integer> kernel, List<Integer> stride, List<Integer> padding) {
    List<Integer> windows = new ArrayList<>();
    for (int axis = 0; axis < sizes.size(); axis++) {
      int room = sizes.get(axis) + 2 * padding.get(axis) - kernel.get(axis);
      windows.add(room < 0 ? 0 : room / stride.get(axis) + 1);
    }
    return List.copyOf(windows);
  }

  private static List<Integer> enlarged(List<Integer> sizes, List<Integer> factors) {
    List<Integer> large = new ArrayList<>();
    for (int axis = 0; axis < sizes.size(); axis++) {
      large.add(Math.multiplyExact(sizes.get(axis), factors.get(axis)));
    }
    return List.copyOf(large);
  }

  /**
   * Cross-correlation with zero padding, as deep-learning frameworks define convolution. Weight
   * shape: out, in, D, H, W.
   *
   * @param name name of this layer
   * @param input layer that feeds it
   * @param kernel kernel size
   * @param stride step
   * @param padding zeros added on both sides of each axis
   * @param outChannels output channels
   * @param weight name of the weight tensor
   * @param bias name of the bias tensor, one value per output channel
   */
  record Convolution(
      String name,
      String input,
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> padding,
      int outChannels,
      String weight,
      Optional<String> bias)
      implements Layer {

    /** Copies the lists. */
    public Convolution {
      kernel = List.copyOf(kernel);
      stride = List.copyOf(stride);
      padding = List.copyOf(padding);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public List<Tensor> tensors(int inChannels) {
      return Layer.kernel(weight, outChannels, inChannels, kernel, bias, outChannels);
    }

    @Override
    public List<Integer> outputSize(List<Integer> inputSize) {
      return windows(inputSize, kernel, stride, padding);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Transposed convolution whose kernel equals its stride, so that blocks do not overlap. Weight
   * shape: in, out, D, H, W.
   *
   * @param name name of this layer
   * @param input layer that feeds it
   * @param stride kernel and step
   * @param outChannels output channels
   * @param weight name of the weight tensor
   * @param bias name of the bias tensor
   */
  record TransposedConvolution(
      String name,
      String input,
      List<Integer> stride,
      int outChannels,
      String weight,
      Optional<String> bias)
      implements Layer {

    /** Copies the lists. */
    public TransposedConvolution {
      stride = List.copyOf(stride);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public List<Tensor> tensors(int inChannels) {
      return kernel(weight, inChannels, outChannels, stride, bias, outChannels);
    }

    @Override
    public List<Integer> outputSize(List<Integer> inputSize) {
      return enlarged(inputSize, stride);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Normalises each channel of each sample by its own mean and population variance, then scales and
   * shifts.
   *
   * @param name name of this layer
   * @param input layer that feeds it
   * @param epsilon added to the variance
   * @param scale name of the scale tensor
   * @param shift name of the shift tensor
   */
  record InstanceNorm(String name, String input, double epsilon, String scale, String shift)
      implements Layer {

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public List<Tensor> tensors(int inChannels) {
      return perChannel(inChannels, scale, shift);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Normalises each channel by stored mean and variance, then scales and shifts.
   *
   * @param name name of this layer
   * @param input layer that feeds it
   * @param epsilon added to the variance
   * @param scale name of the scale tensor
   * @param shift name of the shift tensor
   * @param mean name of the mean tensor
   * @param variance name of the variance tensor
   */
  record BatchNorm(
      String name,
      String input,
      double epsilon,
      String scale,
      String shift,
      String mean,
      String variance)
      implements Layer {

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public List<Tensor> tensors(int inChannels) {
      return perChannel(inChannels, scale, shift, mean, variance);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code x} where positive, {@code slope * x} elsewhere.
   *
   * @param name name of this layer
   * @param input layer that feeds it
   * @param slope slope below zero
   */
  record LeakyRelu(String name, String input, double slope) implements Layer {

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * {@code max(x, 0)}.
   *
   * @param name name of this layer
   * @param input layer that feeds it
   */
  record Relu(String name, String input) implements Layer {

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Sum of two tensors of one shape.
   *
   * @param name name of this layer
   * @param left first summand
   * @param right second summand
   */
  record Add(String name, String left, String right) implements Layer {

    @Override
    public List<String> inputs() {
      return List.of(left, right);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Joins tensors along the channel axis, in order.
   *
   * @param name name of this layer
   * @param parts layers to join, at least two
   */
  record Concatenate(String name, List<String> parts) implements Layer {

    /** Copies the lists. */
    public Concatenate {
      parts = List.copyOf(parts);
    }

    @Override
    public List<String> inputs() {
      return parts;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Maximum over windows, without padding.
   *
   * @param name name of this layer
   * @param input layer that feeds it
   * @param kernel window
   * @param stride step
   */
  record MaxPool(String name, String input, List<Integer> kernel, List<Integer> stride)
      implements Layer {

    /** Copies the lists. */
    public MaxPool {
      kernel = List.copyOf(kernel);
      stride = List.copyOf(stride);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public List<Integer> outputSize(List<Integer> inputSize) {
      return windows(inputSize, kernel, stride, Collections.nCopies(kernel.size(), 0));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Mean over windows, without padding.
   *
   * @param name name of this layer
   * @param input layer that feeds it
   * @param kernel window
   * @param stride step
   */
  record AveragePool(String name, String input, List<Integer> kernel, List<Integer> stride)
      implements Layer {

    /** Copies the lists. */
    public AveragePool {
      kernel = List.copyOf(kernel);
      stride = List.copyOf(stride);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public List<Integer> outputSize(List<Integer> inputSize) {
      return windows(inputSize, kernel, stride, Collections.nCopies(kernel.size(), 0));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Enlarges by whole factors on a half-pixel grid (align_corners = false).
   *
   * @param name name of this layer
   * @param input layer that feeds it
   * @param interpolation how values between samples are made
   * @param scale factor
   */
  record Upsample(String name, String input, Interpolation interpolation, List<Integer> scale)
      implements Layer {

    /** Copies the lists. */
    public Upsample {
      scale = List.copyOf(scale);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public List<Integer> outputSize(List<Integer> inputSize) {
      return enlarged(inputSize, scale);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Softmax over the channel axis.
   *
   * @param name name of this layer
   * @param input layer that feeds it
   */
  record Softmax(String name, String input) implements Layer {

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Logistic function of every value.
   *
   * @param name name of this layer
   * @param input layer that feeds it
   */
  record Sigmoid(String name, String input) implements Layer {

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
