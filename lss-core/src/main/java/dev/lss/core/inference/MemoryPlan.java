package dev.lss.core.inference;

import dev.lss.api.ResourceException;
import dev.lss.api.image.Extents;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How much memory a segmentation will need at its peak, estimated before it starts, so that a
 * volume that is too large is refused with numbers and does not end in an OutOfMemoryError.
 * Immutable.
 *
 * <p>Counted are, in bytes. Per voxel of the image: 4 for a reoriented copy, 4 and 2 for the best
 * logit and its label, 2 for the labels on the native grid, 2 for a cleaned copy. Per voxel of the
 * network's grid: 4 for each input and 8 for the intermediate results of resampling. Per voxel of
 * the slices that are blended at a time, and for each fold: 4 for each class and 4 for the weights.
 * The image itself is there already.
 *
 * @param heapBytes bytes on the heap
 * @param directBytes bytes in direct buffers: two pairs of tensors
 * @param runtimeBytes bytes that runs of networks add to what their runtime holds; 0 where that is
 *     not known
 */
public record MemoryPlan(long heapBytes, long directBytes, long runtimeBytes) {

  /** Bytes for each voxel of the image in {@link #of}. */
  public static final int BYTES_PER_IMAGE_VOXEL = 4 + 4 + 2 + 2 + 2;

  private static final int BYTES_PER_NETWORK_VOXEL = 8;
  private static final double USABLE_SHARE = 0.95;

  /** Compiled code, classes and buffers of threads, which come while the work runs. */
  private static final long JVM_GROWTH = 48L << 20;

  /**
   * What is to be done.
   *
   * @param image extents of the image
   * @param network extents of the image on the network's grid
   * @param patch extents of one tile
   * @param inputs input channels
   * @param classes output channels
   * @param folds networks that are averaged
   */
  public record Work(
      Extents image, Extents network, Extents patch, int inputs, int classes, int folds) {}

  /**
   * Memory that this process may still take.
   *
   * @param heapBytes bytes of heap
   * @param directBytes bytes of direct buffers
   * @param directHasItsOwnLimit whether -XX:MaxDirectMemorySize limits direct buffers; otherwise
   *     the JVM allows as much as the heap may take
   */
  public record Available(long heapBytes, long directBytes, boolean directHasItsOwnLimit) {

    /** Returns what is free now, garbage included. */
    public static Available now() {
      Runtime runtime = Runtime.getRuntime();
      long used = runtime.totalMemory() - runtime.freeMemory();
      OptionalLong limit =
          DirectMemory.limit(ManagementFactory.getRuntimeMXBean().getInputArguments());
      return new Available(
          runtime.maxMemory() - used,
          limit.orElse(runtime.maxMemory()) - DirectMemory.usedBytes(),
          limit.isPresent());
    }
  }

  /** Creates a plan of what no network is counted in yet. */
  public MemoryPlan(long heapBytes, long directBytes) {
    this(heapBytes, directBytes, 0);
  }

  /** Returns this plan with more on the heap, such as images that are not read yet. */
  public MemoryPlan withHeap(long bytes) {
    return new MemoryPlan(heapBytes + bytes, directBytes, runtimeBytes);
  }

  /** Returns this plan with what runs of networks take. */
  public MemoryPlan withRuntime(long bytes) {
    return new MemoryPlan(heapBytes, directBytes, bytes);
  }

  /** Estimates the peak of one stage. */
  public static MemoryPlan of(Work work) {
    long image = (long) work.image().voxels() * BYTES_PER_IMAGE_VOXEL;
    long network = (long) work.network().voxels() * (BYTES_PER_NETWORK_VOXEL + 4L * work.inputs());
    long blended = blendedBytes(work.network(), work.patch(), work.classes()) * work.folds();
    long patch = (long) work.patch().voxels() * 4;
    return new MemoryPlan(
        image + network + blended + patch, 2 * patch * (work.inputs() + work.classes()));
  }

  /** Returns the bytes that the sums of one network take while its tiles are blended. */
  public static long blendedBytes(Extents network, Extents patch, int classes) {
    long slice = (long) network.i() * network.j();
    return 4L * (classes + 1) * LogitAccumulator.slices(network, patch) * slice;
  }

