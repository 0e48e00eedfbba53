package dev.lss.core.pipeline;

import dev.lss.api.Notice;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.HalfPixel;
import dev.lss.core.pipeline.HeatMaps.Peak;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The spine as the localiser saw it: a chain of centres that can be named, and named again when the
 * drawing shows that one of them is no vertebra of its own.
 *
 * @param maps the heat maps, on the coarse grid
 * @param chain the chain through their maxima
 * @param upright extents of the upright image, to whose voxels centres are mapped
 */
record FoundSpine(HeatMaps maps, SpineChain chain, Extents upright) {

  /**
   * The named part of a spine.
   *
   * @param vertebrae T12 and L1 to L5 where in view, lowest first; empty without a lumbar spine
   * @param notices what is doubtful about the levels
   */
  record Named(List<LocatedVertebra> vertebrae, List<Notice> notices) {

    static final Named NOTHING = new Named(List.of(), List.of());

    Named {
      vertebrae = List.copyOf(vertebrae);
      notices = List.copyOf(notices);
    }
  }

  private static final List<VertebraLevel> UPWARDS =
      List.of(
          VertebraLevel.L5,
          VertebraLevel.L4,
          VertebraLevel.L3,
          VertebraLevel.L2,
          VertebraLevel.L1,
          VertebraLevel.T12);

  /** Returns the levels of the chain; no vertebra when none of them is surely lumbar. */
  Named name() {
    if (chain.vertebrae().isEmpty()) {
      return Named.NOTHING;
    }
    LevelNaming naming = LevelNaming.of(chain, maps);
    List<LocatedVertebra> vertebrae = new ArrayList<>();
    for (int n = 0; n < naming.steps().size(); n++) {
      int step = naming.steps().get(n);
      if (step < UPWARDS.size()) {
        Peak peak = chain.vertebrae().get(n);
        vertebrae.add(
            new LocatedVertebra(UPWARDS.get(step), centre(peak), Math.min(1, peak.value())));
      }
    }
    if (vertebrae.stream().anyMatch(v -> v.level().isLumbar())) {
      return new Named(vertebrae, LevelNotices.of(chain, naming));
    }
    return naming.doubts().contains(LevelNaming.Doubt.NO_SURE_LUMBAR)
        ? new Named(List.of(), List.of(LevelNotices.of(LevelNaming.Doubt.NO_SURE_LUMBAR)))
        : Named.NOTHING;
  }

  /** Returns the centres of the whole chain as continuous voxel indices of the upright image. */
  List<Vector3> centres() {
    return chain.vertebrae().stream().map(this::centre).toList();
  }

  /** Returns the spine without the vertebrae that have these centres. */
  FoundSpine without(Collection<Vector3> centres) {
    return new FoundSpine(
        maps,
        new SpineChain(
            chain.vertebrae().stream().filter(p -> !centres.contains(centre(p))).toList(),
            chain.leftOutBelow(),
            chain.rival()),
        upright);
  }

  private Vector3 centre(Peak peak) {
    Extents coarse = maps.extents();
    return Vector3.of(
        axis -> new HalfPixel(upright.get(axis), coarse.get(axis)).at(peak.at().get(axis)));
  }
}
