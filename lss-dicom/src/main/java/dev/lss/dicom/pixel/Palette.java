package dev.lss.dicom.pixel;

import dev.lss.dicom.data.DataSet;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.Tag;

/**
 * Brightness of each colour of a palette (PS3.3 C.7.9). An index outside takes the nearest entry.
 * Immutable.
 */
final class Palette {

  private final int first;
  private final float[] brightness;

  private Palette(int first, float[] brightness) {
    this.first = first;
    this.brightness = brightness;
  }

  static Palette of(DataSet data, PixelFormat format, String name) {
    int[] red =
        entries(data, Tag.RED_PALETTE_DESCRIPTOR, Tag.RED_PALETTE, Tag.SEGMENTED_RED_PALETTE, name);
    int[] green =
        entries(
            data,
            Tag.GREEN_PALETTE_DESCRIPTOR,
            Tag.GREEN_PALETTE,
            Tag.SEGMENTED_GREEN_PALETTE,
            name);
    int[] blue =
        entries(
            data, Tag.BLUE_PALETTE_DESCRIPTOR, Tag.BLUE_PALETTE, Tag.SEGMENTED_BLUE_PALETTE, name);
    if (red.length != green.length || green.length != blue.length) {
      throw DicomFault.of("BAD_PALETTE", name, "its tables of colours differ in length");
    }
    float[] brightness = new float[red.length];
    for (int n = 0; n < red.length; n++) {
      brightness[n] = Colors.luma(red[n], green[n], blue[n]);
    }
    int first = (int) data.numbers(Tag.RED_PALETTE_DESCRIPTOR)[1];
    return new Palette(format.isSigned() ? (short) first : first, brightness);
  }

  /** Returns the entries of one colour, from 0 to 255. */
  private static int[] entries(
      DataSet data, Tag descriptor, Tag table, Tag segmented, String name) {
    double[] described = data.numbers(descriptor);
    if (described.length != 3 || (!data.has(table) && !data.has(segmented))) {
      throw DicomFault.of("BAD_PALETTE", name, "it has no table of colours");
    }
    int count = described[0] == 0 ? 1 << 16 : (int) described[0] & 0xffff;
    int bits = (int) described[2];
    if (!data.has(table)) {
      int[] words = PaletteSegments.expand(data.numbers(segmented), count, name);
      for (int n = 0; n < count && bits == 16; n++) {
        words[n] >>= 8;
      }
      return words;
    }
    byte[] bytes = data.raw(table);
    int[] entries = new int[count];
    if (bytes.length >= 2 * count) {
      double[] words = data.numbers(table);
      for (int n = 0; n < count; n++) {
        int word = (int) words[n] & 0xffff;
        entries[n] = bits == 16 ? word >> 8 : word & 0xff;
      }
    } else if (bytes.length >= count && bits == 8) {
      for (int n = 0; n < count; n++) {
        entries[n] = bytes[n] & 0xff;
      }
    } else {
      throw DicomFault.of(
          "BAD_PALETTE", name, "a table of %s colours has %s bytes".formatted(count, bytes.length));
    }
    return entries;
  }

  float[] brightness(int[] indices) {
    float[] values = new float[indices.length];
    for (int n = 0; n < values.length; n++) {
      long index = (long) indices[n] - first;
      values[n] = brightness[(int) Math.max(0, Math.min(brightness.length - 1, index))];
    }
    return values;
  }
}
