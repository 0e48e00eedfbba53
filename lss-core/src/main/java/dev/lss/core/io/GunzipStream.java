package dev.lss.core.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Inflates gzip (RFC 1952), members one after the other; what follows the last member is padding
 * and ends the stream. Java's own stream calls itself for every empty member, so that a small file
 * ends in a stack overflow; this one loops. Length and CRC-32 of every member are checked. Not
 * thread-safe.
 *
 * <p>Damage is a {@link ZipException}, an early end an {@link EOFException}.
 */
public final class GunzipStream extends InputStream {

  private static final int HAS_CRC = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int LONGEST_TEXT = 1 << 16;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] packed = new byte[1 << 16];
  private int at;
  private int end;
  private boolean inMember;
  private boolean ended;

  /** Reads the first header; the stream below is closed with this one. */
  public GunzipStream(InputStream in) throws IOException {
    this.in = in;
    try {
      if (next() != 0x1f || next() != 0x8b) {
        throw new ZipException("no gzip header");
      }
      header();
    } catch (IOException e) {
      inflater.end();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    while (!ended) {
      int n = inflate(into, from, count);
      if (n > 0) {
        crc.update(into, from, n);
        return n;
      }
      trailer();
      ended = !nextMember();
    }
    return -1;
  }

  /** Returns 0 at the end of a member. */
  private int inflate(byte[] into, int from, int count) throws IOException {
    if (!inMember) {
      return 0;
    }
    try {
      while (true) {
        int n = inflater.inflate(into, from, count);
        if (n > 0) {
          return n;
        }
        if (inflater.finished() || inflater.needsDictionary()) {
          at = end - inflater.getRemaining();
          inMember = false;
          return 0;
        }
        fill();
        inflater.setInput(packed, at, end - at);
        at = end;
      }
    } catch (DataFormatException e) {
      throw new ZipException(String.valueOf(e.getMessage()));
    }
  }

  private void trailer() throws IOException {
    long wantedCrc = littleInt();
    long wantedBytes = littleInt();
    if (wantedCrc != crc.getValue()) {
      throw new ZipException("its CRC-32 is wrong");
    }
    if (wantedBytes != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new ZipException("its length is wrong");
    }
  }

  private boolean nextMember() throws IOException {
    if (at == end && !more()) {
      return false;
    }
    if (next() != 0x1f || (at == end && !more()) || next() != 0x8b) {
      return false;
    }
    header();
    return true;
  }

  /** Reads what follows the magic, and starts a member. */
  private void header() throws IOException {
    if (next() != 8) {
      throw new ZipException("it is not packed with deflate");
    }
    int flags = next();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("its flags are not known");
    }
    skip(6); // time, level, system
    if ((flags & HAS_EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & HAS_NAME) != 0) {
      skipText();
    }
    if ((flags & HAS_COMMENT) != 0) {
      skipText();
    }
    if ((flags & HAS_CRC) != 0) {
      skip(2);
    }
    inflater.reset();
    inflater.setInput(packed, at, end - at);
    at = end;
    crc.reset();
    inMember = true;
  }

  private void skip(int count) throws IOException {
    for (int n = 0; n < count; n++) {
      next();
    }
  }

  private void skipText() throws IOException {
    int length = 0;
    while (next() != 0) {
      if (++length > LONGEST_TEXT) {
        throw new ZipException("a text in its header has more than 65536 bytes");
      }
    }
  }

  private long littleInt() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private int next() throws IOException {
    fill();
    return packed[at++] & 0xff;
  }

  private void fill() throws IOException {
    if (at == end && !more()) {
      throw new EOFException("the gzip stream ends early");
    }
  }

  private boolean more() throws IOException {
    at = 0;
    end = Math.max(in.read(packed, 0, packed.length), 0);
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    ended = true;
    in.close();
  }
}
