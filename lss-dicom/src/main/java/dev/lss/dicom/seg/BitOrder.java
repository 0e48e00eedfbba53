package dev.lss.dicom.seg;

/**
 * Whether the writer of one-bit pixels may have begun each byte at its highest bit. Turning the
 * bits of every byte around leaves the changes within bytes as many as they were, and never makes
 * those between bytes fewer: a run that crosses from one byte to the next has none there, and two
 * when both are turned. Where turning them would leave fewer, beyond chance, the order is doubtful.
 * Not thread-safe.
 */
final class BitOrder {

  private static final long ENOUGH_PIXELS = 1L << 24;
  private static final double SIGMAS = 4;

  private long seen;
  private long breaks;
  private long turnedBreaks;

  boolean wantsMore() {
    return seen < ENOUGH_PIXELS;
  }

  /**
   * Looks at a frame.
   *
   * @param firstBit position of its first pixel in the bits of the file
   */
  void add(int[] pixels, long firstBit) {
    seen += pixels.length;
    int start = (int) ((8 - firstBit % 8) % 8);
    for (int n = start; n + 16 <= pixels.length; n += 8) {
      breaks += pixels[n + 7] ^ pixels[n + 8];
      turnedBreaks += pixels[n] ^ pixels[n + 15];
    }
  }

  boolean isDoubtful() {
    return breaks - turnedBreaks > SIGMAS * Math.sqrt((double) (breaks + turnedBreaks));
  }
}
