package dev.lss.metrics;

import static dev.lss.metrics.Golden.close;
import static dev.lss.metrics.Golden.doubles;
import static dev.lss.metrics.Golden.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden cases, made with surface-distance and with an exact transform in NumPy. */
class SurfaceGoldenTest {

  private final JsonNode golden = Golden.statistics().path("surface_and_overlap");

  @Test
  void all_256_areas_are_those_of_surface_distance() {
    JsonNode areas = golden.at("/neighbour_code/total_area_by_code_for_spacing");
    assertThat(areas.size()).isEqualTo(3);
    areas
        .properties()
        .forEach(
            entry -> {
              double[] s = spacing(entry.getKey());
              double[] ours = CellSurface.areasMm2(new Vector3(s[0], s[1], s[2]));
              assertAllClose(ours, doubles(entry.getValue()));
            });
  }

  @Test
  void all_16_lengths_are_those_of_surface_distance() {
    JsonNode lengths = golden.at("/neighbour_code/contour_length_by_code_2d");
    assertThat(lengths.size()).isEqualTo(2);
    lengths
        .properties()
        .forEach(
            entry -> {
              double[] s = spacing(entry.getKey());
              assertAllClose(CellSurface.lengthsMm(s[0], s[1]), doubles(entry.getValue()));
            });
  }

  private static double[] spacing(String key) {
    return List.of(key.split(",")).stream().mapToDouble(Double::parseDouble).toArray();
  }

  private static void assertAllClose(double[] ours, double[] theirs) {
    assertThat(ours).hasSameSizeAs(theirs);
    for (int code = 0; code < ours.length; code++) {
      assertThat(Math.abs(ours[code] - theirs[code])).as("code %d", code).isLessThan(1e-12);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two_boxes_3d",
        "two_ellipsoids_3d",
        "two_pieces_3d",
        "touches_border_3d",
        "two_rectangles_2d",
        "two_discs_2d",
        "random_masks_3d"
      })
  void both_conventions_give_the_golden_values(String name) {
    JsonNode expected = golden.path("cases").path(name);
    LabelVolume reference = mask(name, expected, true);
    LabelVolume prediction = mask(name, expected, false);

    SurfaceDistances area = distances(reference, prediction, SurfaceConvention.AREA_WEIGHTED);
    DirectedDistances there = area.referenceToPrediction();
    DirectedDistances back = area.predictionToReference();
    assertThat(there.points()).isEqualTo(expected.path("surfels_ref").asInt());
    assertThat(back.points()).isEqualTo(expected.path("surfels_pred").asInt());
    close(there.totalWeight(), value(expected.path("surface_ref")), 1e-12, "area");
    close(there.meanMm(), value(expected.path("average_ref_to_pred")), 1e-12, "mean");
    close(back.meanMm(), value(expected.path("average_pred_to_ref")), 1e-12, "mean back");
    close(area.masdMm(), value(expected.path("masd_mean_of_directions")), 1e-12, "MASD");
    close(area.assdMm(), value(expected.path("assd_area_pooled")), 1e-12, "ASSD");
    assertThat(area.hausdorffMm()).isEqualTo(value(expected.path("hd")));
    assertThat(area.hausdorff95Mm()).isEqualTo(value(expected.path("hd95")));
    assertThat(area.percentileMm(50)).isEqualTo(value(expected.path("hd50")));
    close(there.shareWithin(1), value(expected.at("/overlap_1mm/0")), 1e-12, "overlap");
    close(back.shareWithin(1), value(expected.at("/overlap_1mm/1")), 1e-12, "overlap back");
    close(area.surfaceDice(1), value(expected.path("surface_dice_1mm")), 1e-12, "NSD 1");
    close(area.surfaceDice(2), value(expected.path("surface_dice_2mm")), 1e-12, "NSD 2");

    JsonNode edges = expected.path("edge_voxel_convention");
    SurfaceDistances edge = distances(reference, prediction, SurfaceConvention.EDGE_VOXELS);
    assertThat(edge.referenceToPrediction().points())
        .isEqualTo(edges.path("edge_voxels_ref").asInt());
    close(edge.hausdorffMm(), value(edges.path("hd")), 1e-12, "edge HD");
    close(edge.hausdorff95Mm(), value(edges.path("hd95")), 1e-12, "edge HD95");
    close(edge.assdMm(), value(edges.path("assd_pooled")), 1e-12, "edge ASSD");
    close(
        edge.predictionToReference().meanMm(),
        value(edges.path("asd_pred_to_ref")),
        1e-12,
        "edge mean");
    close(edge.surfaceDice(1), value(edges.path("nsd_1mm")), 1e-12, "edge NSD");
  }

