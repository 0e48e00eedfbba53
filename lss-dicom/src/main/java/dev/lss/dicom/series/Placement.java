package dev.lss.dicom.series;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.dicom.data.DicomFault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Where a stack of slices lies. The step is the distance of the slices' positions along the normal
 * of their plane; thickness and declared spacing count only for a single slice. Immutable.
 *
 * @param grid where the voxels lie once the slices are straight
 * @param shifts how far each slice lies off the normal through the first one, in pixels along i and
 *     j; empty when the grid places the slices as they are
 * @param notices what is doubtful
 */
public record Placement(GridGeometry grid, List<double[]> shifts, List<Notice> notices) {

  /** Deviations that rounding explains: of direction cosines, and the smallest ones in mm. */
  private static final double ROUNDING = 1e-3;

  private static final double SMALL_GAP_MM = 0.01;
  private static final double STRAIGHT = 0.1;
  private static final double MULTIPLE = 0.05;

  /** Copies the lists. */
  public Placement {
    shifts = List.copyOf(shifts);
    notices = List.copyOf(notices);
  }

  /** Returns the normal of the plane of a slice whose orientation was checked. */
  public static Vector3 normal(double[] orientation) {
    Vector3 row = new Vector3(orientation[0], orientation[1], orientation[2]);
    Vector3 column = new Vector3(orientation[3], orientation[4], orientation[5]);
    Vector3 cross = row.cross(column);
    return cross.times(1 / cross.norm());
  }

  /**
   * Refuses a slice that does not say, in numbers that make sense, where it lies.
   *
   * @throws InvalidStudyException {@code MOSAIC}, {@code GEOMETRY_MISSING}, {@code BAD_ORIENTATION}
   *     or {@code BAD_SPACING}
   */
  public static void check(Slice slice) {
    String name = slice.file().name();
    if (slice.isMosaic()) {
      throw DicomFault.of(
          "MOSAIC", name, "it is a mosaic, which holds the slices of a volume in one picture");
    }
    double[] position = slice.position();
    double[] cosines = slice.orientation();
    double[] spacing = slice.pixelSpacing();
    if (position.length == 0 || cosines.length == 0 || spacing.length == 0) {
      throw DicomFault.of(
          "GEOMETRY_MISSING",
          name,
          "it lacks position (0020,0032), orientation (0020,0037) or pixel spacing (0028,0030)");
    }
    if (spacing.length != 2 || !isLength(spacing[0]) || !isLength(spacing[1])) {
      throw DicomFault.of(
          "BAD_SPACING", name, "pixel spacing (0028,0030) must be two positive numbers of mm");
    }
    boolean finite =
        position.length == 3
            && cosines.length == 6
            && Arrays.stream(position).allMatch(mm -> Math.abs(mm) < 1e6)
            && Arrays.stream(cosines).allMatch(Double::isFinite);
    if (!finite) {
      throw DicomFault.of(
          "BAD_ORIENTATION",
          name,
          "position (0020,0032) must be three and orientation (0020,0037) six finite numbers");
    }
    Vector3 row = new Vector3(cosines[0], cosines[1], cosines[2]);
    Vector3 column = new Vector3(cosines[3], cosines[4], cosines[5]);
    if (!(Math.abs(row.norm() - 1) <= ROUNDING)
        || !(Math.abs(column.norm() - 1) <= ROUNDING)
        || !(Math.abs(row.dot(column)) <= ROUNDING)) {
      throw DicomFault.of(
          "BAD_ORIENTATION",
          name,
          "orientation (0020,0037) must be two directions of length 1 at a right angle");
    }
  }

  private static boolean isLength(double mm) {
    return mm > 1e-4 && mm < 1e4;
  }

