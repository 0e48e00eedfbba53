package dev.lss.core.report;

import dev.lss.api.Measurements;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.SourceRef;
import dev.lss.api.StageTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the frames of a clip have in common, for the parts of a report that are no measurements. */
final class Frames {

  private Frames() {}

  /**
   * Returns the frames as one result: labels of the first one, measurements of none, each notice
   * code once with how many frames gave it, the inputs of all, and the sums of the timings. The
   * same object for a single frame.
   */
  static SegmentationResult together(List<SegmentationResult> frames) {
    SegmentationResult first = frames.get(0);
    if (frames.size() == 1) {
      return first;
    }
    Map<String, List<Notice>> notices = new LinkedHashMap<>();
    Map<String, Duration> timings = new LinkedHashMap<>();
    Set<SourceRef> inputs = new LinkedHashSet<>();
    for (SegmentationResult frame : frames) {
      Set<String> seen = new HashSet<>();
      frame.notices().stream()
          .filter(notice -> seen.add(notice.code()))
          .forEach(n -> notices.computeIfAbsent(n.code(), code -> new ArrayList<>()).add(n));
      frame.timings().forEach(t -> timings.merge(t.stage(), t.elapsed(), Duration::plus));
      inputs.addAll(frame.provenance().inputs());
    }
    return SegmentationResult.builder(
            first.task(),
            first.labels(),
            first.labelTable(),
            first.provenance().toBuilder().inputs(List.copyOf(inputs)).build())
        .measurements(Measurements.NONE)
        .notices(notices.values().stream().map(same -> ofAll(same, frames.size())).toList())
        .timings(
            timings.entrySet().stream()
                .map(t -> new StageTiming(t.getKey(), t.getValue()))
                .toList())
        .build();
  }

  private static Notice ofAll(List<Notice> same, int frames) {
    Notice first = same.get(0);
    return new Notice(
        first.code(), "%s (%s of %s frames)".formatted(first.message(), same.size(), frames));
  }
}
