package dev.lss.core.raster;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Walks through the markers of a JPEG file (ITU T.81, annex B). A progressive picture is decoded
 * scan by scan over all of its pixels, so a small file of a thousand scans takes the decoder half a
 * minute; what is beyond any encoder is refused before.
 *
 * @param scans number of scans
 * @param orientation how the picture is to be shown, see {@link PictureOrientation}
 */
record JpegMarkers(int scans, int orientation) {

  private static final int MOST_SCANS = 64;
  private static final long MOST_SCANNED_PIXELS = 1L << 28;
  private static final int START_OF_SCAN = 0xda;
  private static final int END = 0xd9;
  private static final int APP1 = 0xe1;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);

  static JpegMarkers read(Path file) throws IOException {
    int scans = 0;
    int orientation = PictureOrientation.UPRIGHT;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      in.skipNBytes(2);
      for (int marker = next(in); marker != END && marker >= 0; marker = next(in)) {
        boolean alone = marker == 1 || (marker >= 0xd0 && marker <= 0xd8);
        if (!alone) {
          int length = (in.read() << 8 | in.read()) - 2;
          if (length < 0) {
            break;
          }
          byte[] head = in.readNBytes(marker == APP1 ? length : 0);
          in.skipNBytes(length - head.length);
          if (marker == START_OF_SCAN) {
            scans++;
          } else if (marker == APP1 && Arrays.equals(head, 0, 6, EXIF, 0, 6)) {
            orientation = PictureOrientation.ofExif(Arrays.copyOfRange(head, 6, head.length));
          }
        }
      }
    } catch (EOFException | IndexOutOfBoundsException e) {
      return new JpegMarkers(scans, orientation); // the decoder says what is missing
    }
    return new JpegMarkers(scans, orientation);
  }

  /** Passes over coded pixels up to the next marker; -1 at the end of the file. */
  private static int next(InputStream in) throws IOException {
    int value = in.read();
    while (value >= 0) {
      if (value != 0xff) {
        value = in.read();
        continue;
      }
      value = in.read();
      if (value > 0 && value != 0xff) {
        return value;
      }
    }
    return -1;
  }

  /** Refuses a picture with more scans than any encoder writes. */
  void requireFew(Path file, long pixels) {
    if (scans > MOST_SCANS || scans * pixels > MOST_SCANNED_PIXELS) {
      throw RasterFault.of(
          "TOO_MANY_SCANS",
          file,
          "a JPEG may have %s scans and %s pixels in all of them, has %s scans of %s; save it anew"
              .formatted(MOST_SCANS, MOST_SCANNED_PIXELS, scans, pixels));
    }
  }
}
