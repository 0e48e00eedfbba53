package dev.lss.api;

import java.util.List;

/**
 * Everything that was measured, one list for each kind of structure. Immutable.
 *
 * @param vertebrae the vertebrae found, cranial first; empty when none was found
 */
public record Measurements(List<VertebraMeasurement> vertebrae) {

  /** Copies the list. */
  public Measurements {
    vertebrae = List.copyOf(vertebrae);
  }
}
