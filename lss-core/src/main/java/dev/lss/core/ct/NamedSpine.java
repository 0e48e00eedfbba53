package dev.lss.core.ct;

import dev.lss.api.Notice;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Extents;
import dev.lss.core.ct.HeatMaps.Peak;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The named part of a spine. Immutable.
 *
 * @param vertebrae T12 to L5, T13 and L6 included, where in view, lowest first; empty without a
 *     lumbar spine
 * @param confidence probability that the levels are right, in [0, 1], cut off after four decimals;
 *     empty without vertebrae
 * @param notices what is doubtful about the levels
 */
record NamedSpine(
    List<LocatedVertebra> vertebrae, OptionalDouble confidence, List<Notice> notices) {

  private static final NamedSpine NOTHING =
      new NamedSpine(List.of(), OptionalDouble.empty(), List.of());

  NamedSpine {
    vertebrae = List.copyOf(vertebrae);
    notices = List.copyOf(notices);
  }

  /**
   * Returns the vertebrae of a named chain that have a label; none when no vertebra is surely
   * lumbar.
   *
   * @param naming how the chain is named; empty for an empty chain
   * @param maps the heat maps in which the chain was found
   * @param upright extents of the upright image, to whose voxels centres are mapped
   */
  static NamedSpine of(
      SpineChain chain, Optional<LevelNaming> naming, HeatMaps maps, Extents upright) {
    if (naming.isEmpty()) {
      return NOTHING;
    }
    List<LocatedVertebra> vertebrae = new ArrayList<>();
    for (int n = 0; n < naming.get().levels().size(); n++) {
      Peak peak = chain.vertebrae().get(n);
      naming
          .get()
          .levels()
          .get(n)
          .labelled()
          .filter(level -> level != VertebraLevel.T11)
          .ifPresent(
              level -> vertebrae.add(new LocatedVertebra(level, peak, maps.onto(upright, peak))));
    }
    if (vertebrae.stream().anyMatch(v -> v.level().isLumbar())) {
      return new NamedSpine(
          vertebrae,
          OptionalDouble.of(stated(naming.get().probability())),
          LevelNotices.of(chain, naming.get()));
    }
    return naming.get().doubts().contains(LevelNaming.Doubt.NO_SURE_LUMBAR)
        ? new NamedSpine(
            List.of(),
            OptionalDouble.empty(),
            List.of(LevelNotices.of(LevelNaming.Doubt.NO_SURE_LUMBAR, naming.get())))
        : NOTHING;
  }

  /** Never looks surer than it is, and hides the digits in which runtimes differ. */
  private static double stated(double probability) {
    return Math.floor(probability * 10_000) / 10_000;
  }

  /** Returns measurements with the confidence of their levels. */
  List<VertebraMeasurement> withConfidence(List<VertebraMeasurement> measured) {
    return measured.stream()
        .map(one -> one.toBuilder().levelConfidence(confidence).build())
        .toList();
  }
}
