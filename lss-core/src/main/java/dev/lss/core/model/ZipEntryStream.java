package dev.lss.core.model;

import dev.lss.api.ModelException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * One entry of a zip that was opened for it alone; closes the zip. An entry that inflates to more
 * than the directory says is refused while it is read, because the directory's sizes are what the
 * limits were checked on. Not thread-safe.
 */
final class ZipEntryStream extends FilterInputStream {

  private final ZipFile zip;
  private final ZipEntry entry;
  private long read;

  ZipEntryStream(ZipFile zip, ZipEntry entry) throws IOException {
    super(zip.getInputStream(entry));
    this.zip = zip;
    this.entry = entry;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = super.read(bytes, offset, length);
    count(Math.max(n, 0));
    return n;
  }

  private void count(int n) {
    read += n;
    if (read > entry.getSize()) {
      throw new ModelException(
          "BAD_PACKAGE",
          "\"%s\" inflates to more than the %d bytes that the zip's directory says"
              .formatted(entry.getName(), entry.getSize()));
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
