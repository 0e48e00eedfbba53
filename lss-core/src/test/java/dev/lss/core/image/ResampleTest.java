package dev.lss.core.image;

import static dev.lss.api.model.ResamplingRule.CUBIC;
import static dev.lss.api.model.ResamplingRule.LINEAR;
import static dev.lss.api.model.ResamplingRule.LINEAR_ANTIALIASED;
import static dev.lss.api.model.ResamplingRule.NEAREST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.ResamplingRule;
import dev.lss.core.inference.StagePool;
import dev.lss.spi.VoxelArrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResampleTest {

  @Test
  void nearest_equals_scikit_image() {
    assertGolden(NEAREST, 0, 0);
  }

  @Test
  void linear_equals_scikit_image() {
    assertGolden(LINEAR, 1, 1e-12);
  }

  @Test
  void cubic_equals_scikit_image() {
    assertGolden(CUBIC, 3, 1e-10);
  }

  @Test
  void extents_round_half_to_even_after_dividing_first() {
    for (JsonNode row : GoldenVectors.read().get("compute_new_shape")) {
      Extents extents = new Extents(row.get(2).asInt(), 1, 1);
      var grid = GridGeometry.ofSpacing(extents, new Vector3(row.get(0).asDouble(), 1, 1));

      Extents result = Resample.extentsFor(grid, new Vector3(row.get(1).asDouble(), 1, 1));

      assertThat(result.i()).isEqualTo(row.get(3).asInt());
    }
  }

  @Test
  void half_the_voxels_of_a_ramp_are_the_means_of_pairs() {
    Volume row = TestImages.row(0, 2, 4, 6);

    Volume half = Resample.toSpacing(row, new Vector3(2, 1, 1), LINEAR);

    assertThat(VoxelArrays.samples(half)).containsExactly(1, 5);
    assertThat(half.geometry().spacingMm()).isEqualTo(new Vector3(2, 1, 1));
    assertThat(half.geometry().affine().origin()).isEqualTo(new Vector3(0.5, 0, 0));
  }

  @Test
  void the_antialiased_triangle_is_as_wide_as_the_output_step() {
    // scale 2, so output 0 lies at 0.5 and its triangle reaches from -1.5 to 2.5:
    // weights 0.75, 0.75, 0.25 and nothing outside, divided by their sum 1.75.
    Volume half =
        Resample.toSpacing(TestImages.row(7, 0, 0, 14), new Vector3(2, 1, 1), LINEAR_ANTIALIASED);

    assertThat(VoxelArrays.samples(half)).containsExactly(3, 6);
  }

  @Test
  void enlarging_repeats_the_edges() {
    Volume row = TestImages.row(0, 4);

    float[] plain = VoxelArrays.samples(Resample.toExtents(row, new Extents(4, 1, 1), LINEAR));
    float[] antialiased =
        VoxelArrays.samples(Resample.toExtents(row, new Extents(4, 1, 1), LINEAR_ANTIALIASED));

    assertThat(plain).containsExactly(0, 1, 3, 4);
    assertThat(antialiased).containsExactly(0, 1, 3, 4);
  }

  @Test
  void cubic_never_leaves_the_range_of_the_input() {
    float[] values =
        VoxelArrays.samples(
            Resample.toExtents(TestImages.row(0, 0, 1, 1), new Extents(9, 1, 1), CUBIC));

    for (float value : values) {
      assertThat(value).isBetween(0f, 1f);
    }
    assertThat(values[4]).isCloseTo(0.5f, within(1e-6f));
  }

  @ParameterizedTest
  @EnumSource(value = ResamplingRule.class, mode = EnumSource.Mode.MATCH_NONE, names = "LABEL_.*")
  void a_constant_stays_that_constant(ResamplingRule rule) {
    var grid = GridGeometry.ofSpacing(new Extents(9, 8, 7), new Vector3(1, 1, 1));
    float[] samples = new float[9 * 8 * 7];
    java.util.Arrays.fill(samples, -123.25f);

    Volume result = Resample.toExtents(Volume.wrap(grid, samples), new Extents(4, 11, 5), rule);

    assertThat(VoxelArrays.samples(result)).containsOnly(-123.25f);
  }

  @Test
  void a_field_linear_in_space_keeps_its_values_at_their_places() {
    GridGeometry grid =
        TestImages.oblique(
            new Extents(20, 18, 16), AnatomicalCode.parse("PIR"), new Vector3(1, 1.5, 2));
    float[] samples = new float[grid.extents().voxels()];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = (float) field(grid, n % 20, n / 20 % 18, n / 360);
    }

    Volume result = Resample.toSpacing(Volume.wrap(grid, samples), new Vector3(2.3, 1, 3), LINEAR);

    Extents e = result.extents();
    assertThat(e).isEqualTo(new Extents(9, 27, 11));
    for (int k = 1; k < e.k() - 1; k++) {
      for (int j = 1; j < e.j() - 1; j++) {
        for (int i = 1; i < e.i() - 1; i++) {
          assertThat((double) result.get(i, j, k))
              .isCloseTo(field(result.geometry(), i, j, k), within(1e-3));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = ResamplingRule.class, mode = EnumSource.Mode.MATCH_NONE, names = "LABEL_.*")
  void the_number_of_threads_changes_no_bit(ResamplingRule rule) {
    Volume volume = TestImages.noise(new Extents(33, 29, 31), new Vector3(1, 1, 1), 11);
    try (StagePool two = new StagePool(2);
        StagePool eight = new StagePool(8)) {
      for (Extents out :
          new Extents[] {
            new Extents(10, 40, 13), new Extents(33, 29, 70), new Extents(12, 12, 31)
          }) {
        float[] one = VoxelArrays.samples(Resample.toExtents(volume, out, rule));

        assertThat(VoxelArrays.samples(Resample.toExtents(volume, out, rule, two))).isEqualTo(one);
        assertThat(VoxelArrays.samples(Resample.toExtents(volume, out, rule, eight)))
            .isEqualTo(one);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = ResamplingRule.class, mode = EnumSource.Mode.MATCH_NONE, names = "LABEL_.*")
  void storage_order_matters_no_more_than_the_last_bit(ResamplingRule rule) {
    Volume volume = TestImages.noise(new Extents(19, 17, 15), new Vector3(1, 2, 3), 12);
    AnatomicalCode turned = AnatomicalCode.parse("SRA");

    Volume direct = Resample.toSpacing(volume, new Vector3(2.3, 1.7, 4.1), rule);
    Volume around = Resample.toSpacing(Orient.to(volume, turned), new Vector3(4.1, 2.3, 1.7), rule);

    float[] back = VoxelArrays.samples(Orient.to(around, AnatomicalCode.LPS));
    for (int n = 0; n < back.length; n++) {
      assertThat(back[n]).isCloseTo(VoxelArrays.samples(direct)[n], within(1e-4f));
    }
  }

  @ParameterizedTest
  @EnumSource(value = ResamplingRule.class, mode = EnumSource.Mode.MATCH_NONE, names = "LABEL_.*")
  void normalising_on_the_way_gives_the_same_bits(ResamplingRule rule) {
    Volume volume = TestImages.noise(new Extents(9, 8, 7), new Vector3(1, 1, 1), 13);
    var target = new Vector3(1.4, 0.7, 2);
    for (Normalization normalization :
        new Normalization[] {
          new Normalization.CtClip(-50, 80, 12.5, 33.25), new Normalization.ZScore()
        }) {

      Volume fused =
          Resample.normalized(
              volume,
              normalization,
              new Resample.Way(
                  Resample.extentsFor(volume.geometry(), target), rule, OptionalInt.empty()),
              Slabs.SERIAL);

      Volume twoSteps = Resample.toSpacing(Normalize.apply(volume, normalization), target, rule);
      assertThat(VoxelArrays.samples(fused)).isEqualTo(VoxelArrays.samples(twoSteps));
    }
  }

  @Test
  void an_image_that_keeps_its_size_is_returned_itself() {
    Volume volume = TestImages.row(1, 2, 3);

    assertThat(Resample.toSpacing(volume, new Vector3(1, 1, 1), CUBIC)).isSameAs(volume);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void a_spacing_that_is_no_length_is_refused(double spacing) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Resample.toSpacing(TestImages.row(1, 2), new Vector3(1, 1, spacing), LINEAR))
        .withMessage("spacing along axis 2 must be positive, was " + spacing + " mm");
  }

  private static double field(GridGeometry grid, double i, double j, double k) {
    Vector3 p = grid.toWorldMm(new Vector3(i, j, k));
    return 2 * p.x() - 3 * p.y() + 0.5 * p.z();
  }

  private static void assertGolden(ResamplingRule rule, int order, double tolerance) {
    for (JsonNode golden : GoldenVectors.read().get("resample")) {
      Extents extents = GoldenVectors.extents(golden.get("input").get("shape"));
      double[] input = GoldenVectors.doubles(golden.get("input"));
      float[] samples = new float[input.length];
      for (int n = 0; n < samples.length; n++) {
        samples[n] = (float) input[n];
      }
      Volume volume = Volume.wrap(GridGeometry.ofSpacing(extents, new Vector3(1, 1, 1)), samples);
      Extents out = GoldenVectors.extents(golden.get("out_shape"));
      double[] result = new double[out.voxels()];

      Resample.run(
          Samples.of(volume, Normalize.InPlace.NONE),
          new Resample.Way(out, rule, OptionalInt.empty()),
          Slabs.SERIAL,
          (j, k, row, from) -> System.arraycopy(row, from, result, out.offset(0, j, k), out.i()));

      double[] expected = GoldenVectors.doubles(golden.get("skimage_resize_edge_order" + order));
      for (int n = 0; n < expected.length; n++) {
        assertThat(result[n]).isCloseTo(expected[n], within(tolerance));
      }
    }
  }
}
