package dev.lss.api;

import java.util.Collection;
import java.util.List;

/** Everything that was measured, in the order of the task: cranial first, skin first. Immutable. */
public final class Measurements {

  /** Holds nothing. */
  public static final Measurements NONE = new Measurements(List.of());

  private final List<Measurement> all;

  private Measurements(List<Measurement> all) {
    this.all = all;
  }

  /** Returns these measurements, in this order. */
  public static Measurements copyOf(Collection<? extends Measurement> measured) {
    return new Measurements(List.copyOf(measured));
  }

  /** Returns all measurements; empty when nothing was measured. */
  public List<Measurement> all() {
    return all;
  }

  /** Returns the measurements of one type, such as {@link VertebraMeasurement}; may be empty. */
  public <M extends Measurement> List<M> of(Class<M> type) {
    return all.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Returns whether nothing was measured. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  @Override
  public String toString() {
    return all.toString();
  }
}
