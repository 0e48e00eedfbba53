package dev.lss.core.inference;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.Shape;
import dev.lss.spi.VoxelArrays;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Copies between images and tensors, exactly. A tensor N C D H W and a volume share their memory
 * order: W is i, H is j, D is k; a tensor N C H W is one slice.
 */
public final class Tile {

  private Tile() {}

  /** Returns the shape of a tensor of one sample with so many channels of a patch. */
  public static Shape shape(int channels, Extents patch) {
    return Shape.of(1, channels, patch.k(), patch.j(), patch.i());
  }

  /** Returns the shape of a tensor for a network of rank 2 or 3; of rank 2 the patch has one k. */
  public static Shape shape(int spatialRank, int channels, Extents patch) {
    return spatialRank == 2 ? Shape.of(1, channels, patch.j(), patch.i()) : shape(channels, patch);
  }

  /**
   * Copies a box of an image into one channel of a tensor.
   *
   * @param image the image
   * @param box the box, of the tensor's spatial size; it may reach outside the image
   * @param outside value of what lies outside
   * @param tensor where to write, one sample
   * @param channel which channel
   */
  public static void cut(
      Volume image, IndexBox box, float outside, FloatTensor tensor, int channel) {
    Extents patch = box.extents();
    FloatBuffer target = channel(tensor, channel, patch);
    Extents extents = image.extents();
    float[] samples = VoxelArrays.samples(image);
    float[] row = new float[patch.i()];
    int from = Math.max(box.i0(), 0);
    int to = Math.min(box.i1(), extents.i());
    for (int k = box.k0(); k < box.k1(); k++) {
      for (int j = box.j0(); j < box.j1(); j++) {
        Arrays.fill(row, outside);
        if (k >= 0 && k < extents.k() && j >= 0 && j < extents.j() && from < to) {
          System.arraycopy(samples, extents.offset(from, j, k), row, from - box.i0(), to - from);
        }
        target.put(row);
      }
    }
  }

  /**
   * Copies a box of an image into one channel of a tensor; outside the image its nearest voxel
   * counts.
   *
   * @param image the image
   * @param box the box, of the tensor's spatial size; it may reach outside the image
   * @param tensor where to write, one sample
   * @param channel which channel
   */
  public static void cutReplicated(Volume image, IndexBox box, FloatTensor tensor, int channel) {
    Extents patch = box.extents();
    FloatBuffer target = channel(tensor, channel, patch);
    Extents extents = image.extents();
    float[] samples = VoxelArrays.samples(image);
    float[] row = new float[patch.i()];
    for (int k = box.k0(); k < box.k1(); k++) {
      for (int j = box.j0(); j < box.j1(); j++) {
        int source = extents.offset(0, inside(j, extents.j()), inside(k, extents.k()));
        for (int i = 0; i < row.length; i++) {
          row[i] = samples[source + inside(box.i0() + i, extents.i())];
        }
        target.put(row);
      }
    }
  }

  private static int inside(int index, int size) {
    return Math.min(Math.max(index, 0), size - 1);
  }

  /**
   * Copies one channel of a tensor into a new volume.
   *
   * @param tensor one sample
   * @param channel which channel
   * @param geometry where its voxels lie; of the tensor's spatial size
   */
  public static Volume read(FloatTensor tensor, int channel, GridGeometry geometry) {
    float[] samples = new float[geometry.extents().voxels()];
    channel(tensor, channel, geometry.extents()).get(samples);
    return Volume.wrap(geometry, samples);
  }

  /** Returns a view of one channel. */
  static FloatBuffer channel(FloatTensor tensor, int channel, Extents patch) {
    Shape shape = tensor.shape();
    boolean fits =
        (shape.rank() == 5 || (shape.rank() == 4 && patch.k() == 1))
            && shape.equals(shape(shape.rank() - 2, shape.get(1), patch));
    if (!fits || channel < 0 || channel >= shape.get(1)) {
      throw new IllegalArgumentException(
          "channel %s of a patch of %s is not in a tensor of %s".formatted(channel, patch, shape));
    }
    return tensor.data().slice(channel * patch.voxels(), patch.voxels());
  }
}
