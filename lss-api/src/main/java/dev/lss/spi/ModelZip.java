package dev.lss.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The entries of a model file that is a zip, for backends that read such files before their runtime
 * does. Readers of zips differ in what they make of odd names: some do not regard case, some skip
 * empty folders, some trust the local header and some the directory. So what two of them could read
 * differently is refused: names that are equal without regard to case, compatibility characters,
 * backslashes, folders named {@code .}, {@code ..} or nothing, control characters, dots and spaces
 * at the end of a name, local headers that say something else than the directory, and entries that
 * share bytes (PKWARE APPNOTE 4.3.7, 4.3.12 and 4.3.16). Every refusal is a {@link ZipException}
 * whose message follows a colon. Not thread-safe.
 */
public final class ModelZip {

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT = 0xffff;
  private static final int RECORD_SIGNATURE = 0x02014b50;
  private static final int RECORD_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int ENCRYPTED = 1;
  private static final int SIZES_FOLLOW = 1 << 3;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int MAX_NAME_BYTES = 1024;
  private static final int MAX_FOLDERS = 64;

  /** What may be inflated: this much, and this many bytes for each byte in the file. */
  private static final long SMALL = 1 << 20;

  private static final long MAX_RATIO = 100;

  private final ByteBuffer zip;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(
      String name, int method, int crc, int packed, int size, int local, int start) {}

  private ModelZip(ByteBuffer file) {
    zip = file.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads the directory and checks it against the local headers; inflates nothing.
   *
   * @param file the zip, from the position to the limit; must stay readable
   * @throws ZipException when it is none, or one that could be read in more than one way
   */
  public static ModelZip read(ByteBuffer file) throws ZipException {
    ModelZip zip = new ModelZip(file);
    try {
      zip.readDirectory();
    } catch (IndexOutOfBoundsException e) {
      throw damaged("its directory points outside the file");
    }
    zip.requireApart();
    zip.requireNamesApart();
    return zip;
  }

  /** Returns the names of all entries that are no folders, in the order of the directory. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** Returns the size of an entry once it is inflated, in bytes. */
  public int size(String name) {
    return entry(name).size();
  }

  /**
   * Returns what an entry holds, stored bytes without a copy.
   *
   * @param name one of {@link #names}
   * @param maxBytes the most that it may hold
   * @throws ZipException when it holds more, does not inflate to what the directory says, or does
   *     not have its checksum
   */
  public ByteBuffer content(String name, long maxBytes) throws ZipException {
    Entry entry = entry(name);
    if (entry.size() > maxBytes || entry.size() > SMALL + MAX_RATIO * entry.packed()) {
      throw new ZipException(
          "its entry \"%s\" would hold %s bytes out of %s in the file, allowed are %s"
              .formatted(name, entry.size(), entry.packed(), maxBytes));
    }
    ByteBuffer packed = zip.slice(entry.start(), entry.packed());
    ByteBuffer content = entry.method() == STORED ? packed : inflated(packed, entry);
    CRC32 crc = new CRC32();
    crc.update(content.duplicate());
    if ((int) crc.getValue() != entry.crc()) {
      throw damaged("its entry \"%s\" does not have its checksum".formatted(name));
    }
    return content;
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("the zip has no entry \"%s\"".formatted(name));
    }
    return entry;
  }

