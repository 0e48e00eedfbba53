package dev.lss.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lss.api.BackendException;
import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import dev.lss.api.LssException;
import dev.lss.api.ModelException;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Signature;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.BackendStatus.Available;
import dev.lss.spi.CheckedSession;
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
import dev.lss.spi.WorkingMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend must do. A backend's own test extends this class, and adds what is particular
 * to its runtime. What is about opaque files is reported as skipped for a backend that opens none.
 */
public abstract class InferenceBackendContract {

  private static final double TOLERANCE = 1e-4;

  @TempDir Path folder;

  /** Returns a new backend, as {@code ServiceLoader} would make it. */
  protected abstract InferenceBackend backend();

  /**
   * Writes a model as an opaque file of the first of the backend's formats and returns its path. A
   * backend without formats leaves it alone.
   *
   * @param folder an empty folder
   * @param model the model
   * @throws IOException when it cannot be written
   */
  protected Path writeOpaque(Path folder, SampleNetwork model) throws IOException {
    throw new AssertionError(
        "the backend opens files of %s: override writeOpaque, so that this is tested"
            .formatted(backend().formats()));
  }

  private void assumeFormats() {
    assumeTrue(!backend().formats().isEmpty(), "the backend opens no files");
  }

  private static Described described(SampleNetwork model) {
    return new Described(model.name(), model.network(), model.weights());
  }

  private InferenceSession open(SampleNetwork model, int threads) {
    return backend().open(described(model), SessionConfig.cpu(threads));
  }

