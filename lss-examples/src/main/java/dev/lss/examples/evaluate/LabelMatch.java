package dev.lss.examples.evaluate;

import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import java.util.Optional;

/**
 * One structure and its label in either map. Immutable.
 *
 * @param name its key, such as {@code vertebra/L3}, or the label value when it has no key
 * @param reference its label in the reference; 0 when the reference has none
 * @param prediction its label in the prediction; 0 when the prediction has none
 */
public record LabelMatch(String name, int reference, int prediction) {

  /** Refuses labels that no map can hold. */
  public LabelMatch {
    for (int label : new int[] {reference, prediction}) {
      if (label < 0 || label > 65535) {
        throw new IllegalArgumentException("a label lies in 1 to 65535, was " + label);
      }
    }
  }

  /** Returns which vertebra it is, when its name is the key of one. */
  Optional<VertebraLevel> vertebra() {
    return Structure.parse(name) instanceof Structure.Vertebra vertebra
        ? Optional.of(vertebra.level())
        : Optional.empty();
  }
}
