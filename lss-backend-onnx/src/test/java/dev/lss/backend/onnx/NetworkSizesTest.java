package dev.lss.backend.onnx;

import static dev.lss.backend.onnx.OnnxGraph.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.ModelException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.ModelSource;
import dev.lss.spi.Shape;
import dev.lss.testkit.ReferenceInterpreter;
import dev.lss.testkit.SampleNetwork;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How large tensors become, and what is refused for it. No test here needs the runtime. */
class NetworkSizesTest {

  private static final Shape IMAGE = Shape.of(1, 1, 4, 6, 8);

  private final OnnxGraph graph = new OnnxGraph();

  NetworkSizesTest() {
    graph.input("x", 1, 3);
    graph.output("y", 1, 3);
  }

  private static OnnxFile file(byte[] bytes, Signature signature) {
    return OnnxFile.checked(
        new ModelSource.Opaque(
            "net.onnx",
            ModelFormat.ONNX,
            ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(),
            signature));
  }

  private OnnxFile file() {
    return file(graph.toModel(), new Signature(3, 1, 1, List.of(1, 1, 1)));
  }

  private void assertRefusedAtOnce(String... parts) {
    assertThatThrownBy(this::file)
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(parts)
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(300))
        .extracting("code")
        .isEqualTo("MODEL_REFUSED");
  }

  private void assertRefusedForTheImage(String... parts) {
    OnnxFile file = file();
    assertThatThrownBy(() -> file.inputs().check(IMAGE, IMAGE))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(parts)
        .extracting("code")
        .isEqualTo("MODEL_REFUSED");
  }

  private void node(String operator, String output, String... inputs) {
    graph.node(operator, List.of(inputs), output);
  }

  static List<SampleNetwork> everyKind() {
    return SampleNetwork.everyKind();
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void the_sizes_of_every_kind_of_layer_are_those_of_its_definition(SampleNetwork model) {
    for (boolean forCpu : new boolean[] {false, true}) {
      byte[] bytes =
          forCpu
              ? NetworkToOnnx.translateForCpu(model.network(), model.weights())
              : NetworkToOnnx.translate(model.network(), model.weights());
      OnnxFile file = file(bytes, model.network().signature());
      for (Shape in : model.inputs()) {
        Shape out =
            ReferenceInterpreter.run(model.network(), model.weights(), FloatTensor.allocate(in))
                .shape();
        file.inputs().check(in, out);
      }
    }
  }

  @Test
  void an_output_of_other_sizes_is_refused_before_the_runtime_writes_it() {
    node("Relu", "y", "x");

    assertThatThrownBy(() -> file().inputs().check(IMAGE, Shape.of(1, 1, 4, 6, 9)))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "net.onnx makes 1 x 1 x 4 x 6 x 8 of an input of 1 x 1 x 4 x 6 x 8, the output tensor"
                + " is 1 x 1 x 4 x 6 x 9")
        .extracting("code")
        .isEqualTo("WRONG_SHAPE");
  }

  @Test
  void an_input_that_does_not_go_through_is_refused_with_the_place() {
    node("Reshape", "y", "x", graph.constant(1, 1, 4, 4, 4));

    assertThatThrownBy(() -> file().inputs().check(IMAGE, IMAGE))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "an input of 1 x 1 x 4 x 6 x 8 does not go through net.onnx (node 0, Reshape \"y\": it"
                + " makes [1, 1, 4, 4, 4] of [1, 1, 4, 6, 8])")
        .extracting("code")
        .isEqualTo("WRONG_SHAPE");
  }

  @ParameterizedTest
  @CsvSource({
    "1000000, 1000000",
    "9223372036854775807, 9223372036854775807",
    "20000, 20000",
    "2147483648, 0",
  })
  void a_large_tensor_of_one_value_is_refused_as_the_file_is_opened(long rows, long columns) {
    node("ConstantOfShape", "c", graph.constant(rows, columns));
    node("Relu", "y", "x");

    assertRefusedAtOnce("(node 0, ConstantOfShape \"c\")", "by constants alone");
  }

  /** Adds nodes that make much of little. */
  private interface Growth {
    void addTo(NetworkSizesTest test);
  }

  static List<Growth> growths() {
    return List.of(
        t -> t.node("Tile", "c", t.longs(1), t.longs(1L << 40)),
        t -> t.node("Tile", "c", t.longs(1), t.longs(1L << 27)),
        t -> t.node("Expand", "c", t.longs(1), t.longs(1 << 14, 1 << 14)),
        t -> t.node("Pad", "c", t.longs(1), t.longs(1 << 30, 0)),
        t -> t.node("Pad", "c", t.longs(1), t.longs(Long.MAX_VALUE, Long.MAX_VALUE)),
        t -> t.node("Range", "c", t.longs(1), t.longs(1L << 41), t.longs(1)),
        t -> t.node("OneHot", "c", t.longs(1), t.longs(1L << 50), t.longs(0, 1)),
        t -> t.node("Resize", "c", t.floats(1), "", t.floats(1e9f)),
        t -> {
          String last = t.longs(1);
          for (int n = 0; n < 40; n++) {
            t.graph.node("Concat", List.of(last, last), "c" + n, attribute("axis", 0));
            last = "c" + n;
          }
        },
        t -> {
          t.node("Mul", "square", t.longs(1 << 20), t.longs(1 << 20));
          t.node("ConstantOfShape", "c", "square");
        },
        t -> {
          t.node("ConstantOfShape", "c", t.longs(5000, 5000));
          t.node("MatMul", "product", "c", "c");
        });
  }

  private String longs(long... values) {
    return graph.constant(values);
  }

  private String floats(float... values) {
    return graph.constant(Arrays.toString(values), List.of(values.length), values);
  }

  @ParameterizedTest
  @MethodSource("growths")
  void constants_that_grow_out_of_constants_are_refused_as_the_file_is_opened(Growth growth) {
    growth.addTo(this);
    node("Relu", "y", "x");

    assertRefusedAtOnce("(node ", "by constants alone");
  }

  @Test
  void what_grows_with_the_image_is_refused_before_it_runs() {
    node("Tile", "c", "x", longs(1, 1, 1, 1000, 1000));
    node("Relu", "y", "x");

    assertRefusedForTheImage(
        "(node 0, Tile \"c\"): with it 2e+08 values are held at a time for an input of [1, 1, 4, 6,"
            + " 8]; 7e+07 are allowed");
  }

  @Test
  void tensors_that_are_kept_for_later_are_counted_together() {
    List<String> kept = new ArrayList<>();
    for (int n = 0; n < 8; n++) {
      node("Tile", "c" + n, "x", longs(1, 1, 1, 250, 250)); // 12 million each
      kept.add("c" + n);
    }
    graph.node("Concat", kept, "all", attribute("axis", 1));
    node("Relu", "y", "x");

    assertRefusedForTheImage("(node 5, Tile \"c5\"): with it 7e+07 values are held at a time");
  }

  @Test
  void tensors_that_are_no_longer_used_are_not_counted() {
    String last = "x";
    for (int n = 0; n < 50; n++) {
      node("Tile", "c" + n, "x", longs(1, 1, 1, 250, 250));
      node("Relu", "r" + n, "c" + n);
      node("ReduceMax", "m" + n, "r" + n);
      node("Add", "s" + n, last, "m" + n);
      last = "s" + n;
    }
    node("Relu", "y", last);

    file().inputs().check(IMAGE, IMAGE);
  }

  @Test
  void a_size_that_voxels_decide_is_refused() {
    node("Reshape", "flat", "x", longs(-1));
    graph.node("Cast", List.of("flat"), "whole", attribute("to", 7));
    node("ConstantOfShape", "c", "whole");
    node("Relu", "y", "x");

    assertRefusedAtOnce(
        "(node 2, ConstantOfShape \"c\")",
        "the size of its result depends on what \"whole\" holds when the network runs");
  }

  @Test
  void sizes_that_overflow_are_no_sizes() {
    node("Shape", "shape", "x");
    String last = "shape";
    for (int n = 0; n < 70; n++) {
      node("Mul", "m" + n, last, longs(2, 2, 2, 2, 2));
      last = "m" + n;
    }
    node("ConstantOfShape", "c", last);
    node("Relu", "y", "x");

    assertRefusedAtOnce("(node 71, ConstantOfShape \"c\")");
  }

  @Test
  void as_many_nodes_as_are_allowed_are_looked_at_in_two_seconds() {
    long[] many = new long[KnownTensor.MOST_VALUES];
    node("Shape", "s0", "x");
    node("ReduceProd", "p0", "s0");
    for (int n = 0; n < 29_990; n++) {
      graph.node("Add", List.of(longs(many), "p" + (n % 2 == 0 ? 0 : n)), "p" + (n + 1));
    }
    node("Relu", "y", "x");
    byte[] bytes = graph.toModel();

    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    file(bytes, new Signature(3, 1, 1, List.of(1, 1, 1))).inputs().check(IMAGE, IMAGE);

    long took = threads.getCurrentThreadCpuTime() - start;
    assertThat(TimeUnit.NANOSECONDS.toMillis(took)).isLessThan(2000);
  }
}
