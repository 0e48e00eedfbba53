package dev.lss.backend.tf;

import dev.lss.api.BackendException;
import dev.lss.spi.ModelSource;
import dev.lss.spi.TensorSpec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The part of a SavedModel that gives its output: the nodes that the output depends on and the
 * functions that they call. Nothing else of the file is run, not even what restores variables, so a
 * file must have its weights as constants. Every operator must be TensorFlow's own and calculate
 * from its inputs alone: none has a state, and none takes texts, because a file's name is a text.
 *
 * @param graph the nodes and functions
 * @param input the signature's only input
 * @param feed name of the input's tensor in the graph
 * @param output the signature's only output
 * @param fetch name of the output's tensor in the graph
 */
record ServedGraph(GraphDef graph, TensorSpec input, String feed, TensorSpec output, String fetch) {

  /** Operators with a state only if the functions have one that they call, which are looked at. */
  private static final List<String> CALLS =
      List.of("StatefulPartitionedCall", "If", "While", "Case");

  /** Operators that write what passes through them to a place that an attribute names. */
  private static final List<String> PROBES =
      List.of("DebugIdentity", "DebugNanCount", "DebugNumericSummary");

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
    Parts parts = new Parts(model, meta.getGraphDef(), operators);
    return new ServedGraph(
        parts.neededBy(output.getValue().getName()),
        model.requireInput(spec(model, input)),
        input.getValue().getName(),
        model.requireOutput(spec(model, output)),
        output.getValue().getName());
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

  /** Collects nodes and functions, each once. */
  private static final class Parts {

    private final ModelSource model;
    private final Map<String, OpDef> operators;
    private final Map<String, NodeDef> nodes;
    private final Map<String, FunctionDef> functions;
    private final GraphDef whole;
    private final Map<String, NodeDef> needed = new LinkedHashMap<>();
    private final Map<String, FunctionDef> called = new LinkedHashMap<>();
    private final Deque<FunctionDef> unread = new ArrayDeque<>();

    Parts(ModelSource model, GraphDef whole, Collection<OpDef> operators) {
      this.model = model;
      this.whole = whole;
      this.operators = byName(operators, OpDef::getName);
      this.nodes = byName(whole.getNodeList(), NodeDef::getName);
      this.functions =
          byName(whole.getLibrary().getFunctionList(), f -> f.getSignature().getName());
    }

    private static <T> Map<String, T> byName(Collection<T> all, Function<T, String> name) {
      return all.stream().collect(Collectors.toMap(name, Function.identity(), (a, b) -> a));
    }

    GraphDef neededBy(String tensor) {
      Deque<String> wanted = new ArrayDeque<>(List.of(tensor));
      while (!wanted.isEmpty()) {
        String name = wanted.pop().replaceAll("^\\^|:\\d+$", ""); // ^control, tensor:number
        NodeDef node = nodes.get(name);
        if (node == null) {
          throw refused(model, "has no node \"%s\", which another needs".formatted(name));
        }
        if (needed.put(name, node) == null) {
          check(node);
          wanted.addAll(node.getInputList());
        }
      }
      while (!unread.isEmpty()) {
        unread.pop().getNodeDefList().forEach(this::check);
      }
      GraphDef.Builder graph = GraphDef.newBuilder().setVersions(whole.getVersions());
      needed.values().forEach(node -> graph.addNode(node.toBuilder().removeAttr("_class")));
      graph.getLibraryBuilder().addAllFunction(called.values());
      return graph.build();
    }

    private void check(NodeDef node) {
      for (AttrValue value : node.getAttrMap().values()) {
        call(value.getFunc().getName());
        value.getList().getFuncList().forEach(function -> call(function.getName()));
      }
      if (functions.containsKey(node.getOp())) {
        call(node.getOp());
        return;
      }
      OpDef operator = operators.get(node.getOp());
      if (operator == null) {
        throw refused(
            model,
            "uses the custom operator \"%s\", which TensorFlow does not have"
                .formatted(node.getOp()));
      }
      if (!CALLS.contains(node.getOp())
          && (operator.getIsStateful() || PROBES.contains(node.getOp()))) {
        throw refused(
            model,
            ("uses the operator \"%s\", which does more than to calculate from its inputs; a model"
                    + " with variables must be frozen, its weights made constants, before it is saved")
                .formatted(node.getOp()));
      }
      if (texts(operator) || texts(node)) {
        throw refused(model, "uses texts in the operator \"%s\"".formatted(node.getOp()));
      }
    }

    private void call(String name) {
      FunctionDef function = functions.get(name);
      if (function != null && called.put(name, function) == null) {
        unread.push(function);
      }
    }

    private static boolean texts(OpDef operator) {
      return operator.getInputArgList().stream().anyMatch(x -> x.getType() == DataType.DT_STRING)
          || operator.getOutputArgList().stream().anyMatch(x -> x.getType() == DataType.DT_STRING);
    }

    private static boolean texts(NodeDef node) {
      return node.getAttrMap().values().stream()
          .anyMatch(
              value ->
                  value.getType() == DataType.DT_STRING
                      || value.getList().getTypeList().contains(DataType.DT_STRING));
    }
  }
}
