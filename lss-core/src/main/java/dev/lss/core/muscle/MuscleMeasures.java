package dev.lss.core.muscle;

import dev.lss.api.MuscleComposition;
import dev.lss.api.MuscleSection;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Muscle;
import dev.lss.api.anatomy.Side;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.measure.LabelStatistics;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Size and fat of every muscle of a label map. Immutable.
 *
 * @param muscles what was measured, in the order of the table
 * @param notices what is doubtful
 */
record MuscleMeasures(List<MuscleComposition> muscles, List<Notice> notices) {

  /** Larger shares of fat in all muscles together are unlikely. */
  private static final double MOST_FAT = 0.8;

  MuscleMeasures {
    muscles = List.copyOf(muscles);
    notices = List.copyOf(notices);
  }

  /**
   * Measures.
   *
   * @param labels the muscles, values as in the table
   * @param table which value is which muscle
   * @param study the series, at most one of each role
   * @param labelled the one on whose grid the labels lie
   * @param spine labels of vertebrae and discs in the same space
   * @throws dev.lss.api.InvalidStudyException {@code GRIDS_DIFFER} when two images that belong
   *     together lie on different grids
   */
  static MuscleMeasures of(
      LabelVolume labels,
      LabelTable table,
      List<Series> study,
      Series labelled,
      Optional<LabelVolume> spine) {
    List<Notice> notices = new ArrayList<>();
    List<LabelStatistics> statistics =
        LabelStatistics.of(labels).stream()
            .filter(found -> muscle(table, found.label()).isPresent())
            .toList();
    if (statistics.isEmpty()) {
      return new MuscleMeasures(List.of(), List.of());
    }
    Map<Integer, int[]> voxels = voxels(labels, statistics);
    List<int[]> all = statistics.stream().map(s -> of(voxels, s.label())).toList();
    FatSource source = FatSources.of(study, labelled, all, notices);
    List<SpineLevels.Plane> planes = spine.map(SpineLevels::of).orElse(List.of());
    List<MuscleComposition> muscles = new ArrayList<>();
    for (LabelStatistics found : statistics) {
      Structure.Muscle muscle = muscle(table, found.label()).orElseThrow();
      muscles.add(measure(labels, found, muscle, of(voxels, found.label()), source, planes));
    }
    notices.addAll(doubts(muscles));
    spine.ifPresent(given -> notices.addAll(levels(planes, muscles)));
    return new MuscleMeasures(withAsymmetry(muscles), notices);
  }

  private static Optional<Structure.Muscle> muscle(LabelTable table, int value) {
    return table
        .byValue(value)
        .map(LabelTable.Entry::structure)
        .filter(Structure.Muscle.class::isInstance)
        .map(Structure.Muscle.class::cast);
  }

  private static int[] of(Map<Integer, int[]> voxels, int label) {
    return Objects.requireNonNull(voxels.get(label));
  }

  /** Returns the array indices of the voxels of each label, ascending. */
  static Map<Integer, int[]> voxels(LabelVolume labels, List<LabelStatistics> statistics) {
    Map<Integer, int[]> voxels = new HashMap<>();
    Map<Integer, Integer> filled = new HashMap<>();
    for (LabelStatistics found : statistics) {
      voxels.put(found.label(), new int[Math.toIntExact(found.voxels())]);
      filled.put(found.label(), 0);
    }
    short[] values = VoxelArrays.labels(labels);
    for (int at = 0; at < values.length; at++) {
      if (values[at] != 0) {
        int[] into = voxels.get(Short.toUnsignedInt(values[at]));
        if (into != null) {
          into[filled.merge(Short.toUnsignedInt(values[at]), 1, Integer::sum) - 1] = at;
        }
      }
    }
    return voxels;
  }

