package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Where the entries of a checkpoint lie in the file. PyTorch stores them without compression in one
 * folder named after the file or {@code archive}, so a tensor is a range of bytes and can be read
 * alone. Records after PKWARE APPNOTE 4.3.7, 4.3.12 and 4.3.16. Files above 4 GiB (zip64) and
 * anything compressed, encrypted, twice there or outside the one folder are refused. Immutable.
 *
 * @param file name for messages
 * @param entries byte range by name, without the folder
 */
record StoredZip(String file, Map<String, Range> entries) {

  /** Bytes of one entry, and the CRC-32 that they must have. */
  record Range(long offset, long length, int crc) {}

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_DIRECTORY_BYTES = 8 << 20;
  private static final int CHUNK = 1 << 20;
  private static final long ZIP64 = 0xffffffffL;

  static StoredZip read(String file, FileChannel channel) throws IOException {
    if (channel.size() < END_BYTES || at(file, channel, 0, 4).getInt(0) != LOCAL_SIGNATURE) {
      throw bad(
          file,
          "it is no zip; checkpoints written by PyTorch before 1.6 are plain pickles: load and save"
              + " them once with a newer PyTorch");
    }
    ByteBuffer end = findEnd(file, channel);
    int count = end.getShort(10) & 0xffff;
    long bytes = end.getInt(12) & ZIP64;
    long offset = end.getInt(16) & ZIP64;
    if (count == 0xffff || bytes > MAX_DIRECTORY_BYTES || offset == ZIP64) {
      throw bad(
          file,
          "its directory may list 65534 entries in %d bytes, lists %d in %d"
              .formatted(MAX_DIRECTORY_BYTES, count, bytes));
    }
    ByteBuffer directory = at(file, channel, offset, (int) bytes);
    Map<String, Range> entries = new LinkedHashMap<>();
    Optional<String> folder = Optional.empty();
    for (int i = 0; i < count; i++) {
      Entry entry = Entry.next(file, directory, i);
      String name = entry.name();
      int slash = name.indexOf('/');
      if (slash < 1 || !isPlain(name)) {
        throw bad(file, "the entry \"%s\" would lie outside its folder".formatted(shown(name)));
      }
      if (!name.substring(0, slash).equals(folder.orElse(name.substring(0, slash)))) {
        throw bad(
            file,
            "it has two folders, \"%s\" and \"%s\"".formatted(shown(folder.get()), shown(name)));
      }
      folder = Optional.of(name.substring(0, slash));
      Range range = range(file, channel, entry, offset);
      if (entries.put(name.substring(slash + 1), range) != null) {
        throw bad(file, "it holds \"%s\" twice".formatted(shown(name)));
      }
    }
    return new StoredZip(file, Map.copyOf(entries));
  }

  Range require(String name) {
    Range range = entries.get(name);
    if (range == null) {
      throw bad(file, "it has no entry \"%s\"".formatted(shown(name)));
    }
    return range;
  }

  /** Reads a whole entry of limited length. */
  byte[] read(FileChannel channel, String name, int maxBytes) throws IOException {
    Range range = require(name);
    if (range.length() > maxBytes) {
      throw bad(file, "%s may have %d bytes, has %d".formatted(name, maxBytes, range.length()));
    }
    verify(channel, name);
    return at(file, channel, range.offset(), (int) range.length()).array();
  }

  /**
   * Refuses an entry whose bytes do not have the CRC-32 that the directory lists; PyTorch itself
   * does not look. Needs little memory.
   */
  void verify(FileChannel channel, String name) throws IOException {
    Range range = require(name);
    CRC32 crc = new CRC32();
    long end = range.offset() + range.length();
    for (long begin = range.offset(); begin < end; begin += CHUNK) {
      crc.update(at(file, channel, begin, (int) Math.min(CHUNK, end - begin)));
    }
    if ((int) crc.getValue() != range.crc()) {
      throw bad(file, "\"%s\" is damaged: its CRC-32 is wrong".formatted(shown(name)));
    }
  }

