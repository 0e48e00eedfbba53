package dev.lss.core.io;

import dev.lss.core.io.ZipDirectory.Entry;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of one entry of a zip. An entry that inflates to more or fewer bytes than the directory
 * says, or to other ones, is refused while it is read, because limits were checked on what the
 * directory says. Owns the channel. Not thread-safe.
 */
final class ZipEntryStream extends FilterInputStream {

  private final FileChannel channel;
  private final Inflater inflater;
  private final Entry entry;
  private final CRC32 crc = new CRC32();
  private long read;
  private boolean ended;

  ZipEntryStream(FileChannel channel, long begin, Entry entry) {
    this(channel, new Inflater(true), begin, entry);
  }

  private ZipEntryStream(FileChannel channel, Inflater inflater, long begin, Entry entry) {
    super(content(new Packed(channel, begin, entry), inflater, entry));
    this.channel = channel;
    this.inflater = inflater;
    this.entry = entry;
  }

  private static InputStream content(Packed packed, Inflater inflater, Entry entry) {
    return entry.isStored() ? packed : new InflaterInputStream(packed, inflater, 1 << 16);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = super.read(bytes, offset, length);
    if (n >= 0) {
      read += n;
      crc.update(bytes, offset, n);
    }
    if (read > entry.bytes()) {
      throw new ZipException(
          "\"%s\" inflates to more than the %s bytes that the directory says"
              .formatted(entry.name(), entry.bytes()));
    }
    if (n < 0 && !ended) {
      ended = true;
      if (read < entry.bytes() || (int) crc.getValue() != entry.crc()) {
        throw new ZipException(
            String.format(
                Locale.ROOT,
                "\"%s\" is damaged: %s of %s bytes, CRC-32 %08x instead of %08x",
                entry.name(),
                read,
                entry.bytes(),
                crc.getValue(),
                entry.crc()));
      }
    }
    return n;
  }

  @Override
  public long skip(long count) throws IOException {
    long left = count;
    byte[] scratch = new byte[1 << 13];
    while (left > 0) {
      int n = read(scratch, 0, (int) Math.min(scratch.length, left));
      if (n < 0) {
        break;
      }
      left -= n;
    }
    return count - left;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    channel.close();
  }

  /** The packed bytes, and one more 0, which an inflater without zlib's header may ask for. */
  private static final class Packed extends InputStream {

    private final FileChannel channel;
    private final Entry entry;
    private final long end;
    private long position;

    Packed(FileChannel channel, long begin, Entry entry) {
      this.channel = channel;
      this.entry = entry;
      position = begin;
      end = begin + entry.packedBytes();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (position >= end) {
        boolean pad = position == end && !entry.isStored();
        position++;
        bytes[offset] = 0;
        return pad ? 1 : -1;
      }
      int wanted = (int) Math.min(length, end - position);
      int n = channel.read(ByteBuffer.wrap(bytes, offset, wanted), position);
      if (n < 0) {
        throw new EOFException("\"%s\" became shorter while it was read".formatted(entry.name()));
      }
      position += n;
      return n;
    }
  }
}
