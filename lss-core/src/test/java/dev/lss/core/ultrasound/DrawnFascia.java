package dev.lss.core.ultrasound;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.Arrays;

/** Layers of known shape on a plane: a pixel belongs to a layer when its centre does. */
final class DrawnFascia {

  /** A shape in mm, x to the right and y downwards, from the middle of the first pixel. */
  interface Shape {
    boolean holds(double x, double y);

    default Shape or(Shape other) {
      return (x, y) -> holds(x, y) || other.holds(x, y);
    }
  }

  private DrawnFascia() {}

  /** A straight band: length, thickness, tilt; falls to the right when the tilt is positive. */
  static Shape band(double x, double y, double length, double thickness, double tiltDeg) {
    double c = Math.cos(Math.toRadians(tiltDeg));
    double s = Math.sin(Math.toRadians(tiltDeg));
    return (px, py) -> {
      double along = (px - x) * c + (py - y) * s;
      double across = -(px - x) * s + (py - y) * c;
      return Math.abs(along) <= length / 2 && Math.abs(across) <= thickness / 2;
    };
  }

  /**
   * Part of a ring that opens downwards, its middle turned by the tilt from straight up.
   *
   * @param spanDeg angle that it covers
   */
  static Shape arc(double x, double y, double inner, double outer, double spanDeg, double tiltDeg) {
    return (px, py) -> {
      double r = Math.hypot(px - x, py - y);
      double angle = Math.toDegrees(Math.atan2(px - x, y - py)) - tiltDeg;
      return r >= inner && r <= outer && Math.abs(angle) <= spanDeg / 2;
    };
  }

  static LabelVolume labels(GridGeometry plane, Shape shape) {
    Extents extents = plane.extents();
    Vector3 spacing = plane.spacingMm();
    short[] labels = new short[extents.voxels()];
    for (int n = 0; n < labels.length; n++) {
      boolean inside = shape.holds(n % extents.i() * spacing.x(), n / extents.i() * spacing.y());
      labels[n] = (short) (inside ? 1 : 0);
    }
    return LabelVolume.wrap(plane, labels);
  }

  /** Grey 200 under the labels and 50 elsewhere. */
  static Volume image(LabelVolume labels) {
    float[] grey = new float[labels.extents().voxels()];
    Arrays.fill(grey, 50);
    for (int n = 0; n < grey.length; n++) {
      if (VoxelArrays.labels(labels)[n] != 0) {
        grey[n] = 200;
      }
    }
    return Volume.wrap(labels.geometry(), grey);
  }
}
