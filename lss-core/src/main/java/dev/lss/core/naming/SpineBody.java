package dev.lss.core.naming;

import dev.lss.api.image.Vector3;
import java.util.List;
import java.util.Optional;

/**
 * One body of a chain, as it is seen by itself.
 *
 * @param centreMm its centre, LPS mm
 * @param types probabilities that it is cervical, thoracic, lumbar; empty when nothing is known
 * @param left its left pedicle, LPS mm
 * @param right its right pedicle, LPS mm
 */
public record SpineBody(
    Vector3 centreMm, List<Double> types, Optional<Vector3> left, Optional<Vector3> right) {

  /** Copies the list. */
  public SpineBody {
    types = List.copyOf(types);
  }

  /** Returns a body of which only the place is known. */
  public static SpineBody at(Vector3 centreMm) {
    return new SpineBody(centreMm, List.of(), Optional.empty(), Optional.empty());
  }
}
