package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.core.io.ZipDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/**
 * Where the entries of a checkpoint lie in the file. PyTorch stores them without compression in one
 * folder named after the file or {@code archive}, so a tensor is a range of bytes and can be read
 * alone. Anything compressed or outside the one folder is refused, and what {@link ZipDirectory}
 * refuses. Immutable.
 *
 * @param file name for messages
 * @param entries byte range by name, without the folder
 */
record StoredZip(String file, Map<String, Range> entries) {

  /** Bytes of one entry, and the CRC-32 that they must have. */
  record Range(long offset, long length, int crc) {}

  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_ENTRIES = 65_534;
  private static final int MAX_DIRECTORY_BYTES = 8 << 20;
  private static final int CHUNK = 1 << 20;

  static StoredZip read(String file, FileChannel channel) throws IOException {
    if (channel.size() < LOCAL_BYTES || at(file, channel, 0, 4).getInt(0) != LOCAL_SIGNATURE) {
      throw bad(
          file,
          "it is no zip; checkpoints written by PyTorch before 1.6 are plain pickles: load and save"
              + " them once with a newer PyTorch");
    }
    Map<String, Range> entries = new LinkedHashMap<>();
    Optional<String> folder = Optional.empty();
    try {
      ZipDirectory directory = ZipDirectory.read(channel, MAX_ENTRIES, MAX_DIRECTORY_BYTES);
      for (ZipDirectory.Entry entry : directory.entries()) {
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
        if (!entry.isStored()) {
          throw bad(file, "\"%s\" is compressed, not stored".formatted(shown(name)));
        }
        folder = Optional.of(name.substring(0, slash));
        long begin = ZipDirectory.begin(channel, entry);
        entries.put(name.substring(slash + 1), new Range(begin, entry.bytes(), entry.crc()));
      }
    } catch (ZipException e) {
      throw bad(file, String.valueOf(e.getMessage()));
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
      throw bad(file, "%s may have %s bytes, has %s".formatted(name, maxBytes, range.length()));
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

  static ByteBuffer at(String file, FileChannel channel, long offset, int bytes)
      throws IOException {
    try {
      return ZipDirectory.bytes(channel, offset, bytes);
    } catch (ZipException e) {
      throw bad(file, String.valueOf(e.getMessage()));
    }
  }
}
