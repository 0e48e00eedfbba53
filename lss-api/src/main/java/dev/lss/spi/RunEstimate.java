package dev.lss.spi;

import dev.lss.api.model.network.Network;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Estimates the memory of runs of a network whose layers are known, and remembers the largest run
 * for a runtime that keeps what it took. Thread-safe.
 */
public final class RunEstimate {

  /** What a runtime takes for a run, as measured for it. */
  @FunctionalInterface
  public interface Rule {

    /**
     * Returns the bytes of a first run.
     *
     * @param layers bytes that the results of layers need at their most, as {@link
     *     Network#liveBytes} has them
     * @param output bytes of the output
     */
    long bytes(long layers, long output);
  }

  private final Network network;
  private final boolean kept;
  private final Rule rule;
  private final AtomicLong taken = new AtomicLong();

  /**
   * Starts with nothing taken.
   *
   * @param network the network
   * @param kept whether the runtime keeps what a run took
   * @param rule what a run takes
   */
  public RunEstimate(Network network, boolean kept, Rule rule) {
    this.network = network;
    this.kept = kept;
    this.rule = rule;
  }

  /** Returns what a run on an input of this shape adds. */
  public WorkingMemory of(Shape input) {
    return new WorkingMemory(Math.max(0, bytes(input) - taken.get()), kept);
  }

  /** Notes that a run was done. */
  public void ran(Shape input) {
    if (kept) {
      taken.accumulateAndGet(bytes(input), Math::max);
    }
  }

  private long bytes(Shape input) {
    List<Integer> sizes = input.dims().subList(2, input.rank());
    long output =
        network.outputSize(sizes).stream()
            .mapToLong(Integer::longValue)
            .reduce((long) Float.BYTES * network.outputChannels(), Math::multiplyExact);
    return rule.bytes(
        input.get(0) * network.liveBytes(sizes), Math.multiplyExact(input.get(0), output));
  }
}
