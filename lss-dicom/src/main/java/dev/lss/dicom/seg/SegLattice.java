package dev.lss.dicom.seg;

import dev.lss.api.ResourceException;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.series.Placement;
import dev.lss.dicom.series.Slice;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The planes on which frames lie: parallel, of one size, at multiples of one step. A plane without
 * a frame holds nothing. Immutable.
 */
public final class SegLattice {

  private static final double SAME_DIRECTION = 1e-4;
  private static final double SAME_SPACING_MM = 1e-4;
  private static final double SAME_PLACE_MM = 0.01;
  private static final double EVEN = 0.01;
  private static final double STRAIGHT = 0.01;
  private static final double MOST_DRIFT = 0.05;
  private static final int MOST_PLANES = 1 << 16;

  private final GridGeometry grid;

  private SegLattice(GridGeometry grid) {
    this.grid = grid;
  }

  /** Returns the smallest grid that holds all frames, and every plane between them. */
  GridGeometry grid() {
    return grid;
  }

  /**
   * Places frames.
   *
   * @throws dev.lss.api.InvalidStudyException when one does not say where it lies, or they do not
   *     lie on one lattice
   */
  static SegLattice of(List<Slice> frames) {
    Slice first = frames.get(0);
    String name = first.file().name();
    frames.forEach(Placement::check);
    for (Slice frame : frames) {
      if (apart(frame.orientation(), first.orientation()) > SAME_DIRECTION
          || apart(frame.pixelSpacing(), first.pixelSpacing()) > SAME_SPACING_MM) {
        throw DicomFault.of(
            "BAD_SEG",
            name,
            "its frames differ in direction or pixel spacing; they make no volume");
      }
    }
    Vector3 normal = Placement.normal(first.orientation());
    double[] at = frames.stream().mapToDouble(f -> f.along(normal)).sorted().toArray();
    double step = step(name, at, frames);
    long planes = 1 + Math.round((at[at.length - 1] - at[0]) / step);
    if (planes > MOST_PLANES) {
      throw DicomFault.of(
          "BAD_SEG", name, "its %s frames would lie on %s planes".formatted(frames.size(), planes));
    }
    if (planes * first.format().pixels() > Integer.MAX_VALUE - 16) {
      throw new ResourceException(
          "TOO_LARGE",
          "%s: %s planes of %s pixels are more voxels than fit into memory"
              .formatted(name, planes, first.format().pixels()));
    }
    Comparator<Slice> byPlace = Comparator.comparingDouble(f -> f.along(normal));
    Slice lowest = frames.stream().min(byPlace).orElseThrow();
    Slice highest = frames.stream().max(byPlace).orElseThrow();
    Extents extents = new Extents(first.format().columns(), first.format().rows(), (int) planes);
    GridGeometry grid =
        alongSlices(
            GridGeometry.ofDicom(
                extents, lowest.position(), first.orientation(), first.pixelSpacing(), step),
            highest.position());
    frames.forEach(frame -> requireOn(grid, frame, name));
    return new SegLattice(grid);
  }

  /** Lets the third axis lead to the last plane where the planes drift sideways. */
  private static GridGeometry alongSlices(GridGeometry straight, double[] last) {
    Vector3 end = new Vector3(last[0], last[1], last[2]);
    Vector3 index = straight.toIndex(end);
    if (Math.max(Math.abs(index.x()), Math.abs(index.y())) <= STRAIGHT) {
      return straight;
    }
    Affine affine = straight.affine();
    Vector3 step = end.minus(affine.origin()).times(1.0 / (straight.extents().k() - 1));
    Vector3 spacing = straight.spacingMm().with(2, step.norm());
    return GridGeometry.of(
        straight.extents(),
        new Affine(affine.columnI(), affine.columnJ(), step, affine.origin()),
        spacing);
  }

  static double apart(double[] one, double[] other) {
    double worst = 0;
    for (int n = 0; n < one.length; n++) {
      worst = Math.max(worst, Math.abs(one[n] - other[n]));
    }
    return worst;
  }

