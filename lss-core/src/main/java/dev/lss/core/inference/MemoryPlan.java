package dev.lss.core.inference;

import dev.lss.api.ResourceException;
import dev.lss.api.image.Extents;
import java.util.OptionalLong;

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

  private static final int BYTES_PER_IMAGE_VOXEL = 4 + 4 + 2 + 2 + 2;
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
   * @param directBytes bytes of direct buffers; the JVM allows as much as the heap by default
   */
  public record Available(long heapBytes, long directBytes) {

    /** Returns what is free now, garbage included. */
    public static Available now() {
      Runtime runtime = Runtime.getRuntime();
      long used = runtime.totalMemory() - runtime.freeMemory();
      return new Available(runtime.maxMemory() - used, runtime.maxMemory());
    }
  }

  /** Creates a plan of what no network is counted in yet. */
  public MemoryPlan(long heapBytes, long directBytes) {
    this(heapBytes, directBytes, 0);
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
          ("the segmentation needs about %d MiB: %d of heap, %d of direct memory, %d of the runtime"
                  + " and %d that the process holds beside; allowed are %d MiB; allow more or crop"
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
    if (!fits(available)) {
      throw new ResourceException(
          "TOO_LARGE",
          ("the segmentation needs about %d MiB of heap and %d MiB of direct memory, available are"
                  + " %d and %d MiB; raise -Xmx by %d MiB or crop the image")
              .formatted(
                  mebibytes(heapBytes),
                  mebibytes(directBytes),
                  mebibytes(available.heapBytes()),
                  mebibytes(available.directBytes()),
                  Math.max(1, mebibytes(missingBytes(available)))));
    }
  }

  private boolean fits(Available available) {
    return missingBytes(available) <= 0;
  }

  private long missingBytes(Available available) {
    return Math.max(
        heapBytes - (long) (USABLE_SHARE * available.heapBytes()),
        directBytes - (long) (USABLE_SHARE * available.directBytes()));
  }

  private static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }
}
