package dev.lss.dicom.pixel;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.ResourceException;
import dev.lss.dicom.data.ByteRange;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.DicomFile;
import dev.lss.dicom.data.Element;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.data.TransferSyntax;
import dev.lss.dicom.data.TransferSyntax.Codec;
import dev.lss.dicom.data.Vr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of a DICOM file. They are read and decoded when they are asked for; that there are
 * bytes enough for them was looked at before. Immutable.
 */
public final class Frames {

  /** Deflate packs at most 258 bytes in 2 bits. */
  private static final int LARGEST_DEFLATE_RATIO = 1032;

  private final DicomFile file;
  private final PixelFormat format;
  private final @Nullable ByteRange plain;
  private final ByteOrder order;
  private final @Nullable Fragments packed;

  private Frames(
      DicomFile file,
      PixelFormat format,
      @Nullable ByteRange plain,
      ByteOrder order,
      @Nullable Fragments packed) {
    this.file = file;
    this.format = format;
    this.plain = plain;
    this.order = order;
    this.packed = packed;
  }

  /**
   * Looks at the pixels of a file.
   *
   * @throws InvalidStudyException when the attributes contradict each other or the pixels are not
   *     all there
   */
  public static Frames of(DicomFile file) throws IOException {
    PixelFormat format = PixelFormat.of(file.data(), file.name());
    Optional<Element> pixels = file.data().element(Tag.PIXEL_DATA);
    if (pixels.isEmpty()) {
      throw DicomFault.of("NO_PIXELS", file.name(), "it has attributes of an image but no pixels");
    }
    ByteOrder order = byteOrder(pixels.get(), format);
    Element.Value value = pixels.get().value();
    if (value instanceof Element.Fragments pieces) {
      if (file.syntax().codec() == Codec.NATIVE) {
        throw DicomFault.of("CORRUPT", file.name(), "its pixels lie in pieces that none announces");
      }
      Fragments fragments = Fragments.of(pieces, format.frames(), file.name());
      return new Frames(file, format, null, order, fragments);
    }
    if (!(value instanceof Element.Bytes bytes)) {
      throw DicomFault.of("CORRUPT", file.name(), "its pixels are a sequence");
    }
    Frames frames = new Frames(file, format, bytes.range(), order, null);
    frames.refuseShort(bytes.range());
    return frames;
  }

  /** Words of bytes, two pixels in a word, follow the byte order; single bytes have none. */
  private static ByteOrder byteOrder(Element pixels, PixelFormat format) {
    boolean swapped = format.bitsAllocated() > 8 || pixels.vr() == Vr.OW;
    return swapped ? pixels.order() : ByteOrder.LITTLE_ENDIAN;
  }

  private void refuseShort(ByteRange bytes) {
    if (file.syntax().codec() != Codec.NATIVE) {
      throw DicomFault.of("CORRUPT", file.name(), "its compressed pixels are not in pieces");
    }
    // 2^16 rows and columns, 2^31 frames, 32 bits and 3 samples may exceed a long
    double bits = (double) format.frames() * frameBits();
    if (bytes.length() * 8.0 < bits) {
      throw DicomFault.of(
          "PIXEL_LENGTH",
          file.name(),
          "%s frames of %s x %s pixels need %s bytes, there are %s"
              .formatted(
                  format.frames(),
                  format.columns(),
                  format.rows(),
                  (long) Math.ceil(bits / 8),
                  bytes.length()));
    }
  }

  private long frameBits() {
    long samples =
        format.photometric() == Photometric.YBR_FULL_422
            ? 2 * format.pixels()
            : format.samples() * format.pixels();
    return samples * format.bitsAllocated();
  }

  /** Returns how the pixels are stored. */
  public PixelFormat format() {
    return format;
  }

  /**
   * Refuses a syntax whose pixels are not read, before any is asked for.
   *
   * @throws InvalidStudyException {@code UNSUPPORTED_TRANSFER_SYNTAX}
   */
  public void refuseUnreadable() {
    if (file.syntax().codec() == Codec.OTHER) {
      throw TransferSyntax.unsupported(file.syntax().uid(), file.name());
    }
  }

  /**
   * Reads a picture.
   *
   * @param index which one, from 0
   * @throws InvalidStudyException {@code DECODE} when its codestream is damaged or of a kind that
   *     is not read
   * @throws ResourceException when it does not fit into memory
   */
  public Frame frame(int index) throws IOException {
    Raster raster = raster(index);
    boolean different =
        packed != null
            && ((raster.bits() != format.bitsStored() && raster.bits() != format.bitsAllocated())
                || (raster.isSigned() && !format.isSigned()));
    return frame(raster, different);
  }

  /**
   * Reads the stored numbers of a picture with one sample a pixel, without looking them up in a
   * palette: a label map may have one.
   */
  public int[] numbers(int index) throws IOException {
    if (format.samples() != 1) {
      throw new IllegalStateException("a pixel has %s samples".formatted(format.samples()));
    }
    Raster raster = raster(index);
    interpret(raster);
    return raster.values();
  }

  private Raster raster(int index) throws IOException {
    if (index < 0 || index >= format.frames()) {
      throw new IndexOutOfBoundsException(
          "frame %s of %s was asked for".formatted(index, format.frames()));
    }
    refuseUnreadable();
    refuseTooLarge(packed == null ? 0 : packed.length(index));
    Raster raster;
    if (packed != null) {
      try {
        raster = decode(packed.frame(index));
      } catch (CodestreamException e) {
        throw DicomFault.of("DECODE", file.name(), String.valueOf(e.getMessage()), e);
      }
    } else {
      raster = plain(index);
    }
    return raster;
  }

