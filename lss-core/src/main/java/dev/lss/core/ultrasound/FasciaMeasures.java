package dev.lss.core.ultrasound;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.FasciaMeasurement.CentrePoint;
import dev.lss.api.FasciaMeasurement.Echo;
import dev.lss.api.FasciaMeasurement.Thickness;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.LengthUnit;
import dev.lss.api.Notice;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures the layers of fascia in an ultrasound image: every pixel whose label is not 0 is fascia.
 *
 * <p>The rules are those of {@link FasciaFragment}, {@link FasciaLayer} and {@link FasciaEcho}.
 * Pieces shorter than 5 mm or smaller than 3 mm² are left out and counted in a notice. All geometry
 * runs in millimetres, so pixels need not be square; without a known scale lengths are in pixels,
 * and the millimetres of the rules are taken as if the longer side of the image region were 50 mm.
 */
public final class FasciaMeasures {

  private static final double SHORTEST_MM = 5;
  private static final double SMALLEST_MM2 = 3;
  private static final double THINNEST_MM = 0.3;
  private static final double THICKEST_MM = 6;
  private static final double LARGEST_DISAGREEMENT_PIXELS = 1.5;
  private static final double LARGEST_SATURATED_SHARE = 0.1;

  private FasciaMeasures() {}

  /**
   * Returns the layers from the skin down; empty when none is long enough.
   *
   * @param labels fascia, on the image's grid
   * @param image one plane of grey values from 0 to 255
   * @param region where the image shows tissue; empty to take all of it
   * @param notices takes what is doubtful
   * @throws InvalidStudyException {@code GRID_MISMATCH} when labels and image lie on different
   *     grids
   */
  public static List<FasciaMeasurement> of(
      LabelVolume labels, Volume image, Optional<ImageRegion> region, List<Notice> notices) {
    if (!image.geometry().sameAs(labels.geometry(), GridGeometry.SAME_VOXELS)
        || image.extents().k() != 1) {
      throw new InvalidStudyException(
          "GRID_MISMATCH",
          "labels and image must be one plane of one grid; the labels have %s, the image has %s"
              .formatted(labels.geometry().describe(), image.geometry().describe()));
    }
    IndexBox box = region.map(ImageRegion::box).orElse(IndexBox.of(image.extents()));
    FasciaScale scale = FasciaScale.of(image.geometry(), box);
    PlaneMask fascia = PlaneMask.of(image.geometry(), foreground(labels));
    List<FasciaFragment> fragments = new ArrayList<>();
    int dropped = 0;
    for (PlaneMask piece : fascia.pieces()) {
      Optional<FasciaFragment> fragment = trace(piece, scale);
      fragment.ifPresent(fragments::add);
      dropped += fragment.isPresent() ? 0 : 1;
    }
    List<Measured> measured = new ArrayList<>();
    for (FasciaLayer layer : FasciaLayer.of(fragments, scale)) {
      Optional<Thickness> thickness = Profile.thickness(layer.thickness(), layer.vertical());
      if (thickness.isEmpty()) {
        dropped += layer.fragments().size();
      } else {
        measured.add(
            new Measured(layer, thickness.get(), depth(layer.centreLine(), image, region)));
      }
    }
    if (dropped > 0) {
      notices.add(
          new Notice(
              "FRAGMENTS_DROPPED",
              "%s pieces of fascia are too short or too small to be measured".formatted(dropped)));
    }
    measured.sort(Comparator.comparingDouble(Measured::depth));
    List<FasciaMeasurement> layers = new ArrayList<>();
    for (Measured one : measured) {
      Echo echo = FasciaEcho.of(one.layer(), fascia.pixels(), image, region, scale);
      FasciaMeasurement layer = one.as(layers.size() + 1, scale.unit(), echo);
      layers.add(layer);
      doubts(layer, one.layer(), image, notices);
    }
    return List.copyOf(layers);
  }

  private static Optional<FasciaFragment> trace(PlaneMask piece, FasciaScale scale) {
    if (piece.area() < SMALLEST_MM2 * scale.of(1) * scale.of(1)) {
      return Optional.empty();
    }
    return Optional.of(FasciaFragment.trace(piece, scale))
        .filter(fragment -> fragment.length() >= scale.of(SHORTEST_MM));
  }

  private static BitSet foreground(LabelVolume labels) {
    short[] values = VoxelArrays.labels(labels);
    BitSet pixels = new BitSet(values.length);
    for (int n = 0; n < values.length; n++) {
      pixels.set(n, values[n] != 0);
    }
    return pixels;
  }

  /** A layer before it has a number. */
  private record Measured(FasciaLayer layer, Thickness thickness, double depth) {

    FasciaMeasurement as(int number, LengthUnit unit, Echo echo) {
      List<CentrePoint> line = layer.centreLine();
      return FasciaMeasurement.builder(number, unit)
          .thickness(thickness)
          .length(line.get(line.size() - 1).arc())
          .angleDeg(layer.angleDeg())
          .depth(depth)
          .echo(echo)
          .fragments(layer.fragments().size())
          .branches(layer.fragments().stream().mapToInt(FasciaFragment::branches).sum())
          .centreLine(line)
          .build();
    }
  }

  /** Mean vertical distance of the centre line from the upper edge of the skin's first pixel. */
  private static double depth(List<CentrePoint> line, Volume image, Optional<ImageRegion> region) {
    int columns = image.extents().i();
    double rows = 0;
    for (CentrePoint point : line) {
      int column = (int) Math.min(Math.max(Math.rint(point.column()), 0), columns - 1);
      int skin = region.isPresent() ? region.get().skinRow(column, columns) : 0;
      rows += point.row() + 0.5 - skin;
    }
    return rows / line.size() * image.geometry().spacingMm().y();
  }

  private static void doubts(
      FasciaMeasurement measured, FasciaLayer layer, Volume image, List<Notice> notices) {
    double mean = measured.thickness().mean();
    if (measured.unit() == LengthUnit.MM && !(mean >= THINNEST_MM && mean <= THICKEST_MM)) {
      notices.add(
          notice(
              "IMPLAUSIBLE_THICKNESS",
              "layer %s is %.2f mm thick, which is unlikely for one layer of fascia",
              measured.layer(),
              mean));
    }
    double pixel = Math.max(image.geometry().spacingMm().x(), image.geometry().spacingMm().y());
    double byArea = layer.area() / layer.coveredLength();
    if (Math.abs(byArea - mean) > LARGEST_DISAGREEMENT_PIXELS * pixel) {
      notices.add(
          notice(
              "THICKNESS_UNSURE",
              "layer %s is %.2f thick along its normals but %.2f by area over length",
              measured.layer(),
              mean,
              byArea));
    }
    if (measured.echo().saturatedShare() > LARGEST_SATURATED_SHARE) {
      notices.add(
          notice(
              "SATURATED_ECHO",
              "%2$.0f %% of layer %1$s are saturated; its brightness is a lower bound",
              measured.layer(),
              100 * measured.echo().saturatedShare()));
    }
  }

  private static Notice notice(String code, String format, Object... values) {
    return new Notice(code, String.format(Locale.ROOT, format, values));
  }
}
