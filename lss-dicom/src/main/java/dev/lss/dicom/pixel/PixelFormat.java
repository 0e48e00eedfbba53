package dev.lss.dicom.pixel;

import dev.lss.dicom.data.DataSet;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.Tag;
import java.util.OptionalInt;

/**
 * How the pixels of an image are stored. Immutable.
 *
 * @param rows pixels down, at least 1
 * @param columns pixels across, at least 1
 * @param frames how many pictures, at least 1
 * @param samples numbers a pixel, 1 or 3
 * @param bitsAllocated bits that a number takes: 1, 8, 16 or 32
 * @param bitsStored bits of it that count
 * @param highBit the highest of them, from 0
 * @param isSigned whether they are two's complement
 * @param isPlanar whether all first samples come first
 * @param photometric what the samples mean
 */
public record PixelFormat(
    int rows,
    int columns,
    int frames,
    int samples,
    int bitsAllocated,
    int bitsStored,
    int highBit,
    boolean isSigned,
    boolean isPlanar,
    Photometric photometric) {

  /**
   * Reads the attributes of an image.
   *
   * @param name what messages call the file
   * @throws dev.lss.api.InvalidStudyException {@code NO_PIXELS}, {@code BAD_DIMENSION} or {@code
   *     BAD_PIXEL_FORMAT}
   */
  public static PixelFormat of(DataSet data, String name) {
    if (!data.has(Tag.ROWS) && !data.has(Tag.COLUMNS)) {
      throw DicomFault.of("NO_PIXELS", name, "it holds no image");
    }
    int frames = data.has(Tag.NUMBER_OF_FRAMES) ? required(data, Tag.NUMBER_OF_FRAMES, name) : 1;
    int allocated = required(data, Tag.BITS_ALLOCATED, name);
    int stored = data.integer(Tag.BITS_STORED).orElse(allocated);
    String term = data.text(Tag.PHOTOMETRIC_INTERPRETATION).orElse("MONOCHROME2");
    PixelFormat format =
        new PixelFormat(
            required(data, Tag.ROWS, name),
            required(data, Tag.COLUMNS, name),
            frames,
            data.integer(Tag.SAMPLES_PER_PIXEL).orElse(1),
            allocated,
            stored,
            data.integer(Tag.HIGH_BIT).orElse(stored - 1),
            data.integer(Tag.PIXEL_REPRESENTATION).orElse(0) == 1,
            data.integer(Tag.PLANAR_CONFIGURATION).orElse(0) == 1,
            Photometric.of(term)
                .orElseThrow(
                    () ->
                        DicomFault.of(
                            "BAD_PIXEL_FORMAT",
                            name,
                            "its photometric interpretation (0028,0004) is none that is read")));
    format.check(name);
    return format;
  }

  private static int required(DataSet data, Tag tag, String name) {
    OptionalInt value = data.integer(tag);
    if (value.isEmpty()) {
      throw DicomFault.of(
          tag == Tag.BITS_ALLOCATED ? "BAD_PIXEL_FORMAT" : "BAD_DIMENSION",
          name,
          "%s is missing or no integer".formatted(tag));
    }
    return value.getAsInt();
  }

  private void check(String name) {
    if (rows < 1 || columns < 1 || frames < 1) {
      throw DicomFault.of(
          "BAD_DIMENSION",
          name,
          "rows, columns and frames must be at least 1, were %s, %s and %s"
              .formatted(rows, columns, frames));
    }
    boolean wholeBytes = bitsAllocated == 8 || bitsAllocated == 16 || bitsAllocated == 32;
    if ((!wholeBytes && bitsAllocated != 1)
        || bitsStored < 1
        || bitsStored > bitsAllocated
        || highBit < bitsStored - 1
        || highBit >= bitsAllocated) {
      throw DicomFault.of(
          "BAD_PIXEL_FORMAT",
          name,
          "bits allocated must be 1, 8, 16 or 32 and hold those stored; allocated were %s, stored"
                  .formatted(bitsAllocated)
              + " %s, the highest %s".formatted(bitsStored, highBit));
    }
    if (samples != photometric.samples() || (samples == 3 && bitsAllocated != 8)) {
      throw DicomFault.of(
          "BAD_PIXEL_FORMAT",
          name,
          "%s samples of %s bits do not fit %s".formatted(samples, bitsAllocated, photometric));
    }
  }

  /** Returns how many pixels a frame has. */
  public long pixels() {
    return (long) rows * columns;
  }

  /** Returns how many bytes a number takes. */
  int sampleBytes() {
    return (bitsAllocated + 7) / 8;
  }
}
