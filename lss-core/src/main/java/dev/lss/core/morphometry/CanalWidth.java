package dev.lss.core.morphometry;

import dev.lss.api.CanalMeasurement;
import dev.lss.api.ShapeQuality;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How wide the canal is behind bodies and discs: the way through its label, square to its course,
 * in its middle between left and right. The course is the line between its middles 6 mm above and
 * below. Not thread-safe.
 */
public final class CanalWidth {

  private static final double SLAB_MM = 3;
  private static final double COURSE_MM = 6;
  private static final double REACH_MM = 40;
  private static final double BEHIND_MM = 80;
  private static final double[] BESIDE_MM = {-2, 0, 2};
  private static final int FEWEST = 6;

  private final Occupancy canal;
  private final List<Vector3> voxelsMm = new ArrayList<>();

  /**
   * Takes a labelled canal.
   *
   * @param label its value
   * @param box the voxels outside of which there is none of it
   */
  public CanalWidth(LabelVolume labels, int label, IndexBox box) {
    canal = new Occupancy(labels, label, box);
    for (int k = box.k0(); k < box.k1(); k++) {
      for (int j = box.j0(); j < box.j1(); j++) {
        for (int i = box.i0(); i < box.i1(); i++) {
          if (labels.get(i, j, k) == label) {
            voxelsMm.add(labels.geometry().toWorldMm(new Vector3(i, j, k)));
          }
        }
      }
    }
  }

  /**
   * Measures the canal behind a place.
   *
   * @param at the vertebra or disc that is there
   * @param placeMm its middle, LPS mm
   * @param up towards the head there
   * @return empty where the canal is not labelled there
   */
  public Optional<CanalMeasurement> behind(Structure at, Vector3 placeMm, Vector3 up) {
    LevelFrame frame = LevelFrame.of(placeMm, up, LevelFrame.FRONT);
    Optional<Vector3> middle = middle(frame, 0);
    Optional<Vector3> above = middle(frame, COURSE_MM);
    Optional<Vector3> below = middle(frame, -COURSE_MM);
    if (middle.isEmpty() || above.isEmpty() || below.isEmpty()) {
      return Optional.empty();
    }
    LevelFrame square =
        LevelFrame.of(middle.get(), above.get().minus(below.get()), LevelFrame.FRONT);
    double[] widths =
        Arrays.stream(BESIDE_MM)
            .map(l -> widthMm(square, l))
            .filter(mm -> !Double.isNaN(mm))
            .sorted()
            .toArray();
    if (widths.length == 0) {
      return Optional.empty();
    }
    ShapeQuality quality =
        widths.length < BESIDE_MM.length ? ShapeQuality.FEW_POINTS : ShapeQuality.OK;
    return Optional.of(new CanalMeasurement(at, widths[widths.length / 2], quality));
  }

  private double widthMm(LevelFrame square, double l) {
    Vector3 start = square.at(0, l, 0);
    return canal.toSurfaceMm(start, square.anterior(), REACH_MM)
        + canal.toSurfaceMm(start, square.anterior().times(-1), REACH_MM);
  }

  /** Returns the middle of the canal at a height of a frame. */
  private Optional<Vector3> middle(LevelFrame frame, double height) {
    Vector3 sum = new Vector3(0, 0, 0);
    int count = 0;
    for (Vector3 mm : voxelsMm) {
      Vector3 local = frame.local(mm);
      if (Math.abs(local.z() - height) < SLAB_MM && local.x() < 0 && local.x() > -BEHIND_MM) {
        sum = sum.plus(mm);
        count++;
      }
    }
    return count < FEWEST ? Optional.empty() : Optional.of(sum.times(1.0 / count));
  }
}
