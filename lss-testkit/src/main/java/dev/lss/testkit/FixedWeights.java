package dev.lss.testkit;

import dev.lss.api.ModelException;
import dev.lss.api.model.network.Weights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/** Weights in memory for tests, filled by hand or at random from a fixed seed. */
public final class FixedWeights implements Weights {

  private final Map<String, List<Integer>> shapes = new HashMap<>();
  private final Map<String, float[]> values = new HashMap<>();
  private final Random random;

  /** Creates empty weights; the seed decides all random tensors. */
  public FixedWeights(long seed) {
    random = new Random(seed);
  }

  /** Adds a tensor with these values. */
  public FixedWeights with(String name, List<Integer> shape, float... data) {
    shapes.put(name, List.copyOf(shape));
    values.put(name, data.clone());
    return this;
  }

  /** Adds a tensor of normally distributed values with mean 0 and standard deviation 0.5. */
  public FixedWeights random(String name, Integer... shape) {
    return drawn(name, List.of(shape), gaussian -> 0.5 * gaussian);
  }

  /** Adds a tensor of values between 0.5 and about 4, for variances. */
  public FixedWeights positive(String name, Integer... shape) {
    return drawn(name, List.of(shape), gaussian -> 0.5 + Math.abs(gaussian));
  }

  private FixedWeights drawn(String name, List<Integer> shape, DoubleUnaryOperator map) {
    float[] data = new float[shape.stream().reduce(1, Math::multiplyExact)];
    for (int n = 0; n < data.length; n++) {
      data[n] = (float) map.applyAsDouble(random.nextGaussian());
    }
    return with(name, shape, data);
  }

  @Override
  public Set<String> names() {
    return Set.copyOf(shapes.keySet());
  }

  @Override
  public List<Integer> shape(String name) {
    return found(shapes, name);
  }

  @Override
  public float[] values(String name) {
    return found(values, name).clone();
  }

  private static <T> T found(Map<String, T> map, String name) {
    T value = map.get(name);
    if (value == null) {
      throw new ModelException("MISSING_WEIGHTS", "no tensor is named " + name);
    }
    return value;
  }
}