  /** Returns the plan of two stages that run one after the other: the larger of each number. */
  public MemoryPlan then(MemoryPlan next) {
    return new MemoryPlan(
        Math.max(heapBytes, next.heapBytes),
        Math.max(directBytes, next.directBytes),
        Math.max(runtimeBytes, next.runtimeBytes));
  }

  /**
   * Refuses work that does not fit into this process; what is garbage is collected before that is
   * said.
   *
   * @throws ResourceException {@code TOO_LARGE} with both numbers and what to do
   */
  public void requireFits() {
    if (!fits(Available.now())) {
      System.gc();
      requireFits(Available.now());
    }
  }

  /**
   * Refuses work that does not fit into this process, or that would make the process larger than
   * the caller allows; what is garbage is collected before that is said.
   *
   * @param allowedBytes the most that the process may hold at a time; empty for no limit
   * @throws ResourceException {@code TOO_LARGE} with the numbers and what to do
   */
  public void requireFits(OptionalLong allowedBytes) {
    if (allowedBytes.isPresent() && peakBytes(ProcessMemory.now()) > allowedBytes.getAsLong()) {
      System.gc();
      requireWithin(allowedBytes.getAsLong(), ProcessMemory.now());
    }
    requireFits();
  }

  /** Refuses work that would make a process that holds so much larger than this. */
  void requireWithin(long allowedBytes, ProcessMemory now) {
    if (peakBytes(now) > allowedBytes) {
      throw new ResourceException(
          "TOO_LARGE",
          ("the segmentation needs about %s MiB: %s of heap, %s of direct memory, %s of the runtime"
                  + " and %s that the process holds beside; allowed are %s MiB; allow more or crop"
                  + " the image")
              .formatted(
                  mebibytes(peakBytes(now)),
                  mebibytes(heap(now)),
                  mebibytes(directBytes),
                  mebibytes(runtimeBytes),
                  mebibytes(beside(now)),
                  allowedBytes >> 20));
    }
  }

  /**
   * The heap fills what it once took before it takes more, and its nursery before it is cleaned.
   */
  private long heap(ProcessMemory now) {
    return Math.max(now.heapResident(), now.heapUsed() + heapBytes + now.nursery());
  }

  private static long beside(ProcessMemory now) {
    return now.besideHeap() + JVM_GROWTH;
  }

  private long peakBytes(ProcessMemory now) {
    return heap(now) + directBytes + runtimeBytes + beside(now);
  }

  /**
   * Refuses work that does not fit.
   *
   * @throws ResourceException {@code TOO_LARGE} with both numbers and what to do
   */
  public void requireFits(Available available) {
    if (fits(available)) {
      return;
    }
    long heap = Math.max(missingHeap(available), missingDirect(available));
    String advice = "raise -Xmx by %s MiB".formatted(more(heap));
    if (available.directHasItsOwnLimit()) {
      advice =
          Stream.of(
                  raise("-Xmx", missingHeap(available)),
                  raise("-XX:MaxDirectMemorySize", missingDirect(available)))
              .flatMap(Optional::stream)
              .collect(Collectors.joining(" and "));
    }
    throw new ResourceException(
        "TOO_LARGE",
        ("the segmentation needs about %s MiB of heap and %s MiB of direct memory, available are"
                + " %s and %s MiB; %s or crop the image")
            .formatted(
                mebibytes(heapBytes),
                mebibytes(directBytes),
                mebibytes(available.heapBytes()),
                mebibytes(Math.max(0, available.directBytes())),
                advice));
  }

  private static Optional<String> raise(String option, long missing) {
    return missing > 0
        ? Optional.of("raise %s by %s MiB".formatted(option, more(missing)))
        : Optional.empty();
  }

  private static long more(long bytes) {
    return Math.max(1, mebibytes(bytes));
  }

  private boolean fits(Available available) {
    return missingHeap(available) <= 0 && missingDirect(available) <= 0;
  }

  private long missingHeap(Available available) {
    return heapBytes - (long) (USABLE_SHARE * available.heapBytes());
  }

  private long missingDirect(Available available) {
    return directBytes - (long) (USABLE_SHARE * available.directBytes());
  }

  private static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }
}
