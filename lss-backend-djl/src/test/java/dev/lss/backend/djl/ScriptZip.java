package dev.lss.backend.djl;

import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.spi.ModelSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** TorchScript files made by hand, entry by entry. */
final class ScriptZip {

  static final String CODE = "net/code/__torch__.py";

  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  /** Starts with a module that gives what it takes, and no tensors. */
  ScriptZip() {
    with(
        "net/data.pkl",
        module().emptyDict().mark().string("training").bool(false).setItems().build());
    withCode(forward("return x"));
    with("net/constants.pkl", new PickleWriter().emptyTuple());
    with("net/version", utf8("3\n"));
  }

  /** A pickle that has begun with the object of the module. */
  static PickleWriter module() {
    return new PickleWriter().global("__torch__", "Net").emptyTuple().newObject();
  }

  /** The code of a module whose forward has this body. */
  static String forward(String body) {
    return """
    class Net(Module):
      __parameters__ = []
      __buffers__ = []
      training : bool
      def forward(self: __torch__.Net,
        x: Tensor) -> Tensor:
    """
        + body.indent(4);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  ScriptZip with(String entry, byte[] content) {
    entries.put(entry, content);
    return this;
  }

  /** Adds a pickle, which is ended here. */
  ScriptZip with(String entry, PickleWriter pickle) {
    return with(entry, pickle.stop());
  }

  ScriptZip withCode(String code) {
    return with(CODE, utf8(code));
  }

  ScriptZip without(String entry) {
    entries.remove(entry);
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  ModelSource.Opaque model() {
    return model(bytes());
  }

  static ModelSource.Opaque model(byte[] file) {
    return new ModelSource.Opaque(
        "net.pt",
        ModelFormat.TORCHSCRIPT,
        ByteBuffer.allocateDirect(file.length).put(file).flip(),
        new Signature(3, 1, 1, List.of(1, 1, 1)));
  }
}
