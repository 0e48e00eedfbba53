package dev.lss.dicom.pixel;

import java.util.Arrays;

/**
 * Decodes JPEG-LS, lossless and near-lossless (ITU T.87), with planes one after the other, line by
 * line or sample by sample. Mapping tables are refused by name. Not thread-safe.
 */
final class JpegLsDecoder {

  private static final int[] RUN = {
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15
  };
  private static final int CONTEXTS = 365;

  private final byte[] bytes;
  private final PixelFormat format;
  private int at;
  private int precision;
  private int samples;
  private int largest;
  private int[] thresholds = new int[0];
  private int reset;
  private int near;
  private int transform;

  // of the scan
  private int range;
  private int wide;
  private int limit;
  private final int[] sum = new int[CONTEXTS + 2];
  private final int[] bias = new int[CONTEXTS];
  private final int[] correction = new int[CONTEXTS];
  private final int[] seen = new int[CONTEXTS + 2];
  private final int[] negative = new int[2];
  private int held;
  private int count;
  private boolean wasFull;
  private int missing;

  private JpegLsDecoder(byte[] bytes, PixelFormat format) {
    this.bytes = bytes;
    this.format = format;
  }

  static Raster decode(byte[] bytes, PixelFormat format) {
    return new JpegLsDecoder(bytes, format).decode();
  }

  private Raster decode() {
    if (bytes.length < 4 || u16() != 0xffd8) {
      throw new CodestreamException("it is no JPEG-LS");
    }
    int[] values = new int[0];
    int planes = 0;
    while (planes < Math.max(1, samples)) {
      if (u8() != 0xff) {
        throw new CodestreamException("a marker of the JPEG-LS is missing");
      }
      int marker = u8();
      while (marker == 0xff) {
        marker = u8();
      }
      if (marker == 0xd9) {
        throw new CodestreamException("the JPEG-LS ends before its image");
      }
      int length = u16();
      int end = at + length - 2;
      if (length < 2 || end > bytes.length) {
        throw new CodestreamException("a segment of the JPEG-LS is cut off");
      }
      if (marker == 0xf7) {
        frame();
        values = new int[(int) format.pixels() * samples];
      } else if (marker == 0xf8) {
        presets();
      } else if (marker == 0xda) {
        if (samples == 0) {
          throw new CodestreamException("a scan of the JPEG-LS comes before its frame");
        }
        planes += scan(values, planes, end);
        continue;
      } else if (marker >= 0xc0 && marker <= 0xcf) {
        throw new CodestreamException("it is a JPEG and no JPEG-LS");
      } else if (marker == 0xdd) {
        throw new CodestreamException("the JPEG-LS has restart markers, which are not read");
      }
      at = end;
    }
    return new Raster(values, precision, false, false);
  }

  private int u8() {
    if (at >= bytes.length) {
      throw new CodestreamException("the JPEG-LS is cut off");
    }
    return bytes[at++] & 0xff;
  }

  private int u16() {
    int high = u8();
    return high << 8 | u8();
  }

  private void frame() {
    precision = u8();
    int rows = u16();
    int columns = u16();
    int components = u8();
    CodestreamException.requireSize(format, rows, columns, components);
    if (precision < 2 || precision > 16 || samples > 0) {
      throw new CodestreamException("the JPEG-LS has %s bits".formatted(precision));
    }
    // a line takes at least one bit for 32768 samples of a run
    if ((long) rows * components > 8L * bytes.length) {
      throw new CodestreamException(
          "%s bytes of JPEG-LS cannot hold a frame".formatted(bytes.length));
    }
    samples = components;
    if (largest == 0) {
      largest = (1 << precision) - 1;
    }
  }

  private void presets() {
    if (u8() != 1) {
      throw new CodestreamException("the JPEG-LS has mapping tables, which are not read");
    }
    largest = u16();
    thresholds = new int[] {u16(), u16(), u16()};
    reset = u16();
  }

