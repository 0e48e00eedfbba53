package dev.lss.api.anatomy;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which label value stands for which structure. Values and structures are unique; 0 is background
 * and never listed. Immutable.
 *
 * @param entries the labels, in ascending order of value
 */
public record LabelTable(List<Entry> entries) {

  /**
   * One label.
   *
   * @param value label value, 1 to 65535
   * @param structure what it stands for
   * @param rgb display colour, 0xRRGGBB
   */
  public record Entry(int value, Structure structure, int rgb) {

    /** Refuses values outside 1 to 65535 and colours outside 24 bits. */
    public Entry {
      if (value < 1 || value > 65535) {
        throw new IllegalArgumentException("a label value lies in 1 to 65535, was " + value);
      }
      if (rgb < 0 || rgb > 0xFFFFFF) {
        throw new IllegalArgumentException("a colour is 0xRRGGBB, was " + rgb);
      }
    }
  }

  private static final int[] LUMBAR_COLOURS = {0xE6A23C, 0x4FA3E3, 0x67C23A, 0xD65DB1, 0xF0605D};

  /** Refuses repeated values, repeated structures and a wrong order. */
  public LabelTable {
    entries = List.copyOf(entries);
    Set<Structure> structures = new HashSet<>();
    int previous = 0;
    for (Entry entry : entries) {
      if (entry.value() <= previous) {
        throw new IllegalArgumentException(
            "label values must ascend without repeats, found %s after %s"
                .formatted(entry.value(), previous));
      }
      if (!structures.add(entry.structure())) {
        throw new IllegalArgumentException(entry.structure().key() + " has two label values");
      }
      previous = entry.value();
    }
  }

  /** Returns the table of whole lumbar vertebrae: L1 to L5 as VerSe ids 20 to 24. */
  public static LabelTable lumbarVertebrae() {
    return new LabelTable(
        List.of(VertebraLevel.values()).stream()
            .filter(VertebraLevel::isLumbar)
            .map(
                level ->
                    new Entry(
                        level.verseId(),
                        new Structure.Vertebra(level),
                        LUMBAR_COLOURS[level.verseId() - 20]))
            .toList());
  }

  /** Returns the table of fascia in ultrasound: 1 is any layer of it. */
  public static LabelTable fascia() {
    return new LabelTable(List.of(new Entry(1, Structure.Fascia.ALL, 0x4FA3E3)));
  }

  /** Returns the entry of a label value, or empty. */
  public Optional<Entry> byValue(int value) {
    return entries.stream().filter(e -> e.value() == value).findFirst();
  }

  /** Returns the entry of a structure, or empty. */
  public Optional<Entry> byStructure(Structure structure) {
    return entries.stream().filter(e -> e.structure().equals(structure)).findFirst();
  }
}
