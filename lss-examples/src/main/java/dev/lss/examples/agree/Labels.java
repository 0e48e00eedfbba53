package dev.lss.examples.agree;

import java.util.Optional;

/**
 * What pictures are labelled with. Immutable.
 *
 * @param title what stands before the names of the columns; empty for nothing
 * @param unit unit of the values; empty when it was not said
 */
public record Labels(Optional<String> title, Optional<String> unit) {

  String unitInBrackets() {
    return unit.map(" (%s)"::formatted).orElse("");
  }
}
