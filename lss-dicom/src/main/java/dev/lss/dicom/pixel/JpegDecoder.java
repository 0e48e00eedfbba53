package dev.lss.dicom.pixel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes JPEG with Huffman codes (ITU T.81): baseline and extended sequential with 8 and 12 bits,
 * and lossless with 2 to 16 bits. Progressive, hierarchical and arithmetic JPEG are refused by
 * name. Lossless is exact; colours of half size are repeated. Not thread-safe.
 */
final class JpegDecoder {

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int DQT = 0xdb;
  private static final int DNL = 0xdc;
  private static final int DRI = 0xdd;
  private static final int DHT = 0xc4;
  private static final int APP0 = 0xe0;
  private static final int APP14 = 0xee;

  private final byte[] bytes;
  private final PixelFormat format;
  private final int[][] quantization = new int[4][];
  private final @Nullable JpegHuffman[] dc = new JpegHuffman[4];
  private final @Nullable JpegHuffman[] ac = new JpegHuffman[4];
  private final List<Component> components = new ArrayList<>();
  private int at;
  private int restartInterval;
  private boolean isLossless;
  private boolean isJfif;
  private int adobeTransform = -1;
  private int precision;
  private int scans;

  private JpegDecoder(byte[] bytes, PixelFormat format) {
    this.bytes = bytes;
    this.format = format;
  }

  /** One component of the frame; its samples lie in whole blocks. */
  static final class Component {
    final int id;
    final int across;
    final int down;
    final int table;
    int stride;
    int lines;
    int[] samples = new int[0];
    boolean isDecoded;

    Component(int id, int across, int down, int table) {
      this.id = id;
      this.across = across;
      this.down = down;
      this.table = table;
    }
  }

  static Raster decode(byte[] bytes, PixelFormat format) {
    return new JpegDecoder(bytes, format).decode();
  }

  private Raster decode() {
    if (bytes.length < 4 || u16() != (0xff00 | SOI)) {
      throw new CodestreamException("it is no JPEG");
    }
    while (true) {
      int marker = marker();
      if (marker == EOI) {
        break;
      }
      int length = u16();
      int end = at + length - 2;
      if (length < 2 || end > bytes.length) {
        throw new CodestreamException("a segment of the JPEG is cut off");
      }
      segment(marker, end);
      if (marker == SOS && components.stream().allMatch(c -> c.isDecoded)) {
        break; // what follows a complete image is of no interest, and often missing
      }
      if (marker != SOS) {
        at = end;
      }
    }
    return raster();
  }

  private int u8() {
    if (at >= bytes.length) {
      throw new CodestreamException("the JPEG is cut off");
    }
    return bytes[at++] & 0xff;
  }

  private int u16() {
    int high = u8();
    return high << 8 | u8();
  }

  private int marker() {
    while (u8() != 0xff) {
      // bytes between segments
    }
    int marker = u8();
    while (marker == 0xff) {
      marker = u8();
    }
    return marker == 0 || (marker & 0xf8) == 0xd0 ? marker() : marker;
  }

  private void segment(int marker, int end) {
    switch (marker) {
      case DQT -> quantizationTables(end);
      case DHT -> huffmanTables(end);
      case DRI -> restartInterval = u16();
      case SOS -> scan();
      case APP0 -> isJfif = end - at >= 5 && bytes[at] == 'J' && bytes[at + 1] == 'F';
      case APP14 -> {
        if (end - at >= 12 && bytes[at] == 'A' && bytes[at + 1] == 'd') {
          adobeTransform = bytes[at + 11];
        }
      }
      case DNL -> throw new CodestreamException("the JPEG says its height behind the image");
      case 0xc0, 0xc1, 0xc3 -> frame(marker == 0xc3);
      case 0xc2, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf ->
          throw new CodestreamException(
              "the JPEG is progressive, hierarchical or arithmetic (SOF%s), which is not read"
                  .formatted(marker - 0xc0));
      default -> {
        // comments and application data
      }
    }
  }

  private void quantizationTables(int end) {
    while (at < end) {
      int head = u8();
      int[] table = new int[64];
      for (int n = 0; n < 64; n++) {
        table[n] = head >> 4 == 0 ? u8() : u16();
      }
      quantization[slot(head & 15)] = table;
    }
  }

  private void huffmanTables(int end) {
    while (at < end) {
      int head = u8();
      int[] counts = new int[17];
      int total = 0;
      for (int n = 1; n <= 16; n++) {
        counts[n] = u8();
        total += counts[n];
      }
      if (total > 256) {
        throw new CodestreamException("a Huffman table of the JPEG has too many codes");
      }
      byte[] symbols = new byte[total];
      for (int n = 0; n < total; n++) {
        symbols[n] = (byte) u8();
      }
      (head >> 4 == 0 ? dc : ac)[slot(head & 15)] = new JpegHuffman(counts, symbols);
    }
  }

  private static int slot(int index) {
    if (index > 3) {
      throw new CodestreamException("a table of the JPEG has the number " + index);
    }
    return index;
  }