  private Opaque opaque(Path path, Signature signature) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    return new Opaque(
        String.valueOf(path.getFileName()),
        backend().formats().iterator().next(),
        ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(),
        signature);
  }

  private Opaque opaque(Path path) throws IOException {
    return opaque(path, SampleNetwork.uNet(3, 4, 2).network().signature());
  }

  private static FloatTensor random(Shape shape, long seed) {
    Random random = new Random(seed);
    FloatTensor tensor = FloatTensor.allocate(shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.data().put(i, (float) random.nextGaussian());
    }
    return tensor;
  }

  private static float[] values(FloatTensor tensor) {
    float[] values = new float[tensor.shape().size()];
    tensor.data().duplicate().clear().get(values);
    return values;
  }

  /** Runs into a tensor of NaN, so that a value that is not overwritten shows. */
  private static float[] run(InferenceSession session, FloatTensor in, Shape out) {
    FloatTensor result = FloatTensor.allocate(out);
    for (int i = 0; i < out.size(); i++) {
      result.data().put(i, Float.NaN);
    }
    session.run(in, result);
    return values(result);
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double bound = TOLERANCE * (1 + Math.abs(expected[i]));
      // NaN fails too
      if (!(Math.abs(actual[i] - expected[i]) <= bound)) {
        assertThat(actual[i]).as("value %s", i).isEqualTo(expected[i]);
      }
    }
  }

  static List<SampleNetwork> everyKind() {
    return SampleNetwork.everyKind();
  }

  @Test
  void the_samples_hold_every_kind_of_layer() {
    Set<Class<?>> seen = new HashSet<>();
    everyKind().forEach(model -> model.network().layers().forEach(l -> seen.add(l.getClass())));

    List<Class<?>> kinds =
        Arrays.stream(Layer.class.getPermittedSubclasses()).<Class<?>>map(c -> c).toList();
    assertThat(seen).containsExactlyInAnyOrderElementsOf(kinds);
  }

  @Test
  void the_id_is_lower_case_and_every_instance_has_the_same() {
    assertThat(backend().id()).matches("[a-z0-9-]+").isEqualTo(backend().id());
  }

  @Test
  void the_service_loader_finds_it() {
    assertThat(ServiceLoader.load(InferenceBackend.class))
        .as("classes in META-INF/services/dev.lss.spi.InferenceBackend")
        .extracting(found -> found.getClass().getName())
        .contains(backend().getClass().getName());
  }

  @Test
  void it_was_built_for_this_version_of_the_service_interface() {
    assertThat(backend().spiVersion()).isEqualTo(InferenceBackend.SPI_VERSION);
  }

  @Test
  void probe_tells_version_and_devices() {
    BackendStatus status = backend().probe();

    assertThat(status).isInstanceOf(Available.class);
    assertThat(((Available) status).version()).isNotBlank();
    assertThat(((Available) status).devices()).contains(Device.CPU);
  }

  @Test
  void run_overwrites_the_callers_output() {
    SampleNetwork model = SampleNetwork.doubling();
    Shape shape = Shape.of(1, 1, 2, 3, 4);
    FloatTensor in = random(shape, 1);
    float[] before = values(in);

    try (InferenceSession session = open(model, 1)) {
      float[] out = run(session, in, shape);

      for (int i = 0; i < out.length; i++) {
        assertThat(out[i]).isEqualTo(2 * before[i]);
      }
      assertThat(values(in)).as("the input is left alone").isEqualTo(before);
    }
  }

  @Test
  void run_reads_the_whole_buffer_wherever_its_position_stands() {
    Shape shape = Shape.of(1, 1, 2, 3, 4);
    FloatTensor in = random(shape, 1);
    float[] before = values(in);
    in.data().position(5).limit(7);
    FloatTensor out = FloatTensor.allocate(shape);
    out.data().position(3);

    try (InferenceSession session = open(SampleNetwork.doubling(), 1)) {
      session.run(in, out);
    }

    assertThat(values(out)[0]).isEqualTo(2 * before[0]);
    assertThat(values(out)[23]).isEqualTo(2 * before[23]);
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void every_kind_of_layer_gives_what_its_definition_says(SampleNetwork model) {
    try (InferenceSession session = open(model, 2)) {
      for (Shape shape : model.inputs()) {
        FloatTensor in = random(shape, 3);
        FloatTensor expected = ReferenceInterpreter.run(model.network(), model.weights(), in);

        assertClose(run(session, in, expected.shape()), values(expected));
      }
    }
  }

  /**
   * A norm of two million voxels against double. One sum in a float would be off by a thousand
   * times as much, which flips labels where two are nearly as likely.
   */
  @Test
  void the_norm_of_a_large_tile_is_as_exact_as_that_of_a_small_one() {
    Shape shape = Shape.of(1, 2, 128, 128, 128);
    FixedWeights weights =
        new FixedWeights(1)
            .with("scale", List.of(2), 1.1f, 0.9f)
            .with("shift", List.of(2), 0.1f, -0.2f);
    Network network =
        new Network(
            3,
            2,
            List.of(new Layer.InstanceNorm("norm", Network.INPUT, 1e-5, "scale", "shift")),
            "norm");
    FloatTensor in = FloatTensor.allocate(shape);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < shape.size(); i++) {
      in.data().put(i, (float) (random.nextDouble() + random.nextDouble() + random.nextDouble()));
    }
    float[] expected = values(ReferenceInterpreter.run(network, weights, in));

    float[] actual;
    try (InferenceSession session =
        backend().open(new Described("norm", network, weights), SessionConfig.cpu(2))) {
      actual = run(session, in, shape);
    }

    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs((double) actual[i] - expected[i]));
    }
    assertThat(largest).isLessThan(2e-6);
  }

  @Test
  void one_session_takes_several_sizes_in_turn() {
    SampleNetwork model = SampleNetwork.uNet(3, 4, 3);
    try (InferenceSession session = open(model, 2)) {
      for (int size : new int[] {8, 4, 12, 8}) {
        FloatTensor in = random(Shape.of(1, 1, size, 8, 4), size);
        FloatTensor expected = ReferenceInterpreter.run(model.network(), model.weights(), in);

        assertClose(run(session, in, expected.shape()), values(expected));
      }
    }
  }

  @Test
  void what_a_run_takes_grows_with_the_input_and_is_taken_once_where_it_is_kept() {
    SampleNetwork model = SampleNetwork.uNet(3, 4, 3);
    Shape small = Shape.of(1, 1, 8, 8, 8);
    Shape large = Shape.of(1, 1, 64, 64, 64);
    try (InferenceSession session = open(model, 1)) {
      assumeTrue(session.workingMemory(small).isPresent(), "the backend does not say");
      WorkingMemory before = session.workingMemory(large).orElseThrow();
      assertThat(before.bytes()).isGreaterThan(session.workingMemory(small).get().bytes());

      run(session, random(large, 1), described(model).outputShape(large));

      assertThat(session.workingMemory(large))
          .contains(before.kept() ? new WorkingMemory(0, true) : before);
    }
  }

  @Test
  void the_specs_name_channels_and_size_multiples() {
    try (InferenceSession session = open(SampleNetwork.uNet(3, 4, 3), 1)) {
      assertThat(session.input().dims()).hasSize(5).element(1).isEqualTo(1);
      assertThat(session.input().multiples()).containsExactly(1, 1, 4, 4, 4);
      assertThat(session.output().dims()).hasSize(5).element(1).isEqualTo(3);
    }
  }

  @Test
  void concurrent_runs_give_the_serial_result_bit_for_bit() throws Exception {
    Shape in = Shape.of(1, 1, 16, 16, 16);
    Shape out = Shape.of(1, 3, 16, 16, 16);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (InferenceSession session = open(SampleNetwork.uNet(3, 4, 3), 2)) {
      List<Future<float[]>> concurrent = new ArrayList<>();
      for (int n = 0; n < 12; n++) {
        long seed = n;
        concurrent.add(pool.submit(() -> run(session, random(in, seed), out)));
      }
      for (int n = 0; n < 12; n++) {
        assertThat(concurrent.get(n).get()).isEqualTo(run(session, random(in, n), out));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void repeated_runs_and_sessions_give_the_same_bits() {
    Shape in = Shape.of(1, 1, 8, 12, 16);
    Shape out = Shape.of(1, 3, 8, 12, 16);
    SampleNetwork model = SampleNetwork.uNet(3, 4, 3);
    try (InferenceSession one = open(model, 2);
        InferenceSession two = open(model, 2)) {
      float[] first = run(one, random(in, 5), out);

      assertThat(run(one, random(in, 5), out)).isEqualTo(first);
      assertThat(run(two, random(in, 5), out)).isEqualTo(first);
    }
  }

  @Test
  void one_thread_and_two_agree() {
    Shape in = Shape.of(1, 1, 8, 12, 16);
    Shape out = Shape.of(1, 3, 8, 12, 16);
    SampleNetwork model = SampleNetwork.uNet(3, 4, 3);
    try (InferenceSession one = open(model, 1);
        InferenceSession two = open(model, 2)) {
      assertClose(run(two, random(in, 5), out), run(one, random(in, 5), out));
    }
  }

  @Test
  void an_opaque_file_gives_what_the_description_gives() throws Exception {
    assumeFormats();
    SampleNetwork model = SampleNetwork.uNet(3, 4, 2);
    Shape in = Shape.of(1, 1, 4, 6, 8);
    Shape out = Shape.of(1, 3, 4, 6, 8);
    Path file = writeOpaque(folder, model);
    try (InferenceSession opened = backend().open(opaque(file), SessionConfig.cpu(1));
        InferenceSession translated = open(model, 1)) {
      assertThat(run(opened, random(in, 5), out)).isEqualTo(run(translated, random(in, 5), out));
    }
  }

  @Test
  void close_twice_is_harmless() {
    InferenceSession session = open(SampleNetwork.doubling(), 1);
    session.close();

    assertThatCode(session::close).doesNotThrowAnyException();
  }

  @Test
  void use_after_close_is_refused() {
    Shape shape = Shape.of(1, 1, 2, 3, 4);
    InferenceSession session = open(SampleNetwork.doubling(), 1);
    session.close();

    assertThatThrownBy(() -> session.run(random(shape, 1), FloatTensor.allocate(shape)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closing_waits_for_a_run_or_leaves_it_an_error_and_never_ends_the_process() throws Exception {
    Shape in = Shape.of(1, 1, 32, 32, 32);
    Shape out = Shape.of(1, 3, 32, 32, 32);
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      InferenceSession session = open(SampleNetwork.uNet(3, 4, 3), 1);
      FloatTensor x = random(in, 1);
      CountDownLatch started = new CountDownLatch(1);
      Future<Integer> runs =
          pool.submit(
              () -> {
                int done = 0;
                try {
                  while (true) {
                    session.run(x, FloatTensor.allocate(out));
                    done++;
                    started.countDown();
                  }
                } catch (IllegalStateException closed) {
                  return done;
                }
              });
      started.await();
      session.close();

      assertThat(runs.get()).isPositive();
    } finally {
      pool.shutdownNow();
    }
  }

  /**
   * The runtime stops, and the session runs again; or it does not, and the session is given up. The
   * network takes some seconds, so that it is cancelled in the middle.
   */
  @Test
  void a_cancelled_run_ends_within_a_second_and_closing_does_not_wait() throws Exception {
    Shape in = Shape.of(1, 1, 128, 128, 128);
    FloatTensor x = FloatTensor.allocate(in);
    FloatTensor y = FloatTensor.allocate(Shape.of(1, 3, 128, 128, 128));
    CancellationToken token = new CancellationToken();
    AtomicLong cancelled = new AtomicLong();
    Thread user =
        new Thread(
            () -> {
              try {
                Thread.sleep(100);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              cancelled.set(System.nanoTime());
              token.cancel();
            });
    InferenceSession session = open(SampleNetwork.uNet(3, 16, 3), 1);
    assumeTrue(session instanceof CheckedSession, "the library wraps it in one that looks");
    try {
      user.start();
      assertThatThrownBy(() -> session.run(x, y, token)).isInstanceOf(CancelledException.class);
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - cancelled.get());
      user.join();

      assertThat(took).isLessThan(1000);
      try {
        session.run(
            random(Shape.of(1, 1, 8, 8, 8), 1), FloatTensor.allocate(Shape.of(1, 3, 8, 8, 8)));
      } catch (BackendException e) {
        assertThat(e.code()).isEqualTo("SESSION_ABANDONED");
      }
    } finally {
      long start = System.nanoTime();
      session.close();
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(1000);
      awaitRuns();
    }
  }

  /** Waits for a run that was given up, as the process should not end within native code. */
  private static void awaitRuns() throws InterruptedException {
    while (Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getMethodName().equals("runEntered"))) {
      Thread.sleep(20);
    }
  }

  @Test
  void one_closed_session_leaves_the_others_open() {
    Shape shape = Shape.of(1, 1, 2, 3, 4);
    try (InferenceSession stays = open(SampleNetwork.doubling(), 1)) {
      open(SampleNetwork.doubling(), 1).close();

      assertThat(run(stays, random(shape, 1), shape)).doesNotContain(Float.NaN);
    }
  }

  @Test
  void a_garbage_model_is_refused_by_name() throws Exception {
    assumeFormats();
    Path garbage = Files.write(folder.resolve("garbage.bin"), new byte[] {1, 2, 3});

    assertRefused(opaque(garbage), "garbage.bin");
  }

  @Test
  void an_empty_model_is_refused_by_name() throws Exception {
    assumeFormats();
    Path empty = Files.write(folder.resolve("empty.bin"), new byte[0]);

    assertRefused(opaque(empty), "empty.bin");
  }

  @Test
  void a_truncated_model_is_refused_by_name() throws Exception {
    assumeFormats();
    Path whole = writeOpaque(folder, SampleNetwork.uNet(3, 4, 2));
    byte[] bytes = Files.readAllBytes(whole);
    Path half = folder.resolve("half.bin");
    Files.write(half, Arrays.copyOf(bytes, bytes.length / 2));

    assertRefused(opaque(half), "half.bin");
  }

  /** The U-Net takes 1 channel, gives 3, has rank 3 and halves its sizes twice. */
  @ParameterizedTest
  @CsvSource({
    "3, 2, 3, 1 1 1, input",
    "3, 1, 4, 1 1 1, output",
    "2, 1, 3, 1 1, input",
  })
  void an_opaque_file_that_does_not_fit_its_signature_is_refused(
      int rank, int inputs, int outputs, String multiples, String what) throws Exception {
    assumeFormats();
    Path file = writeOpaque(folder, SampleNetwork.uNet(3, 4, 2));
    List<Integer> sizes = Arrays.stream(multiples.split(" ")).map(Integer::valueOf).toList();

    assertThatThrownBy(
            () ->
                backend()
                    .open(
                        opaque(file, new Signature(rank, inputs, outputs, sizes)),
                        SessionConfig.cpu(1))
                    .close())
        .isInstanceOf(LssException.class)
        .hasMessageContaining(String.valueOf(file.getFileName()))
        .hasMessageContaining("the " + what)
        .extracting("code")
        .isEqualTo("MODEL_REFUSED");
  }

  @Test
  void an_opaque_file_takes_only_the_sizes_that_its_signature_names() throws Exception {
    assumeFormats();
    Path file = writeOpaque(folder, SampleNetwork.uNet(3, 4, 2));
    try (InferenceSession opened =
        backend()
            .open(opaque(file, new Signature(3, 1, 3, List.of(4, 8, 16))), SessionConfig.cpu(1))) {
      assertThat(opened.input().multiples()).containsExactly(1, 1, 4, 8, 16);
      assertThatThrownBy(
              () ->
                  opened.run(
                      random(Shape.of(1, 1, 4, 8, 8), 1),
                      FloatTensor.allocate(Shape.of(1, 3, 4, 8, 8))))
          .isInstanceOf(BackendException.class)
          .extracting("code")
          .isEqualTo("WRONG_SHAPE");
    }
  }

  private void assertRefused(ModelSource model, String name) {
    assertThatThrownBy(() -> backend().open(model, SessionConfig.cpu(1)).close())
        .isInstanceOf(LssException.class)
        .hasMessageContaining(name)
        .extracting("code")
        .isEqualTo("MODEL_REFUSED");
  }

  @Test
  void weights_of_the_wrong_shape_are_refused() {
    SampleNetwork model = SampleNetwork.doubling();
    model.weights().with("two", List.of(1, 1, 1, 1, 2), 2f, 2f);

    assertThatThrownBy(() -> open(model, 1).close())
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "layer double needs the tensor \"two\" as [1, 1, 1, 1, 1], found [1, 1, 1, 1, 2]");
  }

  @Test
  void missing_weights_are_refused() {
    Network network = SampleNetwork.doubling().network();
    FixedWeights none = new FixedWeights(1);

    assertThatThrownBy(
            () ->
                backend().open(new Described("bare", network, none), SessionConfig.cpu(1)).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("\"two\"");
  }

  static List<Shape> wrongInputs() {
    return List.of(
        Shape.of(1, 2, 8, 8, 8),
        Shape.of(1, 1, 8, 8),
        Shape.of(1, 1, 1, 8, 8, 8),
        Shape.of(1, 1, 8, 6, 8),
        Shape.of(8));
  }

  @ParameterizedTest
  @MethodSource("wrongInputs")
  void an_input_of_the_wrong_shape_is_refused(Shape wrong) {
    try (InferenceSession session = open(SampleNetwork.uNet(3, 4, 3), 1)) {
      FloatTensor out = FloatTensor.allocate(Shape.of(1, 3, 8, 8, 8));

      assertThatThrownBy(() -> session.run(random(wrong, 1), out))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(wrong.toString());
    }
  }

  static List<Shape> wrongOutputs() {
    return List.of(
        Shape.of(1, 2, 8, 8, 8),
        Shape.of(1, 3, 8, 8, 4),
        Shape.of(1, 3, 8, 8, 12),
        Shape.of(1, 3, 8, 4, 16),
        Shape.of(2, 3, 8, 8, 8),
        Shape.of(1, 3, 512));
  }

  @ParameterizedTest
  @MethodSource("wrongOutputs")
  void an_output_of_the_wrong_shape_is_refused(Shape wrong) {
    try (InferenceSession session = open(SampleNetwork.uNet(3, 4, 3), 1)) {
      FloatTensor in = random(Shape.of(1, 1, 8, 8, 8), 1);

      assertThatThrownBy(() -> session.run(in, FloatTensor.allocate(wrong)))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(wrong.toString());
    }
  }

  @Test
  void a_device_that_is_not_there_is_an_error_and_never_the_cpu() {
    Device cuda = new Device(Device.Kind.CUDA, 0);
    boolean there =
        backend().probe() instanceof Available available && available.devices().contains(cuda);
    assumeTrue(!there, "this machine has " + cuda);

    assertThatThrownBy(
            () ->
                backend()
                    .open(
                        described(SampleNetwork.doubling()),
                        new SessionConfig(cuda, 1, Precision.FP32))
                    .close())
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("cuda:0");
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void a_precision_is_offered_or_refused(Precision precision) {
    SampleNetwork model = SampleNetwork.uNet(3, 4, 3);
    SessionConfig config = new SessionConfig(Device.CPU, 1, precision);
    if (!backend().precisions().contains(precision)) {
      assertThatThrownBy(() -> backend().open(described(model), config).close())
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(precision.toString())
          .extracting("code")
          .isEqualTo("PRECISION_UNSUPPORTED");
      return;
    }
    Shape out = Shape.of(1, 3, 16, 16, 16);
    FloatTensor in = random(Shape.of(1, 1, 16, 16, 16), 5);
    try (InferenceSession session = openWherePossible(model, config);
        InferenceSession single = open(model, 1)) {
      float[] expected = run(single, in, out);
      float[] actual = run(session, in, out);

      // bf16 keeps 8 bits, so each of 14 convolutions is off by some 0.4 %.
      double bound = precision == Precision.FP32 ? 0 : 0.03;
      assertThat(rootMeanSquare(actual, expected) / rootMeanSquare(expected, new float[out.size()]))
          .isLessThanOrEqualTo(bound);
    }
  }

  /** Some processors lack the arithmetic; the backend must say so when it opens, with a remedy. */
  private InferenceSession openWherePossible(SampleNetwork model, SessionConfig config) {
    try {
      return backend().open(described(model), config);
    } catch (BackendException e) {
      assertThat(config.precision()).isNotEqualTo(Precision.FP32);
      assertThat(e.code()).isEqualTo("PRECISION_UNSUPPORTED");
      assertThat(e).hasMessageContaining("ask for fp32");
      return Assumptions.abort("this processor cannot: " + e);
    }
  }

  private static double rootMeanSquare(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.pow((double) one[i] - other[i], 2);
    }
    return Math.sqrt(sum / one.length);
  }

  @Test
  void single_precision_is_always_offered() {
    assertThat(backend().precisions()).contains(Precision.FP32);
  }

  @Test
  void memory_does_not_grow_over_200_runs() throws Exception {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.exists(status), "resident memory is read from /proc");
    Shape in = Shape.of(1, 1, 32, 32, 32);
    FloatTensor x = random(in, 1);
    FloatTensor y = FloatTensor.allocate(Shape.of(1, 3, 32, 32, 32));
    try (InferenceSession session = open(SampleNetwork.uNet(3, 4, 3), 2)) {
      for (int n = 0; n < 50; n++) {
        session.run(x, y);
      }
      long before = residentKib(status);
      for (int n = 0; n < 200; n++) {
        session.run(x, y);
      }

      // One leaked output each would be 384 KiB x 200 = 75 MiB.
      assertThat(residentKib(status) - before).isLessThan(32 << 10);
    }
  }

  private static long residentKib(Path status) throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
