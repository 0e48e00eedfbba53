package dev.lss.backend.tf;

import dev.lss.spi.TensorSpec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Asks TensorFlow how large the tensors of a graph become for a small input, without running
 * anything: products of small tensors can take all the memory that there is. Weights are not handed
 * over for it, only their sizes. Needs native code.
 */
final class GraphShapes {

  /** Networks that halve their input five times take the first, those without padding the other. */
  private static final int SMALL = 32;

  private static final int LARGE = 256;

  /** The most numbers of a tensor for each voxel of the input. */
  private static final long MAX_PER_VOXEL = 8192;

  private static final long LEAST_LIMIT = 1L << 24;
  private static final long MOST_LIMIT = 1L << 31;

  /** Constants of more numbers are no sizes. */
  private static final int FEW = 64;

  private GraphShapes() {}

  /**
   * Returns which tensor is too large, in words that follow the file's name; empty where none is.
   *
   * @throws RuntimeException when TensorFlow refuses the graph; its exceptions have no other parent
   */
  static Optional<String> tooLarge(ServedGraph served) {
    try {
      return tooLarge(served, SMALL);
    } catch (RuntimeException e) {
      return tooLarge(served, LARGE); // where it fails again, its reason is the file's
    }
  }

  private static Optional<String> tooLarge(ServedGraph served, int trial) {
    List<Long> sizes = new ArrayList<>();
    long voxels = 1;
    for (int axis = 0; axis < served.input().dims().size(); axis++) {
      long size = size(served.input(), axis, trial);
      sizes.add(size);
      voxels *= axis < 2 ? 1 : size;
    }
    long limit = Math.max(LEAST_LIMIT, Math.min(MOST_LIMIT, voxels * MAX_PER_VOXEL));
    try (Graph graph = new Graph()) {
      graph.importGraphDef(trial(served, sizes));
      Iterator<GraphOperation> operations = graph.operations();
      while (operations.hasNext()) {
        Operation operation = operations.next();
        for (int output = 0; output < operation.numOutputs(); output++) {
          Shape shape = operation.output(output).shape();
          if (numbers(shape) > limit) {
            return Optional.of(
                "has the node \"%s\" (%s), which makes a tensor of %s out of an input of %s"
                    .formatted(operation.name(), operation.type(), shape, sizes));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static long size(TensorSpec input, int axis, int trial) {
    int dim = input.dims().get(axis);
    if (dim != TensorSpec.ANY) {
      return dim;
    }
    int multiple = input.multiples().get(axis);
    return axis < 2 ? 1 : (long) multiple * Math.max(1, (trial + multiple - 1) / multiple);
  }

  private static double numbers(Shape shape) {
    double numbers = 1;
    for (int axis = 0; !shape.isUnknown() && axis < shape.numDimensions(); axis++) {
      numbers *= Math.max(1, shape.get(axis));
    }
    return numbers;
  }

  private static GraphDef trial(ServedGraph served, List<Long> sizes) {
    TensorShapeProto.Builder input = TensorShapeProto.newBuilder();
    sizes.forEach(size -> input.addDimBuilder().setSize(size));
    GraphDef.Builder trial = GraphDef.newBuilder().setVersions(served.graph().getVersions());
    for (NodeDef node : served.graph().getNodeList()) {
      TensorShapeProto shape =
          node.getAttrOrDefault("value", AttrValue.getDefaultInstance())
              .getTensor()
              .getTensorShape();
      long count =
          shape.getDimList().stream().mapToLong(d -> d.getSize()).reduce(1, (a, b) -> a * b);
      if (node.getOp().equals("Placeholder")) {
        trial.addNode(sized(node, input.build()));
      } else if (node.getOp().equals("Const") && count > FEW) {
        trial.addNode(sized(node, shape));
      } else {
        trial.addNode(node);
      }
    }
    return trial.build();
  }

  private static NodeDef sized(NodeDef node, TensorShapeProto shape) {
    return NodeDef.newBuilder()
        .setName(node.getName())
        .setOp("Placeholder")
        .putAttr("dtype", node.getAttrOrDefault("dtype", AttrValue.getDefaultInstance()))
        .putAttr("shape", AttrValue.newBuilder().setShape(shape).build())
        .build();
  }
}
