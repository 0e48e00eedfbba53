package dev.lss.core.raster;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.ResourceException;
import dev.lss.api.SourceRef;
import dev.lss.core.io.FileKind;
import dev.lss.core.io.Sha256;
import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/**
 * One open picture file. Its size and its header are looked at first: what is too large is refused
 * with numbers before anything is decoded. Not thread-safe.
 */
final class RasterFile implements Closeable {

  static final long LARGEST_FILE = 512L << 20;
  static final int MOST_PIXELS = 1 << 24;
  private static final int LARGEST_OF_12_BITS = 4095;
  private static final double USABLE_SHARE = 0.9;

  /**
   * Pixels of one page.
   *
   * @param columns pixels across
   * @param rows pixels down
   * @param grey grey values from 0 to 255, row by row
   * @param usedBits how many of 16 bits are used; 16 for every other depth
   * @param notices what was doubtful
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on at once
  record Page(int columns, int rows, float[] grey, int usedBits, List<Notice> notices) {}

  private final Path path;
  private final RasterFormat format;
  private final ImageReader reader;
  private final ImageInputStream stream;
  private final List<Integer> orientations;

  private RasterFile(Path path, RasterFormat format) throws IOException {
    this.path = path;
    this.format = format;
    orientations =
        format == RasterFormat.TIFF
            ? TiffPages.orientations(path)
            : List.of(PictureOrientation.UPRIGHT);
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.imageIoName());
    if (!readers.hasNext()) {
      throw new IllegalStateException("this Java has no reader for " + format);
    }
    reader = readers.next();
    stream = new FileImageInputStream(path.toFile());
    reader.setInput(stream, false, true);
  }

  /**
   * Opens a file.
   *
   * @throws InvalidStudyException {@code NOT_A_PICTURE} when it is a folder, empty or of another
   *     kind; {@code TOO_LARGE_A_FILE}
   * @throws IOException when it is missing or may not be read
   */
  static RasterFile open(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw RasterFault.of("NOT_A_PICTURE", path, "a folder or a device, not a file");
    }
    long bytes = Files.size(path);
    if (bytes > LARGEST_FILE) {
      throw RasterFault.of(
          "TOO_LARGE_A_FILE",
          path,
          "a picture may have %s MiB, has %s bytes".formatted(LARGEST_FILE >> 20, bytes));
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(path)) {
      head = in.readNBytes(FileKind.BYTES);
    }
    FileKind kind = FileKind.of(head);
    RasterFormat format =
        RasterFormat.of(head)
            .orElseThrow(
                () ->
                    RasterFault.of(
                        "NOT_A_PICTURE",
                        path,
                        head.length == 0
                            ? "the file is empty"
                            : "begins like no PNG, JPEG or TIFF file; it is " + kind.sentence()));
    return new RasterFile(path, format);
  }

  /** Returns the number of pages. */
  int pages() {
    return orientations.size();
  }

  /** Returns the hash of the file. */
  SourceRef source() throws IOException {
    Sha256 hash = new Sha256();
    try (InputStream in = Files.newInputStream(path)) {
      hash.addAll(in);
    }
    return new SourceRef(hash.hex());
  }

  /**
   * Decodes a page.
   *
   * @param index which one, from 0
   * @param usualBits how many bits of 16 a picture uses that needs no more than 12
   * @throws InvalidStudyException {@code TOO_MANY_PIXELS}, {@code UNSUPPORTED_PIXELS}, {@code
   *     CORRUPT}
   * @throws ResourceException {@code TOO_LARGE} when it does not fit into the heap
   */
  Page page(int index, IntSupplier usualBits) {
    try {
      int columns = reader.getWidth(index);
      int rows = reader.getHeight(index);
      requireSize(columns, rows);
      int orientation = orientations.get(index);
      int significantBits = 0;
      List<Notice> notices = new ArrayList<>();
      if (format == RasterFormat.PNG) {
        PngChunks chunks = PngChunks.read(path);
        orientation = chunks.orientation();
        significantBits = chunks.significantBits();
        if (chunks.animated()) {
          notices.add(RasterNotices.ANIMATED);
        }
      } else if (format == RasterFormat.JPEG) {
        JpegMarkers markers = JpegMarkers.read(path);
        markers.requireFew(path, (long) columns * rows);
        orientation = markers.orientation();
      }
      Iterator<ImageTypeSpecifier> types = reader.getImageTypes(index);
      if (types.hasNext()) {
        requireKind(types.next(), (long) columns * rows);
      }
      List<String> warnings = new ArrayList<>();
      reader.removeAllIIOReadWarningListeners();
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      BufferedImage picture = reader.read(index);
      Optional<String> damage = warnings.stream().filter(RasterFile::isDamage).findFirst();
      if (damage.isPresent()) {
        throw RasterFault.of("TRUNCATED", path, "%s: %s".formatted(format, damage.get()));
      }
      refuse(
          Grey.refusal(picture.getColorModel(), picture.getRaster().getDataBuffer().getDataType()));
      int bits = usedBits(Grey.largestOf16Bits(picture), significantBits, usualBits, notices);
      float[] grey = PictureOrientation.shown(Grey.of(picture, bits), columns, rows, orientation);
      if (orientation != PictureOrientation.UPRIGHT) {
        notices.add(RasterNotices.REORIENTED);
      }
      boolean transposed = PictureOrientation.transposes(orientation);
      return new Page(
          transposed ? rows : columns, transposed ? columns : rows, grey, bits, notices);
    } catch (InvalidStudyException | ResourceException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // ImageIO throws both for damaged files
      throw corrupt(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Tells how many of 16 bits a picture uses: what it says itself, else 12 when those are enough.
   */
  private static int usedBits(
      int largest, int significantBits, IntSupplier usualBits, List<Notice> notices) {
    if (significantBits >= 8 && significantBits < 16 && largest < 1 << significantBits) {
      return significantBits;
    }
    if (largest == 0 || largest > LARGEST_OF_12_BITS || usualBits.getAsInt() > 12) {
      return 16;
    }
    notices.add(RasterNotices.TWELVE_BITS);
    return 12;
  }

  private void requireSize(int columns, int rows) {
    if ((long) columns * rows > MOST_PIXELS) {
      throw RasterFault.of(
          "TOO_MANY_PIXELS",
          path,
          "a picture may have %s pixels, the header says %s x %s"
              .formatted(MOST_PIXELS, columns, rows));
    }
  }

  private void requireKind(ImageTypeSpecifier type, long pixels) {
    refuse(Grey.refusal(type.getColorModel(), type.getSampleModel().getDataType()));
    long bitsPerPixel = 0;
    for (int size : type.getSampleModel().getSampleSize()) {
      bitsPerPixel += Math.max(8, size);
    }
    long needed = pixels * (bitsPerPixel / 8 + Float.BYTES);
    Runtime runtime = Runtime.getRuntime();
    long free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    if (needed > USABLE_SHARE * free) {
      System.gc();
      free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }
    if (needed > USABLE_SHARE * free) {
      throw new ResourceException(
          "TOO_LARGE",
          "%s: decoding needs about %s MiB of heap, available are %s MiB; raise -Xmx"
              .formatted(RasterFault.nameOf(path), (needed >> 20) + 1, free >> 20));
    }
  }

  private void refuse(Optional<String> reason) {
    if (reason.isPresent()) {
      throw RasterFault.of("UNSUPPORTED_PIXELS", path, reason.get());
    }
  }

  /** Some decoders fill what is missing with grey and only warn. */
  private static boolean isDamage(String warning) {
    String text = warning.toLowerCase(Locale.ROOT);
    return text.contains("premature") || text.contains("truncated") || text.contains("corrupt");
  }

  private InvalidStudyException corrupt(String reason, Exception cause) {
    return RasterFault.of(
        "CORRUPT", path, "damaged or unsupported %s: %s".formatted(format, reason), cause);
  }

  @Override
  public void close() throws IOException {
    reader.dispose();
    stream.close();
  }
}
