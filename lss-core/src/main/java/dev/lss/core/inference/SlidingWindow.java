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
 * Runs a network over an image of any size: tile after tile, overlapping, weighted, averaged. While
 * the network works on one tile, the one before is stitched and the next one cut: two pairs of
 * tensors take turns. Thread-safe; a run allocates what it needs.
 */
public final class SlidingWindow {

  /**
   * The logits of a whole image.
   *
   * @param logits one volume per class, on the image's grid
   * @param tiles how many tiles ran
   * @param network time that the network took, with other work beside it
   * @param stitch time to cut tiles and to stitch them that the network did not cover
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
    List<Tensors> pairs = List.of(allocate(rank, channels), allocate(rank, channels));
    long begin = System.nanoTime();
    long network = 0;
    LogitAccumulator accumulator =
        new LogitAccumulator(
            channels.get(0).geometry(), tiling.classes(), tiling.window(), arithmetic, pool);
    progress.progress(stage, 0, tiles.size());
    cut(channels, tiles.get(0), pairs.get(0));
    try (Background runtime = new Background("lss-network")) {
      for (int t = 0; t < tiles.size(); t++) {
        cancellation.throwIfCancelled();
        Tensors now = pairs.get(t % 2);
        Tensors other = pairs.get((t + 1) % 2);
        Background.Work work = runtime.start(() -> session.run(now.in(), now.out()));
        if (t > 0) {
          accumulator.add(tiles.get(t - 1), other.out());
        }
        if (t + 1 < tiles.size()) {
          cut(channels, tiles.get(t + 1), other);
        }
        network += work.await();
        progress.progress(stage, t + 1, tiles.size());
      }
    }
    cancellation.throwIfCancelled();
    int last = tiles.size() - 1;
    accumulator.add(tiles.get(last), pairs.get(last % 2).out());
    List<Volume> logits = accumulator.finish();
    long total = System.nanoTime() - begin;
    return new Stitched(
        logits, tiles.size(), Duration.ofNanos(network), Duration.ofNanos(total - network));
  }

  /** Input and output of one tile. */
  private record Tensors(FloatTensor in, FloatTensor out) {}

  private Tensors allocate(int rank, List<Volume> channels) {
    return new Tensors(
        FloatTensor.allocate(Tile.shape(rank, channels.size(), tiling.patch())),
        FloatTensor.allocate(Tile.shape(rank, tiling.classes(), tiling.patch())));
  }

  private void cut(List<Volume> channels, IndexBox tile, Tensors tensors) {
    for (int c = 0; c < channels.size(); c++) {
      tiling.cut(channels.get(c), tile, tensors.in(), c);
    }
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
