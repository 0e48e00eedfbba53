package dev.lss.backend.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import dev.lss.spi.TensorSpec;
import dev.lss.testkit.RealData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;

/** SavedModels that others made: what is taken from them, and what is refused. */
class ServedGraphTest {

  @BeforeAll
  static void load() {
    TfLibrary.load();
  }

  private static NodeDef.Builder node(String name, String operator, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(operator).addAllInput(List.of(inputs));
  }

  private static NodeDef.Builder floats(String name, String operator, String... inputs) {
    return node(name, operator, inputs).putAttr("T", TfGraph.type(DataType.DT_FLOAT));
  }

  /** A graph that takes x and gives y, with a node of each kind that the test adds. */
  private static GraphDef.Builder graph(NodeDef.Builder... nodes) {
    GraphDef.Builder graph =
        GraphDef.newBuilder()
            .addNode(node("x", "Placeholder").putAttr("dtype", TfGraph.type(DataType.DT_FLOAT)));
    for (NodeDef.Builder node : nodes) {
      graph.addNode(node);
    }
    return graph;
  }

  private static TensorInfo.Builder tensor(String name, Integer... sizes) {
    return TensorInfo.newBuilder()
        .setName(name)
        .setDtype(DataType.DT_FLOAT)
        .setTensorShape(TfGraph.shape(List.of(sizes)));
  }

  private static SignatureDef.Builder signature() {
    return SignatureDef.newBuilder()
        .putInputs("in", tensor("x:0", -1, 1, -1, -1, -1).build())
        .putOutputs("out", tensor("y:0", -1, 1, -1, -1, -1).build());
  }

