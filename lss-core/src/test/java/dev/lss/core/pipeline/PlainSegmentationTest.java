package dev.lss.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarStudy;
import dev.lss.api.ModelException;
import dev.lss.api.Provenance;
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
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.OutputKind;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.Stage.StageLabel;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.TileRule;
import dev.lss.api.model.network.Signature;
import dev.lss.core.inference.GuardedSession;
import dev.lss.core.inference.StagePool;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.TensorSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** With networks that are formulas. */
class PlainSegmentationTest {

  private static final SeriesRole T2 = new SeriesRole("T2");
  private static final TileRule MONAI =
      new TileRule.Monai(0.25, TileRule.Monai.Weights.GAUSSIAN, TileRule.Monai.Padding.REPLICATE);

  /** What differs from test to test. */
  private record Model(
      int rank,
      int classes,
      double spacingMm,
      OutputKind output,
      Normalization normalization,
      Optional<AnatomicalCode> orientation,
      int folds) {

    static Model softmax(int classes) {
      return new Model(
          3, classes, 1, OutputKind.SOFTMAX, new Normalization.None(), Optional.empty(), 1);
    }

    ModelDescription description() {
      int first = output == OutputKind.SIGMOID ? 0 : 1;
      return description(
          IntStream.range(first, classes).mapToObj(v -> new StageLabel(v, "part " + v)).toList());
    }

    ModelDescription description(List<StageLabel> labels) {
      return new ModelDescription(
          "plain", "1", "t", "CC0-1.0", "tests", "none", "segment", List.of(stage(labels)));
    }

    Stage stage(List<StageLabel> labels) {
      return new Stage(
          Stage.Role.SEGMENTER,
          "all",
          new StageNetwork.Opaque(
              ModelFormat.ONNX,
              IntStream.range(0, folds).mapToObj(f -> f + ".onnx").toList(),
              new Signature(rank, 1, classes, Collections.nCopies(rank, 1))),
          List.of(new InputChannel(T2, normalization)),
          orientation,
          List.of(spacingMm, spacingMm, spacingMm),
          OptionalInt.empty(),
          ResamplingRule.LINEAR,
          Collections.nCopies(rank, 4),
          MONAI,
          List.of(),
          output,
          labels,
          OptionalDouble.empty(),
          Optional.empty());
    }
  }

  /** The value of one output channel from the value of the only input channel, voxel by voxel. */
  private interface Formula {
    float logit(int channel, float value);
  }

  private record Network(int rank, int classes, Formula formula) implements InferenceSession {

    private TensorSpec spec(int channels) {
      List<Integer> dims = new ArrayList<>(Collections.nCopies(rank + 2, TensorSpec.ANY));
      dims.set(1, channels);
      return new TensorSpec("x", dims, Collections.nCopies(rank + 2, 1));
    }

    @Override
    public TensorSpec input() {
      return spec(1);
    }

    @Override
    public TensorSpec output() {
      return spec(classes);
    }

    @Override
    public void run(FloatTensor in, FloatTensor out) {
      int voxels = in.shape().size();
      for (int c = 0; c < classes; c++) {
        for (int v = 0; v < voxels; v++) {
          out.data().put(c * voxels + v, formula.logit(c, in.data().get(v)));
        }
      }
    }

    @Override
    public void close() {}
  }

  private static SegmentationResult segment(Model model, Volume image, Formula... folds) {
    List<CheckedSession> sessions = new ArrayList<>();
    for (Formula fold : folds) {
      sessions.add(
          GuardedSession.of(new Network(model.rank(), model.classes(), fold), "plain/all"));
    }
    Provenance provenance =
        new Provenance("test", List.of(), Optional.empty(), 1, "fp32", List.of());
    try (PlainSegmentation task =
        new PlainSegmentation(
            new PlainSegmentation.Equipment(
                model.description(), sessions, new StagePool(2), provenance))) {
      return task.segment(new LumbarStudy(List.of(Series.of(T2, image))));
    }
  }

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
        segment(Model.softmax(3), ramp(new Extents(7, 5, 3)), (c, x) -> c * (x - 2.5f) - c * c);

