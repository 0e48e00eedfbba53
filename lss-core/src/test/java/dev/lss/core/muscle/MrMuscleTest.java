package dev.lss.core.muscle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.ModelException;
import dev.lss.api.MuscleComposition;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Side;
import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.PictureView;
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
import dev.lss.core.image.Orient;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.VoxelArrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The task with a formula for a network: a voxel of 10 times a label's value is that label. The
 * image holds eight boxes, the left ones at x > 0.
 */
class MrMuscleTest {

  private static final Extents GRID = new Extents(60, 40, 6);

  private static FormulaModel model(SeriesRole role) {
    Stage stage =
        Stage.builder(Stage.Role.SEGMENTER, "segmenter", FormulaModel.network(2, 1, 9, 1))
            .inputs(List.of(new InputChannel(role, new Normalization.None())))
            .orientation(AnatomicalCode.LPS)
            .grid(StageGrid.Spacing.of(List.of(1.0, 1.0), ResamplingRule.LINEAR))
            .window(
                new StageWindow.Tiles(
                    List.of(32, 32), TileRule.NnUnet.DEFAULT, StageWindow.Outside.ZERO, List.of()))
            .output(
                new StageOutput.Softmax(
                    LabelTable.paraspinalMuscles().entries().stream()
                        .map(e -> new StageOutput.Label(e.value(), e.structure().key()))
                        .toList()))
            .build();
    return FormulaModel.of(
        ModelDescription.builder("muscles", "1", "mr-muscle", "CC0-1.0")
            .stages(List.of(stage))
            .build(),
        MrMuscleTest::byBrightness);
  }

  private static void byBrightness(FloatTensor in, FloatTensor out) {
    int pixels = in.shape().size();
    for (int n = 0; n < pixels; n++) {
      for (int label = 0; label <= 8; label++) {
        double off = in.data().get(n) - 10 * label;
        out.data().put(label * pixels + n, (float) (-off * off));
      }
    }
  }

  /** Boxes of 8 x 7 pixels in all slices; the first voxel lies at (-29.5, 0, 0). */
  private static Volume boxes() {
    float[] samples = new float[GRID.voxels()];
    for (int n = 0; n < samples.length; n++) {
      int i = n % GRID.i();
      int j = n / GRID.i() % GRID.j();
      int row = j / 10;
      boolean right = i >= 10 && i < 18;
      boolean left = i >= 42 && i < 50;
      if (j % 10 < 7 && (left || right)) {
        samples[n] = 10 * (2 * row + (left ? 1 : 2));
      }
    }
    return Volume.wrap(grid(), samples);
  }

  private static GridGeometry grid() {
    return GridGeometry.of(
        GRID,
        new Affine(
            new Vector3(1, 0, 0),
            new Vector3(0, 1, 0),
            new Vector3(0, 0, 4),
            new Vector3(-29.5, 0, 0)),
        new Vector3(1, 1, 4));
  }

  private static SegmentationResult segment(LumbarStudy study) {
    try (LumbarSegmenter segmenter = model(SeriesRole.MR).segmenter(new MrMuscle())) {
      return segmenter.segment(study);
    }
  }

  private static SegmentationResult segment(Volume image) {
    return segment(LumbarStudy.of(Series.of(SeriesRole.T1, image)));
  }

  static List<AnatomicalCode> orientations() {
    return AnatomicalCode.all();
  }

  @Test
  void eight_boxes_are_eight_muscles_on_their_sides() {
    SegmentationResult result = segment(boxes());

    List<MuscleComposition> muscles = result.measurements().of(MuscleComposition.class);
    assertThat(muscles).hasSize(8);
    assertThat(muscles).allMatch(m -> m.volumeMm3() == 8 * 7 * 6 * 4);
    assertThat(muscles)
        .allMatch(m -> m.side() == Side.LEFT == m.slices().get(0).centreMm().x() > 0);
    assertThat(result.segmented()).hasValue(SeriesRole.T1);
    assertThat(VoxelArrays.labels(result.labels())[10]).isEqualTo((short) 2);
  }

  @ParameterizedTest
  @MethodSource("orientations")
  void every_stored_orientation_gives_the_same_labels_and_sides(AnatomicalCode code) {
    short[] expected = VoxelArrays.labels(segment(boxes()).labels());

    SegmentationResult stored = segment(Orient.to(boxes(), code));

    assertThat(stored.labels().geometry().orientation()).isEqualTo(code);
    assertThat(VoxelArrays.labels(Orient.to(stored.labels(), AnatomicalCode.LPS)))
        .isEqualTo(expected);
  }

  @Test
  void a_piece_on_the_wrong_side_goes_to_the_other_and_islands_are_dropped() {
    float[] samples = boxes().toArray();
    for (int k = 0; k < GRID.k(); k++) {
      samples[GRID.offset(13, 3, k)] = 10; // left multifidus in the right one
      samples[GRID.offset(55, 38, k)] = 10; // an island
    }

    SegmentationResult result = segment(Volume.wrap(grid(), samples));

    assertThat(result.labels().get(13, 3, 2)).isEqualTo(2);
    assertThat(result.labels().get(55, 38, 2)).isZero();
    assertThat(result.hasNotice("SIDES_CORRECTED")).isTrue();
  }

  @Test
  void an_image_without_muscles_gives_background_and_a_notice() {
    float[] samples = new float[GRID.voxels()];
    samples[GRID.offset(30, 20, 3)] = 10;

    SegmentationResult result = segment(Volume.wrap(grid(), samples));

    assertThat(result.foundAnything()).isFalse();
    assertThat(result.hasNotice("NOTHING_FOUND")).isTrue();
    assertThat(result.measurements().isEmpty()).isTrue();
  }

  @Test
  void of_several_series_the_dixon_water_image_is_segmented_and_the_fat_is_measured() {
    float[] fat = boxes().toArray();
    for (int n = 0; n < fat.length; n++) {
      fat[n] = fat[n] / 4;
    }
    Series water = Series.of(SeriesRole.DIXON_WATER, boxes());
    Series t1 = Series.of(SeriesRole.T1, Volume.wrap(grid(), new float[GRID.voxels()]));

    SegmentationResult result =
        segment(
            LumbarStudy.of(t1, water, Series.of(SeriesRole.DIXON_FAT, Volume.wrap(grid(), fat))));

    assertThat(result.segmented()).hasValue(SeriesRole.DIXON_WATER);
    assertThat(result.measurements().of(MuscleComposition.class))
        .allMatch(m -> Math.abs(m.fatFraction().orElseThrow() - 0.2) < 1e-6);
  }

  @Test
  void a_picture_is_a_slice_once_its_view_is_said() {
    float[] slice = new float[60 * 40];
    System.arraycopy(boxes().toArray(), 0, slice, 0, slice.length);
    Volume picture = Volume.wrap(GridGeometry.imagePlane(60, 40, 1, 1), slice);
    PictureView view = PictureView.axial(PictureView.Direction.RIGHT);

    SegmentationResult result =
        segment(LumbarStudy.of(Series.of(SeriesRole.MR, view.place(picture))));

    assertThat(result.labels().get(12, 2, 0)).isEqualTo(2);
    assertThat(result.labels().get(45, 2, 0)).isEqualTo(1);
    assertThatThrownBy(() -> segment(LumbarStudy.of(Series.of(SeriesRole.MR, picture))))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo("NOT_A_VOLUME");
  }

  @Test
  void a_model_of_another_input_is_refused() {
    assertThatThrownBy(() -> model(SeriesRole.T2).segmenter(new MrMuscle()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("its input is not one MR, but [T2]");
  }
}