  private static SurfaceDistances distances(
      LabelVolume reference, LabelVolume prediction, SurfaceConvention convention) {
    return LabelSurfaces.of(
            reference, prediction, List.of(1), SurfaceOptions.STANDARD.with(convention))
        .of(1);
  }

  /** Tells whether a voxel is in the mask. */
  private interface Solid {
    boolean holds(int i, int j, int k);
  }

  private static LabelVolume mask(String name, JsonNode expected, boolean reference) {
    double[] shape = doubles(expected.path("shape"));
    double[] s = doubles(expected.path("spacing_mm"));
    boolean plane = shape.length == 2;
    Extents extents = new Extents((int) shape[0], (int) shape[1], plane ? 1 : (int) shape[2]);
    Vector3 spacing = new Vector3(s[0], s[1], plane ? 1 : s[2]);
    Solid solid =
        switch (name) {
          case "two_boxes_3d" -> reference ? box(4, 16, 4, 14, 3, 11) : box(6, 17, 5, 14, 3, 12);
          case "two_ellipsoids_3d" ->
              reference ? ellipsoid(19, 17, 13, 13, 10, 8) : ellipsoid(21, 17, 14, 12, 11, 8.5);
          case "two_pieces_3d" -> pieces(reference);
          case "touches_border_3d" -> reference ? box(0, 7, 0, 12, 0, 12) : box(0, 8, 0, 12, 0, 12);
          case "two_rectangles_2d" -> reference ? box(5, 18, 6, 29, 0, 1) : box(6, 20, 6, 31, 0, 1);
          case "two_discs_2d" ->
              reference ? ellipsoid(24, 24, 0, 15, 15, 1) : ellipsoid(26, 23, 0, 14, 16, 1);
          default -> {
            String bits = expected.path(reference ? "reference" : "prediction").asText();
            yield (i, j, k) -> bits.charAt((i * 8 + j) * 7 + k) == '1';
          }
        };
    short[] labels = new short[extents.voxels()];
    for (int k = 0, n = 0; k < extents.k(); k++) {
      for (int j = 0; j < extents.j(); j++) {
        for (int i = 0; i < extents.i(); i++, n++) {
          labels[n] = (short) (solid.holds(i, j, k) ? 1 : 0);
        }
      }
    }
    return LabelVolume.wrap(GridGeometry.ofSpacing(extents, spacing), labels);
  }

  private static Solid pieces(boolean reference) {
    Solid first = box(3, 9, 3, 9, 3, 9);
    Solid second = box(18, 26, 4, 12, 5, reference ? 13 : 14);
    Solid speck = box(12, 14, 16, 18, 16, 18);
    return (i, j, k) ->
        first.holds(i, j, k) || second.holds(i, j, k) || (!reference && speck.holds(i, j, k));
  }

  private static Solid box(int i0, int i1, int j0, int j1, int k0, int k1) {
    return (i, j, k) -> i >= i0 && i < i1 && j >= j0 && j < j1 && k >= k0 && k < k1;
  }

  private static Solid ellipsoid(double x, double y, double z, double a, double b, double c) {
    return (i, j, k) -> {
      double u = (i - x) / a;
      double v = (j - y) / b;
      double w = (k - z) / c;
      return u * u + v * v + w * w <= 1;
    };
  }
}
