package dev.lss.core.ultrasound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import dev.lss.api.FasciaMeasurement;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.LengthUnit;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.ModelException;
import dev.lss.api.Notice;
import dev.lss.api.ProgressListener;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
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
import dev.lss.api.model.StageWindow;
import dev.lss.api.model.network.Signature;
import dev.lss.core.FormulaModel;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.Shape;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** With a network that is a formula: fascia is what is at least two deviations above the mean. */
class UsFasciaTest {

  private static final int COLUMNS = 400;
  private static final int ROWS = 300;

  private final List<Shape> shapes = Collections.synchronizedList(new ArrayList<>());
  private final List<FloatTensor> inputs = Collections.synchronizedList(new ArrayList<>());

  /** Remembers its inputs and their shapes. */
  private void bright(FloatTensor in, FloatTensor out) {
    shapes.add(in.shape());
    inputs.add(in);
    int pixels = in.shape().size();
    for (int n = 0; n < pixels; n++) {
      out.data().put(n, 0);
      out.data().put(pixels + n, in.data().get(n) - 2);
    }
  }

  private static Stage.Builder stage(int longer, List<Integer> patch, String key) {
    return Stage.builder(
            Stage.Role.SEGMENTER,
            "segmenter",
            FormulaModel.network(new Signature(2, 1, 2, List.of(16, 16)), 1))
        .inputs(List.of(new InputChannel(SeriesRole.ULTRASOUND, new Normalization.ZScore())))
        .grid(new StageGrid.LongerSide(longer, Resampling.of(ResamplingRule.LINEAR)))
        .window(new StageWindow.Whole(patch))
        .output(new StageOutput.Softmax(List.of(new StageOutput.Label(1, key))));
  }

  private static ModelDescription model(Stage stage) {
    return ModelDescription.builder("fake", "1", "us-fascia", "CC0-1.0")
        .stages(List.of(stage))
        .build();
  }

  private static Stage.Builder fit() {
    return stage(400, List.of(400, 400), "fascia/thoracolumbar");
  }

  private LumbarSegmenter task() {
    return FormulaModel.of(model(fit().build()), this::bright).segmenter(new UsFascia());
  }

  /** Speckle of 40 to 60 with a band of 230 to 251 of so many rows, falling by 1 in 10. */
  private static Volume image(GridGeometry plane, int first, int rows) {
    Random random = new Random(5);
    float[] grey = new float[COLUMNS * ROWS];
    for (int j = 0; j < ROWS; j++) {
      for (int i = 0; i < COLUMNS; i++) {
        boolean band = j >= first + i / 10 && j < first + i / 10 + rows;
        float speckle = i % 3 == 0 ? random.nextFloat() : grey[j * COLUMNS + i - 1] % 1;
        grey[j * COLUMNS + i] = (band ? 230 : 40) + Math.round(20 * speckle) + speckle * 0.999f;
      }
    }
    return Volume.wrap(plane, grey);
  }

  private static LumbarStudy study(GridGeometry plane) {
    return LumbarStudy.ofUltrasound(image(plane, 100, 12));
  }

  @Test
  void a_bright_band_in_speckle_is_found_and_measured_in_millimetres() {
    try (LumbarSegmenter task = task()) {
      SegmentationResult result =
          task.segment(study(GridGeometry.imagePlane(COLUMNS, ROWS, 0.1, 0.1)));

      assertThat(result.task()).isEqualTo("us-fascia");
      assertThat(result.notices()).isEmpty();
      assertThat(result.labels().count(1)).isCloseTo(12L * COLUMNS, within(120L));
      assertThat(result.measurements().of(FasciaMeasurement.class)).hasSize(1);
      FasciaMeasurement layer = result.measurements().of(FasciaMeasurement.class).get(0);
      double tilt = Math.atan(0.1);
      assertThat(layer.unit()).isEqualTo(LengthUnit.MM);
      assertThat(layer.thickness().mean()).isEqualTo(1.2 * Math.cos(tilt), within(0.05));
      assertThat(layer.angleDeg()).isEqualTo(Math.toDegrees(tilt), within(0.3));
      assertThat(layer.echo().ratio().orElseThrow()).isEqualTo(240.5 / 50.5, within(0.3));
    }
  }

