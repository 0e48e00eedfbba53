package dev.lss.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zips that two readers could read differently. */
class ModelZipTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A zip of these entries, each with its own name as its content. */
  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.endsWith("/") ? new byte[0] : bytes(name));
      }
    }
    return out.toByteArray();
  }

  private static ModelZip read(byte[] zip) throws ZipException {
    return ModelZip.read(ByteBuffer.wrap(zip));
  }

  private static void assertRefused(byte[] zip, String message) {
    assertThatThrownBy(() -> read(zip))
        .isInstanceOf(ZipException.class)
        .hasMessageContaining(message);
  }

  /** Writes other bytes over the n-th place where these stand; both are equally long. */
  private static byte[] patched(byte[] zip, int nth, String from, String to) {
    byte[] patched = zip.clone();
    int found = 0;
    for (int at = 0; at + from.length() <= zip.length; at++) {
      if (Arrays.equals(zip, at, at + from.length(), bytes(from), 0, from.length())
          && found++ == nth) {
        System.arraycopy(bytes(to), 0, patched, at, to.length());
      }
    }
    return patched;
  }

  @Test
  void entries_are_what_was_written_and_folders_are_none() throws IOException {
    ModelZip zip = read(zip("a/", "a/b.txt", "c"));

    assertThat(zip.names()).containsExactly("a/b.txt", "c");
    assertThat(zip.size("a/b.txt")).isEqualTo(7);
    assertThat(zip.content("a/b.txt", 7)).isEqualTo(ByteBuffer.wrap(bytes("a/b.txt")));
    assertThatThrownBy(() -> zip.content("a/b.txt", 6))
        .isInstanceOf(ZipException.class)
        .hasMessage("its entry \"a/b.txt\" would hold 7 bytes out of 9 in the file, allowed are 6");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a//b",
        "a/./b",
        "a/../b",
        "/a",
        "..",
        "a\\b",
        "a.",
        "a /b",
        "a\0",
        "a\nb",
        "C:a",
        "\uff0e\uff0e/a",
        "a\uff0fb",
        "a\u202eb"
      })
  void a_name_that_can_be_read_in_two_ways_is_refused(String name) throws IOException {
    assertRefused(zip(name), "whose name can be read in more than one way");
  }

  @ParameterizedTest
  @ValueSource(strings = {"A/B", "a/B", "A/b", "\uff41/b", "A/c"})
  void names_that_differ_in_case_or_width_alone_are_refused(String name) throws IOException {
    assertRefused(zip("a/b", name), "have names that differ in case alone");
  }

  @Test
  void letters_that_become_others_by_case_are_the_same() throws IOException {
    assertRefused(zip("mask", "ma\u017f\u212a"), "have names that differ in case alone");
  }

  @Test
  void a_file_is_no_folder_and_no_name_is_there_twice() throws IOException {
    assertRefused(zip("a", "a/b"), "its entry \"a\" is a file and a folder");
    assertRefused(
        patched(patched(zip("one", "two"), 0, "two", "one"), 0, "two", "one"),
        "it has the entry \"one\" twice");
  }

  @Test
  void a_local_header_that_says_something_else_is_refused() throws IOException {
    assertRefused(
        patched(zip("code.py"), 0, "code.py", "CODE.py"),
        "its entry \"code.py\" has another header in front of its bytes");
  }

  @Test
  void a_name_that_is_no_utf_8_is_refused() throws IOException {
    byte[] zip = zip("ab");
    for (int at = 0; at < zip.length; at++) {
      zip[at] = zip[at] == 'b' ? (byte) 0xff : zip[at];
    }

    assertRefused(zip, "it has a name that is no UTF-8");
  }

  @Test
  void bytes_that_are_not_those_of_the_checksum_are_refused() throws IOException {
    byte[] zip = patched(zip("ab"), 0, "PK\1\2", "PK\1\3");

    assertRefused(zip, "its directory has no entry 1 of 1");

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream stored = new ZipOutputStream(out)) {
      stored.setLevel(0);
      stored.putNextEntry(new ZipEntry("a"));
      stored.write(bytes("content"));
    }
    ModelZip other = read(patched(out.toByteArray(), 0, "content", "CONTENT"));
    assertThatThrownBy(() -> other.content("a", 100))
        .isInstanceOf(ZipException.class)
        .hasMessageContaining("does not have its checksum");
  }

  @Test
  void an_entry_that_inflates_a_thousandfold_is_not_inflated() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("a"));
      zip.write(new byte[64 << 20]);
    }
    ModelZip zip = read(out.toByteArray());

    assertThatThrownBy(() -> zip.content("a", Long.MAX_VALUE))
        .isInstanceOf(ZipException.class)
        .hasMessageContaining("would hold 67108864 bytes out of");
  }

  @Test
  void what_is_cut_short_anywhere_is_a_zip_exception() throws IOException {
    byte[] whole = zip("a/b.txt", "c");

    for (int length = 0; length < whole.length; length++) {
      assertRefused(Arrays.copyOf(whole, length), "");
    }
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] = (byte) 0xff;
      try {
        ModelZip zip = read(damaged);
        for (String name : zip.names()) {
          assertThat(zip.content(name, 100).remaining()).isLessThanOrEqualTo(100);
        }
      } catch (ZipException e) {
        assertThat(e).hasMessageStartingWith("it");
      }
    }
  }
}
