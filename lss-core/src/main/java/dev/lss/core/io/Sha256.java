package dev.lss.core.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 that grows as bytes are added. Not thread-safe. */
public final class Sha256 {

  private final MessageDigest digest;

  /** Starts with no byte. */
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the hash of some bytes. */
  public static String of(byte[] bytes) {
    Sha256 hash = new Sha256();
    hash.add(ByteBuffer.wrap(bytes));
    return hash.hex();
  }

  public void add(ByteBuffer bytes) {
    digest.update(bytes);
  }

  /** Adds everything up to the end of the stream and returns how many bytes that were. */
  public long addAll(InputStream in) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long total = 0;
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      digest.update(chunk, 0, n);
      total += n;
    }
    return total;
  }

  /** Returns 64 lower-case hexadecimal digits, and starts over. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
