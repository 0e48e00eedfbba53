package dev.lss.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a zip may hold when it is a model package. */
class PackageZipTest {

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

  private PackageFiles.Zip read(byte[] zip) throws IOException {
    return PackageFiles.Zip.read(Files.write(dir.resolve("x.zip"), zip));
  }

  private void assertRefused(byte[] zip, String message) {
    assertThatThrownBy(() -> read(zip))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.code()).isEqualTo("BAD_PACKAGE"))
        .hasMessageContaining(message);
  }

  @Test
  void files_are_listed_and_opened_and_folders_are_not() throws IOException {
    PackageFiles.Zip files = read(zip("LICENSE", "sub/", "sub/a.bin"));

    assertThat(files.list().orElseThrow()).containsExactly("LICENSE", "sub/a.bin");
    assertThat(files.open("sub/a.bin")).hasContent("sub/a.bin");
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

    assertThat(read(zip).entries()).containsOnlyKeys("a");
  }

  @Test
  void an_entry_that_inflates_more_than_100_times_is_refused() throws IOException {
    byte[] zip = zip("a");
    edit(zip).putInt(record(zip, 0) + 20, 1000).putInt(record(zip, 0) + 24, 100_001);

    assertThatThrownBy(() -> PackageFiles.Zip.read(spread(zip, 1, 2000)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("would inflate 1000 bytes to 100001; at most 100 times is allowed");
  }

  @Test
  void entries_of_more_than_8_gib_together_are_refused() throws IOException {
    byte[] zip = zip("a", "b", "c");
    for (int e = 0; e < 3; e++) {
      edit(zip).putInt(record(zip, e) + 20, 43_000_000).putInt(record(zip, e) + 24, 0xfffffffe);
    }

    assertThatThrownBy(() -> PackageFiles.Zip.read(spread(zip, 3, 44_000_000)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("may inflate to 8589934592 bytes");
  }

  /** Writes a zip with its entries so far apart, as a file with holes. */
  private Path spread(byte[] zip, int entries, int step) throws IOException {
    int directory = edit(zip).getInt(zip.length - 22 + 16);
    for (int e = 0; e < entries; e++) {
      edit(zip).putInt(record(zip, e) + 42, e * step);
    }
    edit(zip).putInt(zip.length - 22 + 16, entries * step);
    Path path = dir.resolve("spread.zip");
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(zip, directory, zip.length - directory), (long) entries * step);
    }
    return path;
  }

  @Test
  void more_than_1000_entries_are_refused() throws IOException {
    byte[] zip = zip("a");
    edit(zip).putShort(zip.length - 22 + 10, (short) 1001);

    assertRefused(zip, "may list 1000 entries");
  }

  @Test
  void what_is_no_zip_is_refused() {
    assertRefused(new byte[0], "no zip directory");
    assertRefused(new byte[100], "no zip directory");
  }
}