  private Frame frame(Raster raster, boolean different) {
    int[] values = raster.values();
    if (format.samples() == 3) {
      if (format.photometric().isYbr() && !raster.isRgb()) {
        Colors.ybrToRgb(values);
      }
      float[] brightness = new float[(int) format.pixels()];
      for (int n = 0; n < brightness.length; n++) {
        brightness[n] = Colors.luma(values[3 * n], values[3 * n + 1], values[3 * n + 2]);
      }
      return new Frame(new int[0], brightness, different);
    }
    interpret(raster);
    if (format.photometric() == Photometric.PALETTE_COLOR) {
      float[] brightness = Palette.of(file.data(), format, file.name()).brightness(raster.values());
      return new Frame(new int[0], brightness, different);
    }
    return new Frame(values, new float[0], different);
  }

  /** Drops bits that do not count, such as overlays, and extends the sign. */
  private void interpret(Raster raster) {
    int[] values = raster.values();
    int unused = raster.bits() > format.highBit() ? format.highBit() + 1 - format.bitsStored() : 0;
    int kept = Math.min(format.bitsStored(), raster.bits());
    int free = 32 - kept;
    for (int n = 0; n < values.length; n++) {
      if (raster.isSigned()) {
        continue;
      }
      int moved = values[n] >> unused << free;
      values[n] = format.isSigned() ? moved >> free : moved >>> free;
    }
  }

  private Raster decode(byte[] bytes) {
    return switch (file.syntax().codec()) {
      case RLE -> RleDecoder.decode(bytes, format);
      case JPEG -> JpegDecoder.decode(bytes, format);
      case JPEG_LS -> JpegLsDecoder.decode(bytes, format);
      case JPEG_2000 -> Jpeg2000Decoder.decode(bytes, format);
      case DEFLATED_FRAMES -> numbers(inflated(bytes), 0);
      case NATIVE, OTHER -> throw new IllegalStateException("no codec");
    };
  }

  private void refuseTooLarge(long packedBytes) {
    long heap = Runtime.getRuntime().maxMemory();
    long needed = 16 * format.pixels() * format.samples() + 2 * packedBytes;
    if (needed > heap || format.pixels() * format.samples() > Integer.MAX_VALUE - 16) {
      throw new ResourceException(
          "TOO_LARGE",
          "%s: a frame of %s x %s pixels needs %s MB, the heap has %s MB"
              .formatted(file.name(), format.columns(), format.rows(), needed >> 20, heap >> 20));
    }
  }

  private Raster plain(int index) throws IOException {
    ByteRange range = java.util.Objects.requireNonNull(plain);
    long firstBit = index * frameBits();
    long lastBit = firstBit + frameBits();
    byte[] bytes = range.read(firstBit / 8, (lastBit + 7) / 8 - firstBit / 8);
    return numbers(bytes, (int) (firstBit % 8));
  }

  /** Inflates a frame (RFC 1951) of exactly the size that the attributes say. */
  private byte[] inflated(byte[] packed) {
    long size = (frameBits() + 7) / 8;
    if (size > (long) LARGEST_DEFLATE_RATIO * packed.length) {
      throw new CodestreamException(
          "%s deflated bytes cannot hold a frame of %s".formatted(packed.length, size));
    }
    byte[] bytes = new byte[(int) size];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      int filled = 0;
      while (filled < bytes.length) {
        int count = inflater.inflate(bytes, filled, bytes.length - filled);
        if (count == 0) {
          throw new CodestreamException("the deflated frame ends too early");
        }
        filled += count;
      }
      return bytes;
    } catch (DataFormatException e) {
      throw new CodestreamException("the deflated frame is damaged", e);
    } finally {
      inflater.end();
    }
  }

  private Raster numbers(byte[] bytes, int firstBit) {
    int[] values = new int[(int) (format.pixels() * format.samples())];
    switch (format.bitsAllocated()) {
      case 1 -> bits(bytes, firstBit, values);
      case 8 -> octets(bytes, values);
      case 16 -> {
        ByteBuffer words = ByteBuffer.wrap(bytes).order(order);
        for (int n = 0; n < values.length; n++) {
          values[n] = words.getShort(2 * n) & 0xffff;
        }
      }
      default -> ByteBuffer.wrap(bytes).order(order).asIntBuffer().get(values);
    }
    return new Raster(values, format.bitsAllocated(), false, false);
  }

  /** Bits are packed from the lowest on, without a gap between frames. */
  static void bits(byte[] bytes, int first, int[] values) {
    for (int n = 0; n < values.length; n++) {
      int bit = first + n;
      values[n] = bytes[bit >> 3] >> (bit & 7) & 1;
    }
  }

  private void octets(byte[] bytes, int[] values) {
    if (order == ByteOrder.BIG_ENDIAN) {
      for (int n = 0; n + 1 < bytes.length; n += 2) {
        byte first = bytes[n];
        bytes[n] = bytes[n + 1];
        bytes[n + 1] = first;
      }
    }
    int pixels = (int) format.pixels();
    if (format.photometric() == Photometric.YBR_FULL_422) {
      for (int n = 0; n < pixels; n++) {
        int pair = n / 2 * 4;
        values[3 * n] = bytes[pair + n % 2] & 0xff;
        values[3 * n + 1] = bytes[Math.min(pair + 2, bytes.length - 1)] & 0xff;
        values[3 * n + 2] = bytes[Math.min(pair + 3, bytes.length - 1)] & 0xff;
      }
      return;
    }
    int samples = format.samples();
    for (int n = 0; n < values.length; n++) {
      int from = format.isPlanar() ? n % samples * pixels + n / samples : n;
      values[n] = bytes[from] & 0xff;
    }
  }
}
