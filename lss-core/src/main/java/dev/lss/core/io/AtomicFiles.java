package dev.lss.core.io;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Puts a file into place whole or not at all.
 *
 * <p>The content goes to a temporary file beside the target, which only its owner may read; it is
 * forced to the disk, checked, and moved onto the target in one step. A reader sees the old file or
 * the new one, never half of one; after a failure the old file is as it was and the temporary file
 * is gone; what a killed process left is deleted when the next one writes here (see {@link
 * Temporary}). A file system that cannot move in one step is an error, not an excuse.
 */
public final class AtomicFiles {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private AtomicFiles() {}

  /** Produces the content of a file. */
  @FunctionalInterface
  public interface Content {

    /** Writes to the stream, which the caller closes. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Looks at a written file before it becomes visible. */
  @FunctionalInterface
  public interface Check {

    /** Throws when the file is not what was meant to be written. */
    void verify(Path written) throws IOException;
  }

  /** Writes a file; the folder must exist. */
  public static void write(Path target, Content content) throws IOException {
    write(target, content, written -> {});
  }

  /**
   * Writes a file and checks it before it replaces an older one; the folder must exist. Where the
   * target is a link, the file that it points to is replaced.
   *
   * @throws FileSystemException with the target and what happened, when it cannot be written
   * @throws IOException what content or check throw
   */
  public static void write(Path target, Content content, Check check) throws IOException {
    Path place = place(target);
    Path folder = place.getParent();
    if (folder == null || place.getFileName() == null) {
      throw new FileSystemException(target.toString(), null, "a file needs a name and a folder");
    }
    try (Temporary temporary = create(target, folder)) {
      FileChannel channel = temporary.channel();
      Set<PosixFilePermission> usual = restrict(temporary.path());
      OutputStream out = new NamingStream(target, Channels.newOutputStream(channel));
      content.writeTo(out);
      out.flush();
      named(target, () -> channel.force(true));
      check.verify(temporary.path());
      temporary.lockAgain();
      if (!usual.isEmpty()) {
        Files.setPosixFilePermissions(temporary.path(), usual);
      }
      named(target, () -> Files.move(temporary.path(), place, StandardCopyOption.ATOMIC_MOVE));
    }
    forceFolder(folder);
  }

  /** Returns where the file goes: the end of a link, which must be there. */
  private static Path place(Path target) throws IOException {
    Path place = target.toAbsolutePath();
    if (!Files.isSymbolicLink(place)) {
      return place;
    }
    if (!Files.exists(place)) {
      throw new FileSystemException(
          target.toString(), null, "is a link to a file that is not there");
    }
    return place.toRealPath();
  }

  private static Temporary create(Path target, Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      Temporary[] made = new Temporary[1];
      named(target, () -> made[0] = Temporary.file(folder));
      return made[0];
    }
    throw new NoSuchFileException(
        target.toString(),
        null,
        Files.exists(folder) ? "its folder is a file" : "its folder does not exist");
  }

  private interface Step {
    void run() throws IOException;
  }

  /** Runs a step whose failure is the target's. */
  private static void named(Path target, Step step) throws IOException {
    try {
      step.run();
    } catch (AccessDeniedException e) {
      throw failed(new AccessDeniedException(target.toString(), null, "may not be written"), e);
    } catch (IOException e) {
      throw failed(new FileSystemException(target.toString(), null, reason(e)), e);
    }
  }

  private static FileSystemException failed(FileSystemException failure, IOException cause) {
    failure.initCause(cause);
    return failure;
  }

  /** Returns what happened, in words where the system's are known. */
  private static String reason(IOException e) {
    String said =
        e instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    if (said.contains("No space left")) {
      return "the disk is full; an earlier file is as it was";
    }
    if (said.contains("quota")) {
      return "the disk quota is used up; an earlier file is as it was";
    }
    if (said.contains("name too long")) {
      return "the name is too long for this disk";
    }
    return e instanceof DirectoryNotEmptyException ? "is a folder" : said;
  }

  /** A stream whose failures name the target, which the system's do not. */
  private static final class NamingStream extends FilterOutputStream {

    private final Path target;

    NamingStream(Path target, OutputStream out) {
      super(out);
      this.target = target;
    }

    @Override
    public void write(int value) throws IOException {
      named(target, () -> out.write(value));
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      named(target, () -> out.write(bytes, from, count));
    }
  }

  /** Returns the permissions that new files have here; none where the file system has no such. */
  private static Set<PosixFilePermission> restrict(Path file) throws IOException {
    var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return Set.of();
    }
    Set<PosixFilePermission> usual = view.readAttributes().permissions();
    view.setPermissions(OWNER_ONLY);
    return usual;
  }

  /** Makes the move itself durable, where a folder can be opened (not on Windows). */
  private static void forceFolder(Path folder) throws IOException {
    if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
