package dev.lss.dicom.data;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.regex.Pattern;

/** Unique identifiers: a UUID as one number under the root 2.25 (PS3.5 annex B.2). No state. */
public final class Uids {

  private static final String ROOT = "2.25.";
  private static final int LONGEST = 64;
  private static final Pattern FORM = Pattern.compile("[0-9]+(\\.[0-9]+)*");

  private Uids() {}

  /** Returns one that nobody has had. */
  public static String random() {
    return of(UUID.randomUUID());
  }

  /** Returns the one of a name, always the same: its SHA-256 as a UUID of version 8 (RFC 9562). */
  public static String ofName(String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      ByteBuffer first = ByteBuffer.wrap(hash);
      long high = (first.getLong() & 0xffffffffffff0fffL) | 0x8000L;
      long low = (first.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
      return of(new UUID(high, low));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String of(UUID uuid) {
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array();
    return ROOT + new BigInteger(1, bytes);
  }

  /** Returns whether a text has the form of a UID; zeros in front of a number are let pass. */
  public static boolean isOne(String text) {
    return text.length() <= LONGEST && FORM.matcher(text).matches();
  }
}
