package dev.lss.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GunzipStreamTest {

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] gunzip(byte[] packed) throws IOException {
    try (InputStream in = new GunzipStream(new ByteArrayInputStream(packed))) {
      return in.readAllBytes();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65535, 65536, 300_000})
  void bytes_come_back(int length) throws IOException {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);

    assertThat(gunzip(gzip(bytes))).isEqualTo(bytes);
  }

  @Test
  void members_follow_one_another_and_padding_ends_them() throws IOException {
    byte[] two = join(gzip(ascii("ab")), gzip(new byte[0]), gzip(ascii("cd")));

    assertThat(gunzip(two)).isEqualTo(ascii("abcd"));
    assertThat(gunzip(join(two, new byte[512]))).isEqualTo(ascii("abcd"));
    assertThat(gunzip(join(two, ascii("garbage")))).isEqualTo(ascii("abcd"));
  }

  @Test
  void a_hundred_thousand_empty_members_are_no_trouble() throws IOException {
    byte[] empty = gzip(new byte[0]);
    byte[] many = new byte[100_000 * empty.length];
    for (int n = 0; n < 100_000; n++) {
      System.arraycopy(empty, 0, many, n * empty.length, empty.length);
    }

    assertThat(gunzip(join(many, gzip(ascii("x"))))).isEqualTo(ascii("x"));
  }

  @Test
  void optional_header_fields_are_passed_over() throws IOException {
    byte[] plain = gzip(ascii("x"));
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 2 | 4 | 8 | 16;
    byte[] fields = join(new byte[] {3, 0, 1, 2, 3}, ascii("name\0"), ascii("text\0"), new byte[2]);

    assertThat(gunzip(join(header, fields, Arrays.copyOfRange(plain, 10, plain.length))))
        .isEqualTo(ascii("x"));
  }

  @Test
  void every_cut_is_an_early_end_and_wrong_checksums_are_damage() throws IOException {
    byte[] packed = gzip(ascii("some text that is packed"));
    for (int length = 2; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThatThrownBy(() -> gunzip(cut)).isInstanceOf(EOFException.class);
    }
    for (int at = packed.length - 8; at < packed.length; at++) {
      byte[] wrong = packed.clone();
      wrong[at]++;
      assertThatThrownBy(() -> gunzip(wrong)).isInstanceOf(ZipException.class);
    }
  }

  @Test
  void other_methods_and_unknown_flags_are_refused() throws IOException {
    byte[] method = gzip(ascii("x"));
    method[2] = 7;
    assertThatThrownBy(() -> gunzip(method)).hasMessage("it is not packed with deflate");

    byte[] flags = gzip(ascii("x"));
    flags[3] = (byte) 0x80;
    assertThatThrownBy(() -> gunzip(flags)).hasMessage("its flags are not known");
    assertThatThrownBy(() -> gunzip(ascii("plain"))).hasMessage("no gzip header");
  }
}