  /** Decodes a scan and returns how many planes it held. */
  private int scan(int[] values, int firstPlane, int end) {
    int inScan = u8();
    for (int n = 0; n < inScan; n++) {
      u8();
      if (u8() != 0) {
        throw new CodestreamException("the JPEG-LS has mapping tables, which are not read");
      }
    }
    near = u8();
    int interleave = u8();
    transform = u8() & 15;
    at = end;
    boolean fits = interleave == 0 ? inScan == 1 : inScan == samples;
    if (interleave > 2 || !fits || firstPlane + inScan > samples) {
      throw new CodestreamException("a scan of the JPEG-LS is damaged");
    }
    begin();
    int columns = format.columns();
    int[][] above = new int[inScan][columns + 2];
    int[][] line = new int[inScan][columns + 2];
    int[] runIndex = new int[inScan];
    for (int y = 0; y < format.rows(); y++) {
      for (int plane = 0; plane < inScan; plane++) {
        above[plane][columns + 1] = above[plane][columns];
        line[plane][0] = above[plane][1];
      }
      if (interleave == 2 && inScan > 1) {
        runIndex[0] = pixels(above, line, runIndex[0]);
      } else {
        for (int plane = 0; plane < inScan; plane++) {
          runIndex[plane] = line(above[plane], line[plane], runIndex[plane]);
        }
      }
      for (int plane = 0; plane < inScan; plane++) {
        for (int x = 0; x < columns; x++) {
          values[(y * columns + x) * samples + firstPlane + plane] =
              line[plane][x + 1] << transform;
        }
        int[] old = above[plane];
        above[plane] = line[plane];
        line[plane] = old;
      }
    }
    finish();
    return inScan;
  }

  /** Sets the variables of a scan (ITU T.87 A.2.1 and C.2.4.1.1). */
  private void begin() {
    if (largest < 1 || largest >= 1 << precision || 2 * near > largest) {
      throw new CodestreamException("the parameters of the JPEG-LS are out of range");
    }
    if (thresholds.length == 0 || thresholds[0] == 0) {
      thresholds = defaultThresholds();
    }
    if (reset == 0) {
      reset = 64;
    }
    if (reset < 3) {
      throw new CodestreamException("the parameters of the JPEG-LS are out of range");
    }
    range = (largest + 2 * near) / (2 * near + 1) + 1;
    wide = bitsFor(range);
    int bits = Math.max(2, bitsFor(largest + 1));
    limit = 2 * (bits + Math.max(8, bits));
    Arrays.fill(sum, Math.max(2, (range + 32) / 64));
    Arrays.fill(seen, 1);
    Arrays.fill(bias, 0);
    Arrays.fill(correction, 0);
    Arrays.fill(negative, 0);
    held = 0;
    count = 0;
    wasFull = false;
    missing = 0;
  }

  private int[] defaultThresholds() {
    int[] basic = {3, 7, 21};
    int[] found = new int[3];
    int lowest = near + 1;
    for (int n = 0; n < 3; n++) {
      int value;
      if (largest >= 128) {
        int factor = (Math.min(largest, 4095) + 128) / 256;
        value = factor * (basic[n] - n - 2) + n + 2 + (3 + 2 * n) * near;
      } else {
        int factor = 256 / (largest + 1);
        value = Math.max(n + 2, basic[n] / factor + (3 + 2 * n) * near);
      }
      found[n] = value > largest || value < lowest ? lowest : value;
      lowest = found[n];
    }
    return found;
  }

  private static int bitsFor(int values) {
    return 32 - Integer.numberOfLeadingZeros(values - 1);
  }

