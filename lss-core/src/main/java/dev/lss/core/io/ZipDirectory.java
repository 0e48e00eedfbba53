package dev.lss.core.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * The central directory of a zip, read and checked before anything is inflated: no name twice, no
 * two entries over the same bytes, nothing encrypted or packed in an unusual way. {@code
 * java.util.zip} shows neither file types nor duplicates nor where an entry lies, so the records
 * are read here (PKWARE APPNOTE 4.3.7, 4.3.12 and 4.3.16). Archives above 4 GiB (zip64) are
 * refused. What names may look like and how much may be inflated is for whoever uses the archive.
 * Every refusal is a {@link ZipException} that begins with a subject, so that it can follow a
 * colon. Immutable; holds no open file.
 *
 * @param entries the entries in the order of the directory
 */
public record ZipDirectory(List<Entry> entries) {

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int RECORD_SIGNATURE = 0x02014b50;
  private static final int RECORD_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final long ZIP64 = 0xffffffffL;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  /** Copies the list. */
  public ZipDirectory {
    entries = List.copyOf(entries);
  }

  /**
   * One record of the directory.
   *
   * @param name name as stored; a folder's ends in a slash
   * @param isStored whether its bytes lie in the archive as they are, else they are deflated
   * @param crc CRC-32 of its bytes
   * @param packedBytes bytes in the archive
   * @param bytes bytes once they are inflated
   * @param offset where its local header begins
   * @param unixMode Unix file type and permissions; 0 when the archive does not say
   */
  public record Entry(
      String name,
      boolean isStored,
      int crc,
      long packedBytes,
      long bytes,
      long offset,
      int unixMode) {

    /** Returns whether this is a folder. */
    public boolean isFolder() {
      return name.endsWith("/");
    }
  }

