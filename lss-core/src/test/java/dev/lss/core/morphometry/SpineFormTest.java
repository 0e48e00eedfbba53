package dev.lss.core.morphometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.DiscSpaceMeasurement;
import dev.lss.api.ShapeQuality;
import dev.lss.api.VertebralShape;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.Slabs;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wedges whose heights and angles are known; 0.5 mm and 1 degree are allowed. No endplate leans by
 * nearly 26.6 degrees: in voxels a plane whose slope is nearly one half looks like two that are
 * exactly that, with a step between, and no method can tell its angle to a degree.
 */
class SpineFormTest {

  private static final double[] WEDGES = {2, 3, 4, 6, 8};
  private static final double[] DISCS = {4, 5, 7, 10};
  private static final Offset<Double> MM = within(0.5);
  private static final Offset<Double> DEGREES = within(1.0);

  private static LabelVolume upright(WedgeSpine spine, Vector3 spacing) {
    return spine.on(
        new Extents(
            (int) Math.ceil(70 / spacing.x()),
            (int) Math.ceil(150 / spacing.y()),
            (int) Math.ceil(200 / spacing.z())),
        new Affine(
            new Vector3(spacing.x(), 0, 0),
            new Vector3(0, spacing.y(), 0),
            new Vector3(0, 0, spacing.z()),
            new Vector3(-34.8, -60.3, -12.4)));
  }

  private static SpineForm form(LabelVolume labels) {
    return form(labels, 0);
  }

  private static SpineForm form(LabelVolume labels, double slip) {
    List<SpineForm.Vertebra> vertebrae = new WedgeSpine(WEDGES, DISCS, -18, slip).vertebrae(labels);
    return SpineForm.of(labels, vertebrae, Slabs.SERIAL);
  }

  private static void isAsBuilt(SpineForm form, Offset<Double> mm, Offset<Double> degrees) {
    for (int n = 0; n < 5; n++) {
      VertebralShape shape = form.shape(VertebraLevel.valueOf("L" + (n + 1)));
      double atTenth = 2 * 0.4 * 34 * Math.tan(Math.toRadians(WEDGES[n] / 2));
      assertThat(shape.quality()).isEqualTo(ShapeQuality.OK);
      assertThat(shape.anteriorHeightMm().orElseThrow()).isCloseTo(26 + atTenth, mm);
      assertThat(shape.middleHeightMm().orElseThrow()).isCloseTo(26, mm);
      assertThat(shape.posteriorHeightMm().orElseThrow()).isCloseTo(26 - atTenth, mm);
      assertThat(shape.depthMm().orElseThrow()).isCloseTo(34, mm);
      assertThat(shape.wedgeDegrees().orElseThrow()).isCloseTo(WEDGES[n], degrees);
    }
    List<DiscSpaceMeasurement> spaces = form.discSpaces();
    assertThat(spaces).hasSize(4);
    for (int n = 0; n < 4; n++) {
      DiscSpaceMeasurement space = spaces.get(n);
      assertThat(space.structure().above()).isEqualTo(VertebraLevel.valueOf("L" + (n + 1)));
      assertThat(space.middleHeightMm().orElseThrow()).isCloseTo(10, mm);
      assertThat(space.angleDegrees().orElseThrow()).isCloseTo(DISCS[n], degrees);
      assertThat(space.slipMm().orElseThrow()).isCloseTo(0, within(1.0));
      assertThat(space.slipGrade()).hasValue(0);
    }
    assertThat(form.lordosis().orElseThrow().degrees()).isCloseTo(49, degrees);
  }

  @Test
  void wedges_have_the_heights_and_angles_that_they_were_built_with() {
    isAsBuilt(
        form(upright(new WedgeSpine(WEDGES, DISCS, -18, 0), new Vector3(1, 1, 1))), MM, DEGREES);
  }

  @Test
  void thick_sagittal_slices_have_them_too() {
    isAsBuilt(
        form(upright(new WedgeSpine(WEDGES, DISCS, -18, 0), new Vector3(4, 0.7, 0.7))),
        MM,
        DEGREES);
  }

