package dev.lss.backend.djl;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a zip as PyTorch does: entries are stored, not compressed, and their bytes begin at
 * multiples of 64, so that PyTorch can map them (caffe2/serialize/inline_container.cc; the padding
 * is an extra field of the id "FB"). The same entries give the same bytes. Not thread-safe.
 */
final class AlignedZip implements AutoCloseable {

  private static final int ALIGNMENT = 64;
  private static final int CHUNK = 1 << 20;
  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int EXTRA_HEADER_BYTES = 4;

  /** Java writes the first month that a zip can name as a longer field, which we must not have. */
  private static final LocalDateTime LONG_AGO = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final Counted counted;
  private final ZipOutputStream zip;

  /** Counts the bytes, and leaves the stream below open. */
  private static final class Counted extends FilterOutputStream {
    private long bytes;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      bytes++;
    }

    @Override
    public void write(byte[] values, int from, int count) throws IOException {
      out.write(values, from, count);
      bytes += count;
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /** Writes to a stream, which stays open. */
  AlignedZip(OutputStream out) {
    counted = new Counted(out);
    zip = new ZipOutputStream(counted);
  }

  void put(String name, byte[] bytes) throws IOException {
    put(name, ByteBuffer.wrap(bytes));
  }

  void put(String name, ByteBuffer bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate());
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setTimeLocal(LONG_AGO);
    entry.setCrc(crc.getValue());
    entry.setSize(bytes.remaining());
    entry.setCompressedSize(bytes.remaining());
    entry.setExtra(padding(name.getBytes(StandardCharsets.UTF_8).length));
    zip.putNextEntry(entry);
    ByteBuffer rest = bytes.duplicate();
    byte[] chunk = new byte[Math.min(CHUNK, rest.remaining())];
    while (rest.hasRemaining()) {
      int count = Math.min(chunk.length, rest.remaining());
      rest.get(chunk, 0, count);
      zip.write(chunk, 0, count);
    }
    zip.closeEntry();
  }

  private byte[] padding(int nameBytes) {
    long start = counted.bytes + LOCAL_HEADER_BYTES + nameBytes + EXTRA_HEADER_BYTES;
    int fill = (int) (-start & (ALIGNMENT - 1));
    byte[] extra = new byte[EXTRA_HEADER_BYTES + fill];
    extra[0] = 'F';
    extra[1] = 'B';
    extra[2] = (byte) fill;
    return extra;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
