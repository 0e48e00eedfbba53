package dev.lss.core.phantom;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import java.util.Optional;

/**
 * One bone of a phantom in its place. Immutable.
 *
 * @param level which vertebra it is; empty for the sacrum, ribs and vertebrae above T11
 * @param solid its shape in local mm
 * @param frame the local axes in the world
 * @param low lowest local x, y, z that the shape reaches, rounded outwards
 * @param high highest local x, y, z that the shape reaches, rounded outwards
 */
record Bone(Optional<VertebraLevel> level, Solid solid, Frame frame, Vector3 low, Vector3 high) {

  /** Returns the distance at a point of the world. */
  double distance(Vector3 world) {
    Vector3 local = frame.toLocal(world);
    return solid.distance(local.x(), local.y(), local.z());
  }

  /** Returns a corner of the box around the shape, in the world; bits 0 to 2 choose it. */
  Vector3 corner(int bits) {
    return frame.toWorld(
        new Vector3(
            (bits & 1) == 0 ? low.x() : high.x(),
            (bits & 2) == 0 ? low.y() : high.y(),
            (bits & 4) == 0 ? low.z() : high.z()));
  }
}
