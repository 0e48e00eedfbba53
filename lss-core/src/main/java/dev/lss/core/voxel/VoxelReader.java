package dev.lss.core.voxel;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.ResourceException;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Streams the voxels of one volume into an array, in pieces of a few thousand. */
public final class VoxelReader {

  private static final int PIECE = 1 << 13;

  /** A label may be off an integer by this much after a slope stored in float32. */
  private static final double INTEGER_TOLERANCE = 1e-4;

  private final VoxelInput in;
  private final VoxelLayout layout;

  /** Reads from where the input stands. */
  public VoxelReader(VoxelInput in, VoxelLayout layout) {
    this.in = in;
    this.layout = layout;
  }

  /** Reads float32 values, scaled in double. */
  public float[] samples() throws IOException {
    refuseTooLarge(Float.BYTES);
    float[] samples = new float[layout.extents().voxels()];
    forEachPiece(
        (values, count, at) -> {
          for (int n = 0; n < count; n++) {
            samples[at + n] = (float) values[n];
          }
        });
    return samples;
  }

  /** Returns what the image will take in memory. */
  public long heapBytes() {
    return (long) layout.extents().voxels() * (keepsStored() ? Short.BYTES : Float.BYTES);
  }

  /**
   * Returns whether voxels are at most 16 bits wide and may be kept as they are stored: no value of
   * them can be NaN or infinite.
   */
  public boolean keepsStored() {
    return layout.type().bytes() <= Short.BYTES && !layout.canBeNonFinite() && layout.slope() != 0;
  }

  /**
   * Reads voxels of at most 16 bits as they are stored.
   *
   * @param grid where they lie
   */
  public Volume stored(GridGeometry grid) throws IOException {
    refuseTooLarge(Short.BYTES);
    VoxelType type = layout.type();
    short[] numbers = new short[layout.extents().voxels()];
    byte[] raw = new byte[PIECE * type.bytes()];
    ByteBuffer buffer = ByteBuffer.wrap(raw).order(layout.order());
    for (int at = 0; at < numbers.length; at += PIECE) {
      int count = Math.min(PIECE, numbers.length - at);
      in.readFully(raw, 0, count * type.bytes(), "voxels");
      switch (type) {
        case UINT8 -> {
          for (int n = 0; n < count; n++) {
            numbers[at + n] = (short) (raw[n] & 0xff);
          }
        }
        case INT8 -> {
          for (int n = 0; n < count; n++) {
            numbers[at + n] = raw[n];
          }
        }
        default -> buffer.asShortBuffer().get(numbers, at, count);
      }
    }
    return VoxelArrays.stored(
        grid, numbers, type != VoxelType.UINT16, layout.slope(), layout.inter());
  }

  /** Reads labels, which must be integers from 0 to 65535 once they are scaled. */
  public short[] labels() throws IOException {
    refuseTooLarge(Short.BYTES);
    short[] labels = new short[layout.extents().voxels()];
    forEachPiece(
        (values, count, at) -> {
          for (int n = 0; n < count; n++) {
            double label = Math.rint(values[n]);
            if (!(Math.abs(values[n] - label) <= INTEGER_TOLERANCE
                && label >= 0
                && label <= 65535)) {
              throw notALabel(values[n], at + n);
            }
            labels[at + n] = (short) label;
          }
        });
    return labels;
  }

  private interface Piece {
    void accept(double[] values, int count, int at);
  }

  private void forEachPiece(Piece piece) throws IOException {
    int bytes = layout.type().bytes();
    byte[] raw = new byte[PIECE * bytes];
    ByteBuffer buffer = ByteBuffer.wrap(raw).order(layout.order());
    double[] values = new double[PIECE];
    boolean scaled = layout.slope() != 1 || layout.inter() != 0;
    int voxels = layout.extents().voxels();
    int count;
    for (int at = 0; at < voxels; at += count) {
      count = Math.min(PIECE, voxels - at);
      in.readFully(raw, 0, count * bytes, "voxels");
      layout.type().decode(buffer, count, values);
      if (scaled) {
        for (int n = 0; n < count; n++) {
          values[n] = values[n] * layout.slope() + layout.inter();
        }
      }
      piece.accept(values, count, at);
    }
  }

  /** At most half of the heap for one image: the steps behind need the other half. */
  private void refuseTooLarge(int bytesPerVoxel) {
    long needed = (long) layout.extents().voxels() * bytesPerVoxel;
    long limit = Runtime.getRuntime().maxMemory() / 2;
    if (needed > limit) {
      throw new ResourceException(
          "TOO_LARGE",
          in.file()
              + ": "
              + layout.extents()
              + " voxels need "
              + (needed >> 20)
              + " MiB, half of the heap is "
              + (limit >> 20)
              + " MiB; give Java more with -Xmx");
    }
  }

  private InvalidStudyException notALabel(double value, int voxel) {
    int i = voxel % layout.extents().i();
    int j = voxel / layout.extents().i() % layout.extents().j();
    int k = voxel / layout.extents().i() / layout.extents().j();
    return VoxelFault.of(
        "BAD_LABELS",
        in.file(),
        "labels must be integers from 0 to 65535, voxel ("
            + i
            + ", "
            + j
            + ", "
            + k
            + ") is "
            + value);
  }
}