  private static ByteBuffer inflated(ByteBuffer packed, Entry entry) throws ZipException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      byte[] content = new byte[entry.size()];
      int done = 0;
      while (done < content.length) {
        int more = inflater.inflate(content, done, content.length - done);
        if (more == 0) {
          break;
        }
        done += more;
      }
      if (done != content.length || inflater.inflate(new byte[1]) != 0 || !inflater.finished()) {
        throw damaged("its entry \"%s\" is not as long as it says".formatted(entry.name()));
      }
      return ByteBuffer.wrap(content);
    } catch (DataFormatException e) {
      ZipException damaged = damaged("its entry \"%s\" does not inflate".formatted(entry.name()));
      damaged.initCause(e);
      throw damaged;
    } finally {
      inflater.end();
    }
  }

  private void readDirectory() throws ZipException {
    int end = end();
    int count = zip.getShort(end + 10) & 0xffff;
    int at = zip.getInt(end + 16);
    if (at < 0 || count == 0xffff) {
      throw new ZipException("it is a zip of more than 2 GiB or of more than 65,534 entries");
    }
    for (int n = 0; n < count; n++) {
      if (at < 0 || at > end - RECORD_BYTES || zip.getInt(at) != RECORD_SIGNATURE) {
        throw damaged("its directory has no entry %s of %s".formatted(n + 1, count));
      }
      int nameBytes = zip.getShort(at + 28) & 0xffff;
      Entry entry = entry(at, text(at + RECORD_BYTES, nameBytes));
      boolean isFolder = entry.name().endsWith("/");
      if (isFolder ? entry.size() != 0 : entries.put(entry.name(), entry) != null) {
        throw new ZipException(
            "it has the entry \"%s\" twice, or a folder that holds bytes".formatted(entry.name()));
      }
      at +=
          RECORD_BYTES
              + nameBytes
              + (zip.getShort(at + 30) & 0xffff)
              + (zip.getShort(at + 32) & 0xffff);
    }
  }

  private int end() throws ZipException {
    int last = zip.capacity() - END_BYTES;
    for (int at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
      if (zip.getInt(at) == END_SIGNATURE && (zip.getShort(at + 20) & 0xffff) == last - at) {
        return at;
      }
    }
    throw new ZipException("it is no zip, or its end is missing");
  }

  private Entry entry(int at, String name) throws ZipException {
    requirePlain(name);
    int flags = zip.getShort(at + 8);
    int method = zip.getShort(at + 10);
    int packed = zip.getInt(at + 20);
    int size = zip.getInt(at + 24);
    int local = zip.getInt(at + 42);
    if ((flags & ENCRYPTED) != 0 || (method != STORED && method != DEFLATED)) {
      throw new ZipException("its entry \"%s\" is encrypted or oddly packed".formatted(name));
    }
    if (packed < 0 || size < 0 || local < 0 || (method == STORED && packed != size)) {
      throw damaged("its entry \"%s\" has %s bytes in %s".formatted(name, size, packed));
    }
    int localName = zip.getShort(local + 26) & 0xffff;
    boolean sameSizes =
        (zip.getInt(local + 18) == packed && zip.getInt(local + 22) == size)
            || (zip.getShort(local + 6) & SIZES_FOLLOW) != 0;
    if (zip.getInt(local) != LOCAL_SIGNATURE
        || zip.getShort(local + 8) != method
        || !sameSizes
        || !text(local + LOCAL_BYTES, localName).equals(name)) {
      throw new ZipException(
          "its entry \"%s\" has another header in front of its bytes".formatted(name));
    }
    int start = local + LOCAL_BYTES + localName + (zip.getShort(local + 28) & 0xffff);
    if (start < 0 || start > zip.capacity() - packed) {
      throw damaged("its entry \"%s\" ends outside the file".formatted(name));
    }
    return new Entry(name, method, zip.getInt(at + 16), packed, size, local, start);
  }

  private String text(int at, int bytes) throws ZipException {
    if (bytes > MAX_NAME_BYTES) {
      throw new ZipException("it has a name of %s bytes".formatted(bytes));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(zip.slice(at, bytes)).toString();
    } catch (CharacterCodingException e) {
      ZipException refused = new ZipException("it has a name that is no UTF-8");
      refused.initCause(e);
      throw refused;
    }
  }

  private static void requirePlain(String name) throws ZipException {
    String[] parts = name.split("/", -1);
    boolean plain = parts.length <= MAX_FOLDERS && !name.isEmpty();
    for (int n = 0; n < parts.length; n++) {
      String part = parts[n];
      boolean isEnd = n == parts.length - 1 && n > 0;
      plain &= part.isEmpty() ? isEnd : isPlain(folded(part));
    }
    if (!plain) {
      StringBuilder shown = new StringBuilder();
      name.codePoints()
          .limit(100)
          .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
      throw new ZipException(
          "it has the entry \"%s\", whose name can be read in more than one way".formatted(shown));
    }
  }

  private static boolean isPlain(String part) {
    return !part.endsWith(".")
        && !part.endsWith(" ")
        && part.codePoints()
            .noneMatch(
                c ->
                    c == '\\'
                        || c == '/'
                        || c == ':'
                        || Character.isISOControl(c)
                        || Character.getType(c) == Character.FORMAT);
  }

  private void requireApart() throws ZipException {
    List<Entry> byPlace = new ArrayList<>(entries.values());
    byPlace.sort(Comparator.comparingInt(Entry::local));
    int end = 0;
    for (Entry entry : byPlace) {
      if (entry.local() < end) {
        throw new ZipException("its entry \"%s\" lies over another one".formatted(entry.name()));
      }
      end = entry.start() + entry.packed();
    }
  }

  private void requireNamesApart() throws ZipException {
    Map<String, String> files = new HashMap<>();
    Map<String, String> folders = new HashMap<>();
    for (String name : entries.keySet()) {
      StringBuilder folded = new StringBuilder();
      for (int from = 0, slash; (slash = name.indexOf('/', from)) >= 0; from = slash + 1) {
        folded.append(folded(name.substring(from, slash)));
        requireSame(folders, folded.toString(), name.substring(0, slash));
        folded.append('/');
      }
      folded.append(folded(name.substring(name.lastIndexOf('/') + 1)));
      requireSame(files, folded.toString(), name);
    }
    files.keySet().retainAll(folders.keySet());
    if (!files.isEmpty()) {
      throw new ZipException(
          "its entry \"%s\" is a file and a folder".formatted(files.values().iterator().next()));
    }
  }

  private static void requireSame(Map<String, String> seen, String folded, String name)
      throws ZipException {
    String other = seen.putIfAbsent(folded, name);
    if (other != null && !other.equals(name)) {
      throw new ZipException(
          "its entries \"%s\" and \"%s\" have names that differ in case alone"
              .formatted(other, name));
    }
  }

  /** Upper case first, which joins what lower case alone keeps apart, such as a long s. */
  private static String folded(String part) {
    return Normalizer.normalize(part, Normalizer.Form.NFKC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  private static ZipException damaged(String why) {
    return new ZipException("its zip is damaged: " + why);
  }
}
