package dev.lss.core.ct;

import dev.lss.api.Notice;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Extents;
import dev.lss.core.ct.HeatMaps.Peak;
import java.util.ArrayList;
import java.util.List;

/**
 * The named part of a spine. Immutable.
 *
 * @param vertebrae T12 and L1 to L5 where in view, lowest first; empty without a lumbar spine
 * @param notices what is doubtful about the levels
 */
record NamedSpine(List<LocatedVertebra> vertebrae, List<Notice> notices) {

  private static final NamedSpine NOTHING = new NamedSpine(List.of(), List.of());

  private static final List<VertebraLevel> UPWARDS =
      List.of(
          VertebraLevel.L5,
          VertebraLevel.L4,
          VertebraLevel.L3,
          VertebraLevel.L2,
          VertebraLevel.L1,
          VertebraLevel.T12);

  NamedSpine {
    vertebrae = List.copyOf(vertebrae);
    notices = List.copyOf(notices);
  }

  /**
   * Names the vertebrae of a chain; none when no vertebra is surely lumbar.
   *
   * @param maps the heat maps in which the chain was found
   * @param upright extents of the upright image, to whose voxels centres are mapped
   */
  static NamedSpine of(SpineChain chain, HeatMaps maps, Extents upright) {
    if (chain.vertebrae().isEmpty()) {
      return NOTHING;
    }
    LevelNaming naming = LevelNaming.of(chain, maps);
    List<LocatedVertebra> vertebrae = new ArrayList<>();
    for (int n = 0; n < naming.steps().size(); n++) {
      int step = naming.steps().get(n);
      if (step < UPWARDS.size()) {
        Peak peak = chain.vertebrae().get(n);
        vertebrae.add(new LocatedVertebra(UPWARDS.get(step), peak, maps.onto(upright, peak)));
      }
    }
    if (vertebrae.stream().anyMatch(v -> v.level().isLumbar())) {
      return new NamedSpine(vertebrae, LevelNotices.of(chain, naming));
    }
    return naming.doubts().contains(LevelNaming.Doubt.NO_SURE_LUMBAR)
        ? new NamedSpine(List.of(), List.of(LevelNotices.of(LevelNaming.Doubt.NO_SURE_LUMBAR)))
        : NOTHING;
  }
}
