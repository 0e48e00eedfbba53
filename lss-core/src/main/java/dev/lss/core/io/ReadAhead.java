package dev.lss.core.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream in a thread of its own, a few pieces ahead, so that inflating it goes on beside
 * what is done with the bytes. What the stream throws, whoever reads gets at that place. Until the
 * end or {@link #close} nobody else may touch the stream below. Not thread-safe.
 */
public final class ReadAhead extends InputStream {

  private static final int PIECE = 1 << 18;
  private static final int PIECES = 4;

  /** Bytes that were read, and what ended the reading: nothing, the end (0 bytes) or a failure. */
  private static final class Piece {
    private final byte[] bytes;
    private final int count;
    private final @Nullable Throwable failure;

    private Piece(byte[] bytes, int count, @Nullable Throwable failure) {
      this.bytes = bytes;
      this.count = count;
      this.failure = failure;
    }
  }

  private final InputStream in;
  private final BlockingQueue<Piece> full = new ArrayBlockingQueue<>(PIECES + 1);
  private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(PIECES);
  private final Thread thread = new Thread(this::fill, "lss-read-ahead");
  private Piece now = new Piece(new byte[0], 0, null);
  private int at;
  private boolean ended;

  /** Starts to read; the stream is closed with this one. */
  public ReadAhead(InputStream in) {
    this.in = in;
    for (int n = 0; n < PIECES; n++) {
      empty.add(new byte[PIECE]);
    }
    thread.setDaemon(true);
    thread.start();
  }

  private void fill() {
    try {
      Piece piece;
      do {
        byte[] bytes = empty.take();
        piece = next(bytes);
        full.put(piece);
      } while (piece.count > 0 && piece.failure == null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: nobody waits for more
    }
  }

  /** Reads a whole piece, less only before the end or a failure. */
  private Piece next(byte[] bytes) {
    int count = 0;
    try {
      while (count < bytes.length) {
        int n = in.read(bytes, count, bytes.length - count);
        if (n < 0) {
          break;
        }
        count += n;
      }
      return new Piece(bytes, count, null);
    } catch (IOException | RuntimeException | Error e) {
      return new Piece(bytes, count, e);
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
    if (at == now.count && !advance()) {
      return -1;
    }
    int n = Math.min(count, now.count - at);
    System.arraycopy(now.bytes, at, into, from, n);
    at += n;
    return n;
  }

  /** Takes the next piece; returns whether it holds a byte. */
  private boolean advance() throws IOException {
    if (now.failure != null) {
      throw failure(now.failure);
    }
    if (ended) {
      return false;
    }
    try {
      if (now.bytes.length == PIECE) {
        empty.put(now.bytes);
      }
      now = full.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while reading").initCause(e);
    }
    at = 0;
    if (now.count == 0) {
      if (now.failure != null) {
        throw failure(now.failure);
      }
      ended = true;
    }
    return now.count > 0;
  }

  private static IOException failure(Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    return (IOException) failure;
  }

  @Override
  public void close() throws IOException {
    ended = true;
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) { // a piece is read in a fraction of a second
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    in.close();
  }
}
