package dev.lss.core.muscle;

import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;

/** The index of a voxel by its place in the array. */
final class VoxelIndex {

  private VoxelIndex() {}

  static Vector3 of(Extents n, int at) {
    int k = at / (n.i() * n.j());
    int j = at / n.i() % n.j();
    return new Vector3(at % n.i(), j, k);
  }
}