  /** Decodes a line and returns the index of its runs. */
  private int line(int[] above, int[] line, int runIndex) {
    int columns = line.length - 2;
    int runs = runIndex;
    int x = 1;
    while (x <= columns) {
      int left = line[x - 1];
      int context = context(above, line, x);
      if (context != 0) {
        line[x] = regular(context, left, above[x], above[x - 1]);
        x++;
        continue;
      }
      while (bit() == 1) {
        int run = 1 << RUN[runs];
        int now = Math.min(run, columns - x + 1);
        Arrays.fill(line, x, x + now, left);
        x += now;
        if (now == run && runs < 31) {
          runs++;
        }
        if (x > columns) {
          return runs;
        }
      }
      int rest = bits(RUN[runs]);
      if (rest > columns - x) {
        throw new CodestreamException("a run of the JPEG-LS leaves its line");
      }
      Arrays.fill(line, x, x + rest, left);
      x += rest;
      int same = Math.abs(left - above[x]) <= near ? 1 : 0;
      line[x] = interruption(left, above[x], runs, same);
      x++;
      if (runs > 0) {
        runs--;
      }
    }
    return runs;
  }

  /** Decodes a line of pixels whose samples lie beside each other: a run is one of all samples. */
  private int pixels(int[][] above, int[][] line, int runIndex) {
    int columns = line[0].length - 2;
    int[] context = new int[line.length];
    int runs = runIndex;
    int x = 1;
    while (x <= columns) {
      boolean isRun = true;
      for (int plane = 0; plane < line.length; plane++) {
        context[plane] = context(above[plane], line[plane], x);
        isRun &= context[plane] == 0;
      }
      if (!isRun) {
        for (int plane = 0; plane < line.length; plane++) {
          line[plane][x] =
              regular(context[plane], line[plane][x - 1], above[plane][x], above[plane][x - 1]);
        }
        x++;
        continue;
      }
      while (bit() == 1) {
        int run = 1 << RUN[runs];
        int now = Math.min(run, columns - x + 1);
        x = repeat(line, x, now);
        if (now == run && runs < 31) {
          runs++;
        }
        if (x > columns) {
          return runs;
        }
      }
      int rest = bits(RUN[runs]);
      if (rest > columns - x) {
        throw new CodestreamException("a run of the JPEG-LS leaves its line");
      }
      x = repeat(line, x, rest);
      for (int plane = 0; plane < line.length; plane++) {
        line[plane][x] = interruption(line[plane][x - 1], above[plane][x], runs, 0);
      }
      x++;
      if (runs > 0) {
        runs--;
      }
    }
    return runs;
  }

  private static int repeat(int[][] line, int x, int count) {
    for (int[] plane : line) {
      Arrays.fill(plane, x, x + count, plane[x - 1]);
    }
    return x + count;
  }

  /** Returns the signed context of the neighbours; 0 where they are alike. */
  private int context(int[] above, int[] line, int x) {
    int q1 = quantized(above[x + 1] - above[x]);
    int q2 = quantized(above[x] - above[x - 1]);
    int q3 = quantized(above[x - 1] - line[x - 1]);
    return (q1 * 9 + q2) * 9 + q3;
  }

  private int quantized(int difference) {
    int size = Math.abs(difference);
    int level;
    if (size <= near) {
      level = 0;
    } else if (size < thresholds[0]) {
      level = 1;
    } else if (size < thresholds[1]) {
      level = 2;
    } else {
      level = size < thresholds[2] ? 3 : 4;
    }
    return difference < 0 ? -level : level;
  }

