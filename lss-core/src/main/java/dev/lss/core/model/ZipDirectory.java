package dev.lss.core.model;

import dev.lss.api.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The central directory of a zip, read and checked before anything is inflated: no path that leaves
 * the package, no link, no device, no duplicate, no encryption, no bomb. {@code java.util.zip}
 * shows neither file types nor duplicates, so the 46-byte records are read here (PKWARE APPNOTE
 * 4.3.12 and 4.3.16). Packages above 4 GiB (zip64) are refused. Immutable.
 *
 * @param sizes inflated size by path, folders left out
 */
record ZipDirectory(Map<String, Long> sizes) {

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final long MAX_DIRECTORY_BYTES = 1 << 20;
  private static final long MAX_TOTAL_BYTES = 8L << 30;
  private static final int MAX_RATIO = 100;
  private static final int UNIX_TYPE = 0xf000;
  private static final int UNIX_FILE = 0x8000;
  private static final int UNIX_FOLDER = 0x4000;

  static ZipDirectory read(Path zip) throws IOException {
    try (FileChannel channel = FileChannel.open(zip, StandardOpenOption.READ)) {
      return read(channel);
    }
  }

  private static ZipDirectory read(FileChannel channel) throws IOException {
    ByteBuffer end = findEnd(channel);
    int count = end.getShort(10) & 0xffff;
    long bytes = end.getInt(12) & 0xffffffffL;
    long offset = end.getInt(16) & 0xffffffffL;
    if (count > PackageFiles.MAX_FILES || bytes > MAX_DIRECTORY_BYTES) {
      throw bad(
          "it may list %d entries in %d bytes, lists %d in %d"
              .formatted(PackageFiles.MAX_FILES, MAX_DIRECTORY_BYTES, count, bytes));
    }
    ByteBuffer directory = at(channel, offset, (int) bytes);
    List<String> paths = new ArrayList<>();
    Map<String, Long> sizes = new LinkedHashMap<>();
    long total = 0;
    for (int i = 0; i < count; i++) {
      if (directory.remaining() < ENTRY_BYTES
          || directory.getInt(directory.position()) != ENTRY_SIGNATURE) {
        throw bad("entry " + i + " of its directory is damaged");
      }
      Entry entry = Entry.next(directory);
      String path = entry.check();
      paths.add(path);
      if (!entry.isFolder()) {
        total += entry.size();
        sizes.put(path, entry.size());
      }
    }
    if (directory.hasRemaining()) {
      throw bad("its directory has %d bytes too many".formatted(directory.remaining()));
    }
    PackagePath.refuseClashes(paths);
    if (total > MAX_TOTAL_BYTES) {
      throw bad("it may inflate to %d bytes, says %d".formatted(MAX_TOTAL_BYTES, total));
    }
    return new ZipDirectory(sizes);
  }

  /** Finds the end record, which a comment of up to 65535 bytes may follow. */
  private static ByteBuffer findEnd(FileChannel channel) throws IOException {
    int tail = (int) Math.min(channel.size(), END_BYTES + 0xffff);
    ByteBuffer bytes = at(channel, channel.size() - tail, tail);
    for (int at = tail - END_BYTES; at >= 0; at--) {
      if (bytes.getInt(at) == END_SIGNATURE
          && (bytes.getShort(at + 20) & 0xffff) == tail - END_BYTES - at) {
        return bytes.slice(at, END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw bad("it has no zip directory");
  }

  private static ByteBuffer at(FileChannel channel, long offset, int bytes) throws IOException {
    if (offset < 0 || offset + bytes > channel.size()) {
      throw bad("its directory lies outside the file");
    }
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
      // read on until the buffer is full; the bounds were checked
    }
    return buffer.flip();
  }

  private record Entry(
      String name, int flags, int method, long packed, long size, int host, int unixMode) {

    static Entry next(ByteBuffer directory) {
      int start = directory.position();
      int nameBytes = directory.getShort(start + 28) & 0xffff;
      int extraBytes = directory.getShort(start + 30) & 0xffff;
      int commentBytes = directory.getShort(start + 32) & 0xffff;
      int next = start + ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
      if (next > directory.limit()) {
        throw bad("its directory is cut off");
      }
      byte[] name = new byte[nameBytes];
      directory.get(start + ENTRY_BYTES, name);
      Entry entry =
          new Entry(
              new String(name, StandardCharsets.UTF_8),
              directory.getShort(start + 8) & 0xffff,
              directory.getShort(start + 10) & 0xffff,
              directory.getInt(start + 20) & 0xffffffffL,
              directory.getInt(start + 24) & 0xffffffffL,
              directory.get(start + 5) & 0xff,
              directory.getShort(start + 40) & 0xffff);
      directory.position(next);
      return entry;
    }

    boolean isFolder() {
      return name.endsWith("/");
    }

    /** Returns the path, without the slash of a folder, after everything is found in order. */
    String check() {
      String path = isFolder() ? name.substring(0, name.length() - 1) : name;
      PackagePath.check(path);
      int type = unixMode & UNIX_TYPE;
      if (type != 0 && type != (isFolder() ? UNIX_FOLDER : UNIX_FILE)) {
        throw bad("\"%s\" is a link or a device".formatted(path));
      }
      if ((flags & 1) != 0 || (method != 0 && method != 8)) {
        throw bad("\"%s\" is encrypted or packed in an unusual way".formatted(path));
      }
      if (size == 0xffffffffL || packed == 0xffffffffL) {
        throw bad("\"%s\" has 4 GiB or more".formatted(path));
      }
      if (size > MAX_RATIO * Math.max(packed, 1) && size > 1 << 16) {
        throw bad(
            "\"%s\" would inflate %d bytes to %d; at most %d times is allowed"
                .formatted(path, packed, size, MAX_RATIO));
      }
      return path;
    }
  }

  private static ModelException bad(String why) {
    return new ModelException("BAD_PACKAGE", "the model package cannot be used: " + why);
  }
}
