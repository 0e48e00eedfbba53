package dev.lss.core.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.CanalMeasurement;
import dev.lss.api.DiscSpaceMeasurement;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.KnownLevel;
import dev.lss.api.LordosisMeasurement;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.ModelException;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.ShapeQuality;
import dev.lss.api.Tasks;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.VertebralShape;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
import dev.lss.api.model.TileRule;
import dev.lss.core.FormulaModel;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.morphometry.WedgeSpine;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The task on spines whose heights, angles and slips are known; 0.5 mm and 1 degree are allowed.
 * The image says the class of each voxel and the network reads it off.
 */
class MrSpineTest {

  private static final double[] WEDGES = {2, 3, 4, 6, 8};
  private static final double[] DISCS = {4, 5, 7, 10};
  private static final WedgeSpine SPINE = new WedgeSpine(WEDGES, DISCS, -18, 0);
  private static final Offset<Double> MM = within(0.5);
  private static final Offset<Double> DEGREES = within(1.0);

  private static Stage stage(List<String> keys, double spacingMm) {
    List<StageOutput.Label> labels = new ArrayList<>();
    for (String key : keys) {
      labels.add(new StageOutput.Label(labels.size() + 1, key));
    }
    return Stage.builder(
            Stage.Role.SEGMENTER, "segmenter", FormulaModel.network(2, 1, keys.size() + 1, 1))
        .inputs(List.of(new InputChannel(SeriesRole.MR, new Normalization.CtClip(0, 1, 0, 1))))
        .orientation(AnatomicalCode.parse("PIL"))
        .grid(
            StageGrid.Spacing.of(List.of(spacingMm, spacingMm), ResamplingRule.LINEAR_ANTIALIASED))
        .window(
            new StageWindow.Tiles(
                List.of(128, 128),
                TileRule.NnUnet.DEFAULT,
                StageWindow.Outside.NORMALIZED,
                List.of()))
        .output(new StageOutput.Softmax(labels))
        .build();
  }

  private static ModelDescription model(List<String> keys, double spacingMm) {
    return ModelDescription.builder("fake", "1", Tasks.MR_SPINE, "Apache-2.0")
        .stages(List.of(stage(keys, spacingMm)))
        .build();
  }

  private static void read(FloatTensor in, FloatTensor out) {
    int pixels = in.shape().size();
    for (int c = 0; c < 6; c++) {
      for (int n = 0; n < pixels; n++) {
        out.data().put(c * pixels + n, -100 * Math.abs(8 * in.data().get(n) - c));
      }
    }
  }

  /** The network works on the pixels of the image, so that nothing is lost by resampling. */
  private static double inPlaneMm(LumbarStudy study) {
    Vector3 mm = study.reference().geometry().spacingMm();
    return Math.min(mm.x(), Math.min(mm.y(), mm.z()));
  }

  private static SegmentationResult segment(LumbarStudy study) {
    try (LumbarSegmenter segmenter =
        FormulaModel.of(model(Tissue.KEYS, inPlaneMm(study)), MrSpineTest::read)
            .segmenter(new MrSpine(), RuntimeOptions.builder().threads(1).build())) {
      return segmenter.segment(study);
    }
  }

