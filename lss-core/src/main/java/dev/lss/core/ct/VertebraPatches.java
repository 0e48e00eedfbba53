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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /** L5 to T12: no vertebra higher up the chain is named. */
  private static final int LOWEST = 6;

  private final SpineChain chain;
  private final Volume upright;
  private final @Nullable PointedPatches patches;
  private final Map<Peak, CentredWindow.Patch> byPeak;

  private VertebraPatches(
      SpineChain chain,
      Volume upright,
      @Nullable PointedPatches patches,
      Map<Peak, CentredWindow.Patch> byPeak) {
    this.chain = chain;
    this.upright = upright;
    this.patches = patches;
    this.byPeak = byPeak;
  }

  /**
   * Segments the lowest six vertebrae of a chain, and those that move up when one of them is left
   * out; none where nothing looks lumbar.
   *
   * @param maps the heat maps in which the chain was found
   * @param upright the image
   * @param segmenter segments the object around a point
   */
  static VertebraPatches of(
      SpineChain found, HeatMaps maps, Volume upright, StageRunner segmenter, Run run) {
    if (!LevelNaming.looksLumbar(found, maps)) {
      return new VertebraPatches(found, upright, null, Map.of());
    }
    List<Vector3> points =
        found.vertebrae().stream().map(peak -> maps.onto(upright.extents(), peak)).toList();
    PointedPatches patches = segmenter.around(upright, points, run);
    Map<Peak, CentredWindow.Patch> byPeak = new HashMap<>();
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
      if (others.isEmpty()) {
        return new VertebraPatches(chain, upright, patches, byPeak);
      }
      chain = chain.without(others);
    }
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

  /** Returns the chain of those that are vertebrae of their own. */
  SpineChain chain() {
    return chain;
  }

  /**
   * Returns the labels (VerSe ids) of these vertebrae on a box of the upright image's grid, or on
   * all of it where there is none; what lies outside is background.
   */
  LabelVolume labels(List<LocatedVertebra> vertebrae, Run run) {
    if (patches == null || vertebrae.isEmpty()) {
      return LabelVolume.empty(upright.geometry());
    }
    Map<Integer, CentredWindow.Patch> byLabel = new LinkedHashMap<>();
    for (LocatedVertebra vertebra : vertebrae) {
      byLabel.put(vertebra.level().verseId(), patch(vertebra.peak(), byPeak));
    }
    return patches.labels(byLabel, run);
  }
}
