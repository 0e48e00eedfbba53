package dev.lss.core.ultrasound;

import dev.lss.api.CancellationToken;
import dev.lss.api.FasciaMeasurement;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.LengthUnit;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.ProgressListener;
import dev.lss.api.SegmentationResult;
import dev.lss.core.report.TextTable;
import dev.lss.core.ultrasound.FasciaSummary.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The outcome of one clip: a result for each frame. Immutable.
 *
 * @param frames the results, in the order of the frames; at least one
 */
public record FasciaClip(List<SegmentationResult> frames) {

  /** Copies the list; refuses an empty one. */
  public FasciaClip {
    frames = List.copyOf(frames);
    if (frames.isEmpty()) {
      throw new IllegalArgumentException("a clip has at least one frame");
    }
  }

  /**
   * Segments the frames of a clip: planes of one kind, never a volume whose third axis is time. The
   * network stays loaded, its buffers are reused, and several frames are worked on at a time.
   *
   * @param segmenter segments one frame; stays the caller's
   * @param frames the frames in the order of time, at least one; each is asked for once, so that a
   *     list may read it from a file then
   * @param threads frames that are worked on at the same time, at least 1; the result does not
   *     depend on it
   * @param progress hears of every finished frame, as the stage {@code frames}
   * @param cancellation looked at between frames and within them
   * @throws InvalidStudyException {@code EMPTY_CLIP} without frames; as {@link
   *     LumbarSegmenter#segment}
   */
  public static FasciaClip segment(
      LumbarSegmenter segmenter,
      List<LumbarStudy> frames,
      int threads,
      ProgressListener progress,
      CancellationToken cancellation) {
    if (frames.isEmpty()) {
      throw new InvalidStudyException("EMPTY_CLIP", "a clip holds at least one frame");
    }
    return new FasciaClip(
        ParallelFrames.run(
            frames,
            threads,
            frame -> segmenter.segment(frame, ProgressListener.NONE, cancellation),
            progress,
            cancellation));
  }

  /** Returns whether any structure was found in any frame. */
  public boolean foundAnything() {
    return frames.stream().anyMatch(SegmentationResult::foundAnything);
  }

  /**
   * Returns what was measured over all frames, one entry for each layer number, from the skin down;
   * empty when nothing was measured. Layers are counted anew in each frame: where a layer is missed
   * in a frame, those below it move up by one.
   */
  public List<FasciaSummary> summary() {
    TreeMap<Integer, List<FasciaMeasurement>> byLayer = new TreeMap<>();
    for (SegmentationResult frame : frames) {
      for (FasciaMeasurement layer : frame.measurements().of(FasciaMeasurement.class)) {
        byLayer.computeIfAbsent(layer.layer(), n -> new ArrayList<>()).add(layer);
      }
    }
    return byLayer.values().stream().map(FasciaClip::summary).toList();
  }

  /** Returns what was measured over all frames, as a table; empty when nothing was. */
  List<TextTable> tables() {
    List<FasciaSummary> layers = summary();
    if (layers.isEmpty()) {
      return List.of();
    }
    String unit = layers.get(0).unit() == LengthUnit.MM ? "mm" : "px";
    List<List<String>> rows = new ArrayList<>();
    for (FasciaSummary layer : layers) {
      Statistic thickness = layer.thickness();
      rows.add(
          List.of(
              String.valueOf(layer.layer()),
              String.valueOf(layer.frames()),
              FasciaPresentation.number("%.2f", thickness.mean()),
              FasciaPresentation.number("%.2f", thickness.sd()),
              FasciaPresentation.number("%.2f", thickness.min()),
              FasciaPresentation.number("%.2f", thickness.max())));
    }
    return List.of(
        new TextTable(
            List.of("layer", "frames", "thickness (" + unit + "): mean", "SD", "min", "max"),
            rows));
  }

  private static FasciaSummary summary(List<FasciaMeasurement> layers) {
    FasciaMeasurement first = layers.get(0);
    return new FasciaSummary(
        first.layer(),
        first.unit(),
        layers.size(),
        Statistic.of(layers.stream().mapToDouble(m -> m.thickness().mean()).toArray()),
        Statistic.of(layers.stream().mapToDouble(FasciaMeasurement::length).toArray()),
        Statistic.of(layers.stream().mapToDouble(FasciaMeasurement::depth).toArray()),
        Statistic.of(layers.stream().mapToDouble(m -> m.echo().fascia()).toArray()));
  }
}
