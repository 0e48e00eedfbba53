package dev.lss.core.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.ModelException;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Resampling;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageOutput.Label;
import dev.lss.api.model.StageOutput.Region;
import dev.lss.api.model.StageWindow;
import dev.lss.api.model.TileRule;
import dev.lss.core.FormulaModel;
import dev.lss.spi.FloatTensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** With networks that are formulas. */
class SegmentTaskTest {

  private static final SeriesRole T2 = SeriesRole.T2;

  /** The value of one output channel from the values of all input channels, voxel by voxel. */
  private interface Formula {
    float logit(int channel, float[] values);

    /** Of a network that looks at its first channel alone. */
    static Formula of(Single formula) {
      return (channel, values) -> formula.logit(channel, values[0]);
    }
  }

  private interface Single {
    float logit(int channel, float value);
  }

  private static BiConsumer<FloatTensor, FloatTensor> network(Formula formula) {
    return (in, out) -> {
      int inputs = in.shape().get(1);
      int classes = out.shape().get(1);
      int voxels = in.shape().size() / inputs;
      float[] values = new float[inputs];
      for (int v = 0; v < voxels; v++) {
        for (int c = 0; c < inputs; c++) {
          values[c] = in.data().get(c * voxels + v);
        }
        for (int c = 0; c < classes; c++) {
          out.data().put(c * voxels + v, formula.logit(c, values));
        }
      }
    };
  }

  private static StageOutput softmax(int classes) {
    return new StageOutput.Softmax(
        IntStream.range(1, classes).mapToObj(v -> new Label(v, "part " + v)).toList());
  }

  private static StageGrid millimetres(double mm) {
    return StageGrid.Spacing.of(List.of(mm, mm, mm), ResamplingRule.LINEAR);
  }

  /** A stage of one T2 image on voxels of 1 mm as they are stored, in tiles of 4. */
  private static Stage.Builder stage(
      String name, int rank, int inputs, StageOutput out, int folds) {
    return Stage.builder(
            Stage.Role.SEGMENTER, name, FormulaModel.network(rank, inputs, out.channels(), folds))
        .inputs(List.of(new InputChannel(T2, new Normalization.None())))
        .grid(millimetres(1))
        .window(
            new StageWindow.Tiles(
                Collections.nCopies(rank, 4),
                new TileRule.Monai(0.25, TileRule.Monai.Weights.GAUSSIAN),
                StageWindow.Outside.REPLICATE,
                List.of()))
        .output(out);
  }

  private static Stage.Builder stage(StageOutput output) {
    return stage("all", 3, 1, output, 1);
  }

  private static ModelDescription description(Stage... stages) {
    return ModelDescription.builder("plain", "1", "segment", "CC0-1.0")
        .stages(List.of(stages))
        .build();
  }

  private static SegmentationResult segment(FormulaModel model, Volume image) {
    try (LumbarSegmenter segmenter = model.segmenter(new SegmentTask())) {
      return segmenter.segment(LumbarStudy.of(Series.of(T2, image)));
    }
  }

  @SuppressWarnings("unchecked")
  private static SegmentationResult segment(Stage.Builder stage, Volume image, Single... folds) {
    return segment(
        FormulaModel.of(
            description(stage.build()),
            Arrays.stream(folds).map(fold -> network(Formula.of(fold))).toArray(BiConsumer[]::new)),
        image);
  }

  private static final Extents SMALL = new Extents(7, 5, 3);

