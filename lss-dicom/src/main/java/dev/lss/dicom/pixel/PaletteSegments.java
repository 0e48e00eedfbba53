package dev.lss.dicom.pixel;

import dev.lss.api.InvalidStudyException;
import dev.lss.dicom.data.DicomFault;

/** Expands a table of colours that is stored in segments (PS3.3 C.7.9.2). Not thread-safe. */
final class PaletteSegments {

  private static final int DISCRETE = 0;
  private static final int LINEAR = 1;
  private static final int INDIRECT = 2;

  private final double[] words;
  private final int[] entries;
  private final String name;
  private int at;
  private int filled;

  private PaletteSegments(double[] words, int count, String name) {
    this.words = words;
    this.entries = new int[count];
    this.name = name;
  }

  static int[] expand(double[] words, int count, String name) {
    PaletteSegments segments = new PaletteSegments(words, count, name);
    while (segments.filled < count) {
      segments.segment(true);
    }
    return segments.entries;
  }

  private void segment(boolean mayPointBack) {
    int kind = word();
    int length = word();
    switch (kind) {
      case DISCRETE -> {
        for (int n = 0; n < length; n++) {
          put(word());
        }
      }
      case LINEAR -> {
        if (filled == 0) {
          throw damaged();
        }
        double from = entries[filled - 1];
        int to = word();
        for (int n = 1; n <= length; n++) {
          put((int) Math.round(from + (to - from) * n / length));
        }
      }
      case INDIRECT -> {
        if (!mayPointBack) {
          throw damaged();
        }
        int offset = word() | word() << 16;
        int next = at;
        at = offset;
        for (int n = 0; n < length && filled < entries.length; n++) {
          segment(false);
        }
        at = next;
      }
      default -> throw damaged();
    }
    if (length == 0) {
      throw damaged();
    }
  }

  private int word() {
    if (at < 0 || at >= words.length) {
      throw damaged();
    }
    return (int) words[at++];
  }

  private void put(int value) {
    if (filled == entries.length) {
      throw damaged();
    }
    entries[filled++] = value;
  }

  private InvalidStudyException damaged() {
    return DicomFault.of("BAD_PALETTE", name, "a segmented table of colours is damaged");
  }
}
