package dev.lss.fuzz;

import dev.lss.core.model.ModelPackage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Model packages: a zip of any bytes, or any manifest in a good zip. */
public final class PackageFuzzer {

  private PackageFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Path file = Fuzzing.file("x.zip", data.length > 0 && data[0] == (byte) 0x7b ? zip(data) : data);
    Fuzzing.check(() -> ModelPackage.open(file));
  }

  private static byte[] zip(byte[] manifest) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("lss-model.json"));
      zip.write(manifest);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
