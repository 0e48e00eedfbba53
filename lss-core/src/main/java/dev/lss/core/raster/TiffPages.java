package dev.lss.core.raster;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Walks through the pages of a TIFF file by its chain of directories (TIFF 6.0, section 2): each is
 * a 16-bit count, so many entries of 12 bytes, and the offset of the next one or 0. A chain that
 * bites its own tail or goes on too long, and entries with more values than the file can hold, are
 * refused here, because ImageIO would follow the one and make room for the other.
 */
final class TiffPages {

  private static final int MOST_PAGES = 10_000;
  private static final int MOST_ENTRIES = 1000;
  private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

  private TiffPages() {}

  /** Returns the orientation of each page, see {@link PictureOrientation}. */
  static List<Integer> orientations(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer head = read(channel, 0, 8, ByteOrder.BIG_ENDIAN);
      ByteOrder order = head.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
      long at = unsigned(head.order(order).getInt(4));
      Set<Long> seen = new HashSet<>();
      List<Integer> orientations = new ArrayList<>();
      while (at != 0) {
        if (!seen.add(at) || seen.size() > MOST_PAGES) {
          throw RasterFault.of(
              "CORRUPT", file, "its pages form a circle or are more than " + MOST_PAGES);
        }
        int entries = Short.toUnsignedInt(read(channel, at, 2, order).getShort(0));
        orientations.add(orientation(file, channel, read(channel, at + 2, 12 * entries, order)));
        at = unsigned(read(channel, at + 2 + 12L * entries, 4, order).getInt(0));
      }
      return List.copyOf(orientations);
    } catch (EOFException e) {
      throw RasterFault.of("TRUNCATED", file, "the file ends inside the list of its pages", e);
    }
  }

  private static int orientation(Path file, FileChannel channel, ByteBuffer entries)
      throws IOException {
    int orientation = PictureOrientation.UPRIGHT;
    int count = entries.capacity() / 12;
    if (count > MOST_ENTRIES) {
      throw RasterFault.of(
          "CORRUPT", file, "a page has more than %s fields".formatted(MOST_ENTRIES));
    }
    for (int n = 0; n < count; n++) {
      int type = Short.toUnsignedInt(entries.getShort(12 * n + 2));
      long values = unsigned(entries.getInt(12 * n + 4));
      int bytes = type < TYPE_BYTES.length ? TYPE_BYTES[type] : 1;
      if (values * bytes > channel.size()) {
        throw RasterFault.of(
            "CORRUPT",
            file,
            "field %s of a page has %s values, more than the file holds"
                .formatted(Short.toUnsignedInt(entries.getShort(12 * n)), values));
      }
      int said = PictureOrientation.ofEntry(entries, 12 * n);
      orientation = said == 0 ? orientation : said;
    }
    return orientation;
  }

  private static long unsigned(int value) {
    return Integer.toUnsignedLong(value);
  }

  private static ByteBuffer read(FileChannel channel, long at, int count, ByteOrder order)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(order);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException();
      }
    }
    return bytes;
  }
}
