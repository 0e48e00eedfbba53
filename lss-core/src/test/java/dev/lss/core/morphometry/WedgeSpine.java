package dev.lss.core.morphometry;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.core.measure.LabelStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * L1 to L5 as wedges with known heights and angles, stacked from below: bodies of 34 x 48 mm, 26 mm
 * high in the middle, with pedicles, laminae and a canal of 16 mm behind; discs of 10 mm. In the
 * sagittal plane x is towards the front and y towards the head, the spine stands at (0, 0, z).
 * Below the disc under L5 lies a sacrum whose upper endplate leans back by {@link #SACRAL_DEGREES}
 * more than L5's lower one.
 */
public final class WedgeSpine {

  static final double HALF_DEPTH_MM = 17;
  static final double HEIGHT_MM = 26;
  static final double DISC_MM = 10;

  /** Angle of the disc below L5. */
  public static final double SACRAL_DEGREES = 12;

  private static final double HALF_WIDTH_MM = 24;

  /** One body: its middle in the sagittal plane, and how far its middle axis leans back. */
  private record Body(double x, double y, double cos, double sin, double slope) {

    static Body of(double x, double y, double lean, double wedge) {
      return new Body(x, y, Math.cos(lean), Math.sin(lean), Math.tan(wedge / 2));
    }
  }

  private final List<Body> bodies = new ArrayList<>();
  private final Body sacrum;

  /**
   * Stacks L5 to L1.
   *
   * @param wedges angles of L1 to L5 in degrees, positive when taller in front
   * @param discs angles of the discs below L1 to L4
   * @param lean how far the lower endplate of L5 leans back
   * @param slipMm how far L4 and all above it slip forwards on L5
   */
  public WedgeSpine(double[] wedges, double[] discs, double lean, double slipMm) {
    double angle = Math.toRadians(lean);
    double sacral = angle - Math.toRadians(SACRAL_DEGREES);
    double between = (angle + sacral) / 2;
    sacrum = Body.of(DISC_MM * Math.sin(between), -DISC_MM * Math.cos(between), sacral, 0);
    double x = 0;
    double y = 0;
    for (int n = 4; n >= 0; n--) {
      double wedge = Math.toRadians(wedges[n]);
      double middle = angle + wedge / 2;
      x -= HEIGHT_MM / 2 * Math.sin(middle);
      y += HEIGHT_MM / 2 * Math.cos(middle);
      bodies.add(0, Body.of(x, y, middle, wedge));
      x -= HEIGHT_MM / 2 * Math.sin(middle);
      y += HEIGHT_MM / 2 * Math.cos(middle);
      angle += wedge;
      if (n == 4) {
        x += slipMm * Math.cos(angle);
        y += slipMm * Math.sin(angle);
      }
      if (n > 0) {
        double disc = Math.toRadians(discs[n - 1]);
        x -= DISC_MM * Math.sin(angle + disc / 2);
        y += DISC_MM * Math.cos(angle + disc / 2);
        angle += disc;
      }
    }
  }

  /** Returns the label at a position: 20 to 24 for L1 to L5. */
  private int at(Vector3 mm) {
    for (int n = 0; n < 5; n++) {
      Body body = bodies.get(n);
      double dx = -mm.y() - body.x;
      double dy = mm.z() - body.y;
      if (Math.abs(dy) > 50) {
        continue;
      }
      double a = dx * body.cos + dy * body.sin;
      double u = -dx * body.sin + dy * body.cos;
      double l = Math.abs(mm.x());
      boolean inBody =
          Math.abs(a) <= HALF_DEPTH_MM
              && l <= HALF_WIDTH_MM
              && Math.abs(u) <= HEIGHT_MM / 2 + a * body.slope;
      boolean inArch =
          (a < -HALF_DEPTH_MM && a > -36 && l > 8 && l < 16 && u > -2 && u < 8)
              || (a <= -33 && a > -39 && l < 16 && Math.abs(u) < 9)
              || (a <= -39 && a > -62 && l < 3 && Math.abs(u + 4) < 8);
      if (inBody || inArch) {
        return 20 + n;
      }
    }
    return 0;
  }

  /**
   * Returns the class of a network at a position: 1 body, 2 arch, 3 disc, 4 canal, 5 sacrum, 0 for
   * nothing.
   */
  private int classAt(Vector3 mm) {
    int vertebra = at(mm);
    double l = Math.abs(mm.x());
    double sx = -mm.y() - sacrum.x;
    double sy = mm.z() - sacrum.y;
    double sa = sx * sacrum.cos + sy * sacrum.sin;
    double su = -sx * sacrum.sin + sy * sacrum.cos;
    if (vertebra > 0) {
      Body body = bodies.get(vertebra - 20);
      double a = (-mm.y() - body.x) * body.cos + (mm.z() - body.y) * body.sin;
      return a >= -HALF_DEPTH_MM ? 1 : 2;
    }
    if (Math.abs(sa) <= HALF_DEPTH_MM && l <= HALF_WIDTH_MM && su <= 0 && su >= -30) {
      return 5;
    }
    for (int n = 0; n < 5; n++) {
      Body upper = bodies.get(n);
      double dx = -mm.y() - upper.x;
      double dy = mm.z() - upper.y;
      double a = dx * upper.cos + dy * upper.sin;
      double u = -dx * upper.sin + dy * upper.cos;
      if (u > 18 || u < -45) {
        continue;
      }
      if (Math.abs(a) <= HALF_DEPTH_MM
          && l <= HALF_WIDTH_MM
          && u < 0
          && isAbove(mm, n == 4 ? sacrum : bodies.get(n + 1), n == 4 ? 0 : HEIGHT_MM / 2)) {
        return 3;
      }
      if (a < -19 && a > -31 && l < 8) {
        return 4;
      }
    }
    return 0;
  }

  private static boolean isAbove(Vector3 mm, Body body, double half) {
    double dx = -mm.y() - body.x;
    double dy = mm.z() - body.y;
    double a = dx * body.cos + dy * body.sin;
    return -dx * body.sin + dy * body.cos > half + a * body.slope;
  }

  /** Paints the classes of a network. */
  public LabelVolume classesOn(Extents extents, Affine affine) {
    return painted(extents, affine, this::classAt);
  }

  /** Paints it on a grid by the centres of its voxels. */
  public LabelVolume on(Extents extents, Affine affine) {
    return painted(extents, affine, this::at);
  }

  private static LabelVolume painted(Extents extents, Affine affine, ToIntFunction<Vector3> value) {
    short[] labels = new short[extents.voxels()];
    int at = 0;
    for (int k = 0; k < extents.k(); k++) {
      for (int j = 0; j < extents.j(); j++) {
        for (int i = 0; i < extents.i(); i++) {
          labels[at++] = (short) value.applyAsInt(affine.apply(new Vector3(i, j, k)));
        }
      }
    }
    return LabelVolume.wrap(GridGeometry.of(extents, affine), labels);
  }

  /** Returns the vertebrae of such labels; the positions inside the bodies are off by some mm. */
  List<SpineForm.Vertebra> vertebrae(LabelVolume labels) {
    List<SpineForm.Vertebra> all = new ArrayList<>();
    for (LabelStatistics one : LabelStatistics.of(labels)) {
      Body body = bodies.get(one.label() - 20);
      all.add(
          new SpineForm.Vertebra(
              VertebraLevel.valueOf("L" + (one.label() - 19)),
              one.label(),
              one.bounds(),
              Optional.of(new Vector3(0, -body.x + 2, body.y - 3)),
              one.touchesBorder()));
    }
    return all;
  }
}