  static List<AnatomicalCode> codes() {
    return AnatomicalCode.all();
  }

  @ParameterizedTest
  @MethodSource("codes")
  void every_way_of_storing_gives_the_same(AnatomicalCode code) {
    Vector3[] columns = new Vector3[3];
    int[] sizes = new int[3];
    Vector3 origin = new Vector3(0, 0, 0);
    double[] low = {-34.8, -60.3, -12.4};
    int[] counts = {70, 150, 200};
    for (int axis = 0; axis < 3; axis++) {
      int world = code.get(axis).axis();
      int sign = code.get(axis).sign();
      columns[axis] = new Vector3(0, 0, 0).with(world, sign);
      sizes[axis] = counts[world];
      origin = origin.with(world, sign > 0 ? low[world] : low[world] + counts[world] - 1);
    }
    LabelVolume stored =
        new WedgeSpine(WEDGES, DISCS, -18, 0)
            .on(
                new Extents(sizes[0], sizes[1], sizes[2]),
                new Affine(columns[0], columns[1], columns[2], origin));

    isAsBuilt(form(stored), MM, DEGREES);
  }

  @Test
  void an_oblique_grid_gives_the_same() {
    double c = Math.cos(Math.toRadians(8));
    double s = Math.sin(Math.toRadians(8));
    LabelVolume oblique =
        new WedgeSpine(WEDGES, DISCS, -18, 0)
            .on(
                new Extents(90, 200, 240),
                new Affine(
                    new Vector3(1, 0, 0),
                    new Vector3(0, c, s),
                    new Vector3(0, -s, c),
                    new Vector3(-44.6, -60.3, -50.2)));

    isAsBuilt(form(oblique), MM, DEGREES);
  }

  @Test
  void a_single_sagittal_slice_is_measured_as_a_plane() {
    LabelVolume slice =
        new WedgeSpine(WEDGES, DISCS, -18, 0)
            .on(
                new Extents(1, 300, 400),
                new Affine(
                    new Vector3(4, 0, 0),
                    new Vector3(0, 0.5, 0),
                    new Vector3(0, 0, 0.5),
                    new Vector3(0.3, -60.3, -12.4)));

    isAsBuilt(form(slice), MM, DEGREES);
  }

  @Test
  void a_slip_is_measured_along_the_endplate_below() {
    for (double slip : new double[] {-6, 4, 9.5}) {
      LabelVolume labels = upright(new WedgeSpine(WEDGES, DISCS, -18, slip), new Vector3(1, 1, 1));

      DiscSpaceMeasurement space = form(labels, slip).discSpaces().get(3);

      assertThat(space.slipMm().orElseThrow()).isCloseTo(slip + backwards(), within(0.5));
      assertThat(space.slipGrade()).hasValue(slip < 0 ? 1 : slip < 5 ? 1 : 2);
    }
  }

  /** The disc below L4 is 10 mm high and open by 10 degrees, which puts its roof's edge back. */
  private static double backwards() {
    return -10 * Math.sin(Math.toRadians(5)) + 17 * (1 - Math.cos(Math.toRadians(10)));
  }

  @Test
  void a_body_that_the_image_cuts_has_no_heights() {
    WedgeSpine spine = new WedgeSpine(WEDGES, DISCS, -18, 0);
    LabelVolume cut =
        spine.on(
            new Extents(70, 150, 150),
            new Affine(
                new Vector3(1, 0, 0),
                new Vector3(0, 1, 0),
                new Vector3(0, 0, 1),
                new Vector3(-34.8, -60.3, 0)));

    SpineForm form = form(cut);

    assertThat(form.shape(VertebraLevel.L5).quality()).isEqualTo(ShapeQuality.PARTIAL_VIEW);
    assertThat(form.shape(VertebraLevel.L5).anteriorHeightMm()).isEmpty();
    assertThat(form.shape(VertebraLevel.L3).quality()).isEqualTo(ShapeQuality.OK);
    assertThat(form.lordosis()).isEmpty();
  }
}
