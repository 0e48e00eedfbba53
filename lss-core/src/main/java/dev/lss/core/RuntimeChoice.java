package dev.lss.core;

import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import dev.lss.core.inference.BackendWish;
import dev.lss.core.inference.Backends;
import dev.lss.core.inference.StagePool;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What runs the networks, chosen step by step. Not thread-safe. */
final class RuntimeChoice {

  ClassLoader classLoader = Segmenters.class.getClassLoader();
  Optional<String> backendId = Optional.empty();
  Optional<InferenceBackend> backend = Optional.empty();
  Optional<Device> device = Optional.empty();
  Precision precision = Precision.FP32;
  int threads = Runtime.getRuntime().availableProcessors();
  Optional<Integer> stageThreads = Optional.empty();

  /** Returns what {@link #choose(Set)} returns for the files of a model. */
  ChosenRuntime choose(ModelDescription model) {
    Set<ModelFormat> formats = new HashSet<>();
    for (Stage stage : model.stages()) {
      if (stage.network() instanceof StageNetwork.Opaque opaque) {
        formats.add(opaque.format());
      }
    }
    return choose(formats);
  }

  /**
   * Returns the backend that was asked for, else the first that can do what is asked, with the
   * device that was asked for, else the best that the backend has.
   *
   * @param formats formats of the model's files
   * @throws dev.lss.api.BackendException when there is none
   */
  ChosenRuntime choose(Set<ModelFormat> formats) {
    BackendWish wish = new BackendWish(backendId, device, precision, formats);
    Backends.Chosen chosen =
        backend.isPresent()
            ? Backends.of(List.of(backend.get())).choose(wish.withId(backend.get().id()))
            : Backends.discover(classLoader).choose(wish);
    Device resolved = device.orElseGet(chosen::bestDevice);
    return new ChosenRuntime(
        chosen.backend(),
        chosen.status().version(),
        new SessionConfig(resolved, threads, precision));
  }

  StagePool startPool() {
    return new StagePool(stageThreads.orElse(threads));
  }
}
