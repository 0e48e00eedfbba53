package dev.lss.dicom.data;

import dev.lss.api.ResourceException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Inflates whole sources into memory, and stops where no real image would grow so far: beyond 16
 * MiB not more than 200 times the packed bytes, and never above 1 GiB.
 */
final class Inflation {

  private static final int CHUNK = 1 << 16;
  private static final long ALWAYS_ALLOWED = 16L << 20;
  private static final long NEVER_ALLOWED = 1L << 30;
  private static final int LARGEST_RATIO = 200;

  private Inflation() {}

  /** Returns all bytes of a stream that was packed in so many. */
  static byte[] all(String name, InputStream in, long packedBytes) throws IOException {
    long limit = Math.min(NEVER_ALLOWED, Math.max(ALWAYS_ALLOWED, LARGEST_RATIO * packedBytes));
    long heap = Runtime.getRuntime().maxMemory();
    List<byte[]> chunks = new ArrayList<>();
    long total = 0;
    while (true) {
      byte[] chunk = in.readNBytes(CHUNK);
      total += chunk.length;
      if (2 * total > heap) {
        throw new ResourceException(
            "TOO_LARGE",
            "%s: it has more than %s MB once inflated, the heap %s MB"
                .formatted(name, total >> 20, heap >> 20));
      }
      if (total > limit) {
        throw DicomFault.of(
            "INFLATE_LIMIT",
            name,
            "%s packed bytes would become more than %s".formatted(packedBytes, limit));
      }
      chunks.add(chunk);
      if (chunk.length < CHUNK) {
        return join(chunks, (int) total);
      }
    }
  }

  private static byte[] join(List<byte[]> chunks, int total) {
    byte[] all = new byte[total];
    int at = 0;
    for (byte[] chunk : chunks) {
      System.arraycopy(chunk, 0, all, at, chunk.length);
      at += chunk.length;
    }
    return all;
  }

  /** The data set behind the file meta information of the deflated transfer syntax. */
  record Deflated(ByteSource packed, long from) implements ByteSource {

    @Override
    public String name() {
      return packed.name();
    }

    @Override
    public Opened open() throws IOException {
      try (Opened in = packed.open()) {
        // PS3.5 A.5: raw deflate, without a zlib header
        Inflater inflater = new Inflater(true);
        try (InputStream stream = new InflaterInputStream(new Tail(in, from), inflater)) {
          return new ArraySource(name(), all(name(), stream, in.length() - from));
        } catch (ZipException | EOFException e) {
          throw DicomFault.of(
              "CORRUPT_DEFLATE", name(), "its deflated data set is damaged or cut off", e);
        } finally {
          inflater.end();
        }
      }
    }
  }

  /** The bytes of a source from a position on. */
  private static final class Tail extends InputStream {

    private final ByteSource.Opened in;
    private long position;

    Tail(ByteSource.Opened in, long position) {
      this.in = in;
      this.position = position;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int at, int count) throws IOException {
      int now = (int) Math.min(count, in.length() - position);
      if (now <= 0) {
        return count == 0 ? 0 : -1;
      }
      in.read(position, into, at, now);
      position += now;
      return now;
    }
  }
}