  static ModelException bad(String file, String why) {
    return new ModelException("BAD_CHECKPOINT", file + " cannot be read as a checkpoint: " + why);
  }

  /** Returns text without control characters and of limited length. */
  static String shown(String text) {
    String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
    return clean.length() > 100 ? clean.substring(0, 100) + "..." : clean;
  }

  private static boolean isPlain(String name) {
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.contains("\\")) {
        return false;
      }
    }
    return name.chars().noneMatch(c -> c < ' ');
  }

  private static Range range(String file, FileChannel channel, Entry entry, long directory)
      throws IOException {
    if (entry.method() != 0 || (entry.flags() & 1) != 0 || entry.packed() != entry.size()) {
      throw bad(
          file, "\"%s\" is compressed or encrypted, not stored".formatted(shown(entry.name())));
    }
    if (entry.size() == ZIP64 || entry.offset() == ZIP64) {
      throw bad(
          file,
          "\"%s\" needs zip64; files above 4 GiB are not read".formatted(shown(entry.name())));
    }
    ByteBuffer local = at(file, channel, entry.offset(), LOCAL_BYTES);
    long begin =
        entry.offset()
            + LOCAL_BYTES
            + (local.getShort(26) & 0xffff)
            + (local.getShort(28) & 0xffff);
    if (local.getInt(0) != LOCAL_SIGNATURE || begin + entry.size() > directory) {
      throw bad(
          file, "\"%s\" does not lie where the directory says".formatted(shown(entry.name())));
    }
    return new Range(begin, entry.size(), entry.crc());
  }

  /** Finds the end record, which a comment of up to 65535 bytes may follow. */
  private static ByteBuffer findEnd(String file, FileChannel channel) throws IOException {
    int tail = (int) Math.min(channel.size(), END_BYTES + 0xffff);
    ByteBuffer bytes = at(file, channel, channel.size() - tail, tail);
    for (int at = tail - END_BYTES; at >= 0; at--) {
      if (bytes.getInt(at) == END_SIGNATURE
          && (bytes.getShort(at + 20) & 0xffff) == tail - END_BYTES - at) {
        return bytes.slice(at, END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw bad(file, "it has no zip directory; the file is truncated");
  }

  static ByteBuffer at(String file, FileChannel channel, long offset, int bytes)
      throws IOException {
    if (offset < 0 || bytes < 0 || offset + bytes > channel.size()) {
      throw bad(
          file,
          "bytes %d to %d lie outside its %d".formatted(offset, offset + bytes, channel.size()));
    }
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw bad(file, "it became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  private record Entry(
      String name, int flags, int method, int crc, long packed, long size, long offset) {

    static Entry next(String file, ByteBuffer directory, int index) {
      int start = directory.position();
      if (directory.remaining() < ENTRY_BYTES || directory.getInt(start) != ENTRY_SIGNATURE) {
        throw bad(file, "entry %d of its directory is damaged".formatted(index));
      }
      int nameBytes = directory.getShort(start + 28) & 0xffff;
      int next =
          start
              + ENTRY_BYTES
              + nameBytes
              + (directory.getShort(start + 30) & 0xffff)
              + (directory.getShort(start + 32) & 0xffff);
      if (next > directory.limit()) {
        throw bad(file, "its directory is cut off");
      }
      byte[] name = new byte[nameBytes];
      directory.get(start + ENTRY_BYTES, name);
      directory.position(next);
      return new Entry(
          new String(name, StandardCharsets.UTF_8),
          directory.getShort(start + 8) & 0xffff,
          directory.getShort(start + 10) & 0xffff,
          directory.getInt(start + 16),
          directory.getInt(start + 20) & ZIP64,
          directory.getInt(start + 24) & ZIP64,
          directory.getInt(start + 42) & ZIP64);
    }
  }
}
