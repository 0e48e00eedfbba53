package dev.lss.backend.tf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * The nodes that one tensor of a graph depends on, with every function in place of its call, so
 * that no function reaches the runtime: functions that call themselves end it, and functions that
 * call functions twice double with every level. Only what is needed is looked at. Every refusal is
 * an {@link IllegalArgumentException} in words that follow the file's name. Not thread-safe.
 */
final class FlatGraph {

  /**
   * Nodes and what is wanted of them.
   *
   * @param nodes each after its inputs
   * @param tensor name of the tensor that was wanted
   */
  record Flat(List<NodeDef> nodes, String tensor) {}

  private static final int MAX_DEPTH = 32;
  private static final int MAX_CALLS = 4096;
  private static final int MAX_NODES = 100_000;
  private static final int MAX_INPUTS = 4096;

  /** Tensors that are handed through by calls, over all tensors that are asked for. */
  private static final long MAX_STEPS = 10_000_000;

  private static final List<String> CALLS = List.of("PartitionedCall", "StatefulPartitionedCall");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.][A-Za-z0-9_.\\\\/>-]{0,1000}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

  /** The graph, or one call of a function. */
  private static final class Scope {
    final String prefix;
    final int depth;
    final Map<String, NodeDef> nodes;
    final @Nullable FunctionDef function;
    final Map<String, Tensor> arguments = new HashMap<>();
    final Map<String, Scope> calls = new HashMap<>();

    Scope(String prefix, int depth, Map<String, NodeDef> nodes, @Nullable FunctionDef function) {
      this.prefix = prefix;
      this.depth = depth;
      this.nodes = nodes;
      this.function = function;
    }
  }

  /** A tensor, by the name that it has in a scope. */
  private record Tensor(Scope scope, String name) {}

  private record Node(Scope scope, NodeDef node) {}

  private final GraphNodes known;
  private final Map<String, FunctionDef> functions;
  private final Map<String, Map<String, NodeDef>> bodies = new HashMap<>();
  private final Map<String, NodeDef> needed = new LinkedHashMap<>();
  private final Map<String, Scope> owners = new HashMap<>();
  private final Deque<Node> open = new ArrayDeque<>();
  private int calls;
  private long steps;

  private FlatGraph(GraphDef whole, GraphNodes known) {
    this.known = known;
    this.functions = byName(whole.getLibrary().getFunctionList(), f -> f.getSignature().getName());
  }

  /**
   * Returns the nodes that a tensor depends on.
   *
   * @param whole the graph of the file
   * @param tensor name of the tensor that is wanted, in the graph
   * @param known knows the operators
   */
  static Flat of(GraphDef whole, String tensor, GraphNodes known) {
    FlatGraph graph = new FlatGraph(whole, known);
    Scope all = new Scope("", 0, byName(whole.getNodeList(), NodeDef::getName), null);
    String wanted = graph.tensor(new Tensor(all, tensor));
    while (!graph.open.isEmpty()) {
      graph.read(graph.open.pop());
    }
    return new Flat(graph.inOrder(), wanted);
  }

  private static <T> Map<String, T> byName(Collection<T> all, Function<T, String> name) {
    Map<String, T> byName = new HashMap<>();
    for (T one : all) {
      if (byName.put(name.apply(one), one) != null) {
        throw new IllegalArgumentException(
            "has two nodes or functions named \"%s\"".formatted(name.apply(one)));
      }
    }
    return byName;
  }

  private void read(Node node) {
    NodeDef.Builder flat = node.node().toBuilder().clearInput();
    flat.setName(node.scope().prefix + node.node().getName());
    for (String input : inputs(node.node())) {
      flat.addInput(tensor(new Tensor(node.scope(), input)));
    }
    needed.put(flat.getName(), flat.build());
  }

  /** What only says that another node runs earlier has no meaning where nothing has a state. */
  private static List<String> inputs(NodeDef node) {
    if (node.getInputCount() > MAX_INPUTS) {
      throw new IllegalArgumentException(
          "has the node \"%s\" with %s inputs".formatted(node.getName(), node.getInputCount()));
    }
    return node.getInputList().stream().filter(input -> !input.startsWith("^")).toList();
  }

  /** Returns the name that a tensor has in the flat graph; its node is read later. */
  private String tensor(Tensor wanted) {
    Tensor at = wanted;
    while (true) {
      if (++steps > MAX_STEPS) {
        throw new IllegalArgumentException("hands tensors through functions without end");
      }
      Tensor argument = at.scope().arguments.get(at.name());
      if (argument != null) {
        at = argument;
        continue;
      }
      List<String> parts = List.of(at.name().split(":", -1));
      NodeDef node = at.scope().nodes.get(parts.get(0));
      if (node == null) {
        throw new IllegalArgumentException(
            "has no node \"%s\", which another needs".formatted(parts.get(0)));
      }
      FunctionDef function = callee(node);
      if (function == null) {
        return output(at.scope(), node, parts);
      }
      at = result(at.scope(), node, function, parts);
    }
  }

  private @Nullable FunctionDef callee(NodeDef node) {
    FunctionDef direct = functions.get(node.getOp());
    if (direct != null || !CALLS.contains(node.getOp())) {
      return direct;
    }
    String name = node.getAttrOrDefault("f", AttrValue.getDefaultInstance()).getFunc().getName();
    FunctionDef function = functions.get(name);
    if (function == null) {
      throw new IllegalArgumentException(
          "calls the function \"%s\", which it has not".formatted(name));
    }
    return function;
  }

  private String output(Scope scope, NodeDef node, List<String> parts) {
    String name = scope.prefix + node.getName();
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("has a node whose name is none");
    }
    known.operator(node.getOp());
    Scope owner = owners.putIfAbsent(name, scope);
    if (owner != null && !owner.equals(scope)) {
      throw new IllegalArgumentException("has a node that is named like a call: " + name);
    }
    if (owner == null) {
      if (needed.size() == MAX_NODES) {
        throw new IllegalArgumentException("has more than %s nodes".formatted(MAX_NODES));
      }
      needed.put(name, node);
      open.push(new Node(scope, node));
    }
    int number = scope.function == null ? mainNumber(parts) : bodyNumber(node, parts);
    return number == 0 ? name : name + ":" + number;
  }

  /** In the graph a tensor is {@code node} or {@code node:number}. */
  private static int mainNumber(List<String> parts) {
    return parts.size() == 1 ? 0 : number(parts.get(parts.size() - 1), parts.size() == 2);
  }

  /** In a function a tensor is {@code node:output:number}. */
  private int bodyNumber(NodeDef node, List<String> parts) {
    int number = number(parts.get(parts.size() - 1), parts.size() == 3);
    int before = 0;
    for (OpDef.ArgDef output : known.operator(node.getOp()).getOutputArgList()) {
      if (output.getName().equals(parts.get(1))) {
        return before + number;
      }
      before += count(output, node);
    }
    throw new IllegalArgumentException(
        "has no output \"%s\" of the node \"%s\"".formatted(parts.get(1), node.getName()));
  }

  private static int count(OpDef.ArgDef output, NodeDef node) {
    if (!output.getNumberAttr().isEmpty()) {
      return (int)
          Math.min(
              MAX_INPUTS,
              Math.max(
                  0,
                  node.getAttrOrDefault(output.getNumberAttr(), AttrValue.getDefaultInstance())
                      .getI()));
    }
    return output.getTypeListAttr().isEmpty()
        ? 1
        : node.getAttrOrDefault(output.getTypeListAttr(), AttrValue.getDefaultInstance())
            .getList()
            .getTypeCount();
  }

  private static int number(String text, boolean isTensor) {
    if (!isTensor || !NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException("has a tensor whose name is none");
    }
    return Integer.parseInt(text);
  }

  /** Returns what a call gives, as a tensor inside the function. */
  private Tensor result(Scope scope, NodeDef call, FunctionDef function, List<String> parts) {
    List<OpDef.ArgDef> outputs = function.getSignature().getOutputArgList();
    int number;
    if (scope.function == null) {
      number = mainNumber(parts);
    } else {
      number = number(parts.get(parts.size() - 1), parts.size() == 3);
      for (int n = 0; n < outputs.size(); n++) {
        if (functions.containsKey(call.getOp()) && outputs.get(n).getName().equals(parts.get(1))) {
          number = n;
        }
      }
    }
    String name =
        number < outputs.size() ? function.getRetOrDefault(outputs.get(number).getName(), "") : "";
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "has no output %s of the function \"%s\""
              .formatted(number, function.getSignature().getName()));
    }
    Scope inner = scope.calls.get(call.getName());
    if (inner == null) {
      inner = call(scope, call, function);
      scope.calls.put(call.getName(), inner);
    }
    return new Tensor(inner, name);
  }

  private Scope call(Scope scope, NodeDef call, FunctionDef function) {
    String name = function.getSignature().getName();
    if (scope.depth == MAX_DEPTH) {
      throw new IllegalArgumentException(
          "has functions that call each other more than %s deep (\"%s\")"
              .formatted(MAX_DEPTH, name));
    }
    if (++calls > MAX_CALLS) {
      throw new IllegalArgumentException(
          "has more than %s calls of functions".formatted(MAX_CALLS));
    }
    Map<String, NodeDef> nodes =
        bodies.computeIfAbsent(name, n -> byName(function.getNodeDefList(), NodeDef::getName));
    Scope inner = new Scope("call_" + calls + "/", scope.depth + 1, nodes, function);
    List<String> inputs = inputs(call);
    List<OpDef.ArgDef> arguments = function.getSignature().getInputArgList();
    if (inputs.size() != arguments.size()) {
      throw new IllegalArgumentException(
          "calls the function \"%s\" with %s inputs instead of %s"
              .formatted(name, inputs.size(), arguments.size()));
    }
    for (int n = 0; n < inputs.size(); n++) {
      inner.arguments.put(arguments.get(n).getName(), new Tensor(scope, inputs.get(n)));
    }
    return inner;
  }

  private static String node(String tensor) {
    int colon = tensor.indexOf(':');
    return colon < 0 ? tensor : tensor.substring(0, colon);
  }

  private List<NodeDef> inOrder() {
    Map<String, Integer> waiting = new HashMap<>();
    Map<String, List<String>> users = new HashMap<>();
    Deque<String> ready = new ArrayDeque<>();
    for (NodeDef node : needed.values()) {
      List<String> inputs =
          node.getInputList().stream().map(FlatGraph::node).distinct().collect(Collectors.toList());
      waiting.put(node.getName(), inputs.size());
      inputs.forEach(
          input -> users.computeIfAbsent(input, n -> new ArrayList<>()).add(node.getName()));
      if (inputs.isEmpty()) {
        ready.add(node.getName());
      }
    }
    List<NodeDef> ordered = new ArrayList<>();
    while (!ready.isEmpty()) {
      String name = ready.poll();
      NodeDef node = needed.get(name);
      if (node != null) {
        ordered.add(node);
      }
      for (String user : users.getOrDefault(name, List.of())) {
        if (waiting.merge(user, -1, Integer::sum) == 0) {
          ready.add(user);
        }
      }
    }
    if (ordered.size() != needed.size()) {
      throw new IllegalArgumentException("has nodes that need each other in a circle");
    }
    return ordered;
  }
}
