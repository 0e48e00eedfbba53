package dev.lss.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.spi.BackendStatus.Available;
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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DjlBackendTest {

  private static final SampleNetwork DOUBLING = SampleNetwork.doubling();
  private static final Described TINY =
      new Described("tiny", DOUBLING.network(), DOUBLING.weights());

  private static Opaque opaque(byte[] bytes) {
    return new Opaque(
        "net.pt",
        ModelFormat.TORCHSCRIPT,
        ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(),
        new Signature(3, 1, 1, List.of(1, 1, 1)));
  }

  /** An archive whose forward gives the value of this expression of x. */
  private static Opaque giving(String expression) throws IOException {
    TorchScriptArchive archive = new TorchScriptArchive();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    archive.writeTo(out, archive.value(expression));
    return opaque(out.toByteArray());
  }

  private static void assertRefused(ModelSource model, SessionConfig config, String... parts) {
    assertThatThrownBy(() -> new DjlBackend().open(model, config).close())
        .isInstanceOf(BackendException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void the_service_loader_finds_it() {
    assertThat(ServiceLoader.load(InferenceBackend.class))
        .singleElement()
        .isInstanceOf(DjlBackend.class);
  }

  @Test
  void the_version_is_that_of_pytorch() {
    assertThat(((Available) new DjlBackend().probe()).version()).startsWith("2.7.1");
  }

  @Test
  void an_exported_network_gives_what_the_network_gives() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    new DjlBackend().export(TINY, ModelFormat.TORCHSCRIPT, out);

    try (InferenceSession session =
        new DjlBackend().open(opaque(out.toByteArray()), SessionConfig.cpu(1))) {
      Shape shape = Shape.of(1, 1, 2, 2, 2);
      FloatTensor x = FloatTensor.allocate(shape);
      FloatTensor y = FloatTensor.allocate(shape);
      x.data().put(3, 21);
      session.run(x, y);
      assertThat(y.data().get(3)).isEqualTo(42);
    }
  }

  @Test
  void other_formats_are_not_written() {
    assertThatThrownBy(
            () -> new DjlBackend().export(TINY, ModelFormat.ONNX, OutputStream.nullOutputStream()))
        .isInstanceOf(BackendException.class)
        .hasMessage("the backend djl writes torchscript files, not onnx");
  }

  @Test
  void a_gpu_that_is_not_there_is_refused_with_a_remedy() {
    Device far = new Device(Device.Kind.CUDA, 63);

    assertThatThrownBy(() -> new DjlBackend().open(TINY, new SessionConfig(far, 1, Precision.FP32)))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("tiny was asked to run on cuda:63, but PyTorch has [")
        .hasMessageEndingWith("or ask for cpu or auto")
        .extracting("code")
        .isEqualTo("DEVICE_UNAVAILABLE");
  }

  @Test
  void bf16_is_what_runs_when_it_is_asked_for() {
    SampleNetwork model = SampleNetwork.uNet(3, 4, 3);
    Described source = new Described("unet", model.network(), model.weights());
    Shape shape = Shape.of(1, 1, 8, 8, 8);
    FloatTensor x = FloatTensor.allocate(shape);
    Random random = new Random(1);
    for (int i = 0; i < shape.size(); i++) {
      x.data().put(i, (float) random.nextGaussian());
    }
    FloatTensor single = FloatTensor.allocate(Shape.of(1, 3, 8, 8, 8));
    FloatTensor half = FloatTensor.allocate(Shape.of(1, 3, 8, 8, 8));

    try (InferenceSession one = new DjlBackend().open(source, SessionConfig.cpu(1));
        InferenceSession other =
            new DjlBackend().open(source, new SessionConfig(Device.CPU, 1, Precision.BF16))) {
      one.run(x, single);
      other.run(x, half);
    } catch (BackendException e) {
      assertThat(e.code()).isEqualTo("PRECISION_UNSUPPORTED");
      Assumptions.abort("this processor cannot: " + e.getMessage());
    }

    assertThat(half.data()).isNotEqualTo(single.data());
  }

  @Test
  void a_file_runs_in_its_own_precision_only() throws IOException {
    assertRefused(
        giving("torch.mul(x, 2.)"),
        new SessionConfig(Device.CPU, 1, Precision.BF16),
        "net.pt was asked to run in bf16",
        "ask for fp32");
  }

  @Test
  void a_file_that_gives_other_numbers_or_sizes_is_refused() throws IOException {
    assertRefused(
        giving("torch.to(x, 7, False, False, None)"),
        SessionConfig.cpu(1),
        "net.pt: the output must be one tensor of float32",
        "float64");
    assertRefused(
        giving("torch.max_pool3d(x, [2, 2, 2], [2, 2, 2], [0, 0, 0], [1, 1, 1], False)"),
        SessionConfig.cpu(1),
        "net.pt: the output must be one tensor of float32 with the input's sizes [32, 32, 32]",
        "16 x 16 x 16");
  }

  @Test
  void code_that_does_not_compile_is_refused_by_name() throws IOException {
    assertRefused(
        giving("torch.relu(x, x, x)"), SessionConfig.cpu(1), "PyTorch cannot load net.pt");
  }

  @Test
  void code_as_deep_as_the_check_lets_pass_loads_on_a_thread_with_a_small_stack()
      throws InterruptedException {
    StringBuilder code = new StringBuilder();
    for (int n = 0; n < 20; n++) {
      String next = n + 1 < 20 ? "__torch__.f%d(x)".formatted(n + 1) : "x";
      code.append("def f%d(x: Tensor) -> Tensor:\n  return ".formatted(n));
      code.append("- ".repeat(180)).append(next).append('\n');
    }
    Opaque deep =
        new ScriptZip().withCode(code + ScriptZip.forward("return __torch__.f0(x)")).model();
    AtomicReference<Object> result = new AtomicReference<>();
    Runnable open =
        () -> {
          try (InferenceSession session = new DjlBackend().open(deep, SessionConfig.cpu(1))) {
            result.set(session.output().name());
          } catch (RuntimeException e) {
            result.set(e);
          }
        };

    Thread thread = new Thread(null, open, "small", 512 << 10);
    thread.start();
    thread.join();

    assertThat(result).hasValue("output");
  }

  @Test
  void every_session_runs_with_its_own_threads_on_the_thread_that_calls() throws Exception {
    FloatTensor x = FloatTensor.allocate(Shape.of(1, 1, 4, 4, 4));
    FloatTensor y = FloatTensor.allocate(Shape.of(1, 1, 4, 4, 4));
    try (InferenceSession one = new DjlBackend().open(TINY, SessionConfig.cpu(1));
        InferenceSession three = new DjlBackend().open(TINY, SessionConfig.cpu(3))) {
      three.run(x, y);
      assertThat(JniUtils.getNumThreads()).isEqualTo(3);
      Thread other = new Thread(() -> one.run(x, FloatTensor.allocate(x.shape())));
      other.start();
      other.join();
      assertThat(JniUtils.getNumThreads()).as("another thread's run changes nothing").isEqualTo(3);
      one.run(x, y);
      assertThat(JniUtils.getNumThreads()).isEqualTo(1);
    }
  }

  @Test
  void a_run_leaves_no_tensor_behind() {
    SampleNetwork model = SampleNetwork.uNet(3, 4, 2);
    try (LoadedModule module = loaded(model)) {
      PtNDManager scope = module.newScope();
      ByteBuffer zeros = ByteBuffer.allocateDirect(4 * 64).order(ByteOrder.nativeOrder());
      NDArray result = module.run(scope, zeros, Shape.of(1, 1, 4, 4, 4)).singletonOrThrow();

      scope.close();

      assertThat(result.isReleased()).isTrue();
    }
  }

  private static LoadedModule loaded(SampleNetwork model) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      NetworkToTorchScript.translate(model.network(), model.weights(), Target.ANY, out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return LoadedModule.load("net", new ByteArrayInputStream(out.toByteArray()), Device.CPU);
  }
}
