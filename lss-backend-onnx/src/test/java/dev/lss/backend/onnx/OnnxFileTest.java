package dev.lss.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ModelException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.spi.ModelSource;
import dev.lss.testkit.SampleNetwork;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Field numbers are those of onnx.proto. No test here needs the runtime. */
class OnnxFileTest {

  static ModelSource.Opaque opaque(byte[] bytes) {
    return new ModelSource.Opaque(
        "net.onnx",
        ModelFormat.ONNX,
        ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(),
        new Signature(3, 1, 1, List.of(1, 1, 1)));
  }

  private static void assertRefused(byte[] model, String... parts) {
    assertThatThrownBy(() -> OnnxFile.checked(opaque(model)).written())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("net.onnx is no ONNX file that may be used (")
        .hasMessageContainingAll(parts)
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(300))
        .extracting("code")
        .isEqualTo("MODEL_REFUSED");
  }

  private static ProtobufWriter message() {
    return new ProtobufWriter();
  }

  private static ProtobufWriter operators(long version) {
    return message().string(1, "").integer(2, version);
  }

  private static byte[] model(ProtobufWriter graph) {
    return message().integer(1, 9).message(7, graph).message(8, operators(18)).toByteArray();
  }

  /** A tensor of one channel: name, sizes; -1 is any. */
  private static ProtobufWriter value(String name, long... sizes) {
    ProtobufWriter shape = message();
    for (long size : sizes) {
      shape.message(1, size < 0 ? message() : message().integer(1, size));
    }
    ProtobufWriter tensor = message().integer(1, 1).message(2, shape);
    return message().string(1, name).message(2, message().message(1, tensor));
  }

  private static ProtobufWriter node(String operator, String from, String to) {
    return message().string(1, from).string(2, to).string(4, operator);
  }

  /** A graph from x to y that has these nodes; the first takes x, the last makes y. */
  private static ProtobufWriter graph(ProtobufWriter... nodes) {
    ProtobufWriter graph = message();
    for (ProtobufWriter node : nodes) {
      graph.message(1, node);
    }
    return graph
        .message(11, value("x", -1, 1, -1, -1, -1))
        .message(12, value("y", -1, 1, -1, -1, -1));
  }

  private static ProtobufWriter relu() {
    return node("Relu", "x", "y");
  }

  private static ProtobufWriter floats(String name, long... sizes) {
    ProtobufWriter tensor = message();
    for (long size : sizes) {
      tensor.integer(1, size);
    }
    return tensor.integer(2, 1).string(8, name);
  }

  /** A tensor whose values lie in a file beside the model, as large exports have them. */
  private static ProtobufWriter externalTensor() {
    ProtobufWriter location = message().string(1, "location").string(2, "../../etc/passwd");
    return floats("conv.weight").message(13, location).integer(14, 1);
  }

  private static ProtobufWriter attribute(String name, int kind) {
    return message().string(1, name).integer(20, kind);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int n = 0; n < values.length; n++) {
      bytes[n] = (byte) values[n];
    }
    return bytes;
  }

  @Test
  void what_is_written_says_the_same_and_is_written_the_same_again() {
    SampleNetwork unet = SampleNetwork.uNet(3, 4, 2);
    byte[] translated = NetworkToOnnx.translate(unet.network(), unet.weights());
    Signature signature = unet.network().signature();

    ByteBuffer once = OnnxFile.checked(opaque(translated, signature)).written();
    byte[] bytes = new byte[once.remaining()];
    once.duplicate().get(bytes);
    ByteBuffer twice = OnnxFile.checked(opaque(bytes, signature)).written();

    assertThat(once.isDirect()).isTrue();
    assertThat(twice).isEqualTo(once);
    assertThat(new OnnxModelReader().read(once))
        .isEqualTo(new OnnxModelReader().read(ByteBuffer.wrap(translated)));
  }

  private static ModelSource.Opaque opaque(byte[] bytes, Signature signature) {
    return new ModelSource.Opaque(
        "net.onnx",
        ModelFormat.ONNX,
        ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(),
        signature);
  }

  @Test
  void documentation_names_of_sizes_inside_and_unused_operator_sets_do_not_reach_the_runtime() {
    byte[] plain = model(graph(relu()));
    byte[] documented =
        message()
            .integer(1, 8)
            .string(2, "pytorch")
            .string(3, "2.7.1")
            .string(6, "a secret")
            .message(
                7,
                graph(relu().string(6, "a secret").message(9, message().string(1, "a secret")))
                    .string(10, "a secret")
                    .message(13, value("y", -1, 1, 2, 3, 4)))
            .message(8, operators(18))
            .message(8, message().string(1, "ai.onnx.ml").integer(2, 3))
            .message(14, message().string(1, "a secret").string(2, "a secret"))
            .toByteArray();

    assertThat(OnnxFile.checked(opaque(documented)).written())
        .isEqualTo(OnnxFile.checked(opaque(plain)).written());
  }

  @Test
  void a_constant_that_old_files_list_as_an_input_is_a_constant() {
    byte[] three = floats("w", 1).bytes(9, new byte[4]).toByteArray();
    ProtobufWriter graph =
        graph(node("Mul", "x", "y").string(1, "w")).bytes(5, three).message(11, value("w", 1));

    OnnxModel read = new OnnxModelReader().read(OnnxFile.checked(opaque(model(graph))).written());

    assertThat(read.input().name()).isEqualTo("x");
    assertThat(read.constants()).containsOnlyKeys("w");
  }

  @Test
  void values_are_read_however_they_are_written() {
    ProtobufWriter packed = floats("a", 2).bytes(4, bytes(0, 0, 0x80, 0x3f, 0, 0, 0, 0x40));
    ProtobufWriter single = floats("b", 2).floating(4, 1).floating(4, 2);
    ProtobufWriter longs =
        message().bytes(1, bytes(2)).integer(2, 7).string(8, "c").bytes(7, bytes(1, 2));
    ProtobufWriter truths = message().integer(1, 1).integer(2, 9).string(8, "d").integer(5, 1);

    OnnxModel read =
        new OnnxModelReader()
            .read(
                ByteBuffer.wrap(
                    model(
                        graph(relu())
                            .message(5, packed)
                            .message(5, single)
                            .message(5, longs)
                            .message(5, truths))));

    assertThat(read.constants().get("a")).isEqualTo(read.constants().get("b"));
    assertThat(read.constants().get("c").bytes())
        .isEqualTo(ByteBuffer.wrap(bytes(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0)));
    assertThat(read.constants().get("d").bytes()).isEqualTo(ByteBuffer.wrap(bytes(1)));
  }

  @Test
  void a_tensor_in_another_file_is_refused_by_name() {
    String message = "keeps the tensor \"conv.weight\" in another file; save the model with all";

    assertRefused(model(graph(relu()).message(5, externalTensor())), message);
    assertRefused(model(graph(relu()).message(5, floats("conv.weight").integer(14, 1))), message);
  }

  @Test
  void a_tensor_in_another_file_is_found_in_attributes_too() {
    ProtobufWriter constant =
        message()
            .string(2, "c")
            .string(4, "Constant")
            .message(5, attribute("value", 4).message(5, externalTensor()));

    assertRefused(model(graph(constant, relu())), "node 0", "\"conv.weight\" in another file");
  }

  @Test
  void sparse_tensors_training_and_quantization_are_refused() {
    assertRefused(model(graph(relu()).message(15, message())), "sparse tensors");
    assertRefused(model(graph(relu()).message(14, message())), "quantized");
    assertRefused(
        joined(model(graph(relu())), message().message(20, message()).toByteArray()),
        "training information");
  }

  @Test
  void a_custom_operator_is_refused_by_name_and_place() {
    assertRefused(
        model(graph(node("Sort", "x", "y").string(3, "first").string(7, "acme.ops"))),
        "(node 0, Sort \"first\")",
        "uses the custom operator \"Sort\" of the domain \"acme.ops\"");
    assertRefused(
        model(graph(node("FusedConv", "x", "y").string(7, "com.microsoft"))), "com.microsoft");
  }

  @Test
  void an_operator_that_is_not_on_the_list_is_refused() {
    assertRefused(
        model(graph(node("RandomNormalLike", "x", "y"))),
        "(node 0, RandomNormalLike)",
        "the operator \"RandomNormalLike\" is not among the");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Loop", "If", "Scan", "SequenceMap", "Optional", "SplitToSequence"})
  void control_flow_and_sequences_are_no_operators_of_a_network(String operator) {
    assertThat(OnnxOperators.names()).doesNotContain(operator);
    assertRefused(model(graph(node(operator, "x", "y"))), "the operator \"" + operator + "\"");
  }

  @Test
  void functions_are_refused_also_when_they_call_themselves() {
    ProtobufWriter function =
        message()
            .string(1, "F")
            .string(4, "a")
            .string(5, "b")
            .message(7, node("F", "a", "b").string(7, "own"))
            .string(10, "own");

    assertRefused(
        joined(
            model(graph(node("F", "x", "y").string(7, "own"))),
            message().message(25, function).toByteArray()),
        "it holds functions; inline them");
  }

  @Test
  void inner_graphs_are_refused_however_deep_they_lie() {
    byte[] graph = new byte[0];
    for (int depth = 0; depth < 10_000; depth++) {
      // each message holds the one before it: graph, node, attribute
      graph = message().bytes(6, graph).toByteArray();
      graph = message().bytes(5, graph).toByteArray();
      graph = message().bytes(1, graph).toByteArray();
    }

    assertRefused(
        joined(message().bytes(7, graph).message(8, operators(18)).toByteArray()),
        "(node 0",
        "it holds an inner graph; control flow (If, Loop, Scan) is not allowed");
  }

  @ParameterizedTest
  @CsvSource({
    "Relu, alpha, 1, 'it has an attribute \"alpha\"; allowed are []'",
    "LeakyRelu, alpha, 2, 'its attribute \"alpha\" is [0]'",
    "Softmax, axis, 6, 'its attribute \"axis\" is []'",
  })
  void attributes_that_an_operator_does_not_have_are_refused(
      String operator, String name, int kind, String message) {
    assertRefused(
        model(graph(node(operator, "x", "y").message(5, attribute(name, kind)))),
        "(node 0, " + operator + ")",
        message);
  }

  @Test
  void numbers_beyond_those_of_the_runtime_are_refused_in_attributes() {
    assertRefused(
        model(
            graph(node("Softmax", "x", "y").message(5, attribute("axis", 2).integer(3, 1L << 40)))),
        "its attribute \"axis\" is [1099511627776], which is not allowed (a whole number of 32");
    assertRefused(
        model(
            graph(
                node("MaxPool", "x", "y")
                    .message(5, attribute("strides", 7).integer(8, 1).integer(8, 0)))),
        "its attribute \"strides\" is [1, 0], which is not allowed (whole numbers of 32 bits, at");
    assertRefused(
        model(
            graph(
                node("LeakyRelu", "x", "y")
                    .message(5, attribute("alpha", 1).floating(2, Float.NaN)))),
        "its attribute \"alpha\" is [NaN]");
    assertRefused(
        model(graph(node("Pad", "x", "y").message(5, attribute("mode", 3).string(4, "wrap")))),
        "its attribute \"mode\" is \"wrap\", which is not allowed (constant, reflect, edge)");
  }

  @Test
  void an_attribute_is_what_its_kind_says_and_comes_once() {
    assertRefused(
        model(
            graph(
                node("LeakyRelu", "x", "y")
                    .message(5, attribute("alpha", 1).floating(2, 1).integer(3, 7)))),
        "the attribute \"alpha\" is of kind FLOAT and holds [INT]");
    assertRefused(
        model(
            graph(
                node("LeakyRelu", "x", "y")
                    .message(5, attribute("alpha", 1).floating(2, 1))
                    .message(5, attribute("alpha", 1).floating(2, 2)))),
        "it has the attribute \"alpha\" twice");
    assertRefused(
        model(
            graph(
                node("LeakyRelu", "x", "y")
                    .message(5, attribute("alpha", 1).string(21, "of_the_function")))),
        "the attribute \"alpha\" refers to one of a function");
  }

  @Test
  void an_operator_has_its_number_of_inputs() {
    assertRefused(
        model(graph(node("Relu", "x", "y").string(1, "x"))), "it has 2 inputs, 1 are allowed");
    assertRefused(model(graph(message().string(2, "y").string(4, "Sum"))), "it has 0 inputs");
  }

  @Test
  void a_file_without_output_or_with_two_is_refused() {
    assertRefused(
        model(message().message(1, relu()).message(11, value("x", -1, 1, -1, -1, -1))),
        "(the graph): it must have one output, a tensor of float32, but has []");
    assertRefused(
        model(graph(relu(), node("Neg", "x", "z")).message(12, value("z", -1, 1, -1, -1, -1))),
        "it must have one output, a tensor of float32, but has [y, z]");
    assertRefused(model(graph(node("Relu", "x", "z"))), "no node makes its output \"y\"");
  }

  @Test
  void an_input_that_is_not_float32_is_refused() {
    ProtobufWriter whole =
        message().string(1, "x").message(2, message().message(1, message().integer(1, 7)));

    assertRefused(
        model(message().message(1, relu()).message(11, whole).message(12, value("y"))),
        "it must have one input, a tensor of float32");
  }

  @Test
  void tensors_that_go_in_a_circle_are_refused() {
    assertRefused(
        model(graph(node("Add", "x", "a").string(1, "b"), node("Relu", "a", "b"), relu())),
        "(node 0, Add)",
        "it takes \"b\", which nothing before it makes");
  }

  @Test
  void a_tensor_that_is_made_twice_is_refused() {
    assertRefused(model(graph(relu(), relu())), "it makes \"y\", which is there already");
    assertRefused(
        model(graph(node("Relu", "x", "x"), relu())), "it makes \"x\", which is there already");
    ProtobufWriter weight = floats("w", 1).bytes(9, new byte[4]);
    assertRefused(
        model(graph(relu()).message(5, weight).message(5, weight)),
        "(initializer 1 \"w\"): its name is that of another one");
    assertRefused(model(graph(relu()).message(11, value("x"))), "its name is that of another one");
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 31, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void sizes_beyond_32_bits_are_refused_wherever_they_stand(long size) {
    String message = "a size is " + size + "; ";

    assertRefused(model(graph(relu()).message(5, floats("w", size))), "initializer 0", message);
    ProtobufWriter input = message().string(1, "z").message(2, sized(size));
    assertRefused(model(graph(relu()).message(11, input)), message);
    ProtobufWriter inner = message().string(1, "i").message(2, sized(size));
    if (size != -1) {
      assertRefused(model(graph(relu()).message(13, inner)), "value_info \"i\"", message);
    }
    ProtobufWriter shape =
        message()
            .string(2, "c")
            .string(4, "ConstantOfShape")
            .string(1, "x")
            .message(5, attribute("value", 4).message(5, floats("", size)));
    assertRefused(model(graph(shape, relu())), message);
  }

  private static ProtobufWriter sized(long size) {
    ProtobufWriter shape = message().message(1, message().integer(1, size));
    return message().message(1, message().integer(1, 1).message(2, shape));
  }

  @Test
  void sizes_agree_with_the_bytes_of_the_tensor() {
    assertRefused(
        model(graph(relu()).message(5, floats("w", 2, 3).bytes(9, new byte[20]))),
        "(initializer 0 \"w\")",
        "the tensor has 20 bytes of values, its sizes ask for 24");
    assertRefused(
        model(graph(relu()).message(5, floats("w", 1 << 20).bytes(9, new byte[4]))),
        "the tensor has 4 bytes of values, its sizes ask for 4194304");
    long large = Integer.MAX_VALUE;
    assertRefused(
        model(graph(relu()).message(5, floats("w", large, large, large, large))),
        "more values than a file can hold");
    assertRefused(
        model(graph(relu()).message(5, floats("w", 1, 1, 1, 1, 1, 1, 1, 1, 1))),
        "more than 8 dimensions");
    assertRefused(
        model(graph(relu()).message(5, floats("w", 1).integer(7, 1))),
        "of type FLOAT and has its values in field 7");
    assertRefused(
        model(graph(relu()).message(5, floats("w", 1).floating(4, 1).bytes(9, new byte[4]))),
        "the tensor has values in the fields 4 and 9");
    assertRefused(
        model(graph(relu()).message(5, message().integer(2, 8).string(8, "w"))),
        "the tensor holds elements of type 8");
  }

  @Test
  void numbers_that_take_more_bytes_than_they_need_are_refused_everywhere() {
    String message = "a number takes more bytes than it needs";
    byte[] sets = message().message(8, operators(18)).toByteArray();

    assertRefused(joined(bytes(0x88, 0x00, 9), sets), message); // the tag of ir_version
    assertRefused(joined(bytes(0x08, 0x89, 0x00), sets), message); // its value
    assertRefused(joined(bytes(0x3a, 0x80, 0x00), sets), message); // the length of the graph
    byte[] tensor = joined(bytes(0x88, 0x80, 0x00, 1), floats("w").toByteArray());
    assertRefused(model(graph(relu()).bytes(5, tensor)), "initializer 0", message);
    byte[] node = joined(relu().toByteArray(), bytes(0x2a, 0x82, 0x00, 0x08, 0x01));
    assertRefused(model(message().bytes(1, node)), message);
    byte[] packed = floats("w").bytes(1, bytes(0x81, 0x00)).toByteArray();
    assertRefused(model(graph(relu()).bytes(5, packed)), message);
  }

  @Test
  void tags_beyond_32_bits_are_refused_everywhere() {
    String message = "a tag has more than 32 bits";
    // field 13 (external_data) for a reader that cuts to 32 bits, another one for one that does not
    byte[] tag = bytes(0xea, 0x80, 0x80, 0x80, 0x10, 0);

    assertRefused(joined(tag, model(graph(relu()))), message);
    assertRefused(
        model(graph(relu()).bytes(5, joined(floats("w").toByteArray(), tag))),
        "initializer 0 \"w\"",
        message);
    assertRefused(model(message().bytes(1, joined(relu().toByteArray(), tag))), message);
    assertRefused(
        model(graph(relu()).bytes(11, joined(value("z", 1).toByteArray(), tag))), message);
    assertRefused(joined(bytes(0x02, 0), model(graph(relu()))), "a field has the number 0");
  }

  @Test
  void fields_that_the_format_does_not_have_and_fields_that_come_twice_are_refused() {
    byte[] whole = model(graph(relu()));

    assertRefused(
        joined(whole, message().integer(99, 1).toByteArray()),
        "(the model): the model has a field 99, which the format does not have");
    assertRefused(joined(whole, whole), "the model has its field 1 twice");
    assertRefused(
        joined(whole, message().message(8, operators(18)).toByteArray()),
        "names the operator set of ONNX twice");
    assertRefused(model(graph(relu().string(4, "Loop"))), "a node has its field 4 twice");
    assertRefused(
        model(graph(relu()).message(5, floats("w").integer(2, 1))),
        "a tensor has its field 2 twice");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 24, Integer.MAX_VALUE})
  void operator_sets_outside_9_to_23_are_refused(int version) {
    assertRefused(
        message()
            .integer(1, 9)
            .message(7, graph(relu()))
            .message(8, operators(version))
            .toByteArray(),
        "the operator set of ONNX is " + version + "; 9 to 23 is allowed");
  }

  @Test
  void what_is_missing_is_said() {
    assertRefused(message().integer(1, 9).toByteArray(), "which operator set of ONNX it uses");
    assertRefused(message().message(8, operators(18)).toByteArray(), "it holds no graph");
  }

  @Test
  void names_that_no_console_should_print_are_refused() {
    assertRefused(model(graph(node("Re\u001b[2Jlu", "x", "y"))), "holds control characters");
    assertRefused(
        model(graph(node("Relu", "x", "y").string(3, "n".repeat(1025)))),
        "a name has 1025 bytes; at most 1024 are allowed");
    assertRefused(
        model(graph(message().bytes(4, bytes(0xC0, 0x80)).string(2, "y"))), "is no UTF-8");
  }

  @Test
  void lengths_and_numbers_that_lead_out_of_the_file_are_refused() {
    assertRefused(bytes(7 << 3 | 2, 100, 0), "field 7 has 100 bytes, 1 are left");
    assertRefused(bytes(8, 0xff), "the message ends within a number");
    assertRefused(bytes(8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0), "more than 64 bits");
    assertRefused(bytes(7 << 3 | 3), "wire type 3 is not known");
    assertRefused(bytes(7 << 3, 1), "field 7 has wire type 0 instead of 2");
  }
}
