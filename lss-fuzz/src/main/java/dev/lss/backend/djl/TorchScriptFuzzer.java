package dev.lss.backend.djl;

import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.fuzz.Fuzzing;
import dev.lss.spi.ModelSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * TorchScript files. The first byte says what the rest is, since checksums would keep changed bytes
 * of a zip from the readers of its entries: a whole file, the code, or the pickle of the module.
 * What is let through is let through again, as the same bytes.
 */
public final class TorchScriptFuzzer {

  private static final byte[] CODE =
      utf8(
          """
          class Net(Module):
            __parameters__ = []
            __buffers__ = []
            training : bool
            def forward(self: __torch__.Net, x: Tensor) -> Tensor:
              return torch.relu(x)
          """);

  private static final byte[] PICKLE =
      new PickleWriter()
          .global("__torch__", "Net")
          .emptyTuple()
          .newObject()
          .emptyDict()
          .mark()
          .string("training")
          .bool(false)
          .setItems()
          .build()
          .stop();

  private TorchScriptFuzzer() {}

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(data, 1, data.length);
    Fuzzing.check(
        () -> {
          byte[] file =
              switch (data[0] % 3) {
                case 0 -> rest;
                case 1 -> zip(rest, PICKLE);
                default -> zip(CODE, rest);
              };
          byte[] once = written(file);
          if (!Arrays.equals(written(once), once)) {
            throw new AssertionError("what was written is written otherwise");
          }
        });
  }

  private static byte[] zip(byte[] code, byte[] pickle) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AlignedZip zip = new AlignedZip(out)) {
      zip.put("net/data.pkl", pickle);
      zip.put("net/code/__torch__.py", code);
      zip.put("net/version", utf8("3\n"));
      zip.put("net/data/0", new byte[16]);
    }
    return out.toByteArray();
  }

  private static byte[] written(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(file.length).put(file).flip();
    return TorchScriptFile.checked(
            new ModelSource.Opaque(
                "x.pt", ModelFormat.TORCHSCRIPT, bytes, new Signature(3, 1, 1, List.of(1, 1, 1))))
        .read()
        .readAllBytes();
  }
}
