package dev.lss.api;

import java.util.List;

/**
 * Everything that was measured, one list for each kind of structure. Immutable.
 *
 * @param vertebrae the vertebrae found, cranial first; empty when none was found
 * @param fascia the layers of fascia found, from the skin down; empty when none was found
 */
public record Measurements(List<VertebraMeasurement> vertebrae, List<FasciaMeasurement> fascia) {

  /** Copies the lists. */
  public Measurements {
    vertebrae = List.copyOf(vertebrae);
    fascia = List.copyOf(fascia);
  }

  /** Holds vertebrae alone. */
  public Measurements(List<VertebraMeasurement> vertebrae) {
    this(vertebrae, List.of());
  }

  /** Returns layers of fascia alone. */
  public static Measurements ofFascia(List<FasciaMeasurement> layers) {
    return new Measurements(List.of(), layers);
  }
}
