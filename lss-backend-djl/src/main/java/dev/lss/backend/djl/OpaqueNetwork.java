package dev.lss.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import dev.lss.api.BackendException;
import dev.lss.backend.djl.LoadedModule.Result;
import dev.lss.spi.ModelSource.Opaque;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.TensorSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Makes sessions of TorchScript files. Such a file does not say what it takes and gives, so it is
 * run once on zeros; a file that the signature does not describe fails then, or gives something
 * else.
 */
final class OpaqueNetwork {

  /** Networks that halve their input five times still take this size. */
  private static final int TRIAL_SIZE = 32;

  private OpaqueNetwork() {}

  /**
   * Writes the file again from what is understood of it, loads that and tries it.
   *
   * @throws BackendException {@code MODEL_REFUSED} when it is not what the signature says
   */
  static DjlSession load(Opaque model, SessionConfig config) {
    if (config.precision() != Precision.FP32) {
      throw new BackendException(
          "PRECISION_UNSUPPORTED",
          "%s was asked to run in %s, but a TorchScript file runs in the precision that it was"
                  .formatted(model.name(), config.precision())
              + " written in: ask for fp32, which leaves it as it is");
    }
    LoadedModule module =
        LoadedModule.load(model.name(), TorchScriptFile.checked(model).read(), config.device());
    try {
      PyTorchLibrary.configureThread(config.threads());
      Result result = trial(model, module);
      return new DjlSession(
          model.name(),
          module,
          config.threads(),
          model.requireInput(spec("input", model.signature().inputChannels(), result)),
          model.requireOutput(spec("output", result.shape().get(1), result)));
    } catch (RuntimeException e) {
      module.close();
      throw e;
    }
  }

  private static TensorSpec spec(String name, int channels, Result result) {
    int rank = result.shape().rank();
    List<Integer> dims = new ArrayList<>(Collections.nCopies(rank, TensorSpec.ANY));
    dims.set(1, channels);
    return new TensorSpec(name, dims, Collections.nCopies(rank, 1));
  }

  private static Result trial(Opaque model, LoadedModule module) {
    List<Integer> smallest = model.signature().sizeMultiples();
    List<Integer> usual = smallest.stream().map(m -> m * ((TRIAL_SIZE + m - 1) / m)).toList();
    int channels = model.signature().inputChannels();
    Result result;
    List<Integer> sizes = usual;
    try {
      result = module.trial(channels, usual);
    } catch (EngineException first) {
      // A file of a fixed size takes its multiples only.
      sizes = smallest;
      try {
        result = module.trial(channels, smallest);
      } catch (EngineException e) {
        throw new BackendException(
            "MODEL_REFUSED",
            "%s: the input that the manifest says, %s channels of %s or %s, does not run: %s"
                .formatted(model.name(), channels, usual, smallest, LoadedModule.firstLine(first)),
            first);
      }
    }
    requireTensor(model, result, sizes);
    return result;
  }

  private static void requireTensor(Opaque model, Result result, List<Integer> sizes) {
    if (result.tensors() != 1
        || result.type() != DataType.FLOAT32
        || result.shape().rank() != sizes.size() + 2
        || !result.shape().dims().subList(2, sizes.size() + 2).equals(sizes)) {
      throw new BackendException(
          "MODEL_REFUSED",
          "%s: the output must be one tensor of float32 with the input's sizes %s, but the file"
                  .formatted(model.name(), sizes)
              + " gives %s, the first of %s, %s"
                  .formatted(result.tensors(), result.type(), result.shape()));
    }
  }
}
