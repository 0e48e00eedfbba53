package dev.lss.dicom.pixel;

/** A Huffman table of JPEG (ITU T.81 annex C and F.2.2.3). Immutable. */
final class JpegHuffman {

  private final int[] largest = new int[17];
  private final int[] first = new int[17];
  private final int[] index = new int[17];
  private final byte[] symbols;

  /**
   * Builds the table.
   *
   * @param counts how many codes have 1 to 16 bits, from index 1
   * @param symbols the symbols in the order of their codes
   */
  JpegHuffman(int[] counts, byte[] symbols) {
    this.symbols = symbols;
    int code = 0;
    int at = 0;
    for (int length = 1; length <= 16; length++) {
      first[length] = code;
      index[length] = at;
      code += counts[length];
      at += counts[length];
      largest[length] = counts[length] == 0 ? -1 : code - 1;
      if (code > 1 << length) {
        throw new CodestreamException("a Huffman table of the JPEG has too many codes");
      }
      code <<= 1;
    }
  }

  int symbol(JpegBits bits) {
    int code = 0;
    for (int length = 1; length <= 16; length++) {
      code = code << 1 | bits.bit();
      if (code <= largest[length]) {
        return symbols[index[length] + code - first[length]] & 0xff;
      }
    }
    throw new CodestreamException("a code of the JPEG is in none of its tables");
  }

  /** Returns the signed number of so many bits (ITU T.81 F.2.2.1, EXTEND). */
  static int extend(JpegBits bits, int size) {
    if (size == 0) {
      return 0;
    }
    int value = bits.bits(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }
}
