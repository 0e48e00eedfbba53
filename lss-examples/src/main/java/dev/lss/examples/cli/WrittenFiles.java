package dev.lss.examples.cli;

import dev.lss.core.io.AtomicFiles;
import dev.lss.core.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files of a folder LSS wrote: the hidden file {@value #LIST} lists their names with their
 * SHA-256, as {@code sha256sum} does. A file is an earlier result of ours when it is listed and has
 * not changed since; all others belong to somebody else and are never replaced.
 *
 * <p>A name is listed as unfinished before its file is written, so what a killed run left is ours
 * too. Not thread-safe.
 */
final class WrittenFiles {

  /** Name of the list. */
  static final String LIST = ".lss-files";

  private static final String UNFINISHED = "unfinished";
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}|unfinished)  (.+)");
  private static final String HEADER =
      "# What LSS wrote into this folder, as sha256sum lists it; nothing else here is replaced.\n";

  private final Path folder;

  /** SHA-256 by name, or {@link #UNFINISHED}. */
  private final Map<String, String> listed = new TreeMap<>();

  private WrittenFiles(Path folder) {
    this.folder = folder;
  }

  /** Reads the list of a folder; empty when there is none. Lines that are none are left out. */
  static WrittenFiles of(Path folder) throws IOException {
    WrittenFiles written = new WrittenFiles(folder);
    Path list = folder.resolve(LIST);
    if (Files.isRegularFile(list)) {
      String text = new String(Files.readAllBytes(list), StandardCharsets.UTF_8);
      for (String line : text.split("\n", -1)) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          written.listed.put(matcher.group(2), matcher.group(1));
        }
      }
    }
    return written;
  }

  /** Returns the names that are listed, whatever became of their files. */
  List<String> names() {
    return List.copyOf(listed.keySet());
  }

  /** Returns whether a file of this name may be written: there is none, or it is ours. */
  boolean isFree(String name) throws IOException {
    return !Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS) || isOurs(name);
  }

  /** Returns whether the file of this name is one that LSS wrote, unchanged. */
  boolean isOurs(String name) throws IOException {
    Path file = folder.resolve(name);
    String hash = listed.get(name);
    return hash != null
        && Files.isRegularFile(file)
        && (hash.equals(UNFINISHED) || hash.equals(sha256(file)));
  }

  /** Lists files that are about to be written. */
  void begin(Collection<String> names) throws IOException {
    names.forEach(name -> listed.put(name, UNFINISHED));
    save();
  }

  /** Notes what was written; it is listed with the next {@link #save}. */
  void seal(Collection<String> names) throws IOException {
    for (String name : names) {
      listed.put(name, sha256(folder.resolve(name)));
    }
  }

  /** Notes that a file has this content, or will have. */
  void put(String name, byte[] content) {
    listed.put(name, Sha256.of(content));
  }

  /** Deletes a file of ours. */
  void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
    listed.remove(name);
  }

  /** Writes the list. */
  void save() throws IOException {
    StringBuilder text = new StringBuilder(HEADER);
    listed.forEach((name, hash) -> text.append(hash).append("  ").append(name).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFiles.write(folder.resolve(LIST), out -> out.write(bytes));
  }

  private static String sha256(Path file) throws IOException {
    Sha256 hash = new Sha256();
    try (InputStream in = Files.newInputStream(file)) {
      hash.addAll(in);
    }
    return hash.hex();
  }
}
