package dev.lss.backend.tf;

import dev.lss.spi.Device;
import dev.lss.spi.SessionConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.RewriterConfig;

/** TensorFlow's native library: loaded once, its devices, and the options of its sessions. */
final class TfLibrary {

  private static final System.Logger LOG = System.getLogger(TfLibrary.class.getName());

  private static boolean loaded;
  private static String failure = "";
  private static int threads;
  private static boolean warned;

  private TfLibrary() {}

  /**
   * Loads the library; does nothing when it is loaded.
   *
   * @throws IllegalStateException with a remedy when the process may not take enough address space,
   *     or the native libraries are missing, do not fit into their folder or do not load; the last
   *     is final, because the JVM tries only once
   */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    if (!failure.isEmpty()) {
      throw new IllegalStateException(failure);
    }
    AddressSpace.requireRoom();
    NativeFiles.prepare();
    try {
      TensorFlow.version();
      loaded = true;
    } catch (LinkageError e) {
      failure =
          ("TensorFlow's native libraries in %s do not load (%s); the folder must allow execution,"
                  + " and the libraries must fit this machine, %s %s")
              .formatted(
                  System.getProperty(NativeFiles.FOLDER_PROPERTY),
                  e,
                  System.getProperty("os.arch"),
                  System.getProperty("os.name"));
      throw new IllegalStateException(failure, e);
    }
  }

  /** Returns the version of the runtime, after loading it. */
  static String version() {
    load();
    return TensorFlow.version();
  }

  /** Returns the operators that the runtime has. */
  static Collection<OpDef> operators() {
    return TensorFlow.registeredOpList().getOpList();
  }

  /** Returns the devices that work, GPUs first. */
  static List<Device> devices() {
    List<Device> devices = new ArrayList<>();
    for (int index = 0; works(new Device(Device.Kind.CUDA, index)); index++) {
      devices.add(new Device(Device.Kind.CUDA, index));
    }
    devices.add(Device.CPU);
    return devices;
  }

  /** Tries a device. TensorFlow itself would take another if this one is not there. */
  static boolean works(Device device) {
    if (device.kind() == Device.Kind.CPU) {
      return true;
    }
    if (!NativeFiles.forGpus()) {
      return false; // without trying, because the first session decides about the threads
    }
    TfGraph constant = new TfGraph();
    constant.floats("one", List.of(), 1);
    int all = Runtime.getRuntime().availableProcessors();
    ConfigProto strict = options(all, device).setAllowSoftPlacement(false).build();
    try (Graph graph = new Graph()) {
      graph.importGraphDef(placed(constant.toGraphDef(), device));
      try (Session session = new Session(graph, strict)) {
        session.runner().fetch("one").run().close();
        return true;
      }
    } catch (RuntimeException e) { // TensorFlow's exceptions have no other parent
      return false;
    }
  }

  /** Returns the graph with a device for every node; what a file says about it does not count. */
  static GraphDef placed(GraphDef graph, Device device) {
    String name =
        device.kind() == Device.Kind.CPU ? "/device:CPU:0" : "/device:GPU:" + device.index();
    GraphDef.Builder placed = graph.toBuilder();
    placed.getNodeBuilderList().forEach(node -> node.setDevice(name));
    return placed.build();
  }

  /**
   * Returns options for a session: our thread count, and a GPU only when asked. All sessions of a
   * process share the threads that the first one asked for.
   *
   * @param translated whether the graph is one of ours, in which TensorFlow's optimiser has nothing
   *     to do but to join operators; its other passes copy all weights, so that the first run takes
   *     longer and 700 MB more for weights of 118 MB, and later ones gain nothing
   */
  static ConfigProto options(SessionConfig config, boolean translated) {
    ConfigProto.Builder options = options(config.threads(), config.device());
    if (translated) {
      options.setGraphOptions(
          GraphOptions.newBuilder()
              .setRewriteOptions(RewriterConfig.newBuilder().addOptimizers("remap")));
    }
    return options.build();
  }

  private static synchronized ConfigProto.Builder options(int wanted, Device device) {
    if (threads == 0) {
      threads = wanted;
    } else if (threads != wanted && !warned) {
      warned = true;
      LOG.log(
          System.Logger.Level.WARNING,
          "TensorFlow keeps the {0} threads that this process first asked for; asked for {1} now",
          threads,
          wanted);
    }
    ConfigProto.Builder options =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(wanted)
            .setInterOpParallelismThreads(-1); // operators in a row, on the caller's thread
    return device.kind() == Device.Kind.CPU
        ? options.putDeviceCount("GPU", 0)
        : options
            .setAllowSoftPlacement(true) // sizes of tensors are calculated on the CPU
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true)); // not all at once
  }
}