  /** Decodes a sample in the regular mode (ITU T.87 A.4 to A.6). */
  private int regular(int signedContext, int left, int up, int corner) {
    int sign = signedContext < 0 ? -1 : 1;
    int q = Math.abs(signedContext);
    int predicted;
    if (corner >= Math.max(left, up)) {
      predicted = Math.min(left, up);
    } else {
      predicted = corner <= Math.min(left, up) ? Math.max(left, up) : left + up - corner;
    }
    predicted = Math.max(0, Math.min(largest, predicted + sign * correction[q]));
    int k = golomb(seen[q], sum[q]);
    int mapped = code(k, limit);
    int error;
    if (near == 0 && k == 0 && 2 * bias[q] <= -seen[q]) {
      error = (mapped & 1) == 1 ? (mapped - 1) / 2 : -(mapped / 2) - 1;
    } else {
      error = (mapped & 1) == 0 ? mapped / 2 : -(mapped + 1) / 2;
    }
    bias[q] += error * (2 * near + 1);
    sum[q] += Math.abs(error);
    if (seen[q] == reset) {
      sum[q] >>= 1;
      bias[q] >>= 1;
      seen[q] >>= 1;
    }
    seen[q]++;
    if (bias[q] <= -seen[q]) {
      bias[q] = Math.max(bias[q] + seen[q], 1 - seen[q]);
      correction[q] = Math.max(-128, correction[q] - 1);
    } else if (bias[q] > 0) {
      bias[q] = Math.min(bias[q] - seen[q], 0);
      correction[q] = Math.min(127, correction[q] + 1);
    }
    return reconstructed(predicted, sign * error);
  }

  /** Decodes the sample that ends a run (ITU T.87 A.7.2); 1 when its neighbours are the same. */
  private int interruption(int left, int up, int runs, int same) {
    int q = CONTEXTS + same;
    int k = golomb(seen[q], same == 1 ? sum[q] + (seen[q] >> 1) : sum[q]);
    int mapped = code(k, limit - RUN[runs] - 1);
    int folded = mapped + same;
    int odd = folded & 1;
    int size = (folded + odd) / 2;
    boolean isNegative = (k != 0 || 2 * negative[same] >= seen[q]) == (odd == 1);
    int error = isNegative ? -size : size;
    if (error < 0) {
      negative[same]++;
    }
    sum[q] += (mapped + 1 - same) >> 1;
    if (seen[q] == reset) {
      sum[q] >>= 1;
      seen[q] >>= 1;
      negative[same] >>= 1;
    }
    seen[q]++;
    if (same == 1) {
      return reconstructed(left, error);
    }
    return reconstructed(up, left > up ? -error : error);
  }

  private int reconstructed(int predicted, int error) {
    int step = 2 * near + 1;
    int value = predicted + error * step;
    if (value < -near) {
      value += range * step;
    } else if (value > largest + near) {
      value -= range * step;
    }
    return Math.max(0, Math.min(largest, value));
  }

  private static int golomb(int seen, int sum) {
    int k = 0;
    while (seen << k < sum && k < 24) {
      k++;
    }
    return k;
  }

  private int code(int k, int longest) {
    int zeros = 0;
    while (bit() == 0) {
      if (++zeros > longest) {
        throw new CodestreamException("a code of the JPEG-LS is too long");
      }
    }
    return zeros < longest - wide - 1 ? (zeros << k) + bits(k) : bits(wide) + 1;
  }

  private int bits(int wanted) {
    int value = 0;
    for (int n = 0; n < wanted; n++) {
      value = value << 1 | bit();
    }
    return value;
  }

  /** Returns the next bit; the byte behind FF has seven, its first being stuffing. */
  private int bit() {
    if (count == 0) {
      boolean ends =
          at >= bytes.length
              || (bytes[at] == (byte) 0xff && at + 1 < bytes.length && bytes[at + 1] < 0);
      if (ends) {
        if (++missing > 8) {
          throw new CodestreamException("the JPEG-LS ends before its image");
        }
        held = 0;
        count = 8;
      } else {
        held = bytes[at++] & 0xff;
        count = wasFull ? 7 : 8;
        wasFull = held == 0xff;
      }
    }
    count--;
    return held >> count & 1;
  }

  /** Steps over the padding behind a scan: a byte FF at its end is followed by a stuffed one. */
  private void finish() {
    if (wasFull && at < bytes.length && bytes[at] >= 0) {
      at++;
    }
  }
}
