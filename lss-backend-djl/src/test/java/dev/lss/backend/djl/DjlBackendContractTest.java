package dev.lss.backend.djl;

import dev.lss.spi.InferenceBackend;
import dev.lss.spi.Precision;
import dev.lss.testkit.InferenceBackendContract;
import dev.lss.testkit.SampleNetwork;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

class DjlBackendContractTest extends InferenceBackendContract {

  @Override
  protected InferenceBackend backend() {
    return new DjlBackend();
  }

  /** With the operators that a session has, so that the bits can be compared. */
  @Override
  protected Path writeOpaque(Path folder, SampleNetwork model) throws IOException {
    Target here = new Target(PyTorchLibrary.hasOneDnn(), Precision.FP32);
    Path file = folder.resolve("model.pt");
    try (OutputStream out = Files.newOutputStream(file)) {
      NetworkToTorchScript.translate(model.network(), model.weights(), here, out);
    }
    return file;
  }
}