  private static MuscleComposition measure(
      LabelVolume labels,
      LabelStatistics found,
      Structure.Muscle muscle,
      int[] voxels,
      FatSource source,
      List<SpineLevels.Plane> planes) {
    FatSource.Fat fat = source.of(voxels);
    IndexBox box = found.bounds();
    Sections sections = new Sections(labels, found.label(), box, voxels, fat.perVoxel());
    List<MuscleSection> slices = sections.slices();
    List<MuscleSection> levels = new ArrayList<>();
    planes.forEach(plane -> sections.at(plane).ifPresent(levels::add));
    double lengthMm = slices.size() * SliceAxis.of(labels.geometry()).distanceMm();
    MuscleComposition.Builder builder =
        MuscleComposition.builder(muscle, found.voxels(), found.volumeMm3(), lengthMm)
            .biasFieldCorrected(source.biasFieldCorrected())
            .slices(slices)
            .levels(levels)
            .touchesBorder(found.touchesBorder());
    if (fat.undefined().isPresent()) {
      builder.fatUndefined(source.method(), fat.undefined().get());
    } else {
      builder.fat(fat.shares());
    }
    fat.attenuation().ifPresent(builder::attenuation);
    return builder.build();
  }

  /** Returns 100 (left - right) / mean, in per cent. */
  static double asymmetryPercent(double left, double right) {
    return 100 * (left - right) / ((left + right) / 2);
  }

  private static List<MuscleComposition> withAsymmetry(List<MuscleComposition> muscles) {
    List<MuscleComposition> compared = new ArrayList<>();
    for (MuscleComposition one : muscles) {
      Optional<MuscleComposition> left = find(muscles, one.muscle(), Side.LEFT);
      Optional<MuscleComposition> right = find(muscles, one.muscle(), Side.RIGHT);
      compared.add(
          left.isPresent() && right.isPresent()
              ? one.toBuilder()
                  .volumeAsymmetryPercent(
                      asymmetryPercent(left.get().volumeMm3(), right.get().volumeMm3()))
                  .build()
              : one);
    }
    return compared;
  }

  private static Optional<MuscleComposition> find(
      List<MuscleComposition> muscles, Muscle muscle, Side side) {
    return muscles.stream().filter(m -> m.muscle() == muscle && m.side() == side).findFirst();
  }

  private static List<Notice> doubts(List<MuscleComposition> muscles) {
    List<Notice> notices = new ArrayList<>();
    List<String> cut =
        muscles.stream()
            .filter(m -> m.slices().stream().anyMatch(MuscleSection::touchesBorder))
            .map(m -> m.structure().key())
            .toList();
    if (!cut.isEmpty()) {
      notices.add(
          new Notice(
              "MUSCLE_CUT_OFF",
              "%s reach the edge of the slices: areas and volumes are those of what is in view"
                  .formatted(String.join(", ", cut))));
    }
    double fat = 0;
    double known = 0;
    for (MuscleComposition muscle : muscles) {
      if (muscle.fatFraction().isPresent() && !muscle.fatMethod().isThreshold()) {
        fat += muscle.voxels() * muscle.fatFraction().getAsDouble();
        known += muscle.voxels();
      }
    }
    if (known > 0 && fat > MOST_FAT * known) {
      notices.add(
          new Notice(
              "FAT_WATER_SWAP_SUSPECTED",
              "the muscles hold more than 80 % fat: water and fat may be swapped"));
    }
    return notices;
  }

  private static List<Notice> levels(
      List<SpineLevels.Plane> planes, List<MuscleComposition> muscles) {
    boolean hit = muscles.stream().anyMatch(muscle -> !muscle.levels().isEmpty());
    return List.of(
        hit
            ? new Notice(
                "LEVELS_SAME_SPACE_ASSUMED",
                "the labels of the spine are taken to lie in the space of the image, as their"
                    + " positions say; nobody lay still for sure between two images")
            : new Notice(
                "LEVELS_OUT_OF_VIEW",
                planes.isEmpty()
                    ? "the labels of the spine hold no vertebra that is known (VerSe ids)"
                    : "none of the %s levels crosses a muscle".formatted(planes.size())));
  }
}
