package dev.lss.core.phantom;

import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import java.util.Arrays;
import java.util.List;

/**
 * For each sample point of a slab of planes: which bone is nearest, how far it is, and how far the
 * next one is. Distances beyond 6 mm are not told apart. Reused from slab to slab; not thread-safe.
 *
 * <p>Each bone looks only at its own box, in blocks of 8 points per axis; a block whose middle is
 * farther than 6 mm plus what a distance can change within the block is skipped.
 */
final class BoneSlab {

  private static final float FAR_MM = 6;
  private static final int BLOCK = 8;

  private final PhantomGrid grid;
  private final List<Bone> bones;
  private final float[] nearest;
  private final float[] second;
  private final byte[] which;
  private int k0;
  private int k1;

  BoneSlab(PhantomGrid grid, List<Bone> bones, int planes) {
    this.grid = grid;
    this.bones = bones;
    int points = grid.extents().i() * grid.extents().j() * planes;
    nearest = new float[points];
    second = new float[points];
    which = new byte[points];
  }

  /** Fills the slab of planes {@code from} to {@code to - 1}. */
  void fill(int from, int to) {
    k0 = from;
    k1 = to;
    Arrays.fill(nearest, FAR_MM);
    Arrays.fill(second, FAR_MM);
    Arrays.fill(which, (byte) -1);
    for (int n = 0; n < bones.size(); n++) {
      add(n);
    }
  }

  /** Returns the distance to the nearest bone, which recedes where another one is near. */
  double distance(int point) {
    return PhantomVolume.carved(nearest[point], second[point]);
  }

  /** Returns the number of the nearest bone, or -1 when none is near. */
  int bone(int point) {
    return which[point];
  }

  private void add(int n) {
    Bone bone = bones.get(n);
    Extents size = grid.extents();
    int[] low = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};
    int[] high = {Integer.MIN_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE};
    for (int corner = 0; corner < 8; corner++) {
      Vector3 index = grid.index(bone.corner(corner));
      for (int axis = 0; axis < 3; axis++) {
        low[axis] = Math.min(low[axis], (int) Math.floor(index.get(axis)));
        high[axis] = Math.max(high[axis], (int) Math.ceil(index.get(axis)) + 1);
      }
    }
    for (int k = Math.max(k0, low[2]); k < Math.min(k1, high[2]); k += BLOCK) {
      for (int j = Math.max(0, low[1]); j < Math.min(size.j(), high[1]); j += BLOCK) {
        for (int i = Math.max(0, low[0]); i < Math.min(size.i(), high[0]); i += BLOCK) {
          addBlock(
              n,
              i,
              Math.min(i + BLOCK, Math.min(size.i(), high[0])),
              j,
              Math.min(j + BLOCK, Math.min(size.j(), high[1])),
              k,
              Math.min(k + BLOCK, Math.min(k1, high[2])));
        }
      }
    }
  }

  private void addBlock(int n, int i0, int i1, int j0, int j1, int b0, int b1) {
    Frame frame = bones.get(n).frame();
    Solid solid = bones.get(n).solid();
    Vector3 dx = frame.turnBack(grid.stepI());
    Vector3 dy = frame.turnBack(grid.stepJ());
    Vector3 dz = frame.turnBack(grid.stepK());
    Vector3 middle =
        frame.toLocal(grid.position((i0 + i1 - 1) / 2.0, (j0 + j1 - 1) / 2.0, (b0 + b1 - 1) / 2.0));
    double reach = (dx.norm() * (i1 - i0) + dy.norm() * (j1 - j0) + dz.norm() * (b1 - b0)) / 2;
    if (solid.distance(middle.x(), middle.y(), middle.z()) > FAR_MM + Solid.STEEPEST * reach) {
      return;
    }
    Extents size = grid.extents();
    for (int k = b0; k < b1; k++) {
      for (int j = j0; j < j1; j++) {
        Vector3 p = frame.toLocal(grid.position(i0, j, k));
        int point = i0 + size.i() * (j + size.j() * (k - k0));
        for (int i = i0; i < i1; i++, point++) {
          int step = i - i0;
          put(
              point,
              n,
              (float)
                  solid.distance(
                      p.x() + step * dx.x(), p.y() + step * dx.y(), p.z() + step * dx.z()));
        }
      }
    }
  }

  private void put(int point, int n, float distance) {
    if (distance < nearest[point]) {
      second[point] = nearest[point];
      nearest[point] = distance;
      which[point] = (byte) n;
    } else if (distance < second[point]) {
      second[point] = distance;
    }
  }
}
