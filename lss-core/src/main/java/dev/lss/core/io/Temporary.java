package dev.lss.core.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder that is being written beside its target, {@code .lss-PID-UUID.tmp}, and gone
 * after {@link #close} unless it was moved away.
 *
 * <p>A killed process leaves it behind. Its owner holds a lock, which ends with the owner, so the
 * next one to write into the folder tells litter from work in progress: what nobody has locked, and
 * whose process is not there any more or which is an hour old, is deleted. A folder's lock lies
 * beside it, {@code .lss-PID-UUID.lock}. Not thread-safe.
 */
public final class Temporary implements Closeable {

  private static final Pattern NAME =
      Pattern.compile("\\.lss-(?:(\\d{1,18})-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");
  private static final Duration OLD = Duration.ofHours(1);
  private static final int REMEMBERED = 256;

  /** Far behind any content: some systems do not let others read what is locked. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /** Folders that this process has looked at, the latest few: one look each is enough. */
  private static final Set<Path> SEEN =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
                  return size() > REMEMBERED;
                }
              }));

  private final Path path;
  private final FileChannel channel;
  private final Path lock;
  private @Nullable FileLock held;

  private Temporary(Path path, FileChannel channel, Path lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
    lockAgain();
  }

  /** Makes an empty file in a folder, after what killed processes left there was deleted. */
  static Temporary file(Path folder) throws IOException {
    Path path = fresh(folder);
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new Temporary(path, channel, path);
  }

  /** Makes an empty folder in a folder, after what killed processes left there was deleted. */
  public static Temporary folder(Path folder) throws IOException {
    Path path = fresh(folder);
    Path lock = lockOf(path);
    FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Temporary temporary = new Temporary(path, channel, lock);
    try {
      Files.createDirectory(path);
    } catch (IOException e) {
      temporary.close();
      throw e;
    }
    return temporary;
  }

  private static Path fresh(Path folder) {
    if (SEEN.add(folder)) {
      clean(folder);
    }
    return folder.resolve(
        ".lss-%s-%s.tmp".formatted(ProcessHandle.current().pid(), UUID.randomUUID()));
  }

  private static Path lockOf(Path path) {
    return path.resolveSibling(String.valueOf(path.getFileName()).replaceFirst("\\.tmp$", ".lock"));
  }

  /** Takes the lock anew: POSIX drops it when anything in this process closes the file. */
  void lockAgain() {
    try {
      if (held != null) {
        held.release();
      }
      held = channel.tryLock(LOCKED_BYTE, 1, false);
    } catch (IOException e) {
      held = null; // age and process alone tell
    }
  }

  /** Returns where it is. */
  public Path path() {
    return path;
  }

  /** Returns the file, to be written to. */
  FileChannel channel() {
    return channel;
  }

  /** Deletes what killed processes left in a folder; what cannot be deleted stays. */
  static void clean(Path folder) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, ".lss-*.tmp")) {
      for (Path entry : entries) {
        if (isLitter(entry)) {
          delete(entry);
          Files.deleteIfExists(lockOf(entry));
        }
      }
    } catch (IOException | RuntimeException e) {
      System.getLogger("dev.lss.core.io")
          .log(System.Logger.Level.DEBUG, "litter of killed processes was left where it is", e);
    }
  }

  private static boolean isLitter(Path entry) throws IOException {
    Matcher name = NAME.matcher(String.valueOf(entry.getFileName()));
    if (!name.matches() || Files.isSymbolicLink(entry)) {
      return false;
    }
    Instant changed = Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toInstant();
    boolean old = changed.isBefore(Instant.now().minus(OLD));
    String pid = name.group(1);
    boolean gone = pid != null && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    return (old || gone) && isUnlocked(Files.isDirectory(entry) ? lockOf(entry) : entry);
  }

  private static boolean isUnlocked(Path file) throws IOException {
    if (!Files.exists(file)) {
      return true; // a folder whose lock is gone
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock mine = channel.tryLock(LOCKED_BYTE, 1, false)) {
      return mine != null;
    } catch (OverlappingFileLockException e) {
      return false; // another thread of this process
    }
  }

  private static void delete(Path path) throws IOException {
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        delete(path);
      }
      Files.deleteIfExists(lock);
    }
  }
}
