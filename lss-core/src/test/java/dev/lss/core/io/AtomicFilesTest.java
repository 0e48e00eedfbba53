package dev.lss.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {

  @TempDir Path folder;

  @Test
  void the_content_is_there_and_nothing_else() throws Exception {
    AtomicFiles.write(
        folder.resolve("result"), out -> out.write("new".getBytes(StandardCharsets.UTF_8)));

    assertThat(folder.resolve("result")).hasContent("new");
    assertThat(names()).containsExactly("result");
  }

  @Test
  void the_target_is_untouched_until_the_content_is_complete() throws Exception {
    Path target = Files.writeString(folder.resolve("result"), "old");

    AtomicFiles.write(
        target,
        out -> {
          out.write("new".getBytes(StandardCharsets.UTF_8));
          assertThat(target).hasContent("old");
        });

    assertThat(target).hasContent("new");
  }

  @Test
  void a_failure_leaves_the_old_file_and_no_temporary_one() throws Exception {
    Path target = Files.writeString(folder.resolve("result"), "old");

    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    target,
                    out -> {
                      out.write("ne".getBytes(StandardCharsets.UTF_8));
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("disk full");

    assertThat(target).hasContent("old");
    assertThat(names()).containsExactly("result");
  }

  @Test
  void a_failed_check_leaves_the_old_file_and_no_temporary_one() throws Exception {
    Path target = Files.writeString(folder.resolve("result"), "old");

    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    target,
                    out -> out.write("new".getBytes(StandardCharsets.UTF_8)),
                    written -> {
                      assertThat(written).hasContent("new");
                      throw new IOException("bad");
                    }))
        .hasMessage("bad");

    assertThat(target).hasContent("old");
    assertThat(names()).containsExactly("result");
  }

  @Test
  void only_the_owner_may_read_the_unfinished_file_and_the_finished_one_is_ordinary()
      throws Exception {
    Path ordinary = Files.writeString(folder.resolve("ordinary"), "");
    assumeTrue(
        Files.getFileAttributeView(ordinary, PosixFileAttributeView.class) != null,
        "this file system has no such permissions");

    AtomicFiles.write(
        folder.resolve("result"),
        out -> out.write(1),
        written ->
            assertThat(Files.getPosixFilePermissions(written))
                .containsExactlyInAnyOrder(
                    PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

    assertThat(Files.getPosixFilePermissions(folder.resolve("result")))
        .isEqualTo(Files.getPosixFilePermissions(ordinary));
  }

  private static void assertFails(Path target, String message) {
    assertThatThrownBy(() -> AtomicFiles.write(target, out -> out.write(1)))
        .isInstanceOf(FileSystemException.class)
        .hasMessageStartingWith(target + ": ")
        .hasMessageContaining(message)
        .hasMessageNotContaining(".tmp");
  }

  @Test
  void what_cannot_be_written_is_named_with_what_happened() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere"));
    Files.createDirectories(folder.resolve("folder/inside"));

    assertFails(folder.resolve("no/result"), "its folder does not exist");
    assertFails(file.resolve("result"), "its folder is a file");
    assertFails(folder.resolve("x".repeat(300)), "the name is too long for this disk");
    assertFails(dangling, "is a link to a file that is not there");
    assertFails(folder.resolve("folder"), "");
    assertThat(names()).containsExactly("dangling", "file", "folder");
  }

  @Test
  void a_link_keeps_pointing_and_its_file_is_replaced() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));

    AtomicFiles.write(link, out -> out.write("new".getBytes(StandardCharsets.UTF_8)));

    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }

  @Test
  void a_file_that_grows_over_a_limit_is_named() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "the limit is set by bash");
    Path target = folder.resolve("large");

    Process process =
        new ProcessBuilder(
                "/bin/bash",
                "-c",
                "ulimit -f 100; exec \"$0\" -XX:-UsePerfData -cp \"$1\" \"$2\" \"$3\" 1000000",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                target.toString())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains(target + ": File too large");
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(names()).isEmpty();
  }

  @Test
  void what_a_killed_process_left_is_deleted_and_what_a_living_one_writes_is_not()
      throws Exception {
    Process killed = start(folder.resolve("killed"));
    killed.destroyForcibly().waitFor();
    assertThat(names()).hasSize(1).allMatch(name -> name.startsWith(".lss-" + killed.pid() + "-"));
    Files.writeString(folder.resolve(".lss-mine.tmp"), "x");

    Process living = start(folder.resolve("living")); // the next one to write here
    Temporary.clean(folder);

    assertThat(names())
        .hasSize(2)
        .contains(".lss-mine.tmp")
        .anyMatch(name -> name.startsWith(".lss-" + living.pid() + "-"));
    living.destroyForcibly().waitFor();
    AtomicFiles.write(folder.resolve("next"), out -> out.write(1));
    assertThat(names()).containsExactly(".lss-mine.tmp", "next");
  }

  /** Starts a process that writes without end, and waits until it has begun. */
  private Process start(Path target) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                target.toString(),
                "-1")
            .redirectErrorStream(true)
            .start();
    assertThat(process.getInputStream().read()).isEqualTo('.');
    return process;
  }

  /** Writes so many bytes; -1: one, then waits for ever. */
  static final class Writer {

    public static void main(String[] arguments) throws Exception {
      try {
        AtomicFiles.write(
            Path.of(arguments[0]),
            out -> {
              int bytes = Integer.parseInt(arguments[1]);
              out.write(new byte[Math.max(bytes, 1)]);
              System.out.print('.');
              System.out.flush();
              if (bytes < 0) {
                try {
                  Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
              }
            });
      } catch (IOException e) {
        System.out.println(e.getMessage());
        System.exit(1);
      }
    }
  }

  @Test
  void a_folder_in_the_making_is_gone_when_it_is_closed_and_kept_when_it_was_moved()
      throws Exception {
    try (Temporary temporary = Temporary.folder(folder)) {
      Files.writeString(temporary.path().resolve("a"), "x");
      Temporary.clean(folder);
      assertThat(temporary.path().resolve("a")).exists();
    }
    assertThat(names()).isEmpty();

    try (Temporary temporary = Temporary.folder(folder)) {
      Files.writeString(temporary.path().resolve("a"), "x");
      Files.move(temporary.path(), folder.resolve("kept"));
    }
    assertThat(names()).containsExactly("kept");
  }

  @Test
  void an_old_folder_of_no_process_is_deleted_with_its_lock() throws Exception {
    String name = ".lss-999999999999-00000000-0000-0000-0000-000000000000";
    Files.createDirectories(folder.resolve(name + ".tmp/sub"));
    Files.writeString(folder.resolve(name + ".tmp/sub/a"), "x");
    Files.writeString(folder.resolve(name + ".lock"), "");

    Temporary.clean(folder);

    assertThat(names()).isEmpty();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }
}
