package dev.lss.bench;

import dev.lss.api.Tasks;
import dev.lss.api.model.Stage;
import dev.lss.core.inference.BackendWish;
import dev.lss.core.inference.Backends;
import dev.lss.core.inference.GuardedSession;
import dev.lss.core.model.ModelPackage;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.ModelSource;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The fine network of the bundled model {@code ct-vertebrae}, opened with one backend, and tensors
 * for it. Not thread-safe; whoever opens it closes it.
 */
public final class FineNetwork implements AutoCloseable {

  static final String TASK = Tasks.CT_VERTEBRAE;

  /** What the network is given. */
  public enum Patch {
    /** Half of a tile along each axis. */
    SMALL,
    /** What the network sees in the pipeline: 64 x 80 x 72 voxels of 1.5 mm. */
    TILE
  }

  /**
   * The network before anything native is loaded.
   *
   * @param stage its stage
   * @param source layers and weights
   */
  public record Read(Stage stage, ModelSource source) {}

  private final CheckedSession session;
  private final FloatTensor in;
  private final FloatTensor out;

  private FineNetwork(CheckedSession session, FloatTensor in, FloatTensor out) {
    this.session = session;
    this.in = in;
    this.out = out;
  }

  /** Reads the network and its weights; nothing native is loaded. */
  public static Read read() throws IOException {
    ModelPackage model = ModelPackage.bundled(TASK, FineNetwork.class.getClassLoader());
    Stage stage = model.description().stage(Stage.Role.SEGMENTER).orElseThrow();
    return new Read(stage, model.sources(stage).get(0));
  }

  /**
   * Tries a backend, as the pipeline does before it opens a model.
   *
   * @throws dev.lss.api.BackendException when there is none with this id or it does not work
   */
  public static Backends.Chosen choose(String backend, Precision precision) {
    BackendWish wish =
        new BackendWish(
            Optional.of(backend), Optional.empty(), precision, BackendWish.NONE.formats());
    return Backends.discover(FineNetwork.class.getClassLoader()).choose(wish);
  }

  /** Opens the network and fills its input with noise, the same each time. */
  public static FineNetwork open(
      Read read, InferenceBackend backend, SessionConfig config, Patch patch) {
    CheckedSession session = GuardedSession.open(backend, read.source(), config);
    FloatTensor in = FloatTensor.allocate(shape(read.stage(), input(read), patch));
    SplittableRandom random = new SplittableRandom(1);
    for (int at = 0; at < in.shape().size(); at++) {
      in.data().put(at, (float) random.nextDouble(-1, 1));
    }
    return new FineNetwork(
        session, in, FloatTensor.allocate(shape(read.stage(), output(read), patch)));
  }

  private static int input(Read read) {
    return read.stage().signature().inputChannels();
  }

  private static int output(Read read) {
    return read.stage().signature().outputChannels();
  }

  private static Shape shape(Stage stage, int channels, Patch patch) {
    List<Integer> dims = new ArrayList<>(List.of(1, channels));
    for (int axis = 0; axis < stage.window().patchSize().size(); axis++) {
      int size = stage.window().patchSize().get(axis);
      int multiple = stage.signature().sizeMultiples().get(axis);
      dims.add(patch == Patch.TILE ? size : (size / 2 + multiple - 1) / multiple * multiple);
    }
    return new Shape(dims);
  }

  /** Runs the network once and returns the output, which the next run overwrites. */
  public FloatTensor forward() {
    session.run(in, out);
    return out;
  }

  @Override
  public void close() {
    session.close();
  }
}
