package dev.lss.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReadAheadTest {

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private static InputStream failing(byte[] first, Exception failure) {
    return new SequenceInputStream(
        new ByteArrayInputStream(first),
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] into, int from, int count) throws IOException {
            if (failure instanceof IOException e) {
              throw e;
            }
            throw (RuntimeException) failure;
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1 << 18, (1 << 18) + 1, 5 << 18, 3_000_001})
  void what_comes_out_is_what_is_in_the_stream(int count) throws IOException {
    byte[] bytes = bytes(count);

    try (InputStream in = new ReadAhead(new ByteArrayInputStream(bytes))) {
      assertThat(Arrays.equals(in.readAllBytes(), bytes)).isTrue();
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.read(new byte[2])).isEqualTo(-1);
    }
  }

  @Test
  void a_failure_comes_behind_the_bytes_before_it_and_stays() throws IOException {
    byte[] bytes = bytes(300_000);
    ZipException failure = new ZipException("damaged");

    try (InputStream in = new ReadAhead(failing(bytes, failure))) {
      assertThat(Arrays.equals(in.readNBytes(bytes.length), bytes)).isTrue();
      assertThatThrownBy(in::read).isSameAs(failure);
      assertThatThrownBy(in::read).isSameAs(failure);
    }
  }

  @Test
  void what_a_stream_throws_unchecked_comes_unchecked() throws IOException {
    IllegalStateException failure = new IllegalStateException("no");

    try (InputStream in = new ReadAhead(failing(new byte[0], failure))) {
      assertThatThrownBy(in::read).isSameAs(failure);
    }
  }

  @Test
  void closing_early_ends_the_thread_and_closes_the_stream() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream below =
        new FilterInputStream(new ByteArrayInputStream(bytes(20 << 20))) {
          @Override
          public void close() {
            closed.set(true);
          }
        };

    InputStream in = new ReadAhead(below);
    assertThat(in.read()).isNotNegative();
    in.close();

    assertThat(closed).isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("lss-read-ahead");
    assertThat(in.skip(1 << 20)).isLessThan(1 << 20);
  }

  @Test
  void an_interrupted_reader_stops_and_stays_interrupted() throws IOException {
    InputStream never =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] into, int from, int count) {
            try {
              Thread.sleep(60_000);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return -1;
          }
        };
    try (InputStream in = new ReadAhead(never)) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(in::read).isInstanceOf(java.io.InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
