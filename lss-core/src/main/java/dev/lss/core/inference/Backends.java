package dev.lss.core.inference;

import dev.lss.api.BackendException;
import dev.lss.core.service.Services;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.BackendStatus.Available;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The backends on the class path or module path. A broken provider is reported and does not hide
 * the others; two providers of one id are an error as soon as that id would be used.
 *
 * <p>Without a name the first that is available and can do what is asked is taken, in the order
 * {@code onnx}, {@code djl}, {@code tf}, then all others by id. Immutable; thread-safe.
 */
public final class Backends {

  private static final List<String> ORDER = List.of("onnx", "djl", "tf");

  /**
   * One backend and whether it works here.
   *
   * @param backend the backend
   * @param status what its probe said
   */
  public record Found(InferenceBackend backend, BackendStatus status) {}

  private final List<InferenceBackend> backends;
  private final List<String> broken;

  private Backends(List<InferenceBackend> backends, List<String> broken) {
    this.backends =
        backends.stream()
            .sorted(
                Comparator.comparingInt((InferenceBackend backend) -> rank(backend.id()))
                    .thenComparing(InferenceBackend::id))
            .toList();
    this.broken = List.copyOf(broken);
  }

  private static int rank(String id) {
    int rank = ORDER.indexOf(id);
    return rank < 0 ? ORDER.size() : rank;
  }

  /** Returns the backends that {@code ServiceLoader} finds through a class loader. */
  public static Backends discover(ClassLoader loader) {
    Services<InferenceBackend> services = Services.load(InferenceBackend.class, loader);
    return new Backends(services.providers(), services.broken());
  }

  /** Returns these backends, for applications that make them themselves. */
  public static Backends of(List<InferenceBackend> backends) {
    return new Backends(backends, List.of());
  }

  /** Returns all backends in the order of preference, each probed now. */
  public List<Found> all() {
    return backends.stream().map(backend -> new Found(backend, probe(backend))).toList();
  }

  /** Returns all backends in the order of preference, without a look at whether they work. */
  public List<InferenceBackend> unprobed() {
    return backends;
  }

  /** Returns one sentence for each provider that could not be made. */
  public List<String> broken() {
    return broken;
  }

  /**
   * A backend that works here.
   *
   * @param backend the backend
   * @param status what its probe said
   */
  public record Chosen(InferenceBackend backend, Available status) {

    /** Returns the device that runs when none is named: the best that the backend has here. */
    public Device bestDevice() {
      return status.devices().isEmpty() ? Device.CPU : status.devices().get(0);
    }
  }

  /**
   * Chooses a backend. One that is named is taken if it works; what else is asked for is then its
   * own to refuse, when it opens a model.
   *
   * @throws BackendException code {@code NO_BACKEND} when there is none, with the reason of each;
   *     {@code DUPLICATE_BACKEND} when two providers have the id
   */
  public Chosen choose(BackendWish wish) {
    List<String> reasons = new ArrayList<>();
    for (InferenceBackend backend : backends) {
      if (wish.id().isPresent() && !wish.id().get().equals(backend.id())) {
        continue;
      }
      refuseTwins(backend);
      BackendStatus status = probe(backend);
      if (status instanceof Available available) {
        Optional<String> lack =
            wish.id().isPresent() ? Optional.empty() : wish.lackOf(backend, available);
        if (lack.isEmpty()) {
          return new Chosen(backend, available);
        }
        reasons.add(backend.id() + ": " + lack.get());
      } else if (status instanceof BackendStatus.Unavailable unavailable) {
        reasons.add(backend.id() + ": " + unavailable.reason());
      }
    }
    throw none(wish.id(), reasons);
  }

  private void refuseTwins(InferenceBackend backend) {
    List<InferenceBackend> twins =
        backends.stream().filter(other -> other.id().equals(backend.id())).toList();
    if (twins.size() > 1) {
      throw new BackendException(
          "DUPLICATE_BACKEND",
          "two backends are named \"%s\": %s and %s; leave one on the class path"
              .formatted(
                  backend.id(),
                  twins.get(0).getClass().getName(),
                  twins.get(1).getClass().getName()));
    }
  }

  private BackendException none(Optional<String> id, List<String> reasons) {
    List<String> parts = new ArrayList<>();
    if (id.isPresent() && reasons.isEmpty()) {
      parts.add("there is no backend \"%s\"".formatted(id.get()));
      parts.add(
          backends.isEmpty()
              ? "none is on the class path: add " + artifact(id.get())
              : "known: "
                  + String.join(", ", backends.stream().map(InferenceBackend::id).toList()));
    } else if (reasons.isEmpty()) {
      parts.add(
          "no backend is on the class path to run networks: add dev.lss:lss-backend-onnx to the"
              + " class path");
    } else {
      parts.add("no backend can run here");
      parts.addAll(reasons);
    }
    broken.forEach(reason -> parts.add("broken provider: " + reason));
    return new BackendException("NO_BACKEND", String.join("; ", parts));
  }

  private static String artifact(String id) {
    return "dev.lss:lss-backend-" + (ORDER.contains(id) ? id : "onnx") + " to the class path";
  }

  private static String otherVersion(int built) {
    int ours = InferenceBackend.SPI_VERSION;
    return "it was built for version %s of the service interface, this library has %s: take a %s"
        .formatted(built, ours, built < ours ? "newer version of it" : "newer version of LSS");
  }

  /** A probe must not throw; one that does is broken, which is not a reason to stop. */
  private static BackendStatus probe(InferenceBackend backend) {
    try {
      int built = backend.spiVersion();
      return built == InferenceBackend.SPI_VERSION
          ? backend.probe()
          : new BackendStatus.Unavailable(otherVersion(built), Optional.empty());
    } catch (RuntimeException | LinkageError e) {
      return new BackendStatus.Unavailable("its probe failed: " + e, Optional.of(e));
    }
  }
}
