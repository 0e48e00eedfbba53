package dev.lss.core.ct;

import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.ct.HeatMaps.Peak;
import dev.lss.core.inference.CentredWindow;
import dev.lss.core.stage.PointedPatches;
import dev.lss.core.stage.Run;
import dev.lss.core.stage.StageRunner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The vertebrae of a chain that may be lumbar, each segmented by itself, and the chain without
 * those that turned out to be no vertebrae of their own: of two neighbours that show the same bone
 * the one with the lower peak, and an end of the chain of which nothing can be segmented. Not
 * thread-safe; one for each run.
 */
final class VertebraPatches {

  /** Two patches that share more than this of the smaller object show the same vertebra. */
  private static final double SAME_VERTEBRA = 0.5;

  /** An end of the chain of which less than this can be segmented is no vertebra in view. */
  private static final double SLIVER_MM3 = 1500;

  /** What is found by looking again must be at least so large to be a vertebra. */
  private static final double SOLID_MM3 = 5000;

  /** How far from where a missing vertebra should be it is looked for. */
  private static final double AGAIN_MM = 10;

  /** L5 to T12: no vertebra higher up the chain is named. */
  private static final int LOWEST = 6;

  private final SpineChain chain;
  private final Optional<LevelNaming> naming;
  private final Volume upright;
  private final @Nullable PointedPatches patches;
  private final Map<Peak, CentredWindow.Patch> byPeak;

  private VertebraPatches(
      SpineChain chain,
      Optional<LevelNaming> naming,
      Volume upright,
      @Nullable PointedPatches patches,
      Map<Peak, CentredWindow.Patch> byPeak) {
    this.chain = chain;
    this.naming = naming;
    this.upright = upright;
    this.patches = patches;
    this.byPeak = byPeak;
  }

  /**
   * Segments the lowest six vertebrae of a chain, and those that move up when one of them is left
   * out; none where nothing looks lumbar. Where the naming misses a vertebra between two it is
   * looked for once more, at the place where it should be.
   *
   * @param maps the heat maps in which the chain was found
   * @param known the vertebra whose level is known
   * @param upright the image
   * @param segmenter segments the object around a point
   */
  static VertebraPatches of(
      SpineChain found,
      HeatMaps maps,
      Optional<KnownVertebra> known,
      Volume upright,
      StageRunner segmenter,
      Run run) {
    if (found.vertebrae().isEmpty() || (known.isEmpty() && !LevelNaming.looksLumbar(found, maps))) {
      return new VertebraPatches(found, naming(found, maps, known), upright, null, Map.of());
    }
    List<Vector3> points =
        found.vertebrae().stream().map(peak -> maps.onto(upright.extents(), peak)).toList();
    PointedPatches patches = segmenter.around(upright, points, run);
    Map<Peak, CentredWindow.Patch> byPeak = new HashMap<>();
    Set<Peak> lookedAt = new HashSet<>();
    SpineChain chain = found;
    while (true) {
      List<Peak> lowest = lowest(chain);
      run.progress("network", 0, lowest.size());
      for (int n = 0; n < lowest.size(); n++) {
        Peak peak = lowest.get(n);
        if (!byPeak.containsKey(peak)) {
          byPeak.put(peak, patches.around(maps.onto(upright.extents(), peak), run));
        }
        run.progress("network", n + 1, lowest.size());
      }
      List<Peak> others = noVertebrae(chain, patches, byPeak);
      if (!others.isEmpty()) {
        chain = chain.without(others);
        continue;
      }
      Optional<LevelNaming> naming = naming(chain, maps, known);
      Optional<SpineChain> longer =
          naming.isEmpty()
              ? Optional.empty()
              : lookAgain(chain, naming.get(), maps, upright, patches, byPeak, lookedAt, run);
      if (longer.isEmpty()) {
        return new VertebraPatches(chain, naming, upright, patches, byPeak);
      }
      chain = longer.get();
    }
  }

