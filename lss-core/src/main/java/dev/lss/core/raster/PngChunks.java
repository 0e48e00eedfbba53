package dev.lss.core.raster;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Walks through the chunks of a PNG file (PNG specification, section 5): length, type, data and the
 * CRC-32 of type and data, up to IEND. ImageIO looks at no CRC, misses an end that is cut off, and
 * does not tell what these fields do.
 *
 * @param animated whether the file holds further pictures (APNG, chunk acTL), which are not read
 * @param significantBits bits of the first channel that mean something (sBIT); 0 when the file does
 *     not say
 * @param orientation how the picture is to be shown (eXIf), see {@link PictureOrientation}
 */
record PngChunks(boolean animated, int significantBits, int orientation) {

  private static final int SIGNATURE_BYTES = 8;
  private static final int END = 0x49454e44; // IEND
  private static final int ANIMATION = 0x6163544c; // acTL
  private static final int SIGNIFICANT_BITS = 0x73424954; // sBIT
  private static final int EXIF = 0x65584966; // eXIf

  /**
   * Checks a file.
   *
   * @throws dev.lss.api.InvalidStudyException {@code TRUNCATED}, {@code CORRUPT}
   */
  static PngChunks read(Path file) throws IOException {
    byte[] buffer = new byte[1 << 16];
    boolean animated = false;
    int significantBits = 0;
    int orientation = PictureOrientation.UPRIGHT;
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
        boolean whole = length > 0 && length <= buffer.length;
        long left = length;
        while (left > 0) {
          int count = (int) Math.min(left, buffer.length);
          in.readFully(buffer, 0, count);
          crc.update(buffer, 0, count);
          left -= count;
        }
        if (in.readInt() != (int) crc.getValue()) {
          throw RasterFault.of("CORRUPT", file, "a part of the PNG does not match its checksum");
        }
        animated |= type == ANIMATION;
        if (type == SIGNIFICANT_BITS && whole) {
          significantBits = buffer[0];
        } else if (type == EXIF && whole) {
          orientation = PictureOrientation.ofExif(Arrays.copyOf(buffer, (int) length));
        }
      } while (type != END);
    } catch (EOFException e) {
      throw RasterFault.of("TRUNCATED", file, "the PNG ends before its end mark", e);
    }
    return new PngChunks(animated, significantBits, orientation);
  }
}
