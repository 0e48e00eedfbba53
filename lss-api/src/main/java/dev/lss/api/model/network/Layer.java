package dev.lss.api.model.network;

import java.util.List;
import java.util.Optional;

/**
 * One step of a network. Each kind is a record; a translator implements {@link Visitor}, so that
 * one that misses a kind does not compile. Immutable.
 */
public sealed interface Layer {

  /** Returns the name by which later layers refer to this one; unique in the network. */
  String name();

  /** Returns the names of the layers that feed this one, in order. */
  List<String> inputs();

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /** How {@link Upsample} makes values between samples. */
  enum Interpolation {
    /** Repeats the nearest sample. */
    NEAREST,
    /** Linear along each axis, edges repeated. */
    LINEAR
  }

  /**
   * A function over all kinds of layer.
   *
   * @param <R> what the function returns
   */
  interface Visitor<R> {

    /** Visits a {@link Convolution}. */
    R visit(Convolution layer);

    /** Visits a {@link TransposedConvolution}. */
    R visit(TransposedConvolution layer);

    /** Visits a {@link InstanceNorm}. */
    R visit(InstanceNorm layer);

    /** Visits a {@link BatchNorm}. */
    R visit(BatchNorm layer);

    /** Visits a {@link LeakyRelu}. */
    R visit(LeakyRelu layer);

    /** Visits a {@link Relu}. */
    R visit(Relu layer);

    /** Visits a {@link Add}. */
    R visit(Add layer);

    /** Visits a {@link Concatenate}. */
    R visit(Concatenate layer);

    /** Visits a {@link MaxPool}. */
    R visit(MaxPool layer);

    /** Visits a {@link AveragePool}. */
    R visit(AveragePool layer);

    /** Visits a {@link Upsample}. */
    R visit(Upsample layer);

    /** Visits a {@link Softmax}. */
    R visit(Softmax layer);

    /** Visits a {@link Sigmoid}. */
    R visit(Sigmoid layer);
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
