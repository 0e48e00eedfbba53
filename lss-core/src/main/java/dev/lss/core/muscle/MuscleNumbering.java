package dev.lss.core.muscle;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Muscle;
import dev.lss.api.anatomy.Side;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.core.measure.LabelStatistics;
import dev.lss.core.task.Numbering;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ids of muscles in label maps of other programs. Where a program has a pair of ids whose sides
 * differ from map to map, the side is told by the place of the two. Immutable.
 *
 * @param name the name to choose it by
 * @param pairs the muscles
 */
record MuscleNumbering(String name, List<Pair> pairs) implements Numbering {

  /** All numberings. */
  static final List<Numbering> ALL =
      List.of(
          // lumbar ids of MuscleMap 2.0; 1 to 8 in its older maps, in which 1 is right
          new MuscleNumbering(
              "MuscleMap",
              List.of(
                  new Pair(Muscle.MULTIFIDUS, 5101, 5102, true),
                  new Pair(Muscle.ERECTOR_SPINAE, 5111, 5112, true),
                  new Pair(Muscle.PSOAS_MAJOR, 5121, 5122, true),
                  new Pair(Muscle.QUADRATUS_LUMBORUM, 5131, 5132, true),
                  new Pair(Muscle.MULTIFIDUS, 1, 2, false),
                  new Pair(Muscle.ERECTOR_SPINAE, 3, 4, false),
                  new Pair(Muscle.PSOAS_MAJOR, 5, 6, false),
                  new Pair(Muscle.QUADRATUS_LUMBORUM, 7, 8, false))),
          // task total
          new MuscleNumbering(
              "TotalSegmentator",
              List.of(
                  new Pair(Muscle.DEEP_BACK, 86, 87, true),
                  new Pair(Muscle.ILIOPSOAS, 88, 89, true))),
          new MuscleNumbering(
              "TotalSegmentator_MR",
              List.of(
                  new Pair(Muscle.DEEP_BACK, 46, 47, true),
                  new Pair(Muscle.ILIOPSOAS, 48, 49, true))),
          // its transversospinales are more than the multifidus
          new MuscleNumbering(
              "TotalSegmentator_abdominal_muscles",
              List.of(
                  new Pair(Muscle.ERECTOR_SPINAE, 16, 15, true),
                  new Pair(Muscle.MULTIFIDUS, 18, 17, true),
                  new Pair(Muscle.PSOAS_MAJOR, 20, 19, true),
                  new Pair(Muscle.QUADRATUS_LUMBORUM, 22, 21, true))),
          new MuscleNumbering(
              "LPM_Segmentator",
              List.of(
                  new Pair(Muscle.ERECTOR_SPINAE, 1, 4, false),
                  new Pair(Muscle.MULTIFIDUS, 2, 3, false))));

  private static final LabelTable OURS = LabelTable.measuredMuscles();

  /**
   * The two ids of a muscle.
   *
   * @param muscle which one
   * @param left id of the left one
   * @param right id of the right one
   * @param sided whether that is sure; else the place of the two says which is which
   */
  record Pair(Muscle muscle, int left, int right, boolean sided) {}

  @Override
  public LabelVolume renumber(LabelVolume labels) {
    Map<Integer, Vector3> centres = new HashMap<>();
    for (LabelStatistics found : LabelStatistics.of(labels)) {
      centres.put(found.label(), found.centroidMm());
    }
    Map<Integer, Integer> to = new HashMap<>();
    for (Pair pair : pairs) {
      boolean swapped = !pair.sided() && isSwapped(pair, centres);
      to.put(pair.left(), value(pair.muscle(), swapped ? Side.RIGHT : Side.LEFT));
      to.put(pair.right(), value(pair.muscle(), swapped ? Side.LEFT : Side.RIGHT));
    }
    short[] values = labels.toArray();
    for (int at = 0; at < values.length; at++) {
      if (values[at] != 0) {
        values[at] = to.getOrDefault(Short.toUnsignedInt(values[at]), 0).shortValue();
      }
    }
    return LabelVolume.wrap(labels.geometry(), values);
  }

  private boolean isSwapped(Pair pair, Map<Integer, Vector3> centres) {
    Optional<Vector3> left = Optional.ofNullable(centres.get(pair.left()));
    Optional<Vector3> right = Optional.ofNullable(centres.get(pair.right()));
    if (left.isEmpty() && right.isEmpty()) {
      return false;
    }
    if (left.isEmpty() || right.isEmpty()) {
      throw new InvalidStudyException(
          "UNKNOWN_SIDE",
          "the sides of %s in %s are told by their place, but of %s and %s only one is there"
              .formatted(pair.muscle().displayName(), name, pair.left(), pair.right()));
    }
    return left.get().x() < right.get().x();
  }

  private static int value(Muscle muscle, Side side) {
    return OURS.byStructure(new Structure.Muscle(muscle, side)).orElseThrow().value();
  }
}
