package dev.lss.core.inference;

import dev.lss.api.model.ModelFormat;
import dev.lss.spi.BackendStatus.Available;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.Precision;
import java.util.Optional;
import java.util.Set;

/**
 * What a run asks of a backend. Immutable.
 *
 * @param id the backend; empty for the first that can do the rest
 * @param device the device; empty for the best that the backend has
 * @param precision arithmetic
 * @param formats formats of the model's files, which the backend must open
 */
public record BackendWish(
    Optional<String> id, Optional<Device> device, Precision precision, Set<ModelFormat> formats) {

  /** Asks for nothing: any backend, any device, single precision, a network of layers. */
  public static final BackendWish NONE =
      new BackendWish(Optional.empty(), Optional.empty(), Precision.FP32, Set.of());

  /** Copies the set. */
  public BackendWish {
    formats = Set.copyOf(formats);
  }

  /** Returns this wish for the backend with this id. */
  public BackendWish withId(String wanted) {
    return new BackendWish(Optional.of(wanted), device, precision, formats);
  }

  /** Says what a backend that works here cannot do of this; empty when it can do all. */
  Optional<String> lackOf(InferenceBackend backend, Available status) {
    if (device.isPresent() && !status.devices().contains(device.get())) {
      return Optional.of(
          "it has no %s here, its devices are %s".formatted(device.get(), status.devices()));
    }
    if (!backend.precisions().contains(precision)) {
      return Optional.of("it does not run in " + precision);
    }
    if (!backend.formats().containsAll(formats)) {
      return Optional.of("it opens %s, not %s".formatted(backend.formats(), formats));
    }
    return Optional.empty();
  }
}
