package dev.lss.spi;

import dev.lss.api.BackendException;

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

  @Override
  void close();
}