  private static Series image(LabelVolume classes) {
    short[] values = VoxelArrays.labels(classes);
    float[] samples = new float[values.length];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = values[n] / 8f;
    }
    return Series.of(SeriesRole.T2, Volume.wrap(classes.geometry(), samples));
  }

  private static LumbarStudy study(Extents extents, Affine affine) {
    return LumbarStudy.of(image(SPINE.classesOn(extents, affine)));
  }

  private static Affine upright(double x, double y, double z, Vector3 low) {
    return new Affine(new Vector3(x, 0, 0), new Vector3(0, y, 0), new Vector3(0, 0, z), low);
  }

  private static LumbarStudy thick() {
    return study(new Extents(17, 240, 360), upright(4, 0.7, 0.7, new Vector3(-32.3, -70.3, -52.2)));
  }

  private static void isAsBuilt(SegmentationResult result) {
    List<VertebraMeasurement> vertebrae = result.measurements().of(VertebraMeasurement.class);
    assertThat(vertebrae)
        .extracting(VertebraMeasurement::level)
        .containsExactly(
            VertebraLevel.L1,
            VertebraLevel.L2,
            VertebraLevel.L3,
            VertebraLevel.L4,
            VertebraLevel.L5);
    for (int n = 0; n < 5; n++) {
      VertebralShape shape = vertebrae.get(n).shape().orElseThrow();
      double atTenth = 2 * 0.4 * 34 * Math.tan(Math.toRadians(WEDGES[n] / 2));
      assertThat(shape.quality()).isEqualTo(ShapeQuality.OK);
      assertThat(shape.anteriorHeightMm().orElseThrow()).isCloseTo(26 + atTenth, MM);
      assertThat(shape.middleHeightMm().orElseThrow()).isCloseTo(26, MM);
      assertThat(shape.posteriorHeightMm().orElseThrow()).isCloseTo(26 - atTenth, MM);
      assertThat(shape.wedgeDegrees().orElseThrow()).isCloseTo(WEDGES[n], DEGREES);
    }
    List<DiscSpaceMeasurement> spaces = result.measurements().of(DiscSpaceMeasurement.class);
    assertThat(spaces).hasSize(5);
    for (int n = 0; n < 5; n++) {
      DiscSpaceMeasurement space = spaces.get(n);
      double angle = n < 4 ? DISCS[n] : WedgeSpine.SACRAL_DEGREES;
      assertThat(space.quality()).isEqualTo(ShapeQuality.OK);
      assertThat(space.middleHeightMm().orElseThrow()).isCloseTo(10, MM);
      assertThat(space.angleDegrees().orElseThrow()).isCloseTo(angle, DEGREES);
      assertThat(space.slipMm().orElseThrow()).isCloseTo(backwards(angle), within(0.6));
      assertThat(space.volumeMm3().orElseThrow()).isPositive();
    }
    LordosisMeasurement lordosis = result.measurements().of(LordosisMeasurement.class).get(0);
    assertThat(lordosis.toSacrum()).isTrue();
    assertThat(lordosis.degrees()).isCloseTo(49 + WedgeSpine.SACRAL_DEGREES, DEGREES);
    List<CanalMeasurement> widths = result.measurements().of(CanalMeasurement.class);
    assertThat(widths).hasSizeGreaterThanOrEqualTo(8);
  }

  /** A disc that is 10 mm high and open by an angle puts the back edge of its roof back. */
  private static double backwards(double degrees) {
    double angle = Math.toRadians(degrees);
    return -10 * Math.sin(angle / 2) + 17 * (1 - Math.cos(angle));
  }

  @Test
  void a_volume_of_thick_slices_has_the_form_that_it_was_built_with() {
    SegmentationResult result = segment(thick());

    isAsBuilt(result);
    assertThat(result.notices()).extracting(Notice::code).doesNotContain("LEVELS_WITHOUT_ANCHOR");
    assertThat(result.labels().count(26)).isPositive();
    assertThat(result.labels().count(61)).isPositive();
    assertThat(result.labels().count(124)).isPositive();
  }

  @Test
  void a_single_slice_has_it_too() {
    isAsBuilt(
        segment(
            study(new Extents(1, 340, 500), upright(4, 0.5, 0.5, new Vector3(0.3, -70.3, -52.2)))));
  }

  static List<AnatomicalCode> codes() {
    return AnatomicalCode.all();
  }

  @ParameterizedTest
  @MethodSource("codes")
  void every_way_of_storing_gives_the_same(AnatomicalCode code) {
    Vector3[] columns = new Vector3[3];
    int[] sizes = new int[3];
    double[] low = {-34.3, -65.3, -45.2};
    double[] spacing = {3, 1, 1};
    int[] counts = {24, 160, 240};
    Vector3 origin = new Vector3(0, 0, 0);
    for (int axis = 0; axis < 3; axis++) {
      int world = code.get(axis).axis();
      int sign = code.get(axis).sign();
      columns[axis] = new Vector3(0, 0, 0).with(world, sign * spacing[world]);
      sizes[axis] = counts[world];
      origin =
          origin.with(
              world, sign > 0 ? low[world] : low[world] + (counts[world] - 1) * spacing[world]);
    }

    isAsBuilt(
        segment(
            study(
                new Extents(sizes[0], sizes[1], sizes[2]),
                new Affine(columns[0], columns[1], columns[2], origin))));
  }

  @Test
  void levels_are_counted_from_the_one_that_is_known() {
    LumbarStudy study = thick().withKnownLevel(KnownLevel.lowest(VertebraLevel.L4));

    SegmentationResult result = segment(study);

    assertThat(result.measurements().of(VertebraMeasurement.class))
        .extracting(VertebraMeasurement::level)
        .containsExactly(
            VertebraLevel.T12,
            VertebraLevel.L1,
            VertebraLevel.L2,
            VertebraLevel.L3,
            VertebraLevel.L4);
    assertThat(result.notices()).extracting(Notice::code).contains("LEVEL_CONFLICT");
  }

  @Test
  void a_known_level_far_from_every_vertebra_is_refused() {
    LumbarStudy study =
        thick().withKnownLevel(KnownLevel.at(VertebraLevel.L4, new Vector3(0, 0, 900)));

    assertThatThrownBy(() -> segment(study))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("no vertebra was found within 40 mm");
  }

  @Test
  void without_a_sacrum_the_levels_are_said_to_be_without_an_anchor() {
    LumbarStudy study =
        study(new Extents(17, 240, 280), upright(4, 0.7, 0.7, new Vector3(-32.3, -70.3, 0)));

    SegmentationResult result = segment(study);

    assertThat(result.measurements().of(VertebraMeasurement.class)).hasSize(5);
    assertThat(result.notices()).extracting(Notice::code).contains("LEVELS_WITHOUT_ANCHOR");
    assertThat(
            result
                .measurements()
                .of(VertebraMeasurement.class)
                .get(0)
                .levelConfidence()
                .orElseThrow())
        .isLessThan(0.9);
  }

  @Test
  void an_image_without_a_spine_gives_nothing_and_says_so() {
    SegmentationResult result =
        segment(study(new Extents(9, 100, 100), upright(4, 1, 1, new Vector3(200, 200, 200))));

    assertThat(result.labels().isBackground()).isTrue();
    assertThat(result.measurements().isEmpty()).isTrue();
    assertThat(result.notices()).extracting(Notice::code).contains("NOTHING_FOUND");
  }

  @Test
  void a_spine_that_stands_on_its_head_is_said_to_be_doubtful() {
    LabelVolume classes =
        SPINE.classesOn(
            new Extents(17, 240, 360), upright(4, 0.7, 0.7, new Vector3(-32.3, -70.3, -52.2)));
    LabelVolume turned =
        LabelVolume.wrap(
            dev.lss.api.image.GridGeometry.of(
                classes.extents(),
                new Affine(
                    new Vector3(4, 0, 0),
                    new Vector3(0, 0.7, 0),
                    new Vector3(0, 0, -0.7),
                    new Vector3(-32.3, -70.3, 200))),
            classes.toArray());

    assertThat(segment(LumbarStudy.of(image(turned))).notices())
        .extracting(Notice::code)
        .contains("ORIENTATION_DOUBTFUL");
  }

  @Test
  void a_model_of_other_classes_is_refused() {
    assertThatThrownBy(() -> new MrSpine().check(model(List.of("vertebra/body", "disc"), 1)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("mr-spine");
  }
}
