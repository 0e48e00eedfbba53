package dev.lss.backend.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.spi.ModelSource;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("net/variables/variables.index"));
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
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
                floats("y", "Relu", "half:0", "^x"),
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
        "uses the operator \"VarHandleOp\", which does more than to calculate from its inputs; a model"
            + " with variables must be frozen",
        floats("y", "AddV2", "x", "v"),
        node("v", "VarHandleOp"));
  }

  @Test
  void operators_that_read_or_write_files_are_refused_by_name() throws IOException {
    assertRefused(
        "\"WriteFile\"", floats("y", "Relu", "x", "^w"), node("w", "WriteFile", "x", "x"));
    assertRefused(
        "uses texts in the operator \"ReadFile\"",
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

  @Test
  void functions_are_looked_into_wherever_they_are_called_from() throws IOException {
    AttrValue inner =
        AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName("inner")).build();
    GraphDef.Builder graph =
        graph(node("y", "StatefulPartitionedCall", "x").putAttr("f", function("outer")));
    graph
        .getLibraryBuilder()
        .addFunction(function("outer", node("call", "PartitionedCall", "a").putAttr("f", inner)))
        .addFunction(function("inner", node("write", "WriteFile", "a", "a")));

    assertRefused(file(graph, signature()), "uses the operator \"WriteFile\"");
  }

  private static AttrValue function(String name) {
    return AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName(name)).build();
  }

  private static FunctionDef function(String name, NodeDef.Builder node) {
    return FunctionDef.newBuilder()
        .setSignature(OpDef.newBuilder().setName(name))
        .addNodeDef(node)
        .build();
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
    assertRefused(
        new byte[] {1, 2, 3}, "is no SavedModel: it is no zip that holds a saved_model.pb");
    assertRefused(zip("saved_model.txt", new byte[1]), "it is no zip that holds a saved_model.pb");
    assertRefused(zip("saved_model.pb", new byte[] {8, -1}), "is no SavedModel: ");
    assertRefused(zip("saved_model.pb", new byte[0]), "it has no graph with the tag \"serve\"");
  }
}