    // 0; x - 3.5; 2 x - 9: the first is largest up to 3, the second up to 5, then the third
    assertThat(row(result)).containsExactly(0, 0, 0, 0, 1, 1, 2);
    assertThat(result.task()).isEqualTo("segment");
    assertThat(result.labelTable().byValue(2).orElseThrow().structure().key()).isEqualTo("part 2");
    assertThat(result.notices()).isEmpty();
  }

  @Test
  void a_channel_of_a_sigmoid_network_writes_its_number_and_later_ones_overwrite() {
    Model model =
        new Model(3, 2, 1, OutputKind.SIGMOID, new Normalization.None(), Optional.empty(), 1);

    SegmentationResult result =
        segment(model, ramp(new Extents(7, 5, 3)), (c, x) -> c == 0 ? x - 1.5f : x - 4.5f);

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
    Model model =
        new Model(
            3,
            2,
            2,
            OutputKind.SOFTMAX,
            new Normalization.CtClip(0, 15, 7.5, 1),
            Optional.of(AnatomicalCode.parse("RAS")),
            1);

    SegmentationResult result = segment(model, ramp(extents, grid), (c, x) -> c * x);

    assertThat(result.labels().geometry()).isEqualTo(grid);
    assertThat(row(result)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  }

  @Test
  void a_network_of_rank_2_runs_slice_by_slice() {
    Model model =
        new Model(2, 2, 1, OutputKind.SOFTMAX, new Normalization.None(), Optional.empty(), 1);

    SegmentationResult result =
        segment(model, ramp(new Extents(7, 5, 3)), (c, x) -> c * (x - 2.5f));

    assertThat(row(result)).containsExactly(0, 0, 0, 1, 1, 1, 1);
  }

  @Test
  void folds_are_averaged_before_they_are_compared() {
    Model model =
        new Model(3, 2, 1, OutputKind.SOFTMAX, new Normalization.None(), Optional.empty(), 2);

    // The mean of x - 1.5 and 3 (x - 4.5) is above 0 from x = 3.75 on.
    SegmentationResult result =
        segment(
            model,
            ramp(new Extents(7, 5, 3)),
            (c, x) -> c * (x - 1.5f),
            (c, x) -> c * 3 * (x - 4.5f));

    assertThat(row(result)).containsExactly(0, 0, 0, 0, 1, 1, 1);
  }

  @Test
  void empty_voxels_have_no_part_in_a_z_score_in_the_mask() {
    Model model =
        new Model(
            3, 2, 1, OutputKind.SOFTMAX, new Normalization.ZScoreInMask(), Optional.empty(), 1);

    // Of 1 to 6 the mean is 3.5, of 0 to 6 it is 3; what is empty stays 0.
    SegmentationResult result = segment(model, ramp(new Extents(7, 5, 3)), (c, x) -> c * x);

    assertThat(row(result)).containsExactly(0, 0, 0, 0, 1, 1, 1);
  }

  @Test
  void nothing_found_is_a_notice() {
    SegmentationResult result = segment(Model.softmax(2), ramp(new Extents(7, 5, 3)), (c, x) -> -c);

    assertThat(result.hasNotice("NOTHING_FOUND")).isTrue();
    assertThat(result.foundAnything()).isFalse();
  }

  @Test
  void a_study_without_the_series_is_refused() {
    Provenance provenance =
        new Provenance("test", List.of(), Optional.empty(), 1, "fp32", List.of());
    try (PlainSegmentation task =
        new PlainSegmentation(
            new PlainSegmentation.Equipment(
                Model.softmax(2).description(), List.of(), new StagePool(1), provenance))) {
      assertThatThrownBy(() -> task.segment(LumbarStudy.ofCt(ramp(new Extents(7, 5, 3)))))
          .isInstanceOf(InvalidStudyException.class)
          .hasMessageContaining("there is no series \"T2\"");
    }
  }

  private static void assertUnfit(ModelDescription model, String why) {
    assertThatThrownBy(() -> PlainSegmentation.check(model))
        .isInstanceOf(ModelException.class)
        .hasMessage("model plain cannot do segment: " + why)
        .extracting("code")
        .isEqualTo("UNFIT_MODEL");
  }

  @Test
  void labels_that_are_not_the_channels_are_refused() {
    assertUnfit(
        Model.softmax(3).description(List.of(new StageLabel(2, "two"))),
        "its labels are to have the values [1, 2], have [2]");
  }

  @Test
  void a_model_of_two_stages_is_refused() {
    Stage stage = Model.softmax(2).stage(List.of(new StageLabel(1, "one")));

    assertUnfit(
        new ModelDescription(
            "plain", "1", "t", "CC0-1.0", "tests", "none", "segment", List.of(stage, stage)),
        "it is not one network that takes images alone, on a grid in mm");
  }
}