  private static Optional<LevelNaming> naming(
      SpineChain chain, HeatMaps maps, Optional<KnownVertebra> known) {
    if (chain.vertebrae().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        known.isPresent()
            ? LevelNaming.of(chain, maps, known.get().in(chain))
            : LevelNaming.of(chain, maps));
  }

  /** Returns the chain with a vertebra that was missing, if the fine network sees one there. */
  private static Optional<SpineChain> lookAgain(
      SpineChain chain,
      LevelNaming naming,
      HeatMaps maps,
      Volume upright,
      PointedPatches patches,
      Map<Peak, CentredWindow.Patch> byPeak,
      Set<Peak> lookedAt,
      Run run) {
    for (int n = 0; n + 1 < lowest(chain).size(); n++) {
      int missed = naming.missed().get(n);
      Peak low = chain.vertebrae().get(n);
      Peak high = chain.vertebrae().get(n + 1);
      for (int m = 1; m <= missed; m++) {
        Peak there = maps.between(low, high, (double) m / (missed + 1), AGAIN_MM);
        if (lookedAt.add(there)) {
          CentredWindow.Patch patch = patches.around(maps.onto(upright.extents(), there), run);
          if (patches.volumeMm3(patch) >= SOLID_MM3
              && patches.shared(patch, patch(low, byPeak)) <= SAME_VERTEBRA
              && patches.shared(patch, patch(high, byPeak)) <= SAME_VERTEBRA) {
            byPeak.put(there, patch);
            return Optional.of(chain.with(there, n));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static List<Peak> lowest(SpineChain chain) {
    return chain.vertebrae().subList(0, Math.min(LOWEST, chain.vertebrae().size()));
  }

  /** Returns what leaves the chain: one duplicate, or else the slivers at its ends. */
  private static List<Peak> noVertebrae(
      SpineChain chain, PointedPatches patches, Map<Peak, CentredWindow.Patch> byPeak) {
    List<Peak> lowest = lowest(chain);
    for (int n = 1; n < lowest.size(); n++) {
      Peak low = lowest.get(n - 1);
      Peak high = lowest.get(n);
      if (patches.shared(patch(low, byPeak), patch(high, byPeak)) > SAME_VERTEBRA) {
        return List.of(low.value() < high.value() ? low : high);
      }
    }
    List<Peak> slivers = new ArrayList<>();
    for (Peak end : chain.ends()) {
      if (lowest.contains(end) && patches.volumeMm3(patch(end, byPeak)) < SLIVER_MM3) {
        slivers.add(end);
      }
    }
    return slivers;
  }

  private static CentredWindow.Patch patch(Peak peak, Map<Peak, CentredWindow.Patch> byPeak) {
    return Objects.requireNonNull(byPeak.get(peak), "a vertebra that may be lumbar has a patch");
  }

  /** Returns how the chain is named; empty without a vertebra. */
  Optional<LevelNaming> naming() {
    return naming;
  }

  /** Returns the chain of those that are vertebrae of their own. */
  SpineChain chain() {
    return chain;
  }

  /**
   * Returns the labels (VerSe ids) of these vertebrae on a box of the upright image's grid, or on
   * all of it where there is none; what lies outside is background.
   */
  LabelVolume labels(List<LocatedVertebra> vertebrae, Run run) {
    PointedPatches segmenter = patches;
    if (segmenter == null || vertebrae.isEmpty()) {
      return LabelVolume.empty(upright.geometry());
    }
    Map<Integer, CentredWindow.Patch> byLabel = new LinkedHashMap<>();
    for (LocatedVertebra vertebra : vertebrae) {
      byLabel.put(
          vertebra.level().verseId(),
          byPeak.computeIfAbsent(
              vertebra.peak(), peak -> segmenter.around(vertebra.centre(), run)));
    }
    return segmenter.labels(byLabel, run);
  }
}
