package dev.lss.backend.djl;

import ai.djl.engine.EngineException;
import dev.lss.api.BackendException;
import dev.lss.api.ResourceException;
import dev.lss.api.model.network.Network;
import dev.lss.spi.Device;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Makes sessions of described networks. */
final class DescribedNetwork {

  /** An array ends at 2 GiB; this leaves room for the code. */
  private static final long MAX_WEIGHT_BYTES = Integer.MAX_VALUE - (64L << 20);

  private DescribedNetwork() {}

  /** Translates a network and loads what comes out. */
  static DjlSession load(Described model, SessionConfig config) {
    Network network = model.network();
    long bytes = network.requireWeights(model.weights()) * Float.BYTES;
    if (bytes > MAX_WEIGHT_BYTES) {
      throw new ResourceException(
          "MODEL_TOO_LARGE",
          "the backend djl takes at most %s bytes of weights, %s has %s"
              .formatted(MAX_WEIGHT_BYTES, model.name(), bytes));
    }
    boolean oneDnn = config.device().kind() == Device.Kind.CPU && PyTorchLibrary.hasOneDnn();
    MemoryFile archive = new MemoryFile((int) bytes + (1 << 20));
    try {
      NetworkToTorchScript.translate(
          network, model.weights(), new Target(oneDnn, config.precision()), archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    LoadedModule module = LoadedModule.load(model.name(), archive.read(), config.device());
    try {
      if (config.precision() == Precision.BF16) {
        PyTorchLibrary.configureThread(config.threads());
        requireBf16(model, module);
      }
    } catch (RuntimeException e) {
      module.close();
      throw e;
    }
    return new DjlSession(model, module, config.threads());
  }

  /** Some processors cannot, and only a run tells. */
  private static void requireBf16(Described model, LoadedModule module) {
    try {
      module.trial(model.network().inputChannels(), model.network().sizeMultiples());
    } catch (EngineException e) {
      throw new BackendException(
          "PRECISION_UNSUPPORTED",
          "%s does not run in bf16 here, ask for fp32: %s"
              .formatted(model.name(), LoadedModule.firstLine(e)),
          e);
    }
  }
}
