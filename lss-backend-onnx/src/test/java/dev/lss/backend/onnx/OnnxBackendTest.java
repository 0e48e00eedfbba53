package dev.lss.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.ModelException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.spi.Device;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.ModelSource.Opaque;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import dev.lss.testkit.SampleNetwork;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxBackendTest {

  @TempDir Path folder;

  @Test
  void the_service_loader_finds_it() {
    assertThat(ServiceLoader.load(InferenceBackend.class))
        .singleElement()
        .isInstanceOf(OnnxBackend.class);
  }

  @Test
  void an_exported_network_gives_what_the_network_gives() throws IOException {
    SampleNetwork model = SampleNetwork.doubling();
    Path file = folder.resolve("exported.onnx");

    try (OutputStream out = Files.newOutputStream(file)) {
      new OnnxBackend()
          .export(new Described("tiny", model.network(), model.weights()), ModelFormat.ONNX, out);
    }

    try (InferenceSession session = new OnnxBackend().open(opaque(file), SessionConfig.cpu(1))) {
      Shape shape = Shape.of(1, 1, 2, 2, 2);
      FloatTensor in = FloatTensor.allocate(shape);
      FloatTensor out = FloatTensor.allocate(shape);
      in.data().put(3, 21);
      session.run(in, out);
      assertThat(out.data().get(3)).isEqualTo(42);
    }
  }

  @Test
  void cuda_is_refused_with_a_remedy() {
    SampleNetwork model = SampleNetwork.doubling();
    ModelSource source = new Described("tiny", model.network(), model.weights());
    SessionConfig cuda = new SessionConfig(new Device(Device.Kind.CUDA, 1), 1, Precision.FP32);

    assertThatThrownBy(() -> new OnnxBackend().open(source, cuda))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "tiny was asked to run on cuda:1, but lss-backend-onnx runs on the CPU only: ask for cpu"
                + " or auto")
        .extracting("code")
        .isEqualTo("DEVICE_UNAVAILABLE");
  }

  @Test
  void bf16_is_refused_with_a_remedy() {
    SampleNetwork model = SampleNetwork.doubling();
    ModelSource source = new Described("tiny", model.network(), model.weights());

    assertThatThrownBy(
            () -> new OnnxBackend().open(source, new SessionConfig(Device.CPU, 1, Precision.BF16)))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "tiny was asked to run in bf16, but lss-backend-onnx runs in fp32 only: ask for fp32, or"
                + " for another backend");
  }

  @Test
  void a_file_with_two_inputs_is_refused_by_name() throws IOException {
    OnnxGraph graph = new OnnxGraph();
    graph.input("a", 1, 3);
    graph.input("b", 1, 3);
    graph.node("Add", List.of("a", "b"), "sum");
    graph.output("sum", 1, 3);

    assertThatThrownBy(() -> open(write("two-inputs.onnx", graph)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("two-inputs.onnx", "it must have one input");
  }

  @Test
  void a_file_with_two_outputs_is_refused_by_name() throws IOException {
    OnnxGraph graph = new OnnxGraph();
    graph.input("a", 1, 3);
    graph.node("Relu", List.of("a"), "b");
    graph.node("Sigmoid", List.of("a"), "c");
    graph.output("b", 1, 3);
    graph.output("c", 1, 3);

    assertThatThrownBy(() -> open(write("two-outputs.onnx", graph)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("two-outputs.onnx", "it must have one output");
  }

  @Test
  void a_file_with_an_unknown_operator_is_refused_by_name() throws IOException {
    OnnxGraph graph = new OnnxGraph();
    graph.input("a", 1, 3);
    graph.node("Frobnicate", List.of("a"), "b");
    graph.output("b", 1, 3);

    assertThatThrownBy(() -> open(write("odd.onnx", graph)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("odd.onnx", "Frobnicate");
  }

  private Path write(String name, OnnxGraph graph) throws IOException {
    return Files.write(folder.resolve(name), graph.toModel());
  }

  private static void open(Path file) throws IOException {
    new OnnxBackend().open(opaque(file), SessionConfig.cpu(1)).close();
  }

  private static Opaque opaque(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return new Opaque(
        String.valueOf(file.getFileName()),
        ModelFormat.ONNX,
        ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(),
        new Signature(3, 1, 1, List.of(1, 1, 1)));
  }
}