  @Test
  void without_a_scale_the_same_pixels_are_labelled_and_a_notice_says_so() {
    try (LumbarSegmenter task = task()) {
      SegmentationResult scaled =
          task.segment(study(GridGeometry.imagePlane(COLUMNS, ROWS, 0.1, 0.1)));
      SegmentationResult result =
          task.segment(study(GridGeometry.uncalibratedPlane(COLUMNS, ROWS)));

      assertThat(VoxelArrays.labels(result.labels()))
          .isEqualTo(VoxelArrays.labels(scaled.labels()));
      assertThat(result.notices()).extracting(Notice::code).containsExactly("UNCALIBRATED");
      assertThat(result.measurements().of(FasciaMeasurement.class).get(0).unit())
          .isEqualTo(LengthUnit.PX);
    }
  }

  @Test
  void the_longer_side_of_the_region_has_the_models_pixels_and_the_rest_is_padding() {
    GridGeometry plane = GridGeometry.uncalibratedPlane(COLUMNS, ROWS);
    Volume all = image(plane, 100, 12);
    float[] framed = new float[COLUMNS * ROWS];
    for (int j = 50; j < 250; j++) { // a region of 200 x 200
      System.arraycopy(VoxelArrays.samples(all), j * COLUMNS + 100, framed, j * COLUMNS + 100, 200);
    }
    try (LumbarSegmenter task = task()) {
      SegmentationResult result =
          task.segment(LumbarStudy.ofUltrasound(Volume.wrap(plane, framed)));

      Shape shape = shapes.get(0);
      assertThat(shape.get(3)).isEqualTo(400);
      assertThat(shape.get(2)).isBetween(384, 400);
      for (int i = 0; i < COLUMNS; i++) {
        assertThat(result.labels().get(i, 20, 0)).isZero();
        assertThat(result.labels().get(i, 280, 0)).isZero();
      }
      assertThat(result.labels().count(1)).isCloseTo(12L * 200, within(150L));
    }
  }

  @Test
  void a_picture_that_is_no_ultrasound_is_not_even_shown_to_the_network() {
    GridGeometry plane = GridGeometry.uncalibratedPlane(COLUMNS, ROWS);
    float[] waves = new float[COLUMNS * ROWS];
    for (int n = 0; n < waves.length; n++) {
      waves[n] =
          (float) (130 + 60 * Math.sin(n % COLUMNS / 3.0) + 60 * Math.sin(n / COLUMNS / 3.0));
    }
    try (LumbarSegmenter task = task()) {
      SegmentationResult result = task.segment(LumbarStudy.ofUltrasound(Volume.wrap(plane, waves)));

      assertThat(result.foundAnything()).isFalse();
      assertThat(result.notices())
          .extracting(Notice::code)
          .containsExactly("NOT_ULTRASOUND", "UNCALIBRATED", "NOTHING_FOUND");
      assertThat(shapes).isEmpty();
    }
  }

  @Test
  void a_band_in_noise_is_labelled_and_the_doubt_is_said() {
    GridGeometry plane = GridGeometry.imagePlane(COLUMNS, ROWS, 0.1, 0.1);
    Random random = new Random(1);
    float[] noise = new float[COLUMNS * ROWS];
    for (int n = 0; n < noise.length; n++) {
      noise[n] = (n / COLUMNS >= 100 && n / COLUMNS < 112 ? 200 : 60) + 40 * random.nextFloat();
    }
    try (LumbarSegmenter task = task()) {
      SegmentationResult result = task.segment(LumbarStudy.ofUltrasound(Volume.wrap(plane, noise)));

      assertThat(result.notices()).extracting(Notice::code).containsExactly("NOISE_NOT_SPECKLE");
      assertThat(result.measurements().of(FasciaMeasurement.class)).hasSize(1);
    }
  }

