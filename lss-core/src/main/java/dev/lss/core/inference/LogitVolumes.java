package dev.lss.core.inference;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.List;

/** Logits of a whole image, one volume per class; takes them slice by slice too. */
public final class LogitVolumes implements LogitSlices, LogitSink {

  private final List<Volume> volumes;

  private LogitVolumes(List<Volume> volumes) {
    this.volumes = List.copyOf(volumes);
  }

  /** Returns the logits that these volumes hold; refuses none, or volumes of different extents. */
  public static LogitVolumes of(List<Volume> volumes) {
    Extents extents = volumes.get(0).extents();
    if (!volumes.stream().allMatch(volume -> volume.extents().equals(extents))) {
      throw new IllegalArgumentException("logits must be volumes on one grid");
    }
    return new LogitVolumes(volumes);
  }

  /** Returns logits that are 0 until they are taken. */
  public static LogitVolumes empty(GridGeometry grid, int classes) {
    List<Volume> volumes = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      volumes.add(Volume.wrap(grid, new float[grid.extents().voxels()]));
    }
    return new LogitVolumes(volumes);
  }

  /** Returns one volume per class. */
  public List<Volume> volumes() {
    return volumes;
  }

  @Override
  public Extents extents() {
    return volumes.get(0).extents();
  }

  @Override
  public int classes() {
    return volumes.size();
  }

  @Override
  public float[] samples(int label) {
    return VoxelArrays.samples(volumes.get(label));
  }

  @Override
  public int offset(int k) {
    return extents().offset(0, 0, k);
  }

  @Override
  public void accept(LogitSlices logits, int from, int to) {
    int slice = extents().i() * extents().j();
    for (int c = 0; c < classes(); c++) {
      for (int k = from; k < to; k++) {
        System.arraycopy(logits.samples(c), logits.offset(k), samples(c), offset(k), slice);
      }
    }
  }
}