  /** Values 0, 1, 2, ... along i, the same along j and k. */
  private static Volume ramp(Extents extents, GridGeometry grid) {
    float[] samples = new float[extents.voxels()];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = n % extents.i();
    }
    return Volume.wrap(grid, samples);
  }

  private static Volume ramp(Extents extents) {
    return ramp(extents, GridGeometry.ofSpacing(extents, new Vector3(1, 1, 1)));
  }

  private static int[] row(SegmentationResult result) {
    int[] row = new int[result.labels().extents().i()];
    for (int i = 0; i < row.length; i++) {
      row[i] = result.labels().get(i, 2, 1);
    }
    return row;
  }

  @Test
  void the_largest_logit_is_the_label_and_channel_0_is_background() {
    SegmentationResult result =
        segment(stage(softmax(3)), ramp(new Extents(7, 5, 3)), (c, x) -> c * (x - 2.5f) - c * c);

    // 0; x - 3.5; 2 x - 9: the first is largest up to 3, the second up to 5, then the third
    assertThat(row(result)).containsExactly(0, 0, 0, 0, 1, 1, 2);
    assertThat(result.task()).isEqualTo("segment");
    assertThat(result.labelTable().byValue(2).orElseThrow().structure().key()).isEqualTo("part 2");
    assertThat(result.notices()).isEmpty();
  }

  @Test
  void a_channel_of_a_sigmoid_network_writes_its_number_and_later_ones_overwrite() {
    StageOutput regions =
        new StageOutput.SigmoidRegions(List.of(Region.of("part 0", 1), Region.of("part 1", 2)));

    SegmentationResult result =
        segment(stage(regions), ramp(new Extents(7, 5, 3)), (c, x) -> c == 0 ? x - 1.5f : x - 4.5f);

    assertThat(row(result)).containsExactly(0, 0, 1, 1, 1, 2, 2);
    assertThat(result.labelTable().byValue(1).orElseThrow().structure().key()).isEqualTo("part 0");
  }

  @Test
  void labels_come_back_from_another_orientation_and_a_coarser_grid() {
    Extents extents = new Extents(16, 6, 4);
    // Stored with i to the head, j to the right, k to the front.
    GridGeometry grid =
        new GridGeometry(
            extents,
            new Affine(
                new Vector3(0, 0, 1),
                new Vector3(-1, 0, 0),
                new Vector3(0, -1, 0),
                new Vector3(5, 6, 7)),
            new Vector3(1, 1, 1),
            GridGeometry.Space.PATIENT_LPS,
            true);
    Stage.Builder stage =
        stage(softmax(2))
            .inputs(List.of(new InputChannel(T2, new Normalization.CtClip(0, 15, 7.5, 1))))
            .orientation(AnatomicalCode.parse("RAS"))
            .grid(millimetres(2));

    SegmentationResult result = segment(stage, ramp(extents, grid), (c, x) -> c * x);

    assertThat(result.labels().geometry()).isEqualTo(grid);
    assertThat(row(result)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  }

  @Test
  void a_network_of_rank_2_runs_slice_by_slice() {
    SegmentationResult result =
        segment(
            stage("all", 2, 1, softmax(2), 1),
            ramp(new Extents(7, 5, 3)),
            (c, x) -> c * (x - 2.5f));

    assertThat(row(result)).containsExactly(0, 0, 0, 1, 1, 1, 1);
  }

  @Test
  void folds_are_averaged_before_they_are_compared() {
    // The mean of x - 1.5 and 3 (x - 4.5) is above 0 from x = 3.75 on.
    SegmentationResult result =
        segment(
            stage("all", 3, 1, softmax(2), 2),
            ramp(new Extents(7, 5, 3)),
            (c, x) -> c * (x - 1.5f),
            (c, x) -> c * 3 * (x - 4.5f));

    assertThat(row(result)).containsExactly(0, 0, 0, 0, 1, 1, 1);
  }

  @Test
  void empty_voxels_have_no_part_in_a_z_score_in_the_mask() {
    Stage.Builder stage =
        stage(softmax(2)).inputs(List.of(new InputChannel(T2, new Normalization.ZScoreInMask())));

    // Of 1 to 6 the mean is 3.5, of 0 to 6 it is 3; what is empty stays 0.
    SegmentationResult result = segment(stage, ramp(new Extents(7, 5, 3)), (c, x) -> c * x);

    assertThat(row(result)).containsExactly(0, 0, 0, 0, 1, 1, 1);
  }

  @Test
  void nothing_found_is_a_notice() {
    SegmentationResult result =
        segment(stage(softmax(2)), ramp(new Extents(7, 5, 3)), (c, x) -> -c);

    assertThat(result.hasNotice("NOTHING_FOUND")).isTrue();
    assertThat(result.foundAnything()).isFalse();
  }

  @Test
  void a_study_without_the_series_is_refused() {
    FormulaModel model = FormulaModel.of(description(stage(softmax(2)).build()), (in, out) -> {});
    try (LumbarSegmenter segmenter = model.segmenter(new SegmentTask())) {
      assertThatThrownBy(() -> segmenter.segment(LumbarStudy.ofCt(ramp(new Extents(7, 5, 3)))))
          .isInstanceOf(InvalidStudyException.class)
          .hasMessageContaining("there is no series \"T2\"");
    }
  }

  @Test
  void classes_are_written_as_the_values_of_their_labels_whatever_their_order() {
    StageOutput odd =
        new StageOutput.Softmax(List.of(new Label(40_000, "far"), new Label(7, "near")));

    SegmentationResult result =
        segment(stage(odd), ramp(new Extents(7, 5, 3)), (c, x) -> c * (x - 2.5f) - c * c);

    assertThat(row(result)).containsExactly(0, 0, 0, 0, 40_000, 40_000, 7);
    assertThat(result.labelTable().byValue(7).orElseThrow().structure().key()).isEqualTo("near");
  }

  @Test
  void a_region_writes_what_it_says_and_not_its_number() {
    StageOutput regions =
        new StageOutput.SigmoidRegions(
            List.of(new Region("whole", List.of(5, 9), 5), Region.of("core", 9)));

    SegmentationResult result =
        segment(stage(regions), ramp(new Extents(7, 5, 3)), (c, x) -> c == 0 ? x - 1.5f : x - 4.5f);

    assertThat(row(result)).containsExactly(0, 0, 5, 5, 5, 9, 9);
  }

  @Test
  void predictions_are_mirrored_over_the_axes_that_the_stage_names() {
    Stage.Builder plain = stage(softmax(2));
    Stage.Builder mirrored =
        stage(softmax(2))
            .window(
                new StageWindow.Tiles(
                    List.of(3, 5, 7),
                    TileRule.NnUnet.DEFAULT,
                    StageWindow.Outside.ZERO,
                    List.of(2)));
    // Marks the first three columns of its tile; mirrored, the last three too; half of 1 beats 0.4.
    BiConsumer<FloatTensor, FloatTensor> left =
        (in, out) -> {
          int columns = in.shape().get(4);
          int voxels = in.shape().size();
          for (int v = 0; v < voxels; v++) {
            out.data().put(v, 0.4f);
            out.data().put(voxels + v, v % columns < 3 ? 1 : 0);
          }
        };
    Stage.Builder whole =
        plain.window(
            new StageWindow.Tiles(
                List.of(3, 5, 7), TileRule.NnUnet.DEFAULT, StageWindow.Outside.ZERO, List.of()));

    assertThat(row(segment(FormulaModel.of(description(whole.build()), left), ramp(SMALL))))
        .containsExactly(1, 1, 1, 0, 0, 0, 0);
    assertThat(row(segment(FormulaModel.of(description(mirrored.build()), left), ramp(SMALL))))
        .containsExactly(1, 1, 1, 0, 1, 1, 1);
  }

  @Test
  void a_cascade_hands_the_labels_of_the_first_stage_to_the_second_as_channels() {
    Stage first = stage("first", 3, 1, softmax(3), 1).build();
    Stage second =
        stage("second", 3, 3, softmax(3), 1)
            .previousStage("first")
            .grid(
                new StageGrid.Spacing(
                    List.of(1.0, 1.0, 1.0),
                    Resampling.of(ResamplingRule.LINEAR),
                    Resampling.of(ResamplingRule.LINEAR),
                    Optional.of(Resampling.of(ResamplingRule.NEAREST))))
            .build();
    FormulaModel model =
        FormulaModel.of(description(first, second))
            .with("first", network(Formula.of((c, x) -> c * (x - 2.5f) - c * c)))
            // Swaps the labels of the first stage: channel 1 where it was 2, and 2 where it was 1.
            .with("second", network((c, in) -> c == 0 ? 0.5f : in[3 - c]));

    assertThat(row(segment(model, ramp(SMALL)))).containsExactly(0, 0, 0, 0, 2, 2, 1);
  }

  @Test
  void several_channels_come_in_the_order_of_the_stage_and_lie_on_one_grid() {
    Stage stage =
        stage("all", 3, 2, softmax(2), 1)
            .inputs(
                List.of(
                    new InputChannel(SeriesRole.DIXON_FAT, new Normalization.None()),
                    new InputChannel(SeriesRole.DIXON_WATER, new Normalization.None())))
            .build();
    FormulaModel model =
        FormulaModel.of(description(stage), network((c, in) -> c * (in[0] - 2 * in[1] - 3.5f)));
    Volume water = Volume.wrap(ramp(SMALL).geometry(), new float[SMALL.voxels()]);
    try (LumbarSegmenter segmenter = model.segmenter(new SegmentTask())) {
      SegmentationResult result =
          segmenter.segment(
              LumbarStudy.of(
                  Series.of(SeriesRole.DIXON_WATER, water),
                  Series.of(SeriesRole.DIXON_FAT, ramp(SMALL))));

      assertThat(row(result)).containsExactly(0, 0, 0, 0, 1, 1, 1);
      assertThatThrownBy(
              () ->
                  segmenter.segment(
                      LumbarStudy.of(
                          Series.of(SeriesRole.DIXON_WATER, ramp(new Extents(7, 5, 4))),
                          Series.of(SeriesRole.DIXON_FAT, ramp(SMALL)))))
          .isInstanceOf(InvalidStudyException.class)
          .hasMessage(
              "all channels must lie on one grid: DIXON_FAT has 7 x 5 x 3 voxels of 1.000 x 1.000 x"
                  + " 1.000 mm, LPS from (0.0, 0.0, 0.0) mm, DIXON_WATER has 7 x 5 x 4 voxels of"
                  + " 1.000 x 1.000 x 1.000 mm, LPS from (0.0, 0.0, 0.0) mm")
          .extracting("code")
          .isEqualTo("GRIDS_DIFFER");
    }
  }

  private static void assertUnfit(ModelDescription model, String why) {
    assertThatThrownBy(() -> new SegmentTask().check(model))
        .isInstanceOf(ModelException.class)
        .hasMessage("model plain cannot do segment: " + why)
        .extracting("code")
        .isEqualTo("UNFIT_MODEL");
  }

  @Test
  void a_stage_that_gives_no_labels_is_refused() {
    assertUnfit(
        description(stage(new StageOutput.HeatMaps(List.of("heatmap/any"))).build()),
        "its stage all gives no labels of a whole image");
  }

  @Test
  void a_stage_whose_labels_nobody_takes_is_refused() {
    assertUnfit(
        description(
            stage("one", 3, 1, softmax(2), 1).build(), stage("two", 3, 1, softmax(2), 1).build()),
        "nothing uses its stage one");
  }

  @Test
  void a_network_of_whole_planes_takes_a_single_slice_and_refuses_a_volume() {
    Stage.Builder whole =
        stage("all", 2, 1, softmax(2), 1)
            .grid(new StageGrid.LongerSide(7, Resampling.of(ResamplingRule.LINEAR)))
            .window(new StageWindow.Whole(List.of(8, 8)));
    Single formula = (c, x) -> c * (x - 2.5f);

    SegmentationResult slice = segment(whole, ramp(new Extents(7, 5, 1)), formula);

    assertThat(slice.labels().toArray()).startsWith(0, 0, 0, 1, 1, 1, 1);
    assertThatThrownBy(() -> segment(whole, ramp(SMALL), formula))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessage(
            "the stage all takes one image plane at a time, was given "
                + ramp(SMALL).geometry().describe())
        .extracting("code")
        .isEqualTo("NOT_A_PLANE");
  }

  @Test
  void a_whole_image_with_folds_is_refused() {
    Stage whole =
        stage("all", 2, 1, softmax(2), 2)
            .grid(new StageGrid.LongerSide(8, Resampling.of(ResamplingRule.LINEAR)))
            .window(new StageWindow.Whole(List.of(8, 8)))
            .build();

    assertUnfit(description(whole), "its stage all takes whole images and has folds");
  }
}
