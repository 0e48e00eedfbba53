package dev.lss.dicom.pixel;

import java.util.Arrays;

/** A block of 8 x 8 samples of a JPEG: reads its coefficients and transforms them back. */
final class JpegBlock {

  private static final int[] ZIGZAG = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
  };

  /** Row x of sample and frequency: cos((2 x + 1) u pi / 16) / 2, by sqrt(1/2) for u = 0. */
  private static final double[] COSINE = new double[64];

  static {
    for (int x = 0; x < 8; x++) {
      for (int u = 0; u < 8; u++) {
        double scale = u == 0 ? Math.sqrt(0.5) / 2 : 0.5;
        COSINE[x * 8 + u] = scale * Math.cos((2 * x + 1) * u * Math.PI / 16);
      }
    }
  }

  private final double[] coefficients = new double[64];
  private final double[] half = new double[64];
  private final int middle;
  private final int largest;
  private boolean isFlat;

  JpegBlock(int precision) {
    this.middle = 1 << (precision - 1);
    this.largest = (1 << precision) - 1;
  }

  /** Reads the coefficients and returns the first one, which predicts that of the next block. */
  int read(JpegBits bits, JpegHuffman dc, JpegHuffman ac, int[] quantization, int predicted) {
    Arrays.fill(coefficients, 0);
    int size = dc.symbol(bits);
    if (size > 15) {
      throw new CodestreamException("a coefficient of the JPEG is too large");
    }
    int first = predicted + JpegHuffman.extend(bits, size);
    coefficients[0] = (double) first * quantization[0];
    isFlat = true;
    for (int n = 1; n < 64; n++) {
      int symbol = ac.symbol(bits);
      int zeros = symbol >> 4;
      int width = symbol & 15;
      if (width == 0) {
        if (zeros != 15) {
          break;
        }
        n += 15;
        continue;
      }
      n += zeros;
      if (n > 63) {
        throw new CodestreamException("a block of the JPEG has too many coefficients");
      }
      coefficients[ZIGZAG[n]] = (double) JpegHuffman.extend(bits, width) * quantization[n];
      isFlat = false;
    }
    return first;
  }

  /** Writes the samples of the block. */
  void put(int[] samples, int at, int stride) {
    if (isFlat) {
      int value = clamp(coefficients[0] / 8);
      for (int y = 0; y < 8; y++) {
        Arrays.fill(samples, at + y * stride, at + y * stride + 8, value);
      }
      return;
    }
    for (int v = 0; v < 8; v++) {
      for (int x = 0; x < 8; x++) {
        double sum = 0;
        for (int u = 0; u < 8; u++) {
          sum += COSINE[x * 8 + u] * coefficients[v * 8 + u];
        }
        half[v * 8 + x] = sum;
      }
    }
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 8; x++) {
        double sum = 0;
        for (int v = 0; v < 8; v++) {
          sum += COSINE[y * 8 + v] * half[v * 8 + x];
        }
        samples[at + y * stride + x] = clamp(sum);
      }
    }
  }

  private int clamp(double value) {
    long rounded = Math.round(value) + middle;
    return (int) Math.max(0, Math.min(largest, rounded));
  }
}
