package dev.lss.dicom.derived;

import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which levels of a result are not sure, so that what is stored names a vertebra or a disc and not
 * its level: all where a notice doubts the levels, else those whose probability is below 0.9.
 * Immutable.
 */
public final class LevelDoubt {

  /** Notices that say that the levels, or some of them, are doubtful. */
  private static final Set<String> DOUBTS =
      Set.of(
          "LEVELS_WITHOUT_ANCHOR",
          "LEVELS_AMBIGUOUS",
          "LEVEL_CONFLICT",
          "TRANSITIONAL_VERTEBRA",
          "SEG_LEVELS_NOT_SURE");

  /** Below it levels are doubtful, as in the notices. */
  private static final double SURE = 0.9;

  private final boolean isGeneral;
  private final Map<VertebraLevel, Double> probabilities = new EnumMap<>(VertebraLevel.class);

  private LevelDoubt(SegmentationResult result) {
    isGeneral = result.notices().stream().map(Notice::code).anyMatch(DOUBTS::contains);
    for (VertebraMeasurement one : result.measurements().of(VertebraMeasurement.class)) {
      one.levelConfidence().ifPresent(p -> probabilities.put(one.level(), p));
    }
  }

  /** Looks at the notices and probabilities of a result. */
  public static LevelDoubt of(SegmentationResult result) {
    return new LevelDoubt(result);
  }

  /** Returns what a structure of the result is called. */
  public Anatomy anatomyOf(Structure structure) {
    Anatomy anatomy = Anatomy.of(structure);
    return reason(structure).isPresent() ? anatomy.withLevelNotSure() : anatomy;
  }

  /** Returns why the level of a structure is not sure, as a sentence; empty where it is sure. */
  public Optional<String> reason(Structure structure) {
    return levelOf(structure)
        .filter(level -> isGeneral || probabilities.getOrDefault(level, 1.0) < SURE)
        .map(
            level ->
                "The level is not sure: it is taken for %s%s, and all levels may be shifted."
                    .formatted(
                        structure instanceof Structure.Vertebra ? level : structure.displayName(),
                        probabilities.containsKey(level)
                            ? String.format(
                                Locale.ROOT,
                                " with a probability of %.2f",
                                probabilities.get(level))
                            : ""));
  }

  private static Optional<VertebraLevel> levelOf(Structure structure) {
    if (structure instanceof Structure.Vertebra vertebra) {
      return Optional.of(vertebra.level());
    }
    return structure instanceof Structure.Disc disc ? Optional.of(disc.above()) : Optional.empty();
  }
}
