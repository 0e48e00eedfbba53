package dev.lss.api;

import java.util.List;
import java.util.Optional;

/**
 * What made a result: enough to make it again. Immutable.
 *
 * @param library version of LSS
 * @param models the models that ran; empty when no network ran
 * @param backend what ran them; empty when no network ran
 * @param threads threads that the stages and the runtime were given
 * @param precision arithmetic of the network, such as {@code fp32}
 * @param inputs content hashes of the series, in the study's order; a series without a known source
 *     is left out
 */
public record Provenance(
    String library,
    List<ModelRef> models,
    Optional<BackendRef> backend,
    int threads,
    String precision,
    List<SourceRef> inputs) {

  /**
   * A model by content.
   *
   * @param id model id
   * @param version model version
   * @param sha256 SHA-256 of its manifest, which itself lists the hash of every other file
   */
  public record ModelRef(String id, String version, String sha256) {}

  /**
   * A backend as it ran.
   *
   * @param id backend id, such as {@code onnx}
   * @param version version of the runtime
   * @param device device that ran, such as {@code cpu}
   */
  public record BackendRef(String id, String version, String device) {}

  /** Copies the lists. */
  public Provenance {
    models = List.copyOf(models);
    inputs = List.copyOf(inputs);
  }
}