  @Test
  void frames_of_a_clip_share_the_buffers_and_are_summed_up() {
    GridGeometry plane = GridGeometry.imagePlane(COLUMNS, ROWS, 0.1, 0.1);
    List<LumbarStudy> frames =
        List.of(
            LumbarStudy.ofUltrasound(image(plane, 100, 10)),
            LumbarStudy.ofUltrasound(image(plane, 100, 20)));
    List<String> heard = new ArrayList<>();
    try (LumbarSegmenter task = task()) {
      FasciaClip clip =
          FasciaClip.segment(
              task,
              frames,
              2,
              (stage, done, total) -> heard.add(stage + " " + done + "/" + total),
              new CancellationToken());

      assertThat(clip.frames()).hasSize(2);
      assertThat(clip.summary()).hasSize(1);
      assertThat(clip.summary().get(0).frames()).isEqualTo(2);
      assertThat(clip.summary().get(0).thickness().mean())
          .isEqualTo(1.5 * Math.cos(Math.atan(0.1)), within(0.05));
      assertThat(heard).containsExactly("frames 0/2", "frames 1/2", "frames 2/2");
      assertThat(inputs.get(1)).isSameAs(inputs.get(0));
    }
  }

  @Test
  void a_clip_stops_between_frames_when_it_is_cancelled() {
    LumbarStudy frame = study(GridGeometry.uncalibratedPlane(COLUMNS, ROWS));
    CancellationToken token = new CancellationToken();
    try (LumbarSegmenter task = task()) {
      assertThatThrownBy(
              () ->
                  FasciaClip.segment(
                      task,
                      Collections.nCopies(5, frame),
                      2,
                      (stage, done, total) -> {
                        if (done == 2) {
                          token.cancel();
                        }
                      },
                      token))
          .isInstanceOf(CancelledException.class);
    }
    assertThat(shapes).hasSizeLessThan(5);
  }

  @Test
  void a_clip_without_frames_is_refused() {
    try (LumbarSegmenter task = task()) {
      assertRefused(
          "EMPTY_CLIP",
          () ->
              FasciaClip.segment(
                  task, List.of(), 2, ProgressListener.NONE, new CancellationToken()));
    }
  }

  @Test
  void a_study_without_ultrasound_is_refused() {
    GridGeometry ct = GridGeometry.ofSpacing(new Extents(4, 4, 4), new Vector3(1, 1, 1));
    try (LumbarSegmenter task = task()) {
      assertRefused(
          "MISSING_SERIES", () -> task.segment(LumbarStudy.ofCt(Volume.wrap(ct, new float[64]))));
    }
  }

  @Test
  void a_volume_of_the_patient_is_no_plane() {
    GridGeometry slice = GridGeometry.ofSpacing(new Extents(8, 8, 1), new Vector3(1, 1, 1));
    LumbarStudy study =
        LumbarStudy.of(Series.of(SeriesRole.ULTRASOUND, Volume.wrap(slice, new float[64])));
    try (LumbarSegmenter task = task()) {
      assertRefused("NOT_A_PLANE", () -> task.segment(study));
    }
  }

  private static void assertRefused(String code, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo(code);
  }

  private static void assertUnfit(Stage.Builder stage, String why) {
    assertThatThrownBy(() -> new UsFascia().check(model(stage.build())))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(why)
        .extracting("code")
        .isEqualTo("UNFIT_MODEL");
  }

  @Test
  void models_that_the_task_cannot_run_are_refused() {
    String fascia = "fascia/thoracolumbar";

    assertUnfit(
        stage(400, List.of(400, 320), fascia),
        "its patch of [400, 320] does not hold a side of 400 pixels");
    assertUnfit(stage(400, List.of(400, 400), "muscle"), "its output is not background and");
    assertUnfit(
        fit().inputs(List.of(new InputChannel(SeriesRole.CT, new Normalization.ZScore()))),
        "its input is not one ULTRASOUND image, but [CT]");
    assertUnfit(fit().orientation(AnatomicalCode.LPS), "as stored");
    new UsFascia().check(model(fit().build()));
  }
}
