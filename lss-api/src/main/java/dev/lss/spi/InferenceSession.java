package dev.lss.spi;

import dev.lss.api.BackendException;
import dev.lss.api.CancellationToken;
import java.util.Optional;

/**
 * One loaded model with one input and one output. Thread-safe: calls may overlap. Closing twice is
 * harmless; closing during a run is the caller's error, unless it is a {@link CheckedSession}.
 */
public interface InferenceSession extends AutoCloseable {

  /** Returns what the input must look like. */
  TensorSpec input();

  /** Returns what the output looks like. */
  TensorSpec output();

  /**
   * Runs the model once. Both tensors stay the caller's; every value of {@code out} is overwritten.
   *
   * @throws BackendException when the runtime fails
   */
  void run(FloatTensor in, FloatTensor out);

  /**
   * Runs the model once, unless it is cancelled. This looks at the token before the run only; a
   * {@link CheckedSession} looks all the time, and the library wraps every session in one.
   *
   * @throws dev.lss.api.CancelledException when cancelled
   * @throws BackendException when the runtime fails
   */
  default void run(FloatTensor in, FloatTensor out, CancellationToken cancellation) {
    cancellation.throwIfCancelled();
    run(in, out);
  }

  /**
   * Returns what a run on an input of this shape takes of the runtime's own memory, by which a
   * caller's limit is kept; empty when that is not known, as of a file whose layers are not known.
   */
  default Optional<WorkingMemory> workingMemory(Shape input) {
    return Optional.empty();
  }

  @Override
  void close();
}
