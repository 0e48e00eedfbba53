package dev.lss.core.raster;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts the pages of a TIFF file by its chain of directories (TIFF 6.0, section 2): each is a
 * 16-bit count, so many entries of 12 bytes, and the offset of the next one or 0. A chain that
 * bites its own tail or goes on too long is refused here, because ImageIO would follow it.
 */
final class TiffPages {

  private static final int MOST_PAGES = 10_000;

  private TiffPages() {}

  static int count(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer head = read(channel, 0, 8, ByteOrder.BIG_ENDIAN);
      ByteOrder order = head.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
      long at = unsigned(head.order(order).getInt(4));
      Set<Long> seen = new HashSet<>();
      while (at != 0) {
        if (!seen.add(at) || seen.size() > MOST_PAGES) {
          throw RasterFault.of(
              "CORRUPT", file, "its pages form a circle or are more than " + MOST_PAGES);
        }
        int entries = Short.toUnsignedInt(read(channel, at, 2, order).getShort(0));
        at = unsigned(read(channel, at + 2 + 12L * entries, 4, order).getInt(0));
      }
      return seen.size();
    } catch (EOFException e) {
      throw RasterFault.of("TRUNCATED", file, "the file ends inside the list of its pages", e);
    }
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
