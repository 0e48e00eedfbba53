package dev.lss.backend.tf;

import dev.lss.api.BackendException;
import dev.lss.spi.ModelSource;
import dev.lss.spi.TensorSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VersionDef;

/**
 * The part of a SavedModel that gives its output: the nodes that the output depends on, with the
 * functions that they call in place of the calls, each checked and written again. Nothing else of
 * the file is run, not even what restores variables, so a file must have its weights as constants.
 *
 * @param graph the nodes
 * @param input the signature's only input
 * @param feed name of the input's tensor in the graph
 * @param output the signature's only output
 * @param fetch name of the output's tensor in the graph
 */
record ServedGraph(GraphDef graph, TensorSpec input, String feed, TensorSpec output, String fetch) {

  private static final int MAX_VERSION = 1 << 20;

  /**
   * Reads the part of a file that gives its output.
   *
   * @param model a zip of a SavedModel's folder
   * @param operators the operators of the runtime
   * @throws BackendException {@code MODEL_REFUSED} with what is wrong with the file
   */
  static ServedGraph read(ModelSource.Opaque model, Collection<OpDef> operators) {
    MetaGraphDef meta;
    try {
      meta = SavedModelFile.read(model.bytes());
    } catch (IOException e) {
      throw new BackendException(
          "MODEL_REFUSED", "%s is no SavedModel: %s".formatted(model.name(), e.getMessage()), e);
    }
    SignatureDef signature = meta.getSignatureDefMap().get(SavedModelFile.SIGNATURE);
    if (signature == null) {
      throw refused(model, "has no signature \"" + SavedModelFile.SIGNATURE + "\"");
    }
    Map.Entry<String, TensorInfo> input = single(model, "input", signature.getInputsMap());
    Map.Entry<String, TensorInfo> output = single(model, "output", signature.getOutputsMap());
    TensorSpec takes = model.requireInput(spec(model, input));
    TensorSpec gives = model.requireOutput(spec(model, output));
    try {
      Map<String, OpDef> byName =
          operators.stream().collect(Collectors.toMap(OpDef::getName, Function.identity()));
      GraphNodes check = new GraphNodes(byName);
      FlatGraph.Flat flat = FlatGraph.of(meta.getGraphDef(), output.getValue().getName(), check);
      List<NodeDef> nodes = flat.nodes().stream().map(check::checked).toList();
      GraphSizes.check(nodes);
      return new ServedGraph(
          graph(meta.getGraphDef().getVersions().getProducer(), nodes),
          takes,
          feed(nodes, first(input.getValue().getName())),
          gives,
          first(flat.tensor()));
    } catch (IllegalArgumentException e) {
      throw refused(model, String.valueOf(e.getMessage()));
    }
  }

  private static Map.Entry<String, TensorInfo> single(
      ModelSource model, String what, Map<String, TensorInfo> tensors) {
    if (tensors.size() == 1) {
      Map.Entry<String, TensorInfo> tensor = tensors.entrySet().iterator().next();
      if (tensor.getValue().getDtype() == DataType.DT_FLOAT) {
        return tensor;
      }
    }
    throw refused(
        model,
        "must have one %s, a tensor of float32, but has %s".formatted(what, tensors.keySet()));
  }

  private static TensorSpec spec(ModelSource model, Map.Entry<String, TensorInfo> tensor) {
    List<Integer> dims = new ArrayList<>();
    for (TensorShapeProto.Dim dim : tensor.getValue().getTensorShape().getDimList()) {
      if (dim.getSize() > Integer.MAX_VALUE) {
        throw refused(model, "has a tensor with an axis of " + dim.getSize());
      }
      dims.add(dim.getSize() < 0 ? TensorSpec.ANY : (int) dim.getSize());
    }
    return new TensorSpec(tensor.getKey(), dims, Collections.nCopies(dims.size(), 1));
  }

  private static BackendException refused(ModelSource model, String reason) {
    return new BackendException("MODEL_REFUSED", model.name() + " " + reason);
  }

  private static String first(String tensor) {
    return tensor.contains(":") ? tensor : tensor + ":0";
  }

  private static GraphDef graph(int producer, List<NodeDef> nodes) {
    VersionDef.Builder versions =
        VersionDef.newBuilder().setProducer(Math.max(0, Math.min(producer, MAX_VERSION)));
    return GraphDef.newBuilder().setVersions(versions).addAllNode(nodes).build();
  }

  /** The input is the one placeholder, and something depends on it. */
  private static String feed(List<NodeDef> nodes, String tensor) {
    List<String> placeholders =
        nodes.stream()
            .filter(node -> node.getOp().equals("Placeholder"))
            .map(node -> first(node.getName()))
            .toList();
    if (!placeholders.equals(List.of(tensor))) {
      throw new IllegalArgumentException(
          "has an output that depends on %s and not on its input \"%s\" alone"
              .formatted(placeholders, tensor));
    }
    return tensor;
  }
}
