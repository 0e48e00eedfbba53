package dev.lss.core.inference;

import dev.lss.api.CancellationToken;
import dev.lss.api.ProgressListener;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import java.time.Duration;
import java.util.List;

/**
 * Runs a network over an image of any size: tile after tile, overlapping, weighted, averaged. One
 * pair of tensors is reused for all tiles. Thread-safe; a run allocates what it needs.
 */
public final class SlidingWindow {

  /**
   * The logits of a whole image.
   *
   * @param logits one volume per class, on the image's grid
   * @param tiles how many tiles ran
   * @param network time in the network
   * @param stitch time to cut tiles and to stitch them
   */
  public record Stitched(List<Volume> logits, int tiles, Duration network, Duration stitch) {}

  private final InferenceSession session;
  private final Tiling tiling;
  private final Arithmetic arithmetic;
  private final StagePool pool;

  /** Prepares to run a session, which stays the caller's, with sums in single precision. */
  public SlidingWindow(InferenceSession session, Tiling tiling, StagePool pool) {
    this(session, tiling, Arithmetic.FP32, pool);
  }

  /**
   * Prepares to run a session, which stays the caller's.
   *
   * @param session the network; one of rank 2 is run slice by slice along k
   * @param tiling how it is moved
   * @param arithmetic how sums of logits are rounded
   * @param pool threads for cutting and stitching
   */
  public SlidingWindow(
      InferenceSession session, Tiling tiling, Arithmetic arithmetic, StagePool pool) {
    this.session = tiling.mirrorAxes().isEmpty() ? session : new MirroredSession(session, tiling);
    this.tiling = tiling;
    this.arithmetic = arithmetic;
    this.pool = pool;
  }

  /**
   * Runs the network over an image.
   *
   * @param channels the normalised input channels, on one grid
   * @param stage name of the stage, for the listener
   * @param progress hears of every tile
   * @param cancellation looked at between tiles
   * @throws dev.lss.api.CancelledException when cancelled
   * @throws dev.lss.api.BackendException when the runtime fails
   */
  public Stitched run(
      List<Volume> channels,
      String stage,
      ProgressListener progress,
      CancellationToken cancellation) {
    Extents extents = commonExtents(channels);
    int rank = session.input().dims().size() - 2;
    List<IndexBox> tiles = tiling.tiles(rank, extents).tiles();
    FloatTensor in = FloatTensor.allocate(Tile.shape(rank, channels.size(), tiling.patch()));
    FloatTensor out = FloatTensor.allocate(Tile.shape(rank, tiling.classes(), tiling.patch()));
    long begin = System.nanoTime();
    long network = 0;
    LogitAccumulator accumulator =
        new LogitAccumulator(
            channels.get(0).geometry(), tiling.classes(), tiling.window(), arithmetic, pool);
    progress.progress(stage, 0, tiles.size());
    for (int t = 0; t < tiles.size(); t++) {
      cancellation.throwIfCancelled();
      for (int c = 0; c < channels.size(); c++) {
        tiling.cut(channels.get(c), tiles.get(t), in, c);
      }
      long start = System.nanoTime();
      session.run(in, out);
      network += System.nanoTime() - start;
      accumulator.add(tiles.get(t), out);
      progress.progress(stage, t + 1, tiles.size());
    }
    cancellation.throwIfCancelled();
    List<Volume> logits = accumulator.finish();
    long total = System.nanoTime() - begin;
    return new Stitched(
        logits, tiles.size(), Duration.ofNanos(network), Duration.ofNanos(total - network));
  }

  private Extents commonExtents(List<Volume> channels) {
    if (channels.size() != tiling.paddingValues().size()) {
      throw new IllegalArgumentException(
          "the network takes %d channels, was given %d"
              .formatted(tiling.paddingValues().size(), channels.size()));
    }
    Extents extents = channels.get(0).extents();
    for (Volume channel : channels) {
      if (!channel.extents().equals(extents)) {
        throw new IllegalArgumentException(
            "channels must have one grid, had " + extents + " and " + channel.extents());
      }
    }
    return extents;
  }
}
