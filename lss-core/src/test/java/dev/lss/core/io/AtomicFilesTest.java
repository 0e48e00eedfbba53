package dev.lss.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  @Test
  void a_missing_folder_is_an_io_exception() {
    assertThatThrownBy(() -> AtomicFiles.write(folder.resolve("no/result"), out -> {}))
        .isInstanceOf(IOException.class);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }
}
