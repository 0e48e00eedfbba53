package dev.lss.core.morphometry;

import dev.lss.api.ShapeQuality;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A vertebral body as two endplates and the heights between them. From the middle of the body one
 * goes inside the label until its surface: forwards, backwards and sideways for the outline, up and
 * down from each place of a 1 mm grid inside it for the endplates. The arch is not met so, whether
 * the label holds it or not, because the canal lies between. Immutable.
 *
 * @param frame stands across the body: its cranial axis halves the angle of the endplates
 * @param superior the upper endplate
 * @param inferior the lower endplate
 * @param anteriorMm height at 10 % of the depth from the front; NaN where nothing was met
 * @param middleMm height at 50 %
 * @param posteriorMm height at 90 %
 */
record VertebralBody(
    LevelFrame frame,
    Endplate superior,
    Endplate inferior,
    double anteriorMm,
    double middleMm,
    double posteriorMm) {

  private static final double REACH_MM = 45;
  private static final double COARSE_MM = 2;
  private static final double FINE_MM = 1;
  private static final double RIM_MM = 3;
  private static final double BAND_MM = 3;
  private static final double[] INSIDE_MM = {1.5, 2, 2.5, 3, 3.5, 4, 4.5};
  private static final double LARGEST_RMS_MM = 1.5;
  private static final double[] HEIGHTS_AT = {0.1, 0.5, 0.9};
  private static final double ALIKE = 0.75;
  private static final double CUT_SHARE = 0.1;
  private static final int FEWEST_POINTS = 30;
  private static final int FEWEST_OF_A_SLICE = 8;

  /** Of the sacrum: how far below its endplate one looks, and how far it reaches from there. */
  private static final double BELOW_MM = 7;

  private static final double HALF_DEPTH_MM = 25;
  private static final double HALF_WIDTH_MM = 22;
  private static final int ROUNDS = 4;

  /**
   * What was met of an endplate.
   *
   * @param inwards 1 when the bone lies above it, -1 when below
   * @param cut columns that the image cuts
   * @param columns all columns
   */
  private record Counted(int inwards, int cut, int columns) {}

  /**
   * Measures a body.
   *
   * @param box the voxels outside of which there is none of it
   * @param first where it lies and roughly how it stands
   * @return empty when no plane fits
   */
  static Optional<VertebralBody> of(LabelVolume labels, int label, IndexBox box, LevelFrame first) {
    Occupancy body = new Occupancy(labels, label, box);
    boolean flat = isFlat(labels, first);
    return Surfaces.of(body, first, COARSE_MM, flat)
        .flatMap(rough -> Surfaces.of(body, rough.frame(), COARSE_MM, flat))
        .flatMap(better -> Surfaces.of(body, better.frame(), FINE_MM, flat))
        .map(found -> found.measured(body, flat));
  }

  private static boolean isFlat(LabelVolume labels, LevelFrame frame) {
    for (int axis = 0; axis < 3; axis++) {
      Vector3 direction = labels.geometry().affine().column(axis);
      if (labels.extents().get(axis) == 1
          && Math.abs(LevelFrame.unit(direction).dot(frame.left())) > 0.7) {
        return true;
      }
    }
    return false;
  }

  /**
   * Measures the upper endplate of a bone that goes on below, as the sacrum.
   *
   * @param box the voxels outside of which there is none of it
   * @param first a position below the endplate, and roughly how it lies
   * @return empty when no plane fits
   */
  static Optional<Endplate> upperEndplate(
      LabelVolume labels, int label, IndexBox box, LevelFrame first) {
    Occupancy bone = new Occupancy(labels, label, box);
    boolean flat = isFlat(labels, first);
    LevelFrame frame = first;
    Optional<Endplate> found = Optional.empty();
    for (int round = 0; round < ROUNDS; round++) {
      found = upperEndplate(bone, frame, flat);
      if (found.isEmpty()) {
        return found;
      }
      Endplate plate = found.get();
      Vector3 middle = plate.anteriorEdge().plus(plate.posteriorEdge()).times(0.5);
      Vector3 start = middle.minus(plate.normal().times(BELOW_MM));
      if (!start.isFinite()) {
        return Optional.empty();
      }
      frame = LevelFrame.of(start, plate.normal(), frame.anterior());
    }
    return found;
  }

  private static Optional<Endplate> upperEndplate(Occupancy bone, LevelFrame frame, boolean flat) {
    double back = within(median(band(flat), l -> edge(bone, frame, l, 0, -1)), HALF_DEPTH_MM);
    double front = within(median(band(flat), l -> edge(bone, frame, l, 0, 1)), HALF_DEPTH_MM);
    double right = flat ? 0 : within(sideways(bone, frame, -1), HALF_WIDTH_MM);
    double left = flat ? 0 : within(sideways(bone, frame, 1), HALF_WIDTH_MM);
    List<Vector3> points = new ArrayList<>();
    int columns = 0;
    double rim = flat ? 0 : RIM_MM;
    for (double l = Math.ceil(rim - right); l <= left - rim; l += FINE_MM) {
      for (double a = RIM_MM - back; a <= front - RIM_MM; a += FINE_MM) {
        double rise = bone.toSurfaceMm(frame.at(a, l, 0), frame.cranial(), REACH_MM);
        if (!Double.isNaN(rise)) {
          columns++;
          if (!bone.isAtBorder(frame.at(a, l, rise), frame.cranial())) {
            points.add(new Vector3(a, l, rise));
          }
        }
      }
    }
    int all = columns;
    return SurfacePlane.of(points, flat)
        .map(
            plane -> endplate(bone, frame, plane, new Counted(-1, all - points.size(), all), flat));
  }

  /** What is not met is as far as bones usually reach. */
  private static double within(double mm, double usualMm) {
    return Double.isNaN(mm) ? usualMm : Math.min(mm, usualMm);
  }

  /** Returns the depth of the body: the mean of its endplates', in mm. */
  double depthMm() {
    return (superior.depthMm() + inferior.depthMm()) / 2;
  }

  /** Returns the angle between the endplates, positive when the body is taller in front. */
  double wedgeDegrees() {
    return superior.tiltDegrees(frame) - inferior.tiltDegrees(frame);
  }

  /**
   * Returns the worse quality of the endplates; a poor fit where one is much shorter than the
   * other, as where a node of the disc takes its edge for the body's.
   */
  ShapeQuality quality() {
    ShapeQuality worse = superior.quality().worse(inferior.quality());
    double less = Math.min(superior.depthMm(), inferior.depthMm());
    double more = Math.max(superior.depthMm(), inferior.depthMm());
    return less < ALIKE * more ? worse.worse(ShapeQuality.POOR_FIT) : worse;
  }

  /** Both surfaces as planes, in the frame in which they were found. */
  private record Surfaces(
      LevelFrame found,
      SurfacePlane up,
      SurfacePlane down,
      Profile above,
      Profile below,
      int columns,
      int cutUp,
      int cutDown) {

    static Optional<Surfaces> of(Occupancy body, LevelFrame frame, double stepMm, boolean flat) {
      double back = median(band(flat), l -> edge(body, frame, l, 0, -1));
      double right = flat ? 0 : sideways(body, frame, -1);
      double left = flat ? 0 : sideways(body, frame, 1);
      if (Double.isNaN(back + right + left)) {
        return Optional.empty();
      }
      List<Vector3> upper = new ArrayList<>();
      List<Vector3> lower = new ArrayList<>();
      int columns = 0;
      int cutUp = 0;
      int cutDown = 0;
      double rim = flat ? 0 : RIM_MM;
      for (double l = Math.ceil(rim - right); l <= left - rim; l += stepMm) {
        double front = edge(body, frame, l, 0, 1);
        for (double a = RIM_MM - back; a <= front - RIM_MM; a += stepMm) {
          Vector3 start = frame.at(a, l, 0);
          double rise = body.toSurfaceMm(start, frame.cranial(), REACH_MM);
          double fall = body.toSurfaceMm(start, frame.cranial().times(-1), REACH_MM);
          if (Double.isNaN(rise + fall)) {
            continue;
          }
          columns++;
          if (body.isAtBorder(frame.at(a, l, rise), frame.cranial())) {
            cutUp++;
          } else {
            upper.add(new Vector3(a, l, rise));
          }
          if (body.isAtBorder(frame.at(a, l, -fall), frame.cranial())) {
            cutDown++;
          } else {
            lower.add(new Vector3(a, l, -fall));
          }
        }
      }
      Optional<SurfacePlane> up = SurfacePlane.of(upper, flat);
      Optional<SurfacePlane> down = SurfacePlane.of(lower, flat);
      if (up.isEmpty() || down.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new Surfaces(
              frame,
              up.get(),
              down.get(),
              Profile.of(upper),
              Profile.of(lower),
              columns,
              cutUp,
              cutDown));
    }

    /** Returns the frame that stands in the middle between both planes and across them. */
    LevelFrame frame() {
      Vector3 middle = up.centre().plus(down.centre()).times(0.5);
      Vector3 cranial = up.normal().plus(down.normal());
      return LevelFrame.of(
          found.at(middle.x(), middle.y(), middle.z()), found.direction(cranial), found.anterior());
    }

    VertebralBody measured(Occupancy body, boolean flat) {
      LevelFrame frame = frame();
      Endplate superior = endplate(body, found, up, new Counted(-1, cutUp, columns), flat);
      Endplate inferior = endplate(body, found, down, new Counted(1, cutDown, columns), flat);
      double front =
          (found.local(superior.anteriorEdge()).x() + found.local(inferior.anteriorEdge()).x()) / 2;
      double back =
          (found.local(superior.posteriorEdge()).x() + found.local(inferior.posteriorEdge()).x())
              / 2;
      double[] heights = new double[HEIGHTS_AT.length];
      for (int n = 0; n < heights.length; n++) {
        double a = front - HEIGHTS_AT[n] * (front - back);
        heights[n] = above.at(a) - below.at(a);
      }
      return new VertebralBody(frame, superior, inferior, heights[0], heights[1], heights[2]);
    }
  }

  private static Endplate endplate(
      Occupancy body, LevelFrame found, SurfacePlane plane, Counted counted, boolean flat) {
    Vector3 c = plane.centre();
    Vector3 normal = found.direction(plane.normal());
    LevelFrame lying = LevelFrame.of(found.at(c.x(), c.y(), c.z()), normal, found.anterior());
    double middle = -c.y();
    double front = rim(body, lying, middle, counted.inwards, 1, flat);
    double back = rim(body, lying, middle, counted.inwards, -1, flat);
    int fewest = flat ? FEWEST_OF_A_SLICE : FEWEST_POINTS;
    ShapeQuality quality =
        counted.cut > CUT_SHARE * counted.columns
            ? ShapeQuality.PARTIAL_VIEW
            : plane.inliers() < fewest || Double.isNaN(front + back)
                ? ShapeQuality.FEW_POINTS
                : plane.rmsMm() > LARGEST_RMS_MM ? ShapeQuality.POOR_FIT : ShapeQuality.OK;
    return new Endplate(
        lying.centre(), normal, lying.at(front, middle, 0), lying.at(-back, middle, 0), quality);
  }

  /** Returns how far an endplate's edge is: the mean over some depths below it, or NaN. */
  private static double rim(
      Occupancy body, LevelFrame lying, double middle, int inwards, int forwards, boolean flat) {
    return Arrays.stream(INSIDE_MM)
        .map(mm -> median(band(flat), l -> edge(body, lying, middle + l, inwards * mm, forwards)))
        .filter(mm -> !Double.isNaN(mm)) // a hollow endplate is nowhere near the label there
        .average()
        .orElse(Double.NaN);
  }

  private static double[] band(boolean flat) {
    double[] band = new double[flat ? 1 : (int) (2 * BAND_MM) + 1];
    Arrays.setAll(band, n -> flat ? 0 : n - BAND_MM);
    return band;
  }

  private static double sideways(Occupancy body, LevelFrame frame, double leftwards) {
    return body.toSurfaceMm(frame.centre(), frame.left().times(leftwards), REACH_MM);
  }

  /** Returns how far the surface is from {@code (0, l, u)}, forwards (1) or backwards (-1). */
  private static double edge(
      Occupancy body, LevelFrame frame, double l, double u, double forwards) {
    return body.toSurfaceMm(frame.at(0, l, u), frame.anterior().times(forwards), REACH_MM);
  }

  private static double median(double[] at, ToDoubleFunction<Double> value) {
    double[] values =
        Arrays.stream(at)
            .map(value::applyAsDouble)
            .filter(v -> !Double.isNaN(v))
            .sorted()
            .toArray();
    return values.length == 0 ? Double.NaN : values[values.length / 2];
  }
}