  private static byte[] file(GraphDef.Builder graph, SignatureDef.Builder signature)
      throws IOException {
    return zip(
        "net/saved_model.pb",
        SavedModel.newBuilder()
            .addMetaGraphs(
                MetaGraphDef.newBuilder()
                    .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder().addTags("serve"))
                    .setGraphDef(graph)
                    .putSignatureDef("serving_default", signature.build()))
            .build()
            .toByteArray());
  }

  private static byte[] zip(String name, byte[] content) throws IOException {
    return zip(Map.of("net/variables/variables.index", new byte[0], name, content));
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private static ModelSource.Opaque opaque(byte[] file) {
    return new ModelSource.Opaque(
        "net.zip",
        ModelFormat.SAVEDMODEL,
        ByteBuffer.allocateDirect(file.length).put(file).flip(),
        new Signature(3, 1, 1, List.of(1, 1, 1)));
  }

  private static void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> new TfBackend().open(opaque(file), SessionConfig.cpu(1)).close())
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("net.zip")
        .hasMessageContaining(message)
        .extracting("code")
        .isEqualTo("MODEL_REFUSED");
  }

  private static void assertRefused(String message, NodeDef.Builder... nodes) throws IOException {
    assertRefused(file(graph(nodes), signature()), message);
  }

  @Test
  void what_the_output_needs_is_taken_and_nothing_else() throws IOException {
    byte[] file =
        file(
            graph(
                floats("y", "Relu", "half:0", "^x", "^write"),
                node("write", "WriteFile", "x", "x"),
                floats("half", "Sigmoid", "x"),
                node("save", "SaveV2", "x"),
                node("broken", "NoSuchOperator", "nowhere")),
            signature());

    ServedGraph served = ServedGraph.read(opaque(file), TfLibrary.operators());

    assertThat(served.graph().getNodeList())
        .extracting(NodeDef::getName)
        .containsExactlyInAnyOrder("y", "half", "x");
    assertThat(served.feed()).isEqualTo("x:0");
    assertThat(served.fetch()).isEqualTo("y:0");
    assertThat(served.input())
        .isEqualTo(new TensorSpec("in", List.of(-1, 1, -1, -1, -1), List.of(1, 1, 1, 1, 1)));
  }

  @Test
  void variables_are_refused_with_a_remedy() throws IOException {
    assertRefused(
        "uses the operator \"VarHandleOp\", which does more than to calculate from its inputs; a"
            + " model with variables must be frozen",
        floats("y", "AddV2", "x", "v"),
        node("v", "VarHandleOp"));
  }

  @Test
  void operators_that_read_or_write_files_are_refused_by_name() throws IOException {
    assertRefused("\"WriteFile\"", floats("y", "Relu", "w"), node("w", "WriteFile", "x", "x"));
    assertRefused(
        "uses the operator \"ReadFile\", which is not on the list of operators that networks need",
        floats("y", "Relu", "r"),
        node("r", "ReadFile", "x"));
    assertRefused("\"DebugIdentity\"", floats("y", "DebugIdentity", "x"));
  }

  @Test
  void texts_are_refused_because_they_may_name_files() throws IOException {
    assertRefused(
        "uses texts in the operator \"Identity\"",
        node("y", "Identity", "x").putAttr("T", TfGraph.type(DataType.DT_STRING)));
  }

  @Test
  void a_custom_operator_is_refused_by_name() throws IOException {
    assertRefused(
        "uses the custom operator \"AcmeSort\", which TensorFlow does not have",
        floats("y", "AcmeSort", "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PyFunc", "MatchingFiles", "LoadDataset", "If", "StatelessIf", "While", "StatelessWhile",
        "Case", "Enter", "Switch", "NextIteration", "SymbolicGradient", "RemoteCall", "Bincount",
        "ParseTensor", "DecodePng", "StatelessRandomUniform", "SparseToDense", "_FusedConv2D"
      })
  void an_operator_that_networks_do_not_need_is_refused_by_name(String operator)
      throws IOException {
    assertRefused("the operator \"" + operator + "\"", floats("y", operator, "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tf_constbig", "tf_fill2", "tf_recfun"})
  @Timeout(2)
  void files_that_once_ended_the_process_or_took_all_memory_are_refused(String name)
      throws IOException {
    byte[] file = Files.readAllBytes(RealData.path("../cases/models/" + name + "/m.zip"));
    ModelSource.Opaque model =
        new ModelSource.Opaque(
            "net.zip",
            ModelFormat.SAVEDMODEL,
            ByteBuffer.allocateDirect(file.length).put(file).flip(),
            new Signature(3, 1, 2, List.of(1, 1, 1)));

    assertThatThrownBy(() -> ServedGraph.read(model, TfLibrary.operators()))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("net.zip has ")
        .extracting("code")
        .isEqualTo("MODEL_REFUSED");
  }

  @Test
  void functions_are_looked_into_wherever_they_are_called_from() throws IOException {
    assertRefused(
        withFunctions(
            call("y", "outer", "x"),
            defined("outer", call("c", "inner", "a")),
            defined("inner", node("write", "WriteFile", "a", "a"))),
        "uses the operator \"WriteFile\"");
    assertRefused(
        withFunctions(
            call("y", "outer", "x"),
            defined("outer", floats("c", "Identity", "i:output:0"), call("i", "inner", "a")),
            defined("inner", node("read", "ReadVariableOp", "a"))),
        "ReadVariableOp");
  }

  private static AttrValue function(String name) {
    return AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName(name)).build();
  }

  private static FunctionDef defined(String name, NodeDef.Builder... nodes) {
    FunctionDef.Builder function =
        FunctionDef.newBuilder()
            .setSignature(
                OpDef.newBuilder()
                    .setName(name)
                    .addInputArg(OpDef.ArgDef.newBuilder().setName("a"))
                    .addOutputArg(OpDef.ArgDef.newBuilder().setName("b")))
            .putRet("b", nodes.length == 0 ? "a" : first(nodes[0]));
    for (NodeDef.Builder node : nodes) {
      function.addNodeDef(node);
    }
    return function.build();
  }

  /** The first output of a node as functions name it. */
  private static String first(NodeDef.Builder node) {
    String output =
        switch (node.getOp()) {
          case "Abs", "Neg" -> "y";
          case "AddV2" -> "z";
          default -> "output";
        };
    return node.getName() + ":" + output + ":0";
  }

  private static NodeDef.Builder call(String name, String function, String input) {
    return node(name, "PartitionedCall", input).putAttr("f", function(function));
  }

  private static byte[] withFunctions(NodeDef.Builder y, FunctionDef... functions)
      throws IOException {
    GraphDef.Builder graph = graph(y);
    graph.getLibraryBuilder().addAllFunction(List.of(functions));
    return file(graph, signature());
  }

  @Test
  void functions_are_put_in_place_of_their_calls() throws IOException {
    byte[] file =
        withFunctions(
            call("y", "outer", "x"),
            defined("outer", call("c", "inner", "d:output:0"), call("d", "same", "a")),
            defined("inner", floats("r", "Abs", "n:y:0"), floats("n", "Neg", "a")),
            defined("same"));

    ServedGraph served = ServedGraph.read(opaque(file), TfLibrary.operators());

    assertThat(served.graph().getLibrary().getFunctionCount()).isZero();
    assertThat(served.graph().getNodeList())
        .extracting(NodeDef::getOp)
        .containsExactly("Placeholder", "Neg", "Abs");
    assertThat(served.fetch()).isEqualTo("call_2/r:0");
    FloatTensor in = FloatTensor.allocate(Shape.of(1, 1, 1, 1, 1));
    FloatTensor out = FloatTensor.allocate(Shape.of(1, 1, 1, 1, 1));
    in.data().put(0, 3);
    try (InferenceSession session = new TfBackend().open(opaque(file), SessionConfig.cpu(1))) {
      session.run(in, out);
    }
    assertThat(out.data().get(0)).isEqualTo(3);
  }

  private static NodeDef.Builder integers(String name, int... values) {
    return constant(name, vector(values));
  }

  private static NodeDef.Builder weights(String name, long... sizes) {
    TensorProto.Builder tensor = sizes(DataType.DT_FLOAT, sizes);
    int count = (int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    for (int n = 0; n < count; n++) {
      tensor.addFloatVal(0.25f);
    }
    return constant(name, tensor);
  }

  private static NodeDef.Builder typed(NodeDef.Builder node, String attribute, DataType type) {
    return node.putAttr(attribute, TfGraph.type(type));
  }

  /** What a frozen network of Keras' layers looks like: all in a function, sizes from the input. */
  private static FunctionDef decoder() {
    return defined(
        "__inference_serving_1",
        floats("out", "Transpose", "relu:activations:0", "first:output:0"),
        integers("first", 0, 3, 1, 2),
        integers("last", 0, 2, 3, 1),
        floats("nhwc", "Transpose", "a", "last:output:0"),
        floats("conv", "Conv2D", "nhwc:y:0", "w1:output:0")
            .putAttr("strides", TfGraph.numbers(1, 2, 2, 1))
            .putAttr("padding", TfGraph.text("SAME")),
        weights("w1", 3, 3, 1, 4),
        floats("bias", "BiasAdd", "conv:output:0", "b:output:0"),
        weights("b", 4),
        typed(
            floats(
                    "norm",
                    "FusedBatchNormV3",
                    "bias:output:0",
                    "b:output:0",
                    "b:output:0",
                    "b:output:0",
                    "b:output:0")
                .putAttr("is_training", TfGraph.flag(false)),
            "U",
            DataType.DT_FLOAT),
        floats("shape", "Shape", "norm:y:0"),
        node(
                "height",
                "StridedSlice",
                "shape:output:0",
                "one:output:0",
                "two:output:0",
                "one:output:0")
            .putAttr("T", TfGraph.type(DataType.DT_INT32))
            .putAttr("Index", TfGraph.type(DataType.DT_INT32))
            .putAttr("shrink_axis_mask", TfGraph.number(1)),
        integers("one", 1),
        integers("two", 2),
        typed(node("twice", "Mul", "height:output:0", "scale:output:0"), "T", DataType.DT_INT32),
        constant("scale", sizes(DataType.DT_INT32).addIntVal(2)),
        constant("samples", sizes(DataType.DT_INT32).addIntVal(1)),
        typed(
            node("size", "Pack", "samples:output:0", "twice:z:0", "twice:z:0", "samples:output:0")
                .putAttr("N", TfGraph.number(4)),
            "T",
            DataType.DT_INT32),
        floats("up", "Conv2DBackpropInput", "size:output:0", "w2:output:0", "norm:y:0")
            .putAttr("strides", TfGraph.numbers(1, 2, 2, 1))
            .putAttr("padding", TfGraph.text("SAME")),
        weights("w2", 2, 2, 1, 4),
        floats("relu", "Relu", "up:output:0"));
  }

  @Test
  void a_frozen_network_in_a_function_runs() throws IOException {
    FunctionDef function = FunctionDef.newBuilder(decoder()).putRet("b", "out:y:0").build();
    GraphDef.Builder graph =
        graph(
            floats("y", "Identity", "StatefulPartitionedCall:0"),
            node("StatefulPartitionedCall", "StatefulPartitionedCall", "x")
                .putAttr("f", function("__inference_serving_1")));
    graph.getLibraryBuilder().addFunction(function);
    SignatureDef.Builder signature =
        SignatureDef.newBuilder()
            .putInputs("in", tensor("x:0", -1, 1, -1, -1).build())
            .putOutputs("out", tensor("y:0", -1, 1, -1, -1).build());
    byte[] file = file(graph, signature);
    FloatTensor in = FloatTensor.allocate(Shape.of(1, 1, 4, 4));
    FloatTensor out = FloatTensor.allocate(Shape.of(1, 1, 4, 4));
    try (InferenceSession session =
        new TfBackend()
            .open(
                new ModelSource.Opaque(
                    "net.zip",
                    ModelFormat.SAVEDMODEL,
                    ByteBuffer.allocateDirect(file.length).put(file).flip(),
                    new Signature(2, 1, 1, List.of(2, 2))),
                SessionConfig.cpu(1))) {
      session.run(in, out);
    }
    // A norm of zeros gives its offset, 0.25; four channels of it, each times 0.25.
    assertThat(out.data().get(5)).isCloseTo(0.25f, within(1e-6f));
  }

  @Test
  void functions_that_call_themselves_or_double_are_refused() throws IOException {
    assertRefused(
        withFunctions(call("y", "f", "x"), defined("f", call("c", "f", "a"))),
        "has functions that call each other more than 32 deep (\"f\")");
    assertRefused(
        withFunctions(
            call("y", "f", "x"),
            defined("f", call("c", "g", "a")),
            defined("g", node("c", "f", "a"))),
        "has functions that call each other more than 32 deep");
    FunctionDef[] doubling = new FunctionDef[30];
    for (int n = 0; n < doubling.length; n++) {
      doubling[n] =
          n + 1 == doubling.length
              ? defined("f" + n, floats("r", "Neg", "a"))
              : defined(
                  "f" + n,
                  floats("r", "AddV2", "c:output:0", "d:output:0"),
                  call("c", "f" + (n + 1), "a"),
                  call("d", "f" + (n + 1), "a"));
    }
    assertRefused(
        withFunctions(call("y", "f0", "x"), doubling), "has more than 4096 calls of functions");
  }

  @Test
  void calls_that_do_not_fit_their_function_are_refused() throws IOException {
    assertRefused(withFunctions(call("y", "f", "x")), "calls the function \"f\", which it has not");
    assertRefused(
        withFunctions(node("y", "f", "x", "x"), defined("f", floats("r", "Neg", "a"))),
        "calls the function \"f\" with 2 inputs instead of 1");
    assertRefused(withFunctions(floats("y", "Neg", "c:7"), defined("f")), "has no node \"c\"");
    GraphDef.Builder graph = graph(floats("y", "Neg", "c:7"), call("c", "f", "x"));
    graph.getLibraryBuilder().addFunction(defined("f"));
    assertRefused(file(graph, signature()), "has no output 7 of the function \"f\"");
  }

  @Test
  void nodes_in_a_circle_and_names_of_two_nodes_are_refused() throws IOException {
    assertRefused(
        "has nodes that need each other in a circle",
        floats("y", "AddV2", "x", "z"),
        floats("z", "Neg", "y"));
    assertRefused(
        "has two nodes or functions named \"y\"", floats("y", "Neg", "x"), floats("y", "Abs", "x"));
    assertRefused(
        "has a node whose name is none", floats("y", "Neg", "\n"), floats("\n", "Neg", "x"));
  }

  @Test
  void a_long_chain_of_nodes_needs_no_stack() throws IOException {
    NodeDef.Builder[] chain = new NodeDef.Builder[50_000];
    for (int n = 0; n < chain.length; n++) {
      chain[n] = floats(n == 0 ? "y" : "n" + n, "Neg", n + 1 == chain.length ? "x" : "n" + (n + 1));
    }

    ServedGraph served =
        ServedGraph.read(opaque(file(graph(chain), signature())), TfLibrary.operators());

    assertThat(served.graph().getNodeCount()).isEqualTo(50_001);
  }

  private static NodeDef.Builder constant(String name, TensorProto.Builder tensor) {
    return node(name, "Const")
        .putAttr("dtype", TfGraph.type(tensor.getDtype()))
        .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build());
  }

  private static TensorProto.Builder sizes(DataType type, long... sizes) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(type);
    for (long size : sizes) {
      tensor.getTensorShapeBuilder().addDimBuilder().setSize(size);
    }
    return tensor;
  }

  private static TensorProto.Builder vector(int... values) {
    TensorProto.Builder tensor = sizes(DataType.DT_INT32, values.length);
    Arrays.stream(values).forEach(tensor::addIntVal);
    return tensor;
  }

  private static void assertConstantRefused(TensorProto.Builder tensor, String message)
      throws IOException {
    assertRefused(message, floats("y", "AddV2", "x", "c"), constant("c", tensor));
  }

  @Test
  void a_constant_is_as_long_as_it_says() throws IOException {
    DataType type = DataType.DT_FLOAT;
    String sizes = "has the node \"c\" with sizes that no network has";

    assertConstantRefused(sizes(type, 1L << 34).addFloatVal(1), sizes);
    assertConstantRefused(sizes(type, -1).addFloatVal(1), sizes);
    assertConstantRefused(sizes(type, 1L << 32, 1L << 32).addFloatVal(1), sizes);
    assertConstantRefused(sizes(type, 3, 0, 1L << 31).addFloatVal(1), sizes);
    assertConstantRefused(sizes(type, 2, 0), sizes);
    assertConstantRefused(sizes(type, 1, 1, 1, 1, 1, 1, 1, 1, 1).addFloatVal(1), sizes);
    assertConstantRefused(
        sizes(type, 1 << 25).addFloatVal(1),
        "has the constant \"c\" of 33554432 numbers, of which the file holds 1");
    assertConstantRefused(sizes(type, 2), "has the constant \"c\" of 2 numbers");
    assertConstantRefused(
        sizes(type, 2).setTensorContent(ByteString.copyFrom(new byte[7])),
        "has the constant \"c\" of 2 numbers, of which the file holds 1");
    assertConstantRefused(
        sizes(type, 1).addFloatVal(1).addFloatVal(2), "has the constant \"c\" of 1 numbers");
    assertConstantRefused(
        sizes(type, 1).addFloatVal(1).addIntVal(2), "has a constant with values of two types");
    assertConstantRefused(
        sizes(DataType.DT_RESOURCE, 1), "uses DT_RESOURCE in the operator \"Const\"");
  }

  private static void assertSizesRefused(String operator, TensorProto.Builder sizes, String... more)
      throws IOException {
    List<NodeDef.Builder> nodes = new ArrayList<>();
    boolean first = operator.equals("Fill") || operator.equals("Conv3DBackpropInputV2");
    nodes.add(first ? node("big", operator, "s", "x", "x") : node("big", operator, "x", "s", "x"));
    nodes.add(floats("y", "AddV2", "x", "big"));
    nodes.add(constant(more.length == 0 ? "s" : more[0], sizes));
    for (int n = 0; n < more.length; n++) {
      String to = n + 1 < more.length ? more[n + 1] : "s";
      nodes.add(floats(to, "Mul", more[n], more[n]));
    }
    assertRefused(
        "has the node \"big\" (%s) with sizes that no network has".formatted(operator),
        nodes.toArray(NodeDef.Builder[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Fill",
        "BroadcastTo",
        "Tile",
        "Pad",
        "MirrorPad",
        "ResizeBilinear",
        "ResizeNearestNeighbor",
        "Conv3DBackpropInputV2",
        "Range",
        "OneHot",
        "SpaceToBatchND"
      })
  void sizes_are_plausible_however_they_are_calculated(String operator) throws IOException {
    assertSizesRefused(operator, vector(1 << 20, 1 << 20));
    assertSizesRefused(operator, vector(Integer.MAX_VALUE, 1));
    assertSizesRefused(operator, vector(1 << 10, 1 << 10), "a", "b");
    if (!operator.equals("Range")) {
      assertSizesRefused(operator, vector(-1, 4));
    }
  }

  @Test
  void sizes_that_are_the_input_s_times_little_pass() throws IOException {
    byte[] file =
        file(
            graph(
                node("y", "BroadcastTo", "x", "s")
                    .putAttr("T", TfGraph.type(DataType.DT_FLOAT))
                    .putAttr("Tidx", TfGraph.type(DataType.DT_INT32)),
                node("s", "Mul", "shape", "factors").putAttr("T", TfGraph.type(DataType.DT_INT32)),
                node("shape", "Shape", "x").putAttr("T", TfGraph.type(DataType.DT_FLOAT)),
                constant("factors", vector(1, 1, 4, 4, 4))),
            signature());

    assertThat(ServedGraph.read(opaque(file), TfLibrary.operators()).graph().getNodeCount())
        .isEqualTo(5);
  }

  @Test
  void tensors_that_double_and_double_are_refused() throws IOException {
    NodeDef.Builder[] nodes = new NodeDef.Builder[41];
    for (int n = 0; n < 40; n++) {
      String half = n + 1 < 40 ? "n" + (n + 1) : "x";
      nodes[n] =
          floats(n == 0 ? "y" : "n" + n, "ConcatV2", half, half, "axis")
              .putAttr("N", TfGraph.number(2));
    }
    nodes[40] = constant("axis", sizes(DataType.DT_INT32).addIntVal(1));

    assertRefused("whose result has far more numbers than a network's", nodes);
  }

  private static NodeDef.Builder reshaped(String name, String input, String sizes) {
    return typed(floats(name, "Reshape", input, sizes), "Tshape", DataType.DT_INT32);
  }

  @Test
  void a_product_of_every_voxel_with_every_other_is_refused_before_it_is_made() throws IOException {
    assertRefused(
        "has the node \"all\" (Mul), which makes a tensor of [32768, 32768] out of an input of"
            + " [1, 1, 32, 32, 32]",
        floats("y", "AddV2", "x", "sum"),
        typed(floats("sum", "Sum", "all", "axes"), "Tidx", DataType.DT_INT32),
        integers("axes", 0, 1),
        floats("all", "Mul", "column", "row"),
        reshaped("column", "x", "tall"),
        reshaped("row", "x", "wide"),
        integers("tall", -1, 1),
        integers("wide", 1, -1));
    assertRefused(
        "has the node \"all\" (Mul), which makes a tensor of [50000, 50000]",
        floats("y", "AddV2", "x", "sum"),
        typed(floats("sum", "Sum", "all", "axes"), "Tidx", DataType.DT_INT32),
        integers("axes", 0, 1),
        floats("all", "Mul", "column", "row"),
        constant("column", sizes(DataType.DT_FLOAT, 50_000, 1).addFloatVal(1)),
        constant("row", sizes(DataType.DT_FLOAT, 1, 50_000).addFloatVal(1)));
  }

  @Test
  void attributes_have_values_that_networks_have_and_others_are_left_out() throws IOException {
    for (String steps : List.of("strides", "ksize")) {
      assertRefused(
          "has the attribute " + steps + " = 0 of the node \"y\"",
          floats("y", "MaxPool3D", "x").putAttr(steps, TfGraph.numbers(1, 0, 1)));
    }
    assertRefused(
        "has the attribute num_split = 0",
        floats("y", "Split", "x", "x").putAttr("num_split", TfGraph.number(0)));
    assertRefused(
        "has a value of the attribute \"padding\"",
        floats("y", "MaxPool3D", "x").putAttr("padding", TfGraph.text("/etc/passwd")));
    assertRefused(
        "has a value of the attribute \"T\"",
        node("y", "Neg", "x").putAttr("T", AttrValue.newBuilder().setPlaceholder("T").build()));
    byte[] file =
        file(
            graph(
                floats("y", "Neg", "x")
                    .setDevice("/job:far")
                    .putAttr("_class", TfGraph.text("loc:@v"))
                    .putAttr("acme", function("f"))),
            signature());

    NodeDef written =
        ServedGraph.read(opaque(file), TfLibrary.operators()).graph().getNodeList().get(1);

    assertThat(written).isEqualTo(floats("y", "Neg", "x").build());
  }

  @Test
  void a_message_nested_without_bound_is_no_saved_model() throws IOException {
    NameAttrList.Builder deep = NameAttrList.newBuilder().setName("f");
    for (int n = 0; n < 200; n++) {
      deep =
          NameAttrList.newBuilder()
              .setName("f")
              .putAttr("a", AttrValue.newBuilder().setFunc(deep).build());
    }

    assertRefused(
        file(
            graph(
                floats("y", "Neg", "x").putAttr("f", AttrValue.newBuilder().setFunc(deep).build())),
            signature()),
        "is no SavedModel: ");
  }

  @Test
  void an_output_that_needs_another_input_or_none_is_refused() throws IOException {
    assertRefused(
        "has an output that depends on [x:0, z:0] and not on its input \"x:0\" alone",
        floats("y", "AddV2", "x", "z"),
        node("z", "Placeholder").putAttr("dtype", TfGraph.type(DataType.DT_FLOAT)));
    assertRefused(
        "has an output that depends on [] and not on",
        constant("y", sizes(DataType.DT_FLOAT).addFloatVal(1)));
  }

  @Test
  void a_node_that_is_not_there_is_named() throws IOException {
    assertRefused("has no node \"lost\"", floats("y", "Relu", "lost:1"));
  }

  @Test
  void a_signature_has_one_input_and_one_output_of_float32() throws IOException {
    GraphDef.Builder graph = graph(floats("y", "Relu", "x"));
    SignatureDef.Builder two = signature().putInputs("more", tensor("x:0", 1, 1, 1, 1, 1).build());
    SignatureDef.Builder whole =
        signature().putOutputs("out", tensor("y:0").setDtype(DataType.DT_INT32).build());

    assertRefused(file(graph, two), "must have one input, a tensor of float32, but has [");
    assertRefused(file(graph, whole), "must have one output, a tensor of float32, but has [out]");
  }

  @Test
  void channels_last_is_refused() throws IOException {
    GraphDef.Builder graph = graph(floats("y", "Relu", "x"));
    SignatureDef.Builder last =
        signature().putInputs("in", tensor("x:0", 1, 64, 64, 64, 1).build());

    assertRefused(file(graph, last), "the input \"in\" of the file has sizes [1, 64, 64, 64, 1]");
  }

  @Test
  void a_file_that_is_no_saved_model_is_refused() throws IOException {
    String none = "is no SavedModel: it is a zip that holds 0 files named saved_model.pb";
    assertRefused(new byte[] {1, 2, 3}, "is no SavedModel: it is no zip");
    assertRefused(zip("saved_model.txt", new byte[1]), none);
    assertRefused(zip("a/b/saved_model.pb", new byte[1]), none);
    assertRefused(
        zip(Map.of("saved_model.pb", new byte[1], "a/saved_model.pb", new byte[1])),
        "it is a zip that holds 2 files named saved_model.pb");
    assertRefused(
        zip(Map.of("net/saved_model.pb", new byte[1], "net/SAVED_MODEL.pb", new byte[1])),
        "have names that differ in case alone");
    assertRefused(
        zip("saved_model.pb", new byte[64 << 20]),
        "its entry \"saved_model.pb\" would hold 67108864 bytes");
    assertRefused(zip("saved_model.pb", new byte[] {8, -1}), "is no SavedModel: ");
    assertRefused(zip("saved_model.pb", new byte[0]), "it has no graph with the tag \"serve\"");
  }
}
