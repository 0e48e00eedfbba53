package dev.lss.backend.onnx;

import dev.lss.spi.InferenceBackend;
import dev.lss.testkit.InferenceBackendContract;
import dev.lss.testkit.SampleNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class OnnxBackendContractTest extends InferenceBackendContract {

  @Override
  protected InferenceBackend backend() {
    return new OnnxBackend();
  }

  @Override
  protected Path writeOpaque(Path folder, SampleNetwork model) throws IOException {
    return Files.write(
        folder.resolve("model.onnx"), NetworkToOnnx.translate(model.network(), model.weights()));
  }
}
