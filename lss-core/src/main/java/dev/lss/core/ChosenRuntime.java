package dev.lss.core;

import dev.lss.api.Provenance;
import dev.lss.core.inference.GuardedSession;
import dev.lss.core.io.LssVersion;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.ModelSource;
import dev.lss.spi.SessionConfig;
import java.util.List;
import java.util.Optional;

/**
 * What runs the networks, once chosen. Immutable.
 *
 * @param backend the backend
 * @param version version of its runtime
 * @param config device, threads and precision
 */
record ChosenRuntime(InferenceBackend backend, String version, SessionConfig config) {

  /**
   * Opens a model.
   *
   * @throws dev.lss.api.BackendException as {@link GuardedSession#open}
   */
  CheckedSession open(ModelSource model) {
    return GuardedSession.open(backend, model, config);
  }

  /** Returns what to say about a run of this model; without inputs. */
  Provenance provenance(Provenance.ModelRef model) {
    return new Provenance(
        LssVersion.get(),
        List.of(model),
        Optional.of(new Provenance.BackendRef(backend.id(), version, config.device().toString())),
        config.threads(),
        config.precision().toString(),
        List.of());
  }
}
