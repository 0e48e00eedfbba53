package dev.lss.core.inference;

import dev.lss.api.CancellationToken;
import dev.lss.api.ProgressListener;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a network, or several whose logits are averaged, over an image of any size: tile after tile,
 * overlapping, weighted, averaged. While the network works on one tile, the one before is blended
 * and the next one cut: two pairs of tensors take turns. Tiles go along k last, so slices become
 * final one layer of tiles after the other and leave for the sink. Thread-safe; a run allocates
 * what it needs.
 */
public final class SlidingWindow {

  /**
   * What a run took.
   *
   * @param tiles how many tiles ran, in all networks
   * @param network time that the networks took, with other work beside it
   * @param blend time to cut tiles and to blend them that the network did not cover
   * @param sink time that the sink took and the network did not cover
   */
  public record Spent(int tiles, Duration network, Duration blend, Duration sink) {}

  private final List<InferenceSession> sessions;
  private final Tiling tiling;
  private final Arithmetic arithmetic;
  private final StagePool pool;

  /** Prepares to run a session, which stays the caller's, with sums in single precision. */
  public SlidingWindow(InferenceSession session, Tiling tiling, StagePool pool) {
    this(List.of(session), tiling, Arithmetic.FP32, pool);
  }

  /**
   * Prepares to run sessions, which stay the caller's.
   *
   * @param sessions folds of one network; those of rank 2 are run slice by slice along k
   * @param tiling how they are moved
   * @param arithmetic how sums of logits are rounded
   * @param pool threads for cutting and blending
   */
  public SlidingWindow(
      List<? extends InferenceSession> sessions,
      Tiling tiling,
      Arithmetic arithmetic,
      StagePool pool) {
    this.sessions =
        sessions.stream()
            .<InferenceSession>map(
                one -> tiling.mirrorAxes().isEmpty() ? one : new MirroredSession(one, tiling))
            .toList();
    this.tiling = tiling;
    this.arithmetic = arithmetic;
    this.pool = pool;
  }

  /** A tile for one of the networks. */
  private record Job(int fold, IndexBox tile) {}

  /**
   * Runs the networks over an image.
   *
   * @param channels the normalised input channels, on one grid
   * @param sink takes the logits
   * @param stage name of the stage, for the listener
   * @param progress hears of every tile
   * @param cancellation looked at all the time; the work ends within a second
   * @throws dev.lss.api.CancelledException when cancelled
   * @throws dev.lss.api.BackendException when the runtime fails
   */
  public Spent run(
      List<Volume> channels,
      LogitSink sink,
      String stage,
      ProgressListener progress,
      CancellationToken cancellation) {
    Extents extents = commonExtents(channels);
    int rank = sessions.get(0).input().dims().size() - 2;
    List<Job> jobs = jobs(tiling.tiles(rank, extents).tiles());
    Tensors first = allocate(rank, channels);
    List<Tensors> pairs = List.of(first, jobs.size() > 1 ? allocate(rank, channels) : first);
    Clock clock = new Clock();
    FoldMean mean = mean(extents);
    LogitSink timed = (logits, from, to) -> clock.sink(() -> sink.accept(logits, from, to));
    progress.progress(stage, 0, jobs.size());
    cut(channels, jobs.get(0), pairs.get(0));
    try (Background runtime = new Background("lss-network")) {
      for (int t = 0; t < jobs.size(); t++) {
        cancellation.throwIfCancelled();
        Tensors now = pairs.get(t % 2);
        Tensors other = pairs.get((t + 1) % 2);
        InferenceSession session = sessions.get(jobs.get(t).fold());
        clock.startTile();
        Background.Work work = runtime.start(() -> session.run(now.in(), now.out(), cancellation));
        if (t > 0) {
          blend(mean, jobs.get(t - 1), other, timed);
        }
        if (t + 1 < jobs.size()) {
          cut(channels, jobs.get(t + 1), other);
        }
        clock.endTile(work);
        progress.progress(stage, t + 1, jobs.size());
      }
    }
    cancellation.throwIfCancelled();
    int last = jobs.size() - 1;
    blend(mean, jobs.get(last), pairs.get(last % 2), timed);
    mean.finish(extents.k(), timed);
    return clock.spent(jobs.size());
  }

  /** Layer after layer along k; in each, network after network, so that a layer ends in all. */
  private List<Job> jobs(List<IndexBox> tiles) {
    List<Job> jobs = new ArrayList<>();
    int next = 0;
    while (next < tiles.size()) {
      int first = next;
      while (next < tiles.size() && tiles.get(next).k0() == tiles.get(first).k0()) {
        next++;
      }
      for (int fold = 0; fold < sessions.size(); fold++) {
        for (IndexBox tile : tiles.subList(first, next)) {
          jobs.add(new Job(fold, tile));
        }
      }
    }
    return jobs;
  }

  private FoldMean mean(Extents extents) {
    TileWindow window = tiling.window();
    List<LogitAccumulator> folds = new ArrayList<>();
    for (int fold = 0; fold < sessions.size(); fold++) {
      folds.add(new LogitAccumulator(extents, tiling.classes(), window, arithmetic, pool));
    }
    return new FoldMean(folds, arithmetic, pool);
  }

  private static void blend(FoldMean mean, Job job, Tensors tensors, LogitSink sink) {
    if (!mean.hasRoomFor(job.tile())) {
      mean.finish(job.tile().k0(), sink);
    }
    mean.add(job.fold(), job.tile(), tensors.out());
  }

  /** Input and output of one tile. */
  private record Tensors(FloatTensor in, FloatTensor out) {}

  private Tensors allocate(int rank, List<Volume> channels) {
    return new Tensors(
        FloatTensor.allocate(Tile.shape(rank, channels.size(), tiling.patch())),
        FloatTensor.allocate(Tile.shape(rank, tiling.classes(), tiling.patch())));
  }

  private void cut(List<Volume> channels, Job job, Tensors tensors) {
    for (int c = 0; c < channels.size(); c++) {
      tiling.cut(channels.get(c), job.tile(), tensors.in(), c);
    }
  }

  private Extents commonExtents(List<Volume> channels) {
    if (channels.size() != tiling.paddingValues().size()) {
      throw new IllegalArgumentException(
          "the network takes %s channels, was given %s"
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

  /** Tells what the network covers from what it does not. */
  private static final class Clock {

    private final long begin = System.nanoTime();
    private long network;
    private long sink;
    private long tileStart;
    private long tileSink;

    void startTile() {
      tileStart = System.nanoTime();
      tileSink = 0;
    }

    /** Waits for the network; what the caller did longer than it ran was not covered. */
    void endTile(Background.Work work) {
      long beside = System.nanoTime() - tileStart;
      long ran = work.await();
      network += ran;
      sink += Math.min(tileSink, Math.max(0, beside - ran));
      tileSink = 0;
    }

    void sink(Runnable work) {
      long start = System.nanoTime();
      work.run();
      tileSink += System.nanoTime() - start;
    }

    Spent spent(int tiles) {
      sink += tileSink;
      long rest = System.nanoTime() - begin - network - sink;
      return new Spent(
          tiles, Duration.ofNanos(network), Duration.ofNanos(rest), Duration.ofNanos(sink));
    }
  }
}
