package dev.lss.dicom.seg;

import dev.lss.api.image.LabelVolume;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The frames of labels and their pixels. Immutable. */
final class SegPixels {

  private static final int CHUNK = 1 << 16;

  private final LabelVolume labels;

  SegPixels(LabelVolume labels) {
    this.labels = labels;
  }

  /** Returns in which slices each label that is there lies, in ascending order of labels. */
  Map<Integer, BitSet> slices() {
    Map<Integer, BitSet> found = new TreeMap<>();
    short[] all = VoxelArrays.labels(labels);
    int plane = plane();
    int last = 0;
    BitSet of = new BitSet();
    for (int n = 0; n < all.length; n++) {
      int label = Short.toUnsignedInt(all[n]);
      if (label != 0) {
        if (label != last) {
          of = found.computeIfAbsent(label, l -> new BitSet());
          last = label;
        }
        of.set(n / plane);
      }
    }
    return found;
  }

  private int plane() {
    return labels.extents().i() * labels.extents().j();
  }

  /** Returns a frame for each segment in each slice that holds some of it. */
  static List<SegFrame> binary(List<BitSet> slicesOfSegments) {
    List<SegFrame> frames = new ArrayList<>();
    for (int segment = 0; segment < slicesOfSegments.size(); segment++) {
      BitSet slices = slicesOfSegments.get(segment);
      for (int k = slices.nextSetBit(0); k >= 0; k = slices.nextSetBit(k + 1)) {
        frames.add(new SegFrame(segment, k));
      }
    }
    return frames;
  }

  /** Returns a frame for each slice from the first that holds anything to the last. */
  static List<SegFrame> labelmap(List<BitSet> slicesOfSegments) {
    BitSet any = new BitSet();
    slicesOfSegments.forEach(any::or);
    List<SegFrame> frames = new ArrayList<>();
    for (int k = any.nextSetBit(0); k < any.length(); k++) {
      frames.add(new SegFrame(-1, k));
    }
    return frames;
  }

  /** Writes one bit a pixel, from the lowest of a byte on, without a gap between frames. */
  void writeBits(List<SegFrame> frames, List<Segment> segments, OutputStream out)
      throws IOException {
    short[] all = VoxelArrays.labels(labels);
    int plane = plane();
    byte[] chunk = new byte[CHUNK];
    int filled = 0;
    int bit = 0;
    for (SegFrame frame : frames) {
      short wanted = (short) segments.get(frame.segment()).label();
      int from = frame.slice() * plane;
      for (int n = from; n < from + plane; n++) {
        if (all[n] == wanted) {
          chunk[filled] |= (byte) (1 << bit);
        }
        if (++bit == 8) {
          bit = 0;
          if (++filled == CHUNK) {
            out.write(chunk, 0, filled);
            java.util.Arrays.fill(chunk, (byte) 0);
            filled = 0;
          }
        }
      }
    }
    out.write(chunk, 0, bit == 0 ? filled : filled + 1);
  }

  /** Writes the labels themselves, in one byte or two. */
  void writeLabels(List<SegFrame> frames, int width, OutputStream out) throws IOException {
    short[] all = VoxelArrays.labels(labels);
    int plane = plane();
    byte[] bytes = new byte[plane * width];
    for (SegFrame frame : frames) {
      int from = frame.slice() * plane;
      for (int n = 0; n < plane; n++) {
        short label = all[from + n];
        bytes[n * width] = (byte) label;
        if (width == 2) {
          bytes[2 * n + 1] = (byte) (label >> 8);
        }
      }
      out.write(bytes);
    }
  }
}
