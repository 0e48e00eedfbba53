package dev.lss.dicom.pixel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Decodes RLE Lossless, PackBits for each byte of each sample (PS3.5 annex G). */
final class RleDecoder {

  private static final int HEADER = 64;
  private static final int MOST_SEGMENTS = 15;

  /** Two bytes make at most 128. */
  private static final int LARGEST_RATIO = 64;

  private RleDecoder() {}

  static Raster decode(byte[] bytes, PixelFormat format) {
    int width = format.sampleBytes();
    int expected = format.samples() * width;
    if (bytes.length < HEADER) {
      throw new CodestreamException("the RLE header is cut off");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes, 0, HEADER).order(ByteOrder.LITTLE_ENDIAN);
    int segments = header.getInt(0);
    if (segments != expected || segments > MOST_SEGMENTS) {
      throw new CodestreamException(
          "%s RLE segments were expected, the header says %s".formatted(expected, segments));
    }
    int pixels = (int) format.pixels();
    int planeBytes = format.bitsAllocated() == 1 ? (pixels + 7) / 8 : pixels;
    if ((long) planeBytes * expected > (long) LARGEST_RATIO * bytes.length) {
      throw new CodestreamException("%s RLE bytes cannot hold a frame".formatted(bytes.length));
    }
    int[] values = new int[pixels * format.samples()];
    byte[] plane = new byte[planeBytes];
    for (int segment = 0; segment < segments; segment++) {
      int from = header.getInt(4 + 4 * segment);
      int end = segment + 1 < segments ? header.getInt(8 + 4 * segment) : bytes.length;
      if (from < HEADER || end < from || end > bytes.length) {
        throw new CodestreamException("the offset of RLE segment %s is wrong".formatted(segment));
      }
      unpack(bytes, from, end, plane, segment);
      if (format.bitsAllocated() == 1) {
        Frames.bits(plane, 0, values);
        break;
      }
      // the segments of a sample go from its highest byte to its lowest
      int shift = 8 * (width - 1 - segment % width);
      int sample = segment / width;
      for (int n = 0; n < pixels; n++) {
        values[n * format.samples() + sample] |= (plane[n] & 0xff) << shift;
      }
    }
    return new Raster(values, format.bitsAllocated(), false, false);
  }

  private static void unpack(byte[] bytes, int from, int end, byte[] plane, int segment) {
    int at = from;
    int filled = 0;
    while (filled < plane.length) {
      if (at >= end) {
        throw new CodestreamException("RLE segment %s ends too early".formatted(segment));
      }
      int control = bytes[at++];
      if (control >= 0) {
        int count = Math.min(control + 1, plane.length - filled);
        if (at + count > end) {
          throw new CodestreamException("RLE segment %s ends too early".formatted(segment));
        }
        System.arraycopy(bytes, at, plane, filled, count);
        at += control + 1;
        filled += count;
      } else if (control != -128) {
        int count = Math.min(1 - control, plane.length - filled);
        if (at >= end) {
          throw new CodestreamException("RLE segment %s ends too early".formatted(segment));
        }
        java.util.Arrays.fill(plane, filled, filled + count, bytes[at++]);
        filled += count;
      }
    }
  }
}
