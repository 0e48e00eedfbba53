package dev.lss.backend.onnx;

import dev.lss.backend.onnx.OnnxModel.Attribute;
import dev.lss.backend.onnx.OnnxModel.Constant;
import dev.lss.backend.onnx.OnnxModel.Node;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Works out how large every tensor of a network becomes, before the runtime makes any, and refuses
 * what no network for images needs: a file of a hundred bytes can ask for any amount of memory and
 * time. Thread-safe.
 *
 * <p>Three questions are asked: what depends on constants alone, which the runtime works out when
 * it opens the file; what an input of the smallest sizes needs, as the runtime also works out what
 * fixed sizes give; and what an input needs before it is run.
 */
final class NetworkSizes {

  /** Elements at a time, for each element of input and output: ten times what networks need. */
  private static final double LIVE_FOR_EACH = 4096;

  /** Multiplications for each element of input and output: ten times what networks need. */
  private static final double WORK_FOR_EACH = 1 << 24;

  private static final double FEW = 1 << 26;
  private static final double FEW_FIXED = 1 << 29;
  private static final double LITTLE_WORK = 1L << 40;
  private static final double LITTLE_CONSTANT_WORK = 1L << 34;

  /** What a network needs is refused. */
  static final class RefusedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final String place;

    RefusedException(String place, String reason) {
      super(reason);
      this.place = place;
    }

