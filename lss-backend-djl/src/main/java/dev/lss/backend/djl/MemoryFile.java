package dev.lss.backend.djl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;

/** A file in memory, read where it was written. Not thread-safe. */
final class MemoryFile extends ByteArrayOutputStream {

  MemoryFile(int bytes) {
    super(bytes);
  }

  InputStream read() {
    return new ByteArrayInputStream(buf, 0, count);
  }
}
