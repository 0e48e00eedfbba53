package dev.lss.dicom.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * An entry of a zip, inflated into memory whenever it is opened. Its name is a label and never
 * becomes a path.
 *
 * @param archive the zip
 * @param entry name of the entry as stored
 */
public record ZipSource(Path archive, String entry) implements ByteSource {

  @Override
  public String name() {
    return archive + "!" + entry.replaceAll("\\p{Cntrl}", "?");
  }

  @Override
  public Opened open() throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      ZipEntry found = zip.getEntry(entry);
      if (found == null) {
        throw new ZipException("the zip changed while it was read");
      }
      try (InputStream in = zip.getInputStream(found)) {
        return new ArraySource(name(), Inflation.all(name(), in, found.getCompressedSize()));
      }
    }
  }
}
