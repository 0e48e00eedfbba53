package dev.lss.dicom.pixel;

import dev.lss.dicom.data.ByteRange;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.Element;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The pieces of compressed pixels, frame by frame (PS3.5 A.4). One frame owns all pieces; as many
 * pieces as frames belong to one each; otherwise the offset table tells them apart, and where it
 * does not, the marks with which codestreams begin. Immutable.
 */
final class Fragments {

  private static final int ITEM_HEADER = 8;

  private final String name;
  private final List<List<ByteRange>> frames;

  private Fragments(String name, List<List<ByteRange>> frames) {
    this.name = name;
    this.frames = frames;
  }

  static Fragments of(Element.Fragments pixels, int frames, String name) throws IOException {
    List<ByteRange> pieces = pixels.pieces();
    if (pieces.isEmpty()) {
      throw DicomFault.of("PIXEL_LENGTH", name, "its compressed pixels are empty");
    }
    if (pieces.size() < frames) {
      throw DicomFault.of(
          "PIXEL_LENGTH",
          name,
          "%s frames need as many compressed pieces, there are %s"
              .formatted(frames, pieces.size()));
    }
    if (frames == 1) {
      return new Fragments(name, List.of(pieces));
    }
    if (pieces.size() == frames) {
      return new Fragments(name, pieces.stream().map(List::of).toList());
    }
    List<List<ByteRange>> found = byOffsets(pixels);
    if (found.size() != frames) {
      found = byMarks(pieces);
    }
    if (found.size() != frames) {
      throw DicomFault.of(
          "PIXEL_LENGTH",
          name,
          "%s compressed pieces cannot be told apart into %s frames"
              .formatted(pieces.size(), frames));
    }
    return new Fragments(name, found);
  }

  private static List<List<ByteRange>> byOffsets(Element.Fragments pixels) throws IOException {
    ByteBuffer table = ByteBuffer.wrap(pixels.offsets().read()).order(ByteOrder.LITTLE_ENDIAN);
    long first = pixels.pieces().get(0).from() - ITEM_HEADER;
    List<List<ByteRange>> frames = new ArrayList<>();
    int next = 0;
    for (ByteRange piece : pixels.pieces()) {
      boolean begins =
          4 * next + 4 <= table.capacity()
              && (table.getInt(4 * next) & 0xffffffffL) == piece.from() - ITEM_HEADER - first;
      if (begins) {
        frames.add(new ArrayList<>());
        next++;
      }
      if (frames.isEmpty()) {
        return List.of();
      }
      frames.get(frames.size() - 1).add(piece);
    }
    return frames;
  }

  /** A JPEG or JPEG-LS begins with FFD8, a JPEG 2000 codestream with FF4F. */
  private static List<List<ByteRange>> byMarks(List<ByteRange> pieces) throws IOException {
    List<List<ByteRange>> frames = new ArrayList<>();
    for (ByteRange piece : pieces) {
      byte[] mark = piece.read(0, Math.min(2, piece.length()));
      boolean begins =
          mark.length == 2 && mark[0] == (byte) 0xff && (mark[1] == (byte) 0xd8 || mark[1] == 0x4f);
      if (begins) {
        frames.add(new ArrayList<>());
      }
      if (frames.isEmpty()) {
        return List.of();
      }
      frames.get(frames.size() - 1).add(piece);
    }
    return frames;
  }

  /** Returns how many frames there are. */
  int count() {
    return frames.size();
  }

  /** Returns how many bytes a frame is packed in. */
  long length(int frame) {
    return frames.get(frame).stream().mapToLong(ByteRange::length).sum();
  }

  /** Returns the codestream of a frame. */
  byte[] frame(int frame) throws IOException {
    List<ByteRange> pieces = frames.get(frame);
    if (pieces.size() == 1) {
      return pieces.get(0).read();
    }
    if (length(frame) > Integer.MAX_VALUE - 16) {
      throw DicomFault.of("TOO_LARGE_A_FILE", name, "a compressed frame is larger than 2 GiB");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream((int) length(frame));
    for (ByteRange piece : pieces) {
      all.writeBytes(piece.read());
    }
    return all.toByteArray();
  }
}
