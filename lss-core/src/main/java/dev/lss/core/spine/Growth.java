package dev.lss.core.spine;

import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import java.util.BitSet;
import java.util.PriorityQueue;

/**
 * Gives every voxel of a structure to the seed that is nearest on a way inside the structure, by
 * steps over faces, and over edges within a slice. What no seed reaches stays as it is.
 */
final class Growth {

  /** A voxel and how far it is from its seed; ties go to memory order. */
  private record Reached(float mm, int at, short seed) implements Comparable<Reached> {

    @Override
    public int compareTo(Reached other) {
      int nearer = Float.compare(mm, other.mm);
      return nearer != 0
          ? nearer
          : at != other.at ? Integer.compare(at, other.at) : Short.compare(seed, other.seed);
    }
  }

  private Growth() {}

  /**
   * Spreads the seeds.
   *
   * @param extents of the grid, with sagittal slices along k
   * @param spacingMm of the grid
   * @param structure where to
   * @param owners of each voxel, 0 for nobody; receives the owners of all that are reached
   */
  static void spread(Extents extents, Vector3 spacingMm, BitSet structure, short[] owners) {
    spread(extents, spacingMm, structure, owners, (at, seed) -> 1);
  }

  /** What a millimetre costs in a voxel. */
  @FunctionalInterface
  interface Cost {

    /** Returns the cost at an array index for a seed; positive. */
    float at(int voxel, int seed);
  }

  /**
   * Does the same where ways are longer in some voxels than in others, for some seeds than for
   * others.
   */
  static void spread(
      Extents extents, Vector3 spacingMm, BitSet structure, short[] owners, Cost cost) {
    PriorityQueue<Reached> front = new PriorityQueue<>();
    BitSet settled = new BitSet(owners.length);
    float diagonal = (float) Math.hypot(spacingMm.x(), spacingMm.y());
    for (int at = structure.nextSetBit(0); at >= 0; at = structure.nextSetBit(at + 1)) {
      if (owners[at] != 0) {
        settled.set(at);
      }
    }
    for (int at = settled.nextSetBit(0); at >= 0; at = settled.nextSetBit(at + 1)) {
      if (hasOpenNeighbour(extents, structure, settled, at)) {
        front.add(new Reached(0, at, owners[at]));
      }
    }
    while (!front.isEmpty()) {
      Reached one = front.remove();
      if (one.mm > 0 && settled.get(one.at)) {
        continue;
      }
      settled.set(one.at);
      owners[one.at] = one.seed;
      int i = one.at % extents.i();
      int j = one.at / extents.i() % extents.j();
      int k = one.at / extents.i() / extents.j();
      for (int dj = -1; dj <= 1; dj++) {
        for (int di = -1; di <= 1; di++) {
          if ((di != 0 || dj != 0) && extents.contains(i + di, j + dj, k)) {
            float step =
                di != 0 && dj != 0 ? diagonal : (float) (di != 0 ? spacingMm.x() : spacingMm.y());
            int there = extents.offset(i + di, j + dj, k);
            reach(front, structure, settled, there, one, step * cost.at(there, one.seed));
          }
        }
      }
      for (int dk = -1; dk <= 1; dk += 2) {
        if (extents.contains(i, j, k + dk)) {
          int there = extents.offset(i, j, k + dk);
          reach(
              front,
              structure,
              settled,
              there,
              one,
              (float) spacingMm.z() * cost.at(there, one.seed));
        }
      }
    }
  }

  /** Seeds deep inside of seeds reach nothing. */
  private static boolean hasOpenNeighbour(
      Extents extents, BitSet structure, BitSet settled, int at) {
    int i = at % extents.i();
    int j = at / extents.i() % extents.j();
    int k = at / extents.i() / extents.j();
    for (int n = 0; n < 10; n++) {
      int side = n < 8 ? (n < 4 ? n : n + 1) : 4;
      int di = side % 3 - 1;
      int dj = side / 3 - 1;
      int dk = n < 8 ? 0 : 2 * n - 17;
      if (extents.contains(i + di, j + dj, k + dk)) {
        int there = extents.offset(i + di, j + dj, k + dk);
        if (structure.get(there) && !settled.get(there)) {
          return true;
        }
      }
    }
    return false;
  }

  private static void reach(
      PriorityQueue<Reached> front,
      BitSet structure,
      BitSet settled,
      int there,
      Reached from,
      float stepMm) {
    if (structure.get(there) && !settled.get(there)) {
      front.add(new Reached(from.mm + stepMm, there, from.seed));
    }
  }
}
