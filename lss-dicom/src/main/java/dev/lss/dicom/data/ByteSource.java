package dev.lss.dicom.data;

import java.io.Closeable;
import java.io.IOException;

/** Bytes that can be opened again and again: a file, an entry of a zip, an array. Thread-safe. */
public interface ByteSource {

  /** Returns what messages call it. */
  String name();

  /** Opens it; the caller closes. */
  Opened open() throws IOException;

  /** An opened source. Not thread-safe. */
  interface Opened extends Closeable {

    /** Returns how many bytes there are. */
    long length();

    /**
     * Copies bytes; all of them or none.
     *
     * @throws java.io.EOFException when the source became shorter since it was opened
     */
    void read(long from, byte[] into, int at, int count) throws IOException;
  }
}