    String place() {
      return place;
    }
  }

  /** An input does not go through a network. */
  static final class UnfitException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnfitException(Node node, RuntimeException reason) {
      super("%s: %s".formatted(node.place(), reason.getMessage()), reason);
    }
  }

  private final String input;
  private final String output;
  private final int operatorSet;
  private final List<Node> nodes;
  private final Map<String, KnownTensor> constants = new HashMap<>();
  private final Map<String, Integer> lastUse = new HashMap<>();

  /** Takes what it needs out of the model and keeps none of its large tensors. */
  NetworkSizes(OnnxModel model) {
    this.input = model.input().name();
    this.output = model.output().name();
    this.operatorSet = model.operatorSet();
    this.nodes = model.nodes().stream().map(NetworkSizes::light).toList();
    model.constants().forEach((name, constant) -> constants.put(name, KnownTensor.of(constant)));
    for (int n = 0; n < nodes.size(); n++) {
      for (String name : nodes.get(n).inputs()) {
        lastUse.put(name, n);
      }
    }
  }

  private static Node light(Node node) {
    if (node.attributes().values().stream().allMatch(one -> one.tensor().isEmpty())) {
      return node;
    }
    Map<String, Attribute> attributes = new HashMap<>(node.attributes());
    attributes.replaceAll(
        (name, one) ->
            new Attribute(
                one.kind(),
                one.integers(),
                one.floats(),
                one.text(),
                one.tensor().map(NetworkSizes::light)));
    return new Node(
        node.place(), node.operator(), node.name(), node.inputs(), node.outputs(), attributes);
  }

  /** The values of large tensors are not followed, so they are left out; others are copied. */
  private static Constant light(Constant constant) {
    boolean few = KnownTensor.of(constant).values().isPresent();
    ByteBuffer bytes = ByteBuffer.allocate(few ? constant.bytes().remaining() : 0);
    if (few) {
      bytes.put(constant.bytes().duplicate()).flip();
    }
    return new Constant(constant.type(), constant.dims(), bytes);
  }

  /**
   * Checks what depends on constants alone.
   *
   * @throws RefusedException when the runtime would have to do too much to open the file
   */
  void checkConstants() {
    double given = constants.values().stream().mapToDouble(KnownTensor::elements).sum();
    new Evaluation(Math.max(FEW, 4 * given), LITTLE_CONSTANT_WORK, false, "by constants alone")
        .run();
  }

  /**
   * Checks what sizes need that the file fixes.
   *
   * @param smallest the smallest input that the network takes
   * @throws RefusedException when it needs too much
   */
  void checkFixed(List<Integer> smallest) {
    evaluate(smallest, false, FEW_FIXED);
  }

  /**
   * Returns the sizes of the output for an input.
   *
   * @param shape the sizes of the input
   * @throws UnfitException when the input does not go through the network
   * @throws RefusedException when the network needs too much for it
   */
  List<Integer> output(List<Integer> shape) {
    return evaluate(shape, true, FEW)
        .orElseThrow(() -> new IllegalStateException("the output is not known"))
        .dims();
  }

  private Optional<KnownTensor> evaluate(List<Integer> shape, boolean strict, double few) {
    KnownTensor image;
    try {
      image = KnownTensor.of(shape.stream().map(Integer::longValue).toList());
    } catch (KnownTensor.TooLargeException e) {
      throw new RefusedException("the input", "it takes an input of " + shape);
    }
    double elements = image.elements();
    Evaluation evaluation =
        new Evaluation(
            Math.max(few, LIVE_FOR_EACH * elements),
            Math.max(LITTLE_WORK, WORK_FOR_EACH * elements),
            strict,
            "for an input of " + shape);
    evaluation.known.put(input, image);
    evaluation.run();
    return Optional.ofNullable(evaluation.known.get(output));
  }

  /** One walk through the nodes. */
  private final class Evaluation {

    private final double mostLive;
    private final double mostWork;
    private final boolean strict;
    private final String reason;
    final Map<String, KnownTensor> known = new HashMap<>(constants);
    private final Set<String> made = new HashSet<>();
    private double live;
    private double work;

    Evaluation(double mostLive, double mostWork, boolean strict, String reason) {
      this.mostLive = mostLive;
      this.mostWork = mostWork;
      this.strict = strict;
      this.reason = reason;
    }

    void run() {
      for (int n = 0; n < nodes.size(); n++) {
        Node node = nodes.get(n);
        Optional<KnownNode> inputs = known(node);
        if (inputs.isPresent()) {
          run(node, inputs.get());
          release(node, n);
        }
      }
    }

    /** Empty where an input is not known. */
    private Optional<KnownNode> known(Node node) {
      List<Optional<KnownTensor>> inputs = new ArrayList<>();
      for (String input : node.inputs()) {
        KnownTensor tensor = known.get(input);
        if (tensor == null && !input.isEmpty()) {
          return Optional.empty();
        }
        inputs.add(Optional.ofNullable(tensor));
      }
      return Optional.of(new KnownNode(node, inputs, operatorSet));
    }

    private void run(Node node, KnownNode inputs) {
      List<KnownTensor> outputs;
      try {
        outputs = SizeRules.outputs(inputs);
        if (outputs.size() < node.outputs().size()) {
          throw new IllegalArgumentException("it makes %s tensors".formatted(outputs.size()));
        }
      } catch (KnownTensor.TooLargeException e) {
        throw new RefusedException(
            node.place(), "%s %s; no network needs as much".formatted(e.getMessage(), reason));
      } catch (KnownNode.UnknownValueException e) {
        throw new RefusedException(node.place(), String.valueOf(e.getMessage()));
      } catch (IllegalArgumentException e) {
        if (strict) {
          throw new UnfitException(node, e);
        }
        return;
      }
      boolean inFile = node.operator().equals("Constant");
      for (int n = 0; n < node.outputs().size(); n++) {
        live += inFile ? 0 : outputs.get(n).elements();
        known.put(node.outputs().get(n), outputs.get(n));
        if (!inFile) {
          made.add(node.outputs().get(n));
        }
      }
      work += NodeCost.work(inputs, outputs);
      if (live + NodeCost.room(inputs) > mostLive) {
        throw new RefusedException(
            node.place(),
            String.format(
                Locale.ROOT,
                "with it %.1g values are held at a time %s; %.1g are allowed",
                live + NodeCost.room(inputs),
                reason,
                mostLive));
      }
      if (work > mostWork) {
        throw new RefusedException(
            node.place(),
            String.format(
                Locale.ROOT,
                "up to it %.1g multiplications are done %s; %.1g are allowed",
                work,
                reason,
                mostWork));
      }
    }

    private void release(Node node, int index) {
      for (String input : node.inputs()) {
        KnownTensor tensor = known.get(input);
        if (tensor != null
            && lastUse.getOrDefault(input, -1) == index
            && made.contains(input)
            && !input.equals(output)) {
          live -= tensor.elements();
          known.remove(input);
        }
      }
    }
  }
}
