package dev.lss.core.raster;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Walks through the chunks of a PNG file (PNG specification, section 5): length, type, data and the
 * CRC-32 of type and data, up to IEND. ImageIO looks at no CRC and misses an end that is cut off.
 */
final class PngChunks {

  private static final int SIGNATURE_BYTES = 8;
  private static final int END = 0x49454e44; // IEND

  private PngChunks() {}

  /**
   * Checks a file.
   *
   * @throws dev.lss.api.InvalidStudyException {@code TRUNCATED}, {@code CORRUPT}
   */
  static void check(Path file) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      in.readFully(buffer, 0, SIGNATURE_BYTES);
      int type;
      do {
        long length = Integer.toUnsignedLong(in.readInt());
        CRC32 crc = new CRC32();
        in.readFully(buffer, 0, Integer.BYTES);
        crc.update(buffer, 0, Integer.BYTES);
        type = ByteBuffer.wrap(buffer).getInt(0);
        while (length > 0) {
          int count = (int) Math.min(length, buffer.length);
          in.readFully(buffer, 0, count);
          crc.update(buffer, 0, count);
          length -= count;
        }
        if (in.readInt() != (int) crc.getValue()) {
          throw RasterFault.of("CORRUPT", file, "a part of the PNG does not match its checksum");
        }
      } while (type != END);
    } catch (EOFException e) {
      throw RasterFault.of("TRUNCATED", file, "the PNG ends before its end mark", e);
    }
  }
}
