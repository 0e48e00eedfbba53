package dev.lss.backend.tf;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.BackendStatus.Available;
import dev.lss.spi.BackendStatus.Unavailable;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

public final class TfBackend implements InferenceBackend {
  public TfBackend() {}

  @Override
  public String id() {
    return "tf";
  }

  @Override
  public Set<ModelFormat> formats() {
    return Set.of(ModelFormat.SAVEDMODEL);
  }

  @Override
  public BackendStatus probe() {
    try {
      return new Available(TfLibrary.version(), List.of(Device.CPU));
    } catch (LinkageError | RuntimeException e) {
      return new Unavailable(String.valueOf(e.getMessage()), Optional.of(e));
    }
  }

  @Override
  public InferenceSession open(ModelSource model, SessionConfig config) {
    if (config.device().kind() != Device.Kind.CPU) {
      throw new BackendException("DEVICE_UNAVAILABLE", "no " + config.device());
    }
    TfLibrary.load();
    return TfSession.load(model, config);
  }

  @Override
  public void export(ModelSource.Described model, ModelFormat format, OutputStream out)
      throws IOException {
    if (format != ModelFormat.SAVEDMODEL) {
      throw new BackendException(
          "EXPORT_UNSUPPORTED",
          "the backend tf writes %s files, not %s".formatted(ModelFormat.SAVEDMODEL, format));
    }
    SavedModelFile.write(
        NetworkToTf.translate(model.network(), model.weights(), Precision.FP32),
        model.network(),
        out);
  }
}
