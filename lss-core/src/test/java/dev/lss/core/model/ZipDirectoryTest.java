package dev.lss.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipDirectoryTest {

  @TempDir Path dir;

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  /** Returns the offset of the record of an entry in the central directory. */
  private static int record(byte[] zip, int entry) {
    ByteBuffer buffer = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int at = buffer.getInt(zip.length - 22 + 16);
    for (int e = 0; e < entry; e++) {
      at += 46 + buffer.getShort(at + 28) + buffer.getShort(at + 30) + buffer.getShort(at + 32);
    }
    return at;
  }

  private static ByteBuffer edit(byte[] zip) {
    return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ZipDirectory read(byte[] zip) throws IOException {
    return ZipDirectory.read(Files.write(dir.resolve("x.zip"), zip));
  }

  private void assertRefused(byte[] zip, String message) {
    assertThatThrownBy(() -> read(zip))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.code()).isEqualTo("BAD_PACKAGE"))
        .hasMessageContaining(message);
  }

  @Test
  void files_are_listed_with_their_sizes_and_folders_are_not() throws IOException {
    assertThat(read(zip("LICENSE", "sub/", "sub/a.bin")).sizes())
        .containsEntry("LICENSE", 7L)
        .containsEntry("sub/a.bin", 9L)
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../a",
        "a/../b",
        "/etc/passwd",
        "C:/a",
        "a\\b",
        "a//b",
        "./a",
        ".hidden",
        "a.",
        "a\u0000b",
        "//",
        "a/ ",
        "ä"
      })
  void paths_that_could_leave_the_package_are_refused(String path) throws IOException {
    assertRefused(zip(path), "a path in a model package is relative");
  }

  @Test
  void a_name_twice_is_refused() throws IOException {
    byte[] zip = zip("aaa", "aab");
    zip[record(zip, 1) + 46 + 2] = 'a';

    assertRefused(zip, "holds \"aaa\" twice");
  }

  @Test
  void names_that_differ_only_in_case_are_refused() throws IOException {
    assertRefused(zip("LICENSE", "License"), "\"LICENSE\" and \"License\" differ only in case");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xa1ff, 0x6000, 0x2000, 0x1000, 0x41ed})
  void links_devices_and_folders_posing_as_files_are_refused(int unixMode) throws IOException {
    byte[] zip = zip("a");
    edit(zip).putInt(record(zip, 0) + 38, unixMode << 16);

    assertRefused(zip, "\"a\" is a link or a device");
  }

  @Test
  void a_plain_unix_file_is_fine() throws IOException {
    byte[] zip = zip("a");
    edit(zip).putInt(record(zip, 0) + 38, 0x81a4 << 16);

    assertThat(read(zip).sizes()).containsOnlyKeys("a");
  }

  @Test
  void an_entry_that_inflates_more_than_100_times_is_refused() throws IOException {
    byte[] zip = zip("a");
    edit(zip).putInt(record(zip, 0) + 20, 100_000).putInt(record(zip, 0) + 24, 10_000_001);

    assertRefused(zip, "would inflate 100000 bytes to 10000001; at most 100 times is allowed");
  }

  @Test
  void entries_of_more_than_8_gib_together_are_refused() throws IOException {
    byte[] zip = zip("a", "b", "c");
    for (int e = 0; e < 3; e++) {
      edit(zip).putInt(record(zip, e) + 20, 1 << 30).putInt(record(zip, e) + 24, 0xfffffffe);
    }

    assertRefused(zip, "may inflate to 8589934592 bytes");
  }

  @Test
  void an_encrypted_entry_is_refused() throws IOException {
    byte[] zip = zip("a");
    edit(zip).putShort(record(zip, 0) + 8, (short) 1);

    assertRefused(zip, "encrypted");
  }

  @Test
  void more_than_1000_entries_are_refused() throws IOException {
    byte[] zip = zip("a");
    edit(zip).putShort(zip.length - 22 + 10, (short) 1001);

    assertRefused(zip, "may list 1000 entries");
  }

  @Test
  void a_directory_outside_the_file_or_cut_off_is_refused() throws IOException {
    byte[] outside = zip("a");
    edit(outside).putInt(outside.length - 22 + 16, outside.length);
    assertRefused(outside, "outside the file");

    byte[] damaged = zip("a");
    edit(damaged).putShort(record(damaged, 0) + 28, (short) 60_000);
    assertRefused(damaged, "cut off");
  }

  @Test
  void what_is_no_zip_is_refused() {
    assertRefused(new byte[0], "no zip directory");
    assertRefused(new byte[100], "no zip directory");
  }
}
