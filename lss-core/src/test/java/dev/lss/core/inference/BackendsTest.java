package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.core.service.ServiceFiles;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.BackendStatus.Unavailable;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import dev.lss.testkit.SampleNetwork;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackendsTest {

  private static class Fake implements InferenceBackend {
    private final String id;
    private final Supplier<BackendStatus> probe;

    Fake(String id, Supplier<BackendStatus> probe) {
      this.id = id;
      this.probe = probe;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public int spiVersion() {
      return InferenceBackend.SPI_VERSION;
    }

    @Override
    public Set<ModelFormat> formats() {
      return Set.of();
    }

    @Override
    public BackendStatus probe() {
      return probe.get();
    }

    @Override
    public InferenceSession open(ModelSource model, SessionConfig config) {
      return FakeSession.identity();
    }
  }

  private static Fake works(String id) {
    return new Fake(id, () -> new BackendStatus.Available("1.0", List.of(Device.CPU)));
  }

  private static final Device CUDA = new Device(Device.Kind.CUDA, 0);

  /** Works on a GPU and in bf16 too, and opens ONNX files. */
  private static Fake able(String id) {
    return new Fake(id, () -> new BackendStatus.Available("1.0", List.of(CUDA, Device.CPU))) {
      @Override
      public Set<Precision> precisions() {
        return Set.of(Precision.FP32, Precision.BF16);
      }

      @Override
      public Set<ModelFormat> formats() {
        return Set.of(ModelFormat.ONNX);
      }
    };
  }

  private static BackendWish wish(Optional<Device> device, Precision precision) {
    return new BackendWish(Optional.empty(), device, precision, Set.of());
  }

  private static Fake fails(String id, String reason) {
    return new Fake(id, () -> new BackendStatus.Unavailable(reason, Optional.empty()));
  }

  /** A provider that works. */
  public static final class Good extends Fake {
    /** Creates it. */
    public Good() {
      super("good", works("good").probe);
    }
  }

  /** A provider of the same id. */
  public static final class AlsoGood extends Fake {
    /** Creates it. */
    public AlsoGood() {
      super("good", works("good").probe);
    }
  }

  /** A provider that cannot be made. */
  public static final class Broken extends Fake {
    /** Fails. */
    public Broken() {
      super("broken", () -> null);
      throw new UnsatisfiedLinkError("no native library");
    }
  }

  private static Backends discover(Class<?>... providers) {
    return Backends.discover(new ServiceFiles(InferenceBackend.class, providers));
  }

  private static String chosen(Backends backends, BackendWish wish) {
    return backends.choose(wish).backend().id();
  }

  private static void assertNoBackend(Backends backends, BackendWish wish, String message) {
    assertThatThrownBy(() -> backends.choose(wish))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.code()).isEqualTo("NO_BACKEND"))
        .hasMessage(message);
  }

  @Test
  void without_any_backend_the_error_says_what_to_add() {
    assertNoBackend(
        discover(),
        BackendWish.NONE,
        "no backend is on the class path to run networks: add dev.lss:lss-backend-onnx to the class"
            + " path");
    assertNoBackend(
        discover(),
        BackendWish.NONE.withId("djl"),
        "there is no backend \"djl\"; none is on the class path: add dev.lss:lss-backend-djl to the"
            + " class path");
  }

  @Test
  void the_first_available_in_the_documented_order_is_chosen() {
    Backends backends =
        Backends.of(
            List.of(
                works("zeta"), works("alpha"), works("tf"), fails("onnx", "no AVX"), works("djl")));

    assertThat(backends.all())
        .map(found -> found.backend().id())
        .containsExactly("onnx", "djl", "tf", "alpha", "zeta");
    assertThat(chosen(backends, BackendWish.NONE)).isEqualTo("djl");
    assertThat(chosen(backends, BackendWish.NONE.withId("zeta"))).isEqualTo("zeta");
  }

  @Test
  void without_a_name_the_first_that_can_do_what_is_asked_is_chosen() {
    Backends backends = Backends.of(List.of(works("onnx"), able("djl"), able("tf")));

    assertThat(chosen(backends, BackendWish.NONE)).isEqualTo("onnx");
    assertThat(chosen(backends, wish(Optional.of(Device.CPU), Precision.FP32))).isEqualTo("onnx");
    assertThat(chosen(backends, wish(Optional.of(CUDA), Precision.FP32))).isEqualTo("djl");
    assertThat(chosen(backends, wish(Optional.empty(), Precision.BF16))).isEqualTo("djl");
    assertThat(
            chosen(
                backends,
                new BackendWish(
                    Optional.empty(), Optional.empty(), Precision.FP32, Set.of(ModelFormat.ONNX))))
        .isEqualTo("djl");
  }

  @Test
  void what_nobody_can_do_is_refused_with_what_each_lacks() {
    Device second = new Device(Device.Kind.CUDA, 1);
    Backends backends = Backends.of(List.of(works("onnx"), able("djl")));

    assertNoBackend(
        backends,
        wish(Optional.of(second), Precision.FP32),
        "no backend can run here; onnx: it has no cuda:1 here, its devices are [cpu]; djl: it has no"
            + " cuda:1 here, its devices are [cuda:0, cpu]");
    assertNoBackend(
        Backends.of(List.of(works("onnx"))),
        wish(Optional.empty(), Precision.BF16),
        "no backend can run here; onnx: it does not run in bf16");
    assertNoBackend(
        Backends.of(List.of(works("onnx"))),
        new BackendWish(
            Optional.empty(), Optional.empty(), Precision.FP32, Set.of(ModelFormat.ONNX)),
        "no backend can run here; onnx: it opens [], not [onnx]");
  }

  @Test
  void a_backend_that_is_named_refuses_by_itself_what_it_cannot_do() {
    Backends backends = Backends.of(List.of(works("onnx"), able("djl")));

    assertThat(chosen(backends, wish(Optional.of(CUDA), Precision.BF16).withId("onnx")))
        .isEqualTo("onnx");
  }

  @Test
  void a_backend_that_is_named_never_falls_back() {
    assertNoBackend(
        Backends.of(List.of(fails("onnx", "no AVX"), works("djl"))),
        BackendWish.NONE.withId("onnx"),
        "no backend can run here; onnx: no AVX");
  }

  @Test
  void when_none_works_every_reason_is_listed() {
    assertNoBackend(
        Backends.of(
            List.of(
                fails("djl", "libtorch is missing"),
                new Fake(
                    "onnx",
                    () -> {
                      throw new NoClassDefFoundError("ai/onnxruntime/OrtEnvironment");
                    }))),
        BackendWish.NONE,
        "no backend can run here; onnx: its probe failed: java.lang.NoClassDefFoundError:"
            + " ai/onnxruntime/OrtEnvironment; djl: libtorch is missing");
  }

  @Test
  void an_unknown_id_is_refused_with_the_known_ones() {
    assertNoBackend(
        Backends.of(List.of(works("tf"), works("onnx"))),
        BackendWish.NONE.withId("mlx"),
        "there is no backend \"mlx\"; known: onnx, tf");
  }

  @Test
  void a_broken_provider_is_reported_and_does_not_hide_the_others() {
    Backends backends = discover(Broken.class, Good.class);

    assertThat(chosen(backends, BackendWish.NONE)).isEqualTo("good");
    assertThat(backends.broken())
        .singleElement()
        .asString()
        .contains("BackendsTest$Broken")
        .contains("no native library");
  }

  @Test
  void a_class_that_does_not_exist_is_reported() {
    Backends backends =
        Backends.discover(
            new ServiceFiles(
                InferenceBackend.class, List.of("no.such.Backend", Good.class.getName())));

    assertThat(chosen(backends, BackendWish.NONE)).isEqualTo("good");
    assertThat(backends.broken()).singleElement().asString().contains("no.such.Backend");
  }

  @Test
  void when_only_broken_providers_are_there_the_error_names_them() {
    assertThatThrownBy(() -> discover(Broken.class).choose(BackendWish.NONE))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("add dev.lss:lss-backend-onnx")
        .hasMessageContaining("BackendsTest$Broken");
  }

  @Test
  void two_providers_of_one_id_are_refused_by_name_when_that_id_would_be_used() {
    Backends backends = discover(Good.class, AlsoGood.class);

    assertThat(backends.all()).hasSize(2);
    assertThatThrownBy(() -> backends.choose(BackendWish.NONE.withId("good")))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.code()).isEqualTo("DUPLICATE_BACKEND"))
        .hasMessageContaining("BackendsTest$Good")
        .hasMessageContaining("BackendsTest$AlsoGood");
  }

  @ParameterizedTest
  @CsvSource({"0, newer version of it", "2, newer version of LSS"})
  void a_backend_that_was_built_for_another_service_interface_is_not_used(
      int version, String remedy) {
    Backends backends =
        Backends.of(
            List.of(
                new Fake("other", works("other").probe) {
                  @Override
                  public int spiVersion() {
                    return version;
                  }
                }));

    assertThat(backends.all()).first().extracting("status").isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> backends.choose(BackendWish.NONE.withId("other")))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "no backend can run here; other: it was built for version %d of the service interface,"
                    .formatted(version)
                + " this library has 1: take a "
                + remedy)
        .extracting("code")
        .isEqualTo("NO_BACKEND");
  }

  @Test
  void a_backend_that_writes_no_files_says_so() {
    InferenceBackend fake =
        new Fake("fake", () -> new BackendStatus.Available("1", List.of(Device.CPU)));
    SampleNetwork tiny = SampleNetwork.doubling();

    assertThatThrownBy(
            () ->
                fake.export(
                    new ModelSource.Described("tiny", tiny.network(), tiny.weights()),
                    ModelFormat.ONNX,
                    OutputStream.nullOutputStream()))
        .isInstanceOf(BackendException.class)
        .hasMessage("the backend fake does not write onnx files, asked for tiny")
        .extracting("code")
        .isEqualTo("EXPORT_UNSUPPORTED");
  }

  @Test
  void a_backend_that_does_not_open_the_model_s_format_is_named() {
    InferenceBackend fake =
        new Fake("fake", () -> new BackendStatus.Available("1", List.of(Device.CPU)));
    ModelSource file =
        new ModelSource.Opaque(
            "tiny/coarse/net.onnx",
            ModelFormat.ONNX,
            ByteBuffer.allocateDirect(1),
            new Signature(3, 1, 1, List.of(1, 1, 1)));

    assertThatThrownBy(() -> GuardedSession.open(fake, file, SessionConfig.cpu(1)))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "tiny/coarse/net.onnx is a file of the format onnx, which the backend fake does not open; it"
                + " opens []")
        .extracting("code")
        .isEqualTo("FORMAT_UNSUPPORTED");
  }
}
