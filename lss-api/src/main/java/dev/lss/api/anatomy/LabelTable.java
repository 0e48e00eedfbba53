package dev.lss.api.anatomy;

import java.util.ArrayList;
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

  /** Of L1 to L6 and T13. */
  private static final int[] VERTEBRA_COLOURS = {
    0xE6A23C, 0x4FA3E3, 0x67C23A, 0xD65DB1, 0xF0605D, 0x9B8CF0, 0x3FC7B5
  };

  /** Left and right of each muscle, a bright and a darker tone of one hue. */
  private static final int[] MUSCLE_COLOURS = {
    0xF2B84B, 0xC98A1B, 0x5BB0EE, 0x2F7FC0, 0x7DD35F, 0x4D9C36, 0xE07ABF, 0xA84A8C, 0xF2B84B,
    0xC98A1B, 0x5BB0EE, 0x2F7FC0
  };

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

  /**
   * Returns the table of whole lumbar vertebrae as VerSe ids: L1 to L5 are 20 to 24; of people who
   * have them L6 is 25 and T13, between T12 and L1, is 28.
   */
  public static LabelTable lumbarVertebrae() {
    List<Entry> entries = new ArrayList<>();
    for (int value : new int[] {20, 21, 22, 23, 24, 25, 28}) {
      VertebraLevel level = VertebraLevel.ofVerseId(value).orElseThrow();
      int rgb = VERTEBRA_COLOURS[entries.size()];
      entries.add(new Entry(value, new Structure.Vertebra(level), rgb));
    }
    return new LabelTable(entries);
  }

  /**
   * Returns the table of the muscles beside the lumbar spine: multifidus left and right are 1 and
   * 2, erector spinae 3 and 4, psoas major 5 and 6, quadratus lumborum 7 and 8.
   */
  public static LabelTable paraspinalMuscles() {
    return muscles(List.of(Muscle.values()).subList(0, 4));
  }

  /**
   * Returns the table of all muscles that can be measured: {@link #paraspinalMuscles}, and deep
   * muscles of the back together left and right as 9 and 10, iliopsoas as 11 and 12.
   */
  public static LabelTable measuredMuscles() {
    return muscles(List.of(Muscle.values()));
  }

  private static LabelTable muscles(List<Muscle> muscles) {
    List<Entry> entries = new ArrayList<>();
    for (Muscle muscle : muscles) {
      for (Side side : Side.values()) {
        int value = entries.size() + 1;
        entries.add(
            new Entry(value, new Structure.Muscle(muscle, side), MUSCLE_COLOURS[value - 1]));
      }
    }
    return new LabelTable(entries);
  }

  /**
   * Returns the table of a spine on sagittal MR, with the values of VerSe and TPTBox: T11 to L5 are
   * 18 to 24, L6 25, the sacrum 26, T13 28, the canal 61, and a disc is 100 and the value of the
   * vertebra above it.
   */
  public static LabelTable spine() {
    List<Entry> entries = new ArrayList<>();
    List<Entry> discs = new ArrayList<>();
    for (int value : new int[] {18, 19, 20, 21, 22, 23, 24, 25, 26, 28}) {
      if (value == 26) {
        entries.add(new Entry(value, new Structure.Other("sacrum"), 0xB08968));
        continue;
      }
      VertebraLevel level = VertebraLevel.ofVerseId(value).orElseThrow();
      int lumbar = value == 28 ? 6 : value - 20;
      int rgb = lumbar >= 0 ? VERTEBRA_COLOURS[lumbar] : value == 18 ? 0x7FB7A6 : 0xC9CF58;
      entries.add(new Entry(value, new Structure.Vertebra(level), rgb));
      discs.add(new Entry(100 + value, new Structure.Disc(level), lighter(rgb)));
    }
    entries.add(new Entry(61, new Structure.Other("spinal-canal"), 0x8FD3FF));
    entries.addAll(discs);
    return new LabelTable(entries);
  }

  /** Half the way to white. */
  private static int lighter(int rgb) {
    return (rgb >> 1 & 0x7F7F7F) + 0x7F7F7F;
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
