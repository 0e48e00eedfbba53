package dev.lss.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.core.io.ZipDirectory.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipDirectoryTest {

  private static final byte[] CONTENT =
      "a text that deflates, a text that deflates".getBytes(StandardCharsets.UTF_8);

  @TempDir Path dir;

  private static byte[] zip(int method, String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CRC32 crc = new CRC32();
    crc.update(CONTENT);
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (String name : names) {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(method);
        entry.setSize(CONTENT.length);
        entry.setCrc(crc.getValue());
        out.putNextEntry(entry);
        out.write(CONTENT);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(String... names) throws IOException {
    return zip(ZipEntry.DEFLATED, names);
  }

  private static ByteBuffer edit(byte[] zip) {
    return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the offset of the record of an entry in the central directory. */
  private static int record(byte[] zip, int entry) {
    int at = edit(zip).getInt(zip.length - 22 + 16);
    for (int e = 0; e < entry; e++) {
      at += 46 + edit(zip).getShort(at + 28) + edit(zip).getShort(at + 30);
    }
    return at;
  }

  private Path file(byte[] zip) throws IOException {
    return Files.write(dir.resolve("x.zip"), zip);
  }

  private ZipDirectory read(byte[] zip) throws IOException {
    try (FileChannel channel = FileChannel.open(file(zip))) {
      return ZipDirectory.read(channel, 10, 1 << 16);
    }
  }

  private byte[] content(byte[] zip, int entry) throws IOException {
    Entry wanted = read(zip).entries().get(entry);
    try (InputStream in = ZipDirectory.open(dir.resolve("x.zip"), wanted)) {
      return in.readAllBytes();
    }
  }

  private void assertRefused(byte[] zip, String message) {
    assertThatThrownBy(() -> read(zip))
        .isInstanceOf(ZipException.class)
        .hasMessageContaining(message);
  }

  @Test
  void stored_and_deflated_entries_give_their_bytes() throws IOException {
    assertThat(content(zip(ZipEntry.STORED, "a", "b"), 1)).isEqualTo(CONTENT);
    assertThat(content(zip(ZipEntry.DEFLATED, "a", "b"), 1)).isEqualTo(CONTENT);
  }

  @Test
  void names_sizes_and_packing_are_told() throws IOException {
    Entry entry = read(zip("sub/a.bin")).entries().get(0);

    assertThat(entry.name()).isEqualTo("sub/a.bin");
    assertThat(entry.isFolder()).isFalse();
    assertThat(entry.isStored()).isFalse();
    assertThat(entry.bytes()).isEqualTo(CONTENT.length);
    assertThat(entry.packedBytes()).isPositive().isLessThan(CONTENT.length);
    assertThat(read(zip(ZipEntry.STORED, "sub/")).entries().get(0).isFolder()).isTrue();
  }

  @Test
  void a_name_twice_is_refused() throws IOException {
    byte[] zip = zip("aaa", "aab");
    zip[record(zip, 1) + 46 + 2] = 'a';

    assertRefused(zip, "holds \"aaa\" twice");
  }

  @Test
  void two_entries_over_the_same_bytes_are_refused() throws IOException {
    byte[] zip = zip("a", "b");
    edit(zip).putInt(record(zip, 1) + 42, 0);

    assertRefused(zip, "does not lie where the directory says");
  }

  @Test
  void encryption_and_other_methods_are_refused() throws IOException {
    byte[] encrypted = zip("a");
    edit(encrypted).putShort(record(encrypted, 0) + 8, (short) 1);
    assertRefused(encrypted, "encrypted");

    byte[] bzip2 = zip("a");
    edit(bzip2).putShort(record(bzip2, 0) + 10, (short) 12);
    assertRefused(bzip2, "packed in an unusual way");
  }

  @Test
  void sizes_and_offsets_at_their_limits_are_refused() throws IOException {
    for (int field : new int[] {20, 24, 42}) {
      for (int value : new int[] {-1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        byte[] zip = zip(ZipEntry.STORED, "a");
        edit(zip).putInt(record(zip, 0) + field, value);
        assertThatThrownBy(() -> read(zip)).isInstanceOf(ZipException.class);
      }
    }
  }

  @Test
  void more_entries_or_a_longer_directory_than_allowed_are_refused() throws IOException {
    byte[] entries = zip("a");
    edit(entries).putShort(entries.length - 22 + 10, (short) 11);
    assertRefused(entries, "may list 10 entries in 65536 bytes, lists 11");

    byte[] bytes = zip("a");
    edit(bytes).putInt(bytes.length - 22 + 12, 65537);
    assertRefused(bytes, "lists 1 in 65537");
  }

  @Test
  void a_directory_outside_the_file_or_cut_off_is_refused() throws IOException {
    byte[] outside = zip("a");
    edit(outside).putInt(outside.length - 22 + 16, outside.length);
    assertRefused(outside, "lie outside its");

    byte[] damaged = zip("a");
    edit(damaged).putShort(record(damaged, 0) + 28, (short) 60_000);
    assertRefused(damaged, "cut off");

    assertRefused(new byte[0], "no zip directory");
    assertRefused(new byte[100], "no zip directory");
  }

  @Test
  void an_entry_under_another_name_than_the_directory_says_is_refused() throws IOException {
    byte[] zip = zip("a");
    zip[30] = 'b';

    assertThatThrownBy(() -> content(zip, 0))
        .isInstanceOf(ZipException.class)
        .hasMessageContaining("does not lie where the directory says");
  }

  @Test
  void more_or_fewer_or_other_bytes_than_the_directory_says_are_refused() throws IOException {
    byte[] more = zip("a");
    edit(more).putInt(record(more, 0) + 24, CONTENT.length - 1);
    assertThatThrownBy(() -> content(more, 0)).hasMessageContaining("inflates to more than the 41");

    byte[] fewer = zip("a");
    edit(fewer).putInt(record(fewer, 0) + 24, CONTENT.length + 1);
    assertThatThrownBy(() -> content(fewer, 0)).hasMessageContaining("42 of 43 bytes");

    byte[] others = zip(ZipEntry.STORED, "a");
    others[31]++;
    assertThatThrownBy(() -> content(others, 0))
        .isInstanceOf(ZipException.class)
        .hasMessageContaining("CRC-32");
  }
}
