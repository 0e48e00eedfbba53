package dev.lss.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What made a result: enough to make it again. Immutable. */
public final class Provenance {

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

  private final String library;
  private final List<ModelRef> models;
  private final Optional<BackendRef> backend;
  private final int threads;
  private final String precision;
  private final List<SourceRef> inputs;

  private Provenance(Builder b) {
    library = b.library;
    models = b.models;
    backend = b.backend;
    threads = b.threads;
    precision = b.precision;
    inputs = b.inputs;
  }

  /**
   * Starts the provenance of a result that no network made: one thread, precision {@code none}.
   *
   * @param library version of LSS
   */
  public static Builder builder(String library) {
    return new Builder(library);
  }

  /** Returns a builder that holds everything of this provenance. */
  public Builder toBuilder() {
    Builder b = new Builder(library).models(models).threads(threads).precision(precision);
    b.backend = backend;
    return b.inputs(inputs);
  }

  /** Returns the version of LSS. */
  public String library() {
    return library;
  }

  /** Returns the models that ran; empty when no network ran. */
  public List<ModelRef> models() {
    return models;
  }

  /** Returns what ran the networks; empty when none ran. */
  public Optional<BackendRef> backend() {
    return backend;
  }

  /** Returns the threads that the stages and the runtime were given. */
  public int threads() {
    return threads;
  }

  /** Returns the arithmetic of the networks, such as {@code fp32}; {@code none} without any. */
  public String precision() {
    return precision;
  }

  /**
   * Returns content hashes of the series, in the order in which they were used; a series without a
   * known source is left out.
   */
  public List<SourceRef> inputs() {
    return inputs;
  }

  /** Collects the parts of a provenance. Not thread-safe. */
  public static final class Builder {

    private final String library;
    private List<ModelRef> models = List.of();
    private Optional<BackendRef> backend = Optional.empty();
    private int threads = 1;
    private String precision = "none";
    private List<SourceRef> inputs = List.of();

    private Builder(String library) {
      this.library = Objects.requireNonNull(library, "library");
    }

    /** Sets the models that ran. */
    public Builder models(List<ModelRef> ran) {
      models = List.copyOf(ran);
      return this;
    }

    /** Sets what ran them. */
    public Builder backend(BackendRef ran) {
      backend = Optional.of(ran);
      return this;
    }

    /** Sets the threads of the stages and the runtime. */
    public Builder threads(int count) {
      threads = count;
      return this;
    }

    /** Sets the arithmetic of the networks. */
    public Builder precision(String name) {
      precision = Objects.requireNonNull(name, "precision");
      return this;
    }

    /** Sets the content hashes of the series. */
    public Builder inputs(List<SourceRef> sources) {
      inputs = List.copyOf(sources);
      return this;
    }

    /** Returns the provenance. */
    public Provenance build() {
      return new Provenance(this);
    }
  }
}
