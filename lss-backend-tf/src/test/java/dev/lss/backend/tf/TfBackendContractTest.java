package dev.lss.backend.tf;

import dev.lss.api.model.ModelFormat;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.ModelSource.Described;
import dev.lss.testkit.InferenceBackendContract;
import dev.lss.testkit.SampleNetwork;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

class TfBackendContractTest extends InferenceBackendContract {

  @Override
  protected InferenceBackend backend() {
    return new TfBackend();
  }

  @Override
  protected Path writeOpaque(Path folder, SampleNetwork model) throws IOException {
    Path file = folder.resolve("model.zip");
    try (OutputStream out = Files.newOutputStream(file)) {
      backend()
          .export(
              new Described(model.name(), model.network(), model.weights()),
              ModelFormat.SAVEDMODEL,
              out);
    }
    return file;
  }
}
