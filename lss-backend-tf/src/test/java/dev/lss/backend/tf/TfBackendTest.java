package dev.lss.backend.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Signature;
import dev.lss.spi.Device;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import dev.lss.testkit.FixedWeights;
import dev.lss.testkit.SampleNetwork;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class TfBackendTest {

  private static final Described DOUBLING =
      new Described("tiny", SampleNetwork.doubling().network(), SampleNetwork.doubling().weights());

  @Test
  void the_service_loader_finds_it() {
    assertThat(ServiceLoader.load(InferenceBackend.class))
        .singleElement()
        .isInstanceOf(TfBackend.class);
  }

  @Test
  void a_gpu_is_refused_with_a_remedy() {
    Device gpu = new Device(Device.Kind.CUDA, 999);

    assertThatThrownBy(
            () -> new TfBackend().open(DOUBLING, new SessionConfig(gpu, 1, Precision.FP32)))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(
            "tiny was asked to run on cuda:999, but TensorFlow has only " + TfLibrary.devices())
        .hasMessageContaining("linux-x86_64-gpu")
        .extracting("code")
        .isEqualTo("DEVICE_UNAVAILABLE");
  }

  @Test
  void a_saved_model_keeps_its_precision() {
    ModelSource file =
        new ModelSource.Opaque(
            "net.zip",
            ModelFormat.SAVEDMODEL,
            ByteBuffer.allocateDirect(0),
            new Signature(3, 1, 1, List.of(1, 1, 1)));

    assertThatThrownBy(
            () -> new TfBackend().open(file, new SessionConfig(Device.CPU, 1, Precision.BF16)))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "net.zip was asked to run in bf16, but a SavedModel runs in the precision it was saved"
                + " in: ask for fp32")
        .extracting("code")
        .isEqualTo("PRECISION_UNSUPPORTED");
  }

  @Test
  void another_format_is_not_written() {
    assertThatThrownBy(
            () ->
                new TfBackend().export(DOUBLING, ModelFormat.ONNX, OutputStream.nullOutputStream()))
        .isInstanceOf(BackendException.class)
        .hasMessage("the backend tf writes savedmodel files, not onnx")
        .extracting("code")
        .isEqualTo("EXPORT_UNSUPPORTED");
  }

  @Test
  void an_input_too_small_for_a_window_is_refused_before_tensorflow_sees_it() {
    Layer layer =
        new Layer.Convolution(
            "wide",
            Network.INPUT,
            List.of(1, 1, 5),
            List.of(1, 1, 1),
            List.of(0, 0, 0),
            1,
            "w",
            Optional.empty());
    Network network = new Network(3, 1, List.of(layer), "wide");
    FixedWeights weights = new FixedWeights(1).random("w", 1, 1, 1, 1, 5);
    try (InferenceSession session =
        new TfBackend().open(new Described("wide", network, weights), SessionConfig.cpu(1))) {
      Shape small = Shape.of(1, 1, 3, 3, 3);

      assertThatThrownBy(
              () -> session.run(FloatTensor.allocate(small), FloatTensor.allocate(small)))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("too small")
          .extracting("code")
          .isEqualTo("WRONG_SHAPE");
    }
  }
}
