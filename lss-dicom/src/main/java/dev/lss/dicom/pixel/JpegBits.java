package dev.lss.dicom.pixel;

/**
 * The bits of an entropy-coded segment of JPEG: after a byte FF a zero byte is stuffing, anything
 * else a marker, behind which zero bits follow. Not thread-safe.
 */
final class JpegBits {

  /** How many bits may be read behind the end before the segment is called damaged. */
  private static final int SPARE_BITS = 64;

  private final byte[] bytes;
  private int at;
  private int held;
  private int count;
  private int missing;

  JpegBits(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  int bit() {
    if (count == 0) {
      fill();
    }
    count--;
    return held >> count & 1;
  }

  /** Returns up to 16 bits as an unsigned number. */
  int bits(int wanted) {
    int value = 0;
    for (int n = 0; n < wanted; n++) {
      value = value << 1 | bit();
    }
    return value;
  }

  private void fill() {
    if (at < bytes.length) {
      int next = bytes[at] & 0xff;
      if (next != 0xff) {
        at++;
        held = next;
        count = 8;
        return;
      }
      if (at + 1 < bytes.length && bytes[at + 1] == 0) {
        at += 2;
        held = 0xff;
        count = 8;
        return;
      }
    }
    missing += 8;
    if (missing > SPARE_BITS) {
      throw new CodestreamException("the JPEG ends before its image");
    }
    held = 0;
    count = 8;
  }

  /** Drops the rest of a byte and steps over a restart marker, which must be there. */
  void restart() {
    count = 0;
    missing = 0;
    while (at + 1 < bytes.length && bytes[at] == (byte) 0xff && bytes[at + 1] == (byte) 0xff) {
      at++;
    }
    if (at + 1 >= bytes.length || bytes[at] != (byte) 0xff || (bytes[at + 1] & 0xf8) != 0xd0) {
      throw new CodestreamException("a restart marker of the JPEG is missing");
    }
    at += 2;
  }

  /** Returns where the next marker is looked for. */
  int position() {
    return at;
  }
}
