package dev.lss.core.inference;

import dev.lss.spi.Device;
import dev.lss.spi.Precision;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How networks run, whatever the model. Without any choice: the first available backend on its best
 * device, single precision, all processors, tiles and mirroring as the model has them, no limit of
 * memory but the process's own, and no model that is a program. Immutable.
 */
public final class RuntimeOptions {

  /** No choice at all. */
  public static final RuntimeOptions DEFAULT = builder().build();

  private final Optional<String> backend;
  private final Optional<Device> device;
  private final Precision precision;
  private final int threads;
  private final OptionalInt stageThreads;
  private final OptionalLong maxMemoryBytes;
  private final OptionalDouble tileStep;
  private final boolean mirroring;
  private final Arithmetic arithmetic;
  private final boolean trustCode;

  private RuntimeOptions(Builder b) {
    backend = b.backend;
    device = b.device;
    precision = b.precision;
    threads = b.threads;
    stageThreads = b.stageThreads;
    maxMemoryBytes = b.maxMemoryBytes;
    tileStep = b.tileStep;
    mirroring = b.mirroring;
    arithmetic = b.arithmetic;
    trustCode = b.trustCode;
  }

  /** Starts without any choice. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds these choices. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.backend = backend;
    b.device = device;
    b.precision = precision;
    b.threads = threads;
    b.stageThreads = stageThreads;
    b.maxMemoryBytes = maxMemoryBytes;
    b.tileStep = tileStep;
    b.mirroring = mirroring;
    b.arithmetic = arithmetic;
    b.trustCode = trustCode;
    return b;
  }

  /** Returns the id of the backend that is asked for; empty for the first that can do the rest. */
  public Optional<String> backend() {
    return backend;
  }

  /** Returns the device that is asked for; empty for the best that the backend has. */
  public Optional<Device> device() {
    return device;
  }

  /** Returns the arithmetic of the networks. */
  public Precision precision() {
    return precision;
  }

  /** Returns the threads of the stages and of the runtime, at least 1. */
  public int threads() {
    return threads;
  }

  /** Returns the threads of the stages alone, at least 1. */
  public int stageThreads() {
    return stageThreads.orElse(threads);
  }

  /** Returns the most bytes that the process may hold at a time; empty for no limit. */
  public OptionalLong maxMemoryBytes() {
    return maxMemoryBytes;
  }

  /** Returns the step between tiles as a share of the patch, in (0, 1]; empty for the model's. */
  public OptionalDouble tileStep() {
    return tileStep;
  }

  /** Returns whether predictions are mirrored and averaged where the model says so. */
  public boolean mirroring() {
    return mirroring;
  }

  /** Returns how sums of logits are rounded. */
  public Arithmetic arithmetic() {
    return arithmetic;
  }

  /** Returns whether a model may be a program. */
  public boolean trustCode() {
    return trustCode;
  }

  /** Collects choices. Not thread-safe. */
  public static final class Builder {

    private Optional<String> backend = Optional.empty();
    private Optional<Device> device = Optional.empty();
    private Precision precision = Precision.FP32;
    private int threads = Runtime.getRuntime().availableProcessors();
    private OptionalInt stageThreads = OptionalInt.empty();
    private OptionalLong maxMemoryBytes = OptionalLong.empty();
    private OptionalDouble tileStep = OptionalDouble.empty();
    private boolean mirroring = true;
    private Arithmetic arithmetic = Arithmetic.FP32;
    private boolean trustCode;

    private Builder() {}

    /** Uses the backend with this id; it works or building the segmenter fails. */
    public Builder backend(String id) {
      backend = Optional.of(id);
      return this;
    }

    /** Runs the networks on this device; it works or building the segmenter fails. */
    public Builder device(Device wanted) {
      device = Optional.of(wanted);
      return this;
    }

    /** Sets the arithmetic of the networks; a backend without it is refused. */
    public Builder precision(Precision wanted) {
      precision = Objects.requireNonNull(wanted, "precision");
      return this;
    }

    /**
     * Sets the threads of the stages and of the runtime.
     *
     * @throws IllegalArgumentException below 1
     */
    public Builder threads(int count) {
      threads = atLeastOne("threads", count);
      return this;
    }

    /**
     * Sets the threads of the stages alone. The labels do not depend on it, to the bit.
     *
     * @throws IllegalArgumentException below 1
     */
    public Builder stageThreads(int count) {
      stageThreads = OptionalInt.of(atLeastOne("stageThreads", count));
      return this;
    }

    /**
     * Refuses images that would make the process larger than this: what it holds already, heap,
     * direct memory and the runtime's own.
     *
     * @throws IllegalArgumentException below 1
     */
    public Builder maxMemoryBytes(long bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException(
            "the memory limit must be at least 1 byte, was " + bytes);
      }
      maxMemoryBytes = OptionalLong.of(bytes);
      return this;
    }

    /**
     * Sets the step between tiles as a share of the patch.
     *
     * @throws IllegalArgumentException outside (0, 1]
     */
    public Builder tileStep(double share) {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException("the tile step must lie in (0, 1], was " + share);
      }
      tileStep = OptionalDouble.of(share);
      return this;
    }

    /** Sets whether predictions are mirrored and averaged where the model says so. */
    public Builder mirroring(boolean on) {
      mirroring = on;
      return this;
    }

    /** Sets how sums of logits are rounded; EXACT is as nnU-Net does it, and slower. */
    public Builder arithmetic(Arithmetic how) {
      arithmetic = Objects.requireNonNull(how, "arithmetic");
      return this;
    }

    /**
     * Gives the word that a model may be a program, as TorchScript files are. Without it such a
     * model is refused. It is checked and written again even so, but what a program may do with
     * time and memory no check finds out: give the word for models whose origin is trusted.
     */
    public Builder trustCode() {
      trustCode = true;
      return this;
    }

    /** Returns the choices. */
    public RuntimeOptions build() {
      return new RuntimeOptions(this);
    }

    private static int atLeastOne(String name, int count) {
      if (count < 1) {
        throw new IllegalArgumentException(name + " must be at least 1, was " + count);
      }
      return count;
    }
  }
}
