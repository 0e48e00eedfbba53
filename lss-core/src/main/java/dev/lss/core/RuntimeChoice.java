package dev.lss.core;

import dev.lss.api.Provenance;
import dev.lss.core.inference.Backends;
import dev.lss.core.inference.StagePool;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.SessionConfig;
import java.util.List;
import java.util.Optional;

/** What runs the networks, chosen step by step. Not thread-safe. */
final class RuntimeChoice {

  ClassLoader classLoader = Segmenters.class.getClassLoader();
  Optional<String> backendId = Optional.empty();
  Optional<InferenceBackend> backend = Optional.empty();
  int threads = Runtime.getRuntime().availableProcessors();
  Optional<Integer> stageThreads = Optional.empty();

  /**
   * Returns the backend that was asked for, else the first that is available.
   *
   * @throws dev.lss.api.BackendException when there is none
   */
  InferenceBackend chooseBackend() {
    return backend.isPresent() ? backend.get() : Backends.discover(classLoader).choose(backendId);
  }

  SessionConfig sessionConfig() {
    return SessionConfig.cpu(threads);
  }

  StagePool startPool() {
    return new StagePool(stageThreads.orElse(threads));
  }

  /** Returns what to say about a run with this backend; without inputs. */
  Provenance provenance(Provenance.ModelRef model, InferenceBackend chosen) {
    String version =
        chosen.probe() instanceof BackendStatus.Available available
            ? available.version()
            : "unknown";
    SessionConfig config = sessionConfig();
    return new Provenance(
        LssVersion.get(),
        List.of(model),
        Optional.of(new Provenance.BackendRef(chosen.id(), version, config.device().toString())),
        config.threads(),
        config.precision().toString(),
        List.of());
  }
}
