package dev.lss.core.muscle;

import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Extents;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Planes through the middle of vertebrae and discs, from labels of the spine.
 *
 * <p>The middle of a vertebra is the centre of its front 25 mm, which is body whether the label
 * holds the arch or not; that of a disc the centre of its label, or halfway between its vertebrae.
 * A plane is perpendicular to the line between the neighbouring vertebrae above and below.
 */
final class SpineLevels {

  private static final double FRONT_MM = 25;
  private static final int DISC = 100;
  private static final int FEWEST_VOXELS = 10;

  private SpineLevels() {}

  /**
   * A plane.
   *
   * @param level the vertebra or disc
   * @param centre a point of it, LPS mm
   * @param normal across it, to the head, of length 1
   */
  record Plane(Structure level, Vector3 centre, Vector3 normal) {}

  /** Returns the planes, cranial first; empty when the labels hold no known level. */
  static List<Plane> of(LabelVolume spine) {
    Map<VertebraLevel, Vector3> bodies = new EnumMap<>(VertebraLevel.class);
    Map<VertebraLevel, Vector3> discs = new EnumMap<>(VertebraLevel.class);
    for (VertebraLevel level : VertebraLevel.values()) {
      centre(spine, level.verseId(), FRONT_MM).ifPresent(centre -> bodies.put(level, centre));
      centre(spine, DISC + level.verseId(), Double.POSITIVE_INFINITY)
          .ifPresent(centre -> discs.put(level, centre));
    }
    List<VertebraLevel> levels = new ArrayList<>(bodies.keySet());
    List<Plane> planes = new ArrayList<>();
    for (int n = 0; n < levels.size(); n++) {
      VertebraLevel level = levels.get(n);
      Vector3 here = Objects.requireNonNull(bodies.get(level));
      Vector3 above = n > 0 ? Objects.requireNonNull(bodies.get(levels.get(n - 1))) : here;
      Vector3 below =
          n + 1 < levels.size() ? Objects.requireNonNull(bodies.get(levels.get(n + 1))) : here;
      planes.add(new Plane(new Structure.Vertebra(level), here, direction(above, below)));
      Optional<Vector3> disc = Optional.ofNullable(discs.get(level));
      boolean hasNext = n + 1 < levels.size();
      if (disc.isPresent() || hasNext) {
        Vector3 middle = disc.orElseGet(() -> here.plus(below).times(0.5));
        Vector3 normal = hasNext ? direction(here, below) : direction(above, middle);
        planes.add(new Plane(new Structure.Disc(level), middle, normal));
      }
    }
    return planes;
  }

  private static Vector3 direction(Vector3 above, Vector3 below) {
    Vector3 line = above.minus(below);
    double length = line.norm();
    return length == 0 ? new Vector3(0, 0, 1) : line.times(1 / length);
  }

  /** The centre of the voxels of a label that lie at most so far behind its foremost one. */
  private static Optional<Vector3> centre(LabelVolume labels, int value, double depthMm) {
    short[] values = VoxelArrays.labels(labels);
    Extents n = labels.extents();
    double front = Double.POSITIVE_INFINITY;
    for (int at = 0; at < values.length; at++) {
      if (Short.toUnsignedInt(values[at]) == value) {
        front = Math.min(front, world(labels, n, at).y());
      }
    }
    Vector3 sum = new Vector3(0, 0, 0);
    int voxels = 0;
    for (int at = 0; at < values.length && front < Double.POSITIVE_INFINITY; at++) {
      if (Short.toUnsignedInt(values[at]) == value) {
        Vector3 here = world(labels, n, at);
        if (here.y() <= front + depthMm) {
          sum = sum.plus(here);
          voxels++;
        }
      }
    }
    return voxels < FEWEST_VOXELS ? Optional.empty() : Optional.of(sum.times(1.0 / voxels));
  }

  private static Vector3 world(LabelVolume labels, Extents n, int at) {
    return labels.geometry().toWorldMm(VoxelIndex.of(n, at));
  }
}
