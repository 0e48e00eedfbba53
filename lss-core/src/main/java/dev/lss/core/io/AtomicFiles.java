package dev.lss.core.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Puts a file into place whole or not at all.
 *
 * <p>The content goes to a temporary file beside the target, which only its owner may read; it is
 * forced to the disk, checked, and moved onto the target in one step. A reader sees the old file or
 * the new one, never half of one; after a failure the old file is as it was and the temporary file
 * is gone. A file system that cannot move in one step is an error, not an excuse.
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

  /** Writes a file and checks it before it replaces an older one; the folder must exist. */
  public static void write(Path target, Content content, Check check) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || target.getFileName() == null) {
      throw new IOException("a file to write needs a name and a folder");
    }
    Path temporary = folder.resolve(".lss-" + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        Set<PosixFilePermission> usual = restrict(temporary);
        OutputStream out = Channels.newOutputStream(channel);
        content.writeTo(out);
        out.flush();
        channel.force(true);
        check.verify(temporary);
        if (!usual.isEmpty()) {
          Files.setPosixFilePermissions(temporary, usual);
        }
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    forceFolder(folder);
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
