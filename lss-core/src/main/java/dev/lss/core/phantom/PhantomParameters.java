package dev.lss.core.phantom;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One value for each {@link PhantomParameter}: a person. Immutable.
 *
 * @param values a value inside its range for every parameter; noise and texture may also be 0
 */
public record PhantomParameters(Map<PhantomParameter, Double> values) {

  /** Refuses missing values and values outside their range. */
  public PhantomParameters {
    values = Map.copyOf(values);
    for (PhantomParameter parameter : PhantomParameter.values()) {
      Double value = values.get(parameter);
      if (value == null) {
        throw new IllegalArgumentException(parameter + " is missing");
      }
      double low = mayBeZero(parameter) ? 0 : parameter.low();
      if (!(value >= low && value <= parameter.high())) {
        throw new IllegalArgumentException(
            "%s must lie in [%s, %s], was %s".formatted(parameter, low, parameter.high(), value));
      }
    }
  }

  private static boolean mayBeZero(PhantomParameter parameter) {
    return parameter == PhantomParameter.NOISE_HU || parameter == PhantomParameter.TEXTURE_HU;
  }

  /** Returns the person in the middle of every range. */
  public static PhantomParameters middle() {
    Map<PhantomParameter, Double> values = new EnumMap<>(PhantomParameter.class);
    for (PhantomParameter parameter : PhantomParameter.values()) {
      values.put(parameter, (parameter.low() + parameter.high()) / 2);
    }
    return new PhantomParameters(values);
  }

  /**
   * Returns a random person: each value uniform in its range and independent of the others, drawn
   * in the order of the enumeration. One seed always gives one person.
   */
  public static PhantomParameters random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<PhantomParameter, Double> values = new EnumMap<>(PhantomParameter.class);
    for (PhantomParameter parameter : PhantomParameter.values()) {
      double share = random.nextDouble();
      values.put(parameter, parameter.low() + share * (parameter.high() - parameter.low()));
    }
    return new PhantomParameters(values);
  }

  /** Returns the value of a parameter. */
  public double get(PhantomParameter parameter) {
    Double value = values.get(parameter);
    if (value == null) {
      throw new IllegalStateException(parameter + " is missing"); // refused in the constructor
    }
    return value;
  }

  /** Returns this person with one value replaced. */
  public PhantomParameters with(PhantomParameter parameter, double value) {
    Map<PhantomParameter, Double> changed = new EnumMap<>(values);
    changed.put(parameter, value);
    return new PhantomParameters(changed);
  }
}