  /**
   * Reads the directory of an archive.
   *
   * @param mostEntries how many entries it may list
   * @param mostBytes how many bytes the directory itself may have
   * @throws ZipException when it is no zip, damaged, or lists more
   * @throws IOException when the file cannot be read
   */
  public static ZipDirectory read(FileChannel channel, int mostEntries, int mostBytes)
      throws IOException {
    ByteBuffer end = findEnd(channel);
    int count = end.getShort(10) & 0xffff;
    long bytes = end.getInt(12) & ZIP64;
    long offset = end.getInt(16) & ZIP64;
    if (count > mostEntries || bytes > mostBytes) {
      throw new ZipException(
          "its directory may list %s entries in %s bytes, lists %s in %s"
              .formatted(mostEntries, mostBytes, count, bytes));
    }
    ByteBuffer directory = bytes(channel, offset, (int) bytes);
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int n = 0; n < count; n++) {
      Entry entry = next(directory, n);
      if (!names.add(entry.name())) {
        throw new ZipException("it holds \"%s\" twice".formatted(shown(entry.name())));
      }
      entries.add(entry);
    }
    if (directory.hasRemaining()) {
      throw new ZipException(
          "its directory has %s bytes too many".formatted(directory.remaining()));
    }
    refuseOverlap(entries, offset);
    return new ZipDirectory(entries);
  }

  /**
   * Returns the position of an entry's first byte, after its local header was held against the
   * directory.
   */
  public static long begin(FileChannel channel, Entry entry) throws IOException {
    ByteBuffer local = bytes(channel, entry.offset(), LOCAL_BYTES);
    int nameBytes = local.getShort(26) & 0xffff;
    long begin = entry.offset() + LOCAL_BYTES + nameBytes + (local.getShort(28) & 0xffff);
    byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
    if (local.getInt(0) != LOCAL_SIGNATURE
        || nameBytes != name.length
        || !bytes(channel, entry.offset() + LOCAL_BYTES, nameBytes).equals(ByteBuffer.wrap(name))
        || begin + entry.packedBytes() > channel.size()) {
      throw new ZipException(
          "\"%s\" does not lie where the directory says".formatted(shown(entry.name())));
    }
    return begin;
  }

  /**
   * Opens an entry; the stream ends with a {@link ZipException} when the bytes are not as many, or
   * do not have the CRC-32, as the directory says. The caller closes it.
   */
  public static InputStream open(Path archive, Entry entry) throws IOException {
    FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ);
    try {
      return new ZipEntryStream(channel, begin(channel, entry), entry);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Reads bytes at a position; {@link ZipException} when they lie outside the file. */
  public static ByteBuffer bytes(FileChannel channel, long offset, int count) throws IOException {
    if (offset < 0 || count < 0 || offset > channel.size() - count) {
      throw new ZipException(
          "bytes %s to %s lie outside its %s".formatted(offset, offset + count, channel.size()));
    }
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("it became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  /** Finds the end record, which a comment of up to 65535 bytes may follow. */
  private static ByteBuffer findEnd(FileChannel channel) throws IOException {
    int tail = (int) Math.min(channel.size(), END_BYTES + 0xffff);
    ByteBuffer bytes = bytes(channel, channel.size() - tail, tail);
    for (int at = tail - END_BYTES; at >= 0; at--) {
      if (bytes.getInt(at) == END_SIGNATURE
          && (bytes.getShort(at + 20) & 0xffff) == tail - END_BYTES - at) {
        return bytes.slice(at, END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw new ZipException("it has no zip directory; it is no zip, or cut off");
  }

  private static Entry next(ByteBuffer directory, int index) throws ZipException {
    int start = directory.position();
    if (directory.remaining() < RECORD_BYTES || directory.getInt(start) != RECORD_SIGNATURE) {
      throw new ZipException("entry %s of its directory is damaged".formatted(index));
    }
    int nameBytes = directory.getShort(start + 28) & 0xffff;
    int extraBytes = directory.getShort(start + 30) & 0xffff;
    int commentBytes = directory.getShort(start + 32) & 0xffff;
    int next = start + RECORD_BYTES + nameBytes + extraBytes + commentBytes;
    if (next > directory.limit()) {
      throw new ZipException("its directory is cut off");
    }
    byte[] name = new byte[nameBytes];
    directory.get(start + RECORD_BYTES, name);
    directory.position(next);
    int method = directory.getShort(start + 10) & 0xffff;
    Entry entry =
        new Entry(
            new String(name, StandardCharsets.UTF_8),
            method == STORED,
            directory.getInt(start + 16),
            directory.getInt(start + 20) & ZIP64,
            directory.getInt(start + 24) & ZIP64,
            directory.getInt(start + 42) & ZIP64,
            directory.getShort(start + 40) & 0xffff);
    boolean encrypted = (directory.getShort(start + 8) & 1) != 0;
    if (encrypted || (method != STORED && method != DEFLATED)) {
      throw new ZipException(
          "\"%s\" is encrypted or packed in an unusual way".formatted(shown(entry.name())));
    }
    if (entry.bytes() == ZIP64 || entry.packedBytes() == ZIP64 || entry.offset() == ZIP64) {
      throw new ZipException(
          "\"%s\" needs zip64; archives above 4 GiB are not read".formatted(shown(entry.name())));
    }
    if (method == STORED && entry.bytes() != entry.packedBytes()) {
      throw new ZipException(
          "\"%s\" is stored, in %s bytes instead of %s"
              .formatted(shown(entry.name()), entry.packedBytes(), entry.bytes()));
    }
    return entry;
  }

  /** Bytes that belong to several entries make a small archive inflate to a large one. */
  private static void refuseOverlap(List<Entry> entries, long directory) throws ZipException {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::offset).reversed());
    long next = directory;
    for (Entry entry : sorted) {
      if (entry.offset() + LOCAL_BYTES + entry.packedBytes() > next) {
        throw new ZipException(
            "\"%s\" does not lie where the directory says".formatted(shown(entry.name())));
      }
      next = entry.offset();
    }
  }

  /** Returns text of a file in a form that may be shown: printable, and not too long. */
  private static String shown(String text) {
    String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
    return clean.length() > 100 ? clean.substring(0, 100) + "..." : clean;
  }
}
