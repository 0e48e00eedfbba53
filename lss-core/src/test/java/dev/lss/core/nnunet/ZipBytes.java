package dev.lss.core.nnunet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes zips whose entries are stored, as PyTorch does. */
final class ZipBytes {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ZipOutputStream zip = new ZipOutputStream(bytes);

  ZipBytes entry(String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    return this;
  }

  byte[] end() throws IOException {
    zip.close();
    return bytes.toByteArray();
  }

  /** A checkpoint with this description, and storage 0. */
  static Path checkpoint(Path folder, byte[] pickle, byte[] storage) throws IOException {
    return Files.write(
        folder.resolve("checkpoint_final.pth"),
        new ZipBytes().entry("archive/data.pkl", pickle).entry("archive/data/0", storage).end());
  }
}
