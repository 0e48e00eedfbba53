package dev.lss.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.ModelException;
import dev.lss.api.Provenance;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import dev.lss.core.ct.CtVertebrae;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.service.ServiceFiles;
import dev.lss.core.task.Task;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelProvider;
import dev.lss.spi.ModelSource;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SegmenterBuilderTest {

  private static final Device CUDA = new Device(Device.Kind.CUDA, 0);

  /** A format of others, of which nobody knows that it is data. */
  private static final ModelFormat ACME = new ModelFormat("acme");

  private final FormulaModel model = TinyTask.model();
  private @Nullable SessionConfig asked;

  /** Opens the model's formulas and remembers how it was asked to. */
  private InferenceBackend backend(BackendStatus status) {
    return new InferenceBackend() {
      @Override
      public int spiVersion() {
        return InferenceBackend.SPI_VERSION;
      }

      @Override
      public String id() {
        return "fake";
      }

      @Override
      public Set<ModelFormat> formats() {
        return Set.of(ModelFormat.ONNX, ACME);
      }

      @Override
      public BackendStatus probe() {
        return status;
      }

      @Override
      public InferenceSession open(ModelSource source, SessionConfig config) {
        asked = config;
        return model.backend().open(source, config);
      }
    };
  }

  private InferenceBackend withDevices(Device... devices) {
    return backend(new BackendStatus.Available("1.2", List.of(devices)));
  }

  private Provenance provenance(InferenceBackend backend, RuntimeOptions.Builder options)
      throws IOException {
    try (LumbarSegmenter segmenter =
        Segmenters.forTask(new TinyTask(), model)
            .backend(backend)
            .options(options.threads(2).build())
            .build()) {
      return segmenter
          .segment(LumbarStudy.of(Series.of(SeriesRole.T2, TinyTask.image(4))))
          .provenance();
    }
  }

  @Test
  void without_a_device_the_best_that_the_backend_has_runs_and_provenance_says_which()
      throws IOException {
    Provenance said = provenance(withDevices(CUDA, Device.CPU), RuntimeOptions.builder());

    assertThat(asked).isEqualTo(new SessionConfig(CUDA, 2, Precision.FP32));
    assertThat(said.backend()).contains(new Provenance.BackendRef("fake", "1.2", "cuda:0"));
    assertThat(said.precision()).isEqualTo("fp32");
    assertThat(said.threads()).isEqualTo(2);
    assertThat(said.models())
        .containsExactly(new Provenance.ModelRef("tiny", "1", FormulaModel.SHA256));
  }

  @Test
  void a_device_that_is_named_is_the_one_that_is_asked_for_whatever_the_backend_has()
      throws IOException {
    provenance(withDevices(CUDA, Device.CPU), RuntimeOptions.builder().device(Device.CPU));
    assertThat(asked.device()).isEqualTo(Device.CPU);

    provenance(withDevices(Device.CPU), RuntimeOptions.builder().device(CUDA));
    assertThat(asked.device()).isEqualTo(CUDA);
  }

  @Test
  void a_precision_that_is_named_reaches_session_and_provenance() throws IOException {
    Provenance said =
        provenance(withDevices(Device.CPU), RuntimeOptions.builder().precision(Precision.BF16));

    assertThat(asked.precision()).isEqualTo(Precision.BF16);
    assertThat(said.precision()).isEqualTo("bf16");
  }

  @Test
  void a_backend_that_was_handed_in_and_does_not_work_is_an_error_with_its_reason() {
    InferenceBackend broken =
        backend(new BackendStatus.Unavailable("its library is missing", Optional.empty()));

    assertThatThrownBy(() -> provenance(broken, RuntimeOptions.builder()))
        .isInstanceOf(BackendException.class)
        .hasMessage("no backend can run here; fake: its library is missing")
        .extracting("code")
        .isEqualTo("NO_BACKEND");
  }

  @Test
  void a_model_that_does_not_fit_is_refused_before_a_network_is_opened() {
    SegmenterBuilder builder =
        Segmenters.forTask(new CtVertebrae(), model).backend(withDevices(Device.CPU));

    assertThatThrownBy(builder::build)
        .isInstanceOf(ModelException.class)
        .extracting("code")
        .isEqualTo("UNFIT_MODEL");
    assertThat(asked).isNull();
  }

  private static FormulaModel program() {
    Stage data = TinyTask.model().description().lastStage();
    Stage stage =
        Stage.builder(
                data.role(),
                data.name(),
                new StageNetwork.Opaque(ACME, List.of("net.acme"), data.signature()))
            .inputs(data.inputs())
            .grid(data.grid())
            .window(data.window())
            .output(data.output())
            .build();
    return FormulaModel.of(
        ModelDescription.builder("tiny", "1", "tiny", "CC0-1.0").stages(List.of(stage)).build(),
        TinyTask::above);
  }

  @Test
  void a_model_that_may_be_a_program_is_refused_before_a_runtime_is_chosen() {
    InferenceBackend broken =
        backend(new BackendStatus.Unavailable("its library is missing", Optional.empty()));

    assertThatThrownBy(() -> Segmenters.forTask(new TinyTask(), program()).backend(broken).build())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("the model tiny brings a program (acme, net.acme) and nobody said")
        .extracting("code")
        .isEqualTo("CODE_NOT_TRUSTED");
  }

  @Test
  void the_word_for_a_program_is_given_to_the_builder_or_in_the_options() throws IOException {
    LumbarStudy study = LumbarStudy.of(Series.of(SeriesRole.T2, TinyTask.image(4)));
    SegmenterBuilder builder =
        Segmenters.forTask(new TinyTask(), program()).backend(withDevices(Device.CPU));
    try (LumbarSegmenter segmenter = builder.trustCode().build()) {
      assertThat(segmenter.segment(study).hasNotice("MODEL_IS_CODE")).isTrue();
    }
    RuntimeOptions options = RuntimeOptions.builder().trustCode().build();
    try (LumbarSegmenter segmenter =
        Segmenters.forTask(new TinyTask(), program())
            .backend(withDevices(Device.CPU))
            .options(options)
            .build()) {
      assertThat(segmenter.segment(study).hasNotice("MODEL_IS_CODE")).isTrue();
    }
  }

  @Test
  void the_task_of_a_model_is_found_by_the_id_that_the_model_names() {
    ServiceFiles services = new ServiceFiles(Task.class, TinyTask.class);

    assertThat(Segmenters.forModel(model).classLoader(services).task())
        .isInstanceOf(TinyTask.class);
    assertThatThrownBy(() -> Segmenters.forModel(model).build())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            "there is no task \"tiny\"; known: ct-vertebrae, mr-muscle, mr-spine, segment, us-fascia");
  }

  @Test
  void a_task_without_a_bundled_model_says_what_is_missing() {
    ServiceFiles none = new ServiceFiles(ModelProvider.class);

    assertThatThrownBy(() -> Segmenters.forTask("ct-vertebrae").classLoader(none).build())
        .isInstanceOf(ModelException.class)
        .extracting("code")
        .isEqualTo("MODEL_NOT_FOUND");
  }

  @Test
  void what_was_opened_is_closed_when_another_network_cannot_be() {
    FormulaModel two = TinyTask.model(2);
    InferenceBackend failing =
        new InferenceBackend() {
          @Override
          public int spiVersion() {
            return InferenceBackend.SPI_VERSION;
          }

          @Override
          public String id() {
            return "failing";
          }

          @Override
          public Set<ModelFormat> formats() {
            return Set.of(ModelFormat.ONNX);
          }

          @Override
          public BackendStatus probe() {
            return new BackendStatus.Available("1", List.of(Device.CPU));
          }

          @Override
          public InferenceSession open(ModelSource source, SessionConfig config) {
            if (source.name().endsWith("1")) {
              throw new BackendException("MODEL_REFUSED", "no");
            }
            return two.backend().open(source, config);
          }
        };

    assertThatThrownBy(() -> Segmenters.forTask(new TinyTask(), two).backend(failing).build())
        .isInstanceOf(BackendException.class)
        .hasMessage("no");
    assertThat(two.openSessions).hasValue(0);
  }
}
