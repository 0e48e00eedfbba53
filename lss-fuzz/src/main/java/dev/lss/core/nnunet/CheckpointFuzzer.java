package dev.lss.core.nnunet;

import dev.lss.fuzz.Fuzzing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Checkpoints: a zip of any bytes, or any pickle in a good zip beside one storage. */
public final class CheckpointFuzzer {

  private CheckpointFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Path file = Fuzzing.file("x.pth", data.length > 0 && data[0] == (byte) 0x80 ? zip(data) : data);
    Fuzzing.check(
        () -> {
          Checkpoint checkpoint = CheckpointReader.read(file);
          for (String name : checkpoint.weights().names()) {
            checkpoint.weights().values(name);
          }
        });
  }

  private static byte[] zip(byte[] pickle) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "archive/data.pkl", pickle);
      add(zip, "archive/data/0", new byte[256]);
      add(zip, "archive/data/1", new byte[4]);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
  }
}
