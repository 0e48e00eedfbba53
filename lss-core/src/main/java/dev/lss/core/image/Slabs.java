package dev.lss.core.image;

/**
 * How a stage's loop over slices, rows or voxels is cut into slabs and who runs them. Slabs write
 * to different voxels and no voxel's arithmetic depends on where a cut falls, so the result has the
 * same bits for any way of cutting.
 */
@FunctionalInterface
public interface Slabs {

  /** Runs the whole loop in the calling thread. */
  Slabs SERIAL =
      (count, slab) -> {
        if (count > 0) {
          slab.run(0, count);
        }
      };

  /** Work on a range of slices, rows or voxels. */
  @FunctionalInterface
  interface Slab {

    /** Works on {@code from <= index < to}; writes to nothing that another slab writes to. */
    void run(int from, int to);
  }

  /** Works on all of {@code 0 <= index < count} and returns when everything is done. */
  void forEach(int count, Slab slab);
}
