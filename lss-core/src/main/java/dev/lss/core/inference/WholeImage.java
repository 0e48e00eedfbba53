package dev.lss.core.inference;

import dev.lss.api.CancellationToken;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageWindow;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a 2-D network once over a whole plane, padded behind its last row and column to what the
 * network takes. Input and output are kept for the next plane of the same size, so the frames of a
 * clip share them. Thread-safe: one plane is in the network at a time.
 */
public final class WholeImage {

  private final InferenceSession session;
  private final Extents largest;
  private final int classes;
  private final List<Integer> multiples;
  private @Nullable FloatTensor in;
  private @Nullable FloatTensor out;

  /**
   * Prepares to run a session, which stays the caller's.
   *
   * @param session the network
   * @param stage a 2-D stage
   * @param window its window
   */
  public WholeImage(InferenceSession session, Stage stage, StageWindow.Whole window) {
    this.session = session;
    this.largest = Tiling.patch(window);
    this.classes = stage.signature().outputChannels();
    this.multiples = stage.signature().sizeMultiples();
  }

  /** Returns the extents of the tile that holds a plane. */
  public Extents padded(Extents plane) {
    return Tiling.shrunk(largest, plane, multiples);
  }

  /**
   * Runs the network over a plane.
   *
   * @param channels the normalised input channels, planes of one size
   * @param cancellation looked at all the time
   * @return one plane of logits for each class, of the input's size
   * @throws IllegalArgumentException when the plane is larger than the stage's patch, or no plane
   * @throws dev.lss.api.CancelledException when cancelled
   * @throws dev.lss.api.BackendException when the runtime fails
   */
  public synchronized List<Volume> run(List<Volume> channels, CancellationToken cancellation) {
    Extents plane = channels.get(0).extents();
    if (plane.i() > largest.i() || plane.j() > largest.j() || plane.k() != 1) {
      throw new IllegalArgumentException(
          "the network takes an image of at most %s, was %s".formatted(largest, plane));
    }
    Extents tile = padded(plane);
    FloatTensor input = tensor(in, channels.size(), tile);
    FloatTensor output = tensor(out, classes, tile);
    in = input;
    out = output;
    for (int c = 0; c < channels.size(); c++) {
      Tile.cut(channels.get(c), IndexBox.of(tile), 0, input, c);
    }
    session.run(input, output, cancellation);
    List<Volume> logits = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      float[] samples = new float[plane.voxels()];
      for (int j = 0; j < plane.j(); j++) {
        Tile.channel(output, c, tile).get(j * tile.i(), samples, j * plane.i(), plane.i());
      }
      logits.add(Volume.wrap(channels.get(0).geometry(), samples));
    }
    return logits;
  }

  private static FloatTensor tensor(@Nullable FloatTensor kept, int channels, Extents patch) {
    return kept != null && kept.shape().equals(Tile.shape(2, channels, patch))
        ? kept
        : FloatTensor.allocate(Tile.shape(2, channels, patch));
  }
}
