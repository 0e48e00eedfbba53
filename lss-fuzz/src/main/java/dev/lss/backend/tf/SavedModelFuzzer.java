package dev.lss.backend.tf;

import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.fuzz.Fuzzing;
import dev.lss.spi.ModelSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.tensorflow.Graph;
import org.tensorflow.proto.OpDef;

/**
 * The saved_model.pb of a SavedModel; what is let through must be a graph that TensorFlow takes or
 * refuses. The zip around it has a fuzz target of its own with TorchScript files.
 */
public final class SavedModelFuzzer {

  private static final Collection<OpDef> OPERATORS = operators();

  private SavedModelFuzzer() {}

  private static Collection<OpDef> operators() {
    TfLibrary.load();
    return TfLibrary.operators();
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Fuzzing.check(
        () -> {
          ServedGraph served = ServedGraph.read(model(data), OPERATORS);
          try (Graph graph = new Graph()) {
            graph.importGraphDef(served.graph());
          } catch (RuntimeException e) { // TensorFlow's exceptions have no other parent
            if (e instanceof NullPointerException || e instanceof ClassCastException) {
              throw e;
            }
          }
        });
  }

  private static ModelSource.Opaque model(byte[] graph) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setLevel(Deflater.NO_COMPRESSION);
      zip.putNextEntry(new ZipEntry("saved_model.pb"));
      zip.write(graph);
    }
    byte[] file = bytes.toByteArray();
    return new ModelSource.Opaque(
        "x.zip",
        ModelFormat.SAVEDMODEL,
        ByteBuffer.allocateDirect(file.length).put(file).flip(),
        new Signature(3, 1, 1, List.of(1, 1, 1)));
  }
}