  /**
   * Places slices that are sorted along their normal.
   *
   * @param subject what messages call the series
   * @param slices at least one, all checked, no two at one place
   * @throws InvalidStudyException {@code MISSING_SLICES}, {@code IRREGULAR_SPACING}, {@code
   *     SHEARED} or {@code GEOMETRY_MISSING}
   */
  static Placement of(String subject, List<Slice> slices, SeriesOptions options) {
    Slice first = slices.get(0);
    Extents extents = new Extents(first.format().columns(), first.format().rows(), slices.size());
    if (slices.size() == 1) {
      return single(subject, first, extents);
    }
    Vector3 normal = normal(first.orientation());
    double[] at = slices.stream().mapToDouble(s -> s.along(normal)).toArray();
    requireEvenGaps(subject, at, options.gapTolerance());
    double step = (at[at.length - 1] - at[0]) / (at.length - 1);
    GridGeometry straight =
        GridGeometry.ofDicom(
            extents, first.position(), first.orientation(), first.pixelSpacing(), step);
    List<double[]> shifts = new ArrayList<>();
    double worstPixels = 0;
    double worstMm = 0;
    Vector3 worst = new Vector3(0, 0, 0);
    for (int k = 0; k < slices.size(); k++) {
      double[] p = slices.get(k).position();
      Vector3 index = straight.toIndex(new Vector3(p[0], p[1], p[2]));
      shifts.add(new double[] {index.x(), index.y()});
      Vector3 drift =
          straight
              .toWorldMm(new Vector3(index.x(), index.y(), 0))
              .minus(straight.toWorldMm(new Vector3(0, 0, 0)));
      worstPixels = Math.max(worstPixels, Math.max(Math.abs(index.x()), Math.abs(index.y())));
      if (drift.norm() > worstMm) {
        worstMm = drift.norm();
        worst = drift;
      }
    }
    if (worstMm <= STRAIGHT && worstPixels <= STRAIGHT) {
      return new Placement(straight, List.of(), List.of());
    }
    double degrees = Math.toDegrees(Math.atan(worst.norm() / (at[at.length - 1] - at[0])));
    String drifts =
        String.format(
            Locale.ROOT,
            "its slices drift sideways by %.3f mm (%.2f pixels), which is a tilt of %.2f degrees",
            worstMm,
            worstPixels,
            degrees);
    if (worstPixels <= 1) {
      return sheared(straight, slices, new Notice("SHEARED_GRID", subject + ": " + drifts));
    }
    if (!options.correctsTilt()) {
      throw DicomFault.of("SHEARED", subject, drifts + "; allow its correction, or reformat it");
    }
    Notice notice = new Notice("TILT_CORRECTED", subject + ": " + drifts + "; corrected");
    return new Placement(straight, shifts, List.of(notice));
  }

  /** The slices stay where they are, and the grid's third axis is not at right angles. */
  private static Placement sheared(GridGeometry straight, List<Slice> slices, Notice notice) {
    double[] first = slices.get(0).position();
    double[] last = slices.get(slices.size() - 1).position();
    double share = 1.0 / (slices.size() - 1);
    Vector3 step =
        new Vector3(
            (last[0] - first[0]) * share,
            (last[1] - first[1]) * share,
            (last[2] - first[2]) * share);
    Affine affine =
        new Affine(
            straight.affine().column(0),
            straight.affine().column(1),
            step,
            new Vector3(first[0], first[1], first[2]));
    GridGeometry grid =
        GridGeometry.of(
            straight.extents(),
            affine,
            new Vector3(straight.spacingMm().x(), straight.spacingMm().y(), step.norm()));
    return new Placement(grid, List.of(), List.of(notice));
  }

  private static Placement single(String subject, Slice slice, Extents extents) {
    OptionalDouble thickness = slice.thicknessMm();
    if (thickness.isEmpty()) {
      throw DicomFault.of(
          "GEOMETRY_MISSING", subject, "its only slice has no thickness (0018,0050)");
    }
    GridGeometry grid =
        GridGeometry.ofDicom(
            extents,
            slice.position(),
            slice.orientation(),
            slice.pixelSpacing(),
            thickness.getAsDouble());
    Notice notice =
        new Notice("SINGLE_SLICE", subject + ": it is a single slice; volumes in it mean little");
    return new Placement(grid, List.of(), List.of(notice));
  }

  private static void requireEvenGaps(String subject, double[] at, double tolerance) {
    double[] gaps = new double[at.length - 1];
    for (int n = 0; n < gaps.length; n++) {
      gaps[n] = at[n + 1] - at[n];
    }
    double[] sorted = gaps.clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    double worst = 0;
    for (double gap : gaps) {
      worst = Math.max(worst, Math.abs(gap - median));
    }
    if (worst <= Math.max(SMALL_GAP_MM, tolerance * median)) {
      return;
    }
    List<String> missing = new ArrayList<>();
    boolean multiples = true;
    for (int n = 0; n < gaps.length; n++) {
      long times = Math.round(gaps[n] / sorted[0]);
      multiples &= Math.abs(gaps[n] - times * sorted[0]) <= MULTIPLE * sorted[0];
      if (times > 1) {
        missing.add(String.format(Locale.ROOT, "%s behind slice %s", times - 1, n + 1));
      }
    }
    if (multiples && !missing.isEmpty()) {
      throw DicomFault.of(
          "MISSING_SLICES",
          subject,
          "slices are missing: %s of %s"
              .formatted(
                  String.join(", ", missing.subList(0, Math.min(10, missing.size()))), at.length));
    }
    throw DicomFault.of(
        "IRREGULAR_SPACING",
        subject,
        String.format(
            Locale.ROOT,
            "the distance of its slices is %.4g mm but deviates by up to %.4g mm",
            median,
            worst));
  }
}
