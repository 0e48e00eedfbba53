package dev.lss.backend.onnx;

import dev.lss.api.LssException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.fuzz.Fuzzing;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * ONNX files of any bytes: what is accepted must be read again as it was written, and the runtime
 * opens it and runs it on an image that goes through it, or refuses it.
 */
public final class OnnxFuzzer {

  private static final Signature SIGNATURE = new Signature(3, 1, 1, List.of(1, 1, 1));
  private static final Shape IMAGE = Shape.of(1, 1, 8, 12, 16);

  private OnnxFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Fuzzing.check(
        () -> {
          OnnxFile file = OnnxFile.checked(source(ByteBuffer.wrap(data)));
          ByteBuffer once = file.written();
          ByteBuffer twice;
          try {
            twice = OnnxFile.checked(source(once)).written();
          } catch (LssException e) {
            throw new AssertionError("what was written is not accepted", e);
          }
          if (!once.equals(twice)) {
            throw new AssertionError("what was written is read as something else");
          }
          file.inputs().check(IMAGE, IMAGE); // else the runtime need not be asked
          try (InferenceSession session =
              new OnnxBackend().open(source(once), SessionConfig.cpu(1))) {
            session.run(FloatTensor.allocate(IMAGE), FloatTensor.allocate(IMAGE));
          }
        });
  }

  private static ModelSource.Opaque source(ByteBuffer bytes) {
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining()).put(bytes.duplicate()).flip();
    return new ModelSource.Opaque("net.onnx", ModelFormat.ONNX, direct, SIGNATURE);
  }
}
