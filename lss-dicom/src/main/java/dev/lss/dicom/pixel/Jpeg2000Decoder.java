package dev.lss.dicom.pixel;

import com.github.jaiimageio.jpeg2000.impl.J2KImageReader;
import com.github.jaiimageio.jpeg2000.impl.J2KImageReaderSpi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes JPEG 2000 with jai-imageio, after its header was held against the attributes. */
final class Jpeg2000Decoder {

  private static final int SOC_AND_SIZ = 0xff4fff51;
  private static final int COD = 0xff52;
  private static final int MOST_TILES = 4096;
  private static final int SIZ_BYTES = 42;

  private Jpeg2000Decoder() {}

  static Raster decode(byte[] bytes, PixelFormat format) {
    int start = start(bytes);
    ByteBuffer size = ByteBuffer.wrap(bytes, start, bytes.length - start).slice();
    if (size.capacity() < SIZ_BYTES + 3) {
      throw new CodestreamException("the JPEG 2000 is cut off");
    }
    long columns = u32(size, 8) - u32(size, 16);
    long rows = u32(size, 12) - u32(size, 20);
    int samples = size.getShort(40) & 0xffff;
    CodestreamException.requireSize(format, clamped(rows), clamped(columns), samples);
    refuseTiles(size);
    int first = size.get(SIZ_BYTES) & 0xff;
    int bits = (first & 0x7f) + 1;
    if (bits > 16) {
      throw new CodestreamException("the JPEG 2000 has %s bits, 16 are read".formatted(bits));
    }
    int[] values = read(bytes, start, format);
    boolean isSigned = first > 0x7f;
    for (int n = 0; n < values.length; n++) {
      int value = values[n] & ((1 << bits) - 1);
      values[n] = isSigned ? value << (32 - bits) >> (32 - bits) : value;
    }
    return new Raster(values, bits, isSigned, samples == 3 && mixesComponents(size));
  }

  /** Returns where the codestream begins; some writers put it into a JP2 file. */
  private static int start(byte[] bytes) {
    for (int n = 0; n + 4 <= Math.min(bytes.length, 1 << 12); n++) {
      if (ByteBuffer.wrap(bytes, n, 4).getInt() == SOC_AND_SIZ) {
        return n;
      }
    }
    throw new CodestreamException("it is no JPEG 2000");
  }

  /** Returns whether the codestream holds mixed colours, which the decoder unmixes to RGB. */
  private static boolean mixesComponents(ByteBuffer main) {
    int at = 2;
    while (at + 9 <= main.capacity()) {
      int marker = main.getShort(at) & 0xffff;
      if (marker == COD) {
        return main.get(at + 8) == 1;
      }
      at += 2 + (main.getShort(at + 2) & 0xffff);
    }
    return false;
  }

  private static void refuseTiles(ByteBuffer size) {
    long across = u32(size, 24);
    long down = u32(size, 28);
    if (across < 1
        || down < 1
        || (u32(size, 8) / across + 1) * (u32(size, 12) / down + 1) > MOST_TILES) {
      throw new CodestreamException("the JPEG 2000 has too many tiles");
    }
  }

  private static long u32(ByteBuffer buffer, int at) {
    return buffer.getInt(at) & 0xffffffffL;
  }

  private static int clamped(long value) {
    return (int) Math.max(-1, Math.min(Integer.MAX_VALUE, value));
  }

  private static int[] read(byte[] bytes, int start, PixelFormat format) {
    J2KImageReader reader = new J2KImageReader(new J2KImageReaderSpi());
    try (var in =
        new MemoryCacheImageInputStream(
            new ByteArrayInputStream(bytes, start, bytes.length - start))) {
      reader.setInput(in, true, true);
      java.awt.image.Raster raster = reader.readRaster(0, null);
      CodestreamException.requireSize(
          format, raster.getHeight(), raster.getWidth(), raster.getNumBands());
      return raster.getPixels(
          raster.getMinX(), raster.getMinY(), raster.getWidth(), raster.getHeight(), (int[]) null);
    } catch (VirtualMachineError | CodestreamException e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      // damaged codestreams end in errors of many kinds there
      throw new CodestreamException("the JPEG 2000 is damaged", e);
    } finally {
      reader.dispose();
    }
  }
}