  /**
   * The declared step where the distances are multiples of it, else the smallest distance. It is
   * made exact over the whole stack.
   */
  private static double step(String name, double[] at, List<Slice> frames) {
    OptionalDouble declared = frames.get(0).thicknessMm();
    if (declared.isPresent() && !(declared.getAsDouble() > 1e-4 && declared.getAsDouble() < 1e4)) {
      throw DicomFault.of("BAD_SPACING", name, "the distance of its frames is out of range");
    }
    double smallest = Double.POSITIVE_INFINITY;
    for (int n = 1; n < at.length; n++) {
      double gap = at[n] - at[n - 1];
      smallest = gap >= SAME_PLACE_MM ? Math.min(smallest, gap) : smallest;
    }
    double length = at[at.length - 1] - at[0];
    if (smallest == Double.POSITIVE_INFINITY) {
      return declared.orElseThrow(
          () ->
              DicomFault.of(
                  "GEOMETRY_MISSING", name, "its only plane has no thickness (0018,0050)"));
    }
    double step = smallest;
    if (declared.isPresent()) {
      double times = smallest / declared.getAsDouble();
      step = times > 0.5 && isWhole(times) ? declared.getAsDouble() : smallest;
    }
    return length / Math.max(1, Math.rint(length / step));
  }

  private static boolean isWhole(double number) {
    return Math.abs(number - Math.rint(number)) <= EVEN * Math.max(1, number);
  }

  private static void requireOn(GridGeometry grid, Slice frame, String name) {
    double[] p = frame.position();
    Vector3 index = grid.toIndex(new Vector3(p[0], p[1], p[2]));
    double alongMm = Math.abs(index.z() - Math.rint(index.z())) * grid.spacingMm().z();
    if (alongMm > Math.max(SAME_PLACE_MM, EVEN * grid.spacingMm().z())) {
      throw DicomFault.of(
          "IRREGULAR_SPACING",
          name,
          String.format(
              Locale.ROOT,
              "its frames lie at no multiples of one step; with %.4g mm one is off by %.3g mm",
              grid.spacingMm().z(),
              alongMm));
    }
    double sideways = Math.max(Math.abs(index.x()), Math.abs(index.y()));
    if (sideways > MOST_DRIFT) {
      throw DicomFault.of(
          "SHEARED",
          name,
          String.format(
              Locale.ROOT, "its frames lie up to %.3g pixels beside each other", sideways));
    }
  }

  /**
   * Returns the smallest grid that holds two grids of one lattice, on the first one's axes; empty
   * when they are not of one.
   */
  public static Optional<GridGeometry> union(GridGeometry one, GridGeometry other) {
    ExactMap map = ExactMap.of(other, one).orElse(null);
    if (map == null) {
      return Optional.empty();
    }
    int[] from = {0, 0, 0};
    int[] to = {one.extents().i(), one.extents().j(), one.extents().k()};
    for (int corner = 0; corner < 2; corner++) {
      int[] at =
          map.apply(
              corner * (other.extents().i() - 1),
              corner * (other.extents().j() - 1),
              corner * (other.extents().k() - 1));
      for (int axis = 0; axis < 3; axis++) {
        from[axis] = Math.min(from[axis], at[axis]);
        to[axis] = Math.max(to[axis], at[axis] + 1);
      }
    }
    int[] size = new int[3];
    Arrays.setAll(size, axis -> to[axis] - from[axis]);
    long voxels = (long) size[0] * size[1] * size[2];
    long sum = (long) one.extents().voxels() + other.extents().voxels();
    if (voxels > (1L << 26) + 16 * sum || voxels > Integer.MAX_VALUE - 16) {
      return Optional.empty();
    }
    Affine affine = one.affine().startingAt(new Vector3(from[0], from[1], from[2]));
    return Optional.of(
        GridGeometry.of(new Extents(size[0], size[1], size[2]), affine, one.spacingMm()));
  }
}