  private void frame(boolean lossless) {
    if (!components.isEmpty()) {
      throw new CodestreamException("the JPEG has two frames");
    }
    isLossless = lossless;
    precision = u8();
    int rows = u16();
    int columns = u16();
    int count = u8();
    CodestreamException.requireSize(format, rows, columns, count);
    if (lossless ? precision < 2 || precision > 16 : precision != 8 && precision != 12) {
      throw new CodestreamException("the JPEG has %s bits".formatted(precision));
    }
    // a sample takes at least one bit; a block of 64 at least two
    if ((long) rows * columns * count > 256L * bytes.length) {
      throw new CodestreamException("%s bytes of JPEG cannot hold a frame".formatted(bytes.length));
    }
    for (int n = 0; n < count; n++) {
      int id = u8();
      int sampling = u8();
      Component component = new Component(id, sampling >> 4, sampling & 15, slot(u8()));
      boolean whole = component.across == 1 && component.down == 1;
      if (component.across < 1
          || component.across > 4
          || component.down < 1
          || component.down > 4
          || (lossless && !whole)) {
        throw new CodestreamException("the JPEG has an unusual sampling");
      }
      components.add(component);
    }
    allocate();
  }

  private void allocate() {
    for (Component c : components) {
      if (isLossless) {
        c.stride = format.columns();
        c.lines = format.rows();
      } else {
        c.stride = unitsAcross() * c.across * 8;
        c.lines = unitsDown() * c.down * 8;
      }
      c.samples = new int[Math.multiplyExact(c.stride, c.lines)];
    }
  }

  private int mostAcross() {
    return components.stream().mapToInt(c -> c.across).max().orElse(1);
  }

  private int mostDown() {
    return components.stream().mapToInt(c -> c.down).max().orElse(1);
  }

  private int unitsAcross() {
    return divideUp(format.columns(), 8 * mostAcross());
  }

  private int unitsDown() {
    return divideUp(format.rows(), 8 * mostDown());
  }

  static int divideUp(int value, int by) {
    return (value + by - 1) / by;
  }

  private void scan() {
    int count = u8();
    if (components.isEmpty() || count < 1 || count > components.size() || ++scans > 4) {
      throw new CodestreamException("a scan of the JPEG is damaged");
    }
    List<Component> inScan = new ArrayList<>();
    List<JpegHuffman> dcs = new ArrayList<>();
    List<JpegHuffman> acs = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int id = u8();
      int tables = u8();
      Component component =
          components.stream()
              .filter(c -> c.id == id && !c.isDecoded)
              .findFirst()
              .orElseThrow(() -> new CodestreamException("a scan of the JPEG is damaged"));
      component.isDecoded = true;
      inScan.add(component);
      dcs.add(table(dc, tables >> 4));
      if (!isLossless) {
        acs.add(table(ac, tables & 15));
      }
    }
    int predictor = u8();
    u8();
    int transform = u8() & 15;
    JpegBits bits = new JpegBits(bytes, at);
    if (isLossless) {
      JpegLossless.decode(
          inScan, dcs, bits, restartInterval, new int[] {predictor, transform, precision});
    } else {
      blocks(inScan, dcs, acs, bits);
    }
    at = bits.position();
  }

  private static JpegHuffman table(@Nullable JpegHuffman[] tables, int index) {
    JpegHuffman table = tables[slot(index)];
    if (table == null) {
      throw new CodestreamException("a Huffman table of the JPEG is missing");
    }
    return table;
  }

  private void blocks(
      List<Component> inScan, List<JpegHuffman> dcs, List<JpegHuffman> acs, JpegBits bits) {
    boolean single = inScan.size() == 1;
    Component only = inScan.get(0);
    int across =
        single
            ? divideUp(divideUp(format.columns() * only.across, mostAcross()), 8)
            : unitsAcross();
    int down = single ? divideUp(divideUp(format.rows() * only.down, mostDown()), 8) : unitsDown();
    int[] predicted = new int[inScan.size()];
    JpegBlock block = new JpegBlock(precision);
    int units = Math.multiplyExact(across, down);
    for (int unit = 0; unit < units; unit++) {
      if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0) {
        bits.restart();
        java.util.Arrays.fill(predicted, 0);
      }
      for (int n = 0; n < inScan.size(); n++) {
        Component c = inScan.get(n);
        int[] table = quantization[c.table];
        if (table == null) {
          throw new CodestreamException("a quantization table of the JPEG is missing");
        }
        int wide = single ? 1 : c.across;
        int high = single ? 1 : c.down;
        for (int part = 0; part < wide * high; part++) {
          predicted[n] = block.read(bits, dcs.get(n), acs.get(n), table, predicted[n]);
          int x = (unit % across * wide + part % wide) * 8;
          int y = (unit / across * high + part / wide) * 8;
          block.put(c.samples, y * c.stride + x, c.stride);
        }
      }
    }
  }

  private Raster raster() {
    if (components.isEmpty() || !components.stream().allMatch(c -> c.isDecoded)) {
      throw new CodestreamException("the JPEG ends before its image");
    }
    int count = components.size();
    int[] values = new int[(int) format.pixels() * count];
    int to = 0;
    int mostAcross = mostAcross();
    int mostDown = mostDown();
    for (int y = 0; y < format.rows(); y++) {
      for (int x = 0; x < format.columns(); x++) {
        for (Component c : components) {
          values[to++] =
              isLossless
                  ? c.samples[y * c.stride + x]
                  : c.samples[y * c.down / mostDown * c.stride + x * c.across / mostAcross];
        }
      }
    }
    boolean isYbr = count == 3 && !isLossless && !hasRgb();
    if (isYbr) {
      Colors.ybrToRgb(values);
    }
    return new Raster(values, precision, false, count == 3 && !isLossless);
  }

  /** Whether the components are red, green and blue: by the codestream, which decoders go by. */
  private boolean hasRgb() {
    if (adobeTransform >= 0) {
      return adobeTransform == 0;
    }
    return !isJfif
        && components.get(0).id == 'R'
        && components.get(1).id == 'G'
        && components.get(2).id == 'B';
  }
}
