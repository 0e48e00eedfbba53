package dev.lss.backend.djl;

import dev.lss.spi.Precision;

/**
 * What an archive is written for. Immutable.
 *
 * <p>With oneDNN, PyTorch's library for convolutions on processors, convolutions call it by name
 * and tensors have the channels last. Left to itself PyTorch hands it only large inputs, and takes
 * a path many times slower for the others: 64 channels at 16 x 20 x 18 took 58 ms instead of 8.
 *
 * @param oneDnn whether the archive runs where PyTorch has oneDNN; else it runs everywhere
 * @param precision arithmetic
 */
record Target(boolean oneDnn, Precision precision) {

  /** Runs on every device of every PyTorch. */
  static final Target ANY = new Target(false, Precision.FP32);
}
