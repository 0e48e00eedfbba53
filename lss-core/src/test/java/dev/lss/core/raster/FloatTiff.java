package dev.lss.core.raster;

import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A TIFF of 32-bit real numbers, made by hand: header, one directory, pixels. */
final class FloatTiff {

  private static final int SHORT = 3;
  private static final int LONG = 4;

  private FloatTiff() {}

  static byte[] of(Volume plane) {
    int columns = plane.extents().i();
    int rows = plane.extents().j();
    int[][] entries = {
      {256, LONG, columns},
      {257, LONG, rows},
      {258, SHORT, 32}, // bits per sample
      {259, SHORT, 1}, // no compression
      {262, SHORT, 1}, // black is 0
      {273, LONG, 8 + 2 + 12 * 9 + 4}, // where the pixels begin
      {278, LONG, rows}, // rows per strip
      {279, LONG, 4 * columns * rows},
      {339, SHORT, 3}, // real numbers
    };
    ByteBuffer tiff =
        ByteBuffer.allocate(8 + 2 + 12 * entries.length + 4 + 4 * columns * rows)
            .order(ByteOrder.LITTLE_ENDIAN);
    tiff.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
    tiff.putShort((short) entries.length);
    for (int[] entry : entries) {
      tiff.putShort((short) entry[0]).putShort((short) entry[1]).putInt(1).putInt(entry[2]);
    }
    tiff.putInt(0);
    for (float value : VoxelArrays.samples(plane)) {
      tiff.putFloat(value);
    }
    return tiff.array();
  }
}
