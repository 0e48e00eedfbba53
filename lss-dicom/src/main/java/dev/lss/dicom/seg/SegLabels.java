package dev.lss.dicom.seg;

import dev.lss.api.Notice;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which label value each segment gets. A vertebra gets the number that VerSe gives it; any other
 * segment keeps its own number, or gets the next free one where that is a vertebra's. Immutable.
 */
public final class SegLabels {

  private static final int NAMED = 5;

  private final List<SegInfo> segments;
  private final Map<Integer, Integer> valueOf;
  private final LabelTable table;
  private final List<SegInfo> unknown;

  private SegLabels(
      List<SegInfo> segments,
      Map<Integer, Integer> valueOf,
      LabelTable table,
      List<SegInfo> unknown) {
    this.segments = segments;
    this.valueOf = valueOf;
    this.table = table;
    this.unknown = unknown;
  }

  static SegLabels of(List<SegInfo> segments) {
    Map<Integer, Integer> valueOf = new HashMap<>();
    Map<Integer, Structure> structures = new TreeMap<>();
    Set<Structure> taken = new HashSet<>();
    List<SegInfo> unknown = new ArrayList<>();
    for (SegInfo segment : segments) {
      segment
          .structure()
          .filter(structure -> structure instanceof Structure.Vertebra)
          .filter(taken::add)
          .map(structure -> ((Structure.Vertebra) structure).level().verseId())
          .ifPresent(
              value -> {
                valueOf.put(segment.number(), value);
                structures.put(value, segment.structure().orElseThrow());
              });
    }
    int free = 1 + segments.stream().mapToInt(SegInfo::number).max().orElse(0);
    for (SegInfo segment : segments) {
      if (valueOf.containsKey(segment.number())) {
        continue;
      }
      int value = segment.number();
      while (structures.containsKey(value)) {
        value = free++;
      }
      Structure structure =
          segment.structure().filter(taken::add).orElseGet(() -> ofName(segment, taken));
      if (!segment.structure().equals(Optional.of(structure))) {
        unknown.add(segment);
      }
      valueOf.put(segment.number(), value);
      structures.put(value, structure);
    }
    List<LabelTable.Entry> entries = new ArrayList<>();
    structures.forEach(
        (value, structure) ->
            entries.add(
                new LabelTable.Entry(
                    value,
                    structure,
                    SegWriter.SPARE_COLOURS[entries.size() % SegWriter.SPARE_COLOURS.length])));
    return new SegLabels(segments, valueOf, new LabelTable(entries), unknown);
  }

  /** A segment whose codes say nothing is called by its name, or by its number. */
  private static Structure ofName(SegInfo segment, Set<Structure> taken) {
    if (!segment.name().isBlank()) {
      Structure named = Structure.parse(segment.name());
      if (named instanceof Structure.Other && taken.add(named)) {
        return named;
      }
    }
    Structure numbered = Structure.parse("segment " + segment.number());
    for (int n = 2; !taken.add(numbered); n++) {
      numbered = Structure.parse("segment " + segment.number() + " (" + n + ")");
    }
    return numbered;
  }

  /** Returns the label value of a segment; 0 when there is no such segment. */
  int valueOf(int number) {
    return valueOf.getOrDefault(number, 0);
  }

  /** Returns what the label values stand for. */
  public LabelTable table() {
    return table;
  }

  /** Names of segments are free text, so messages give their numbers. */
  List<Notice> notices(String name) {
    List<Notice> notices = new ArrayList<>();
    if (!unknown.isEmpty()) {
      notices.add(
          new Notice(
              "SEGMENTS_BY_NUMBER",
              "%s: %s segment(s) have no code that is known and keep their number: %s"
                  .formatted(name, unknown.size(), listed(unknown))));
    }
    List<SegInfo> doubtful = segments.stream().filter(SegInfo::isOfDoubtfulLevel).toList();
    if (!doubtful.isEmpty()) {
      notices.add(
          new Notice(
              "SEG_LEVELS_NOT_SURE",
              "%s: the levels of segment(s) %s were not sure when it was made"
                  .formatted(name, listed(doubtful))));
    }
    List<SegInfo> bad = segments.stream().filter(SegInfo::hasBadCode).toList();
    if (!bad.isEmpty()) {
      notices.add(
          new Notice(
              "CODE_INVALID",
              "%s: the SNOMED CT codes of segment(s) %s have a wrong check digit"
                  .formatted(name, listed(bad))));
    }
    return notices;
  }

  private static String listed(List<SegInfo> segments) {
    return segments.stream()
            .limit(NAMED)
            .map(s -> String.valueOf(s.number()))
            .collect(Collectors.joining(", "))
        + (segments.size() > NAMED ? ", ..." : "");
  }
}
