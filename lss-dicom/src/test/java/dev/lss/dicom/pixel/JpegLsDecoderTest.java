package dev.lss.dicom.pixel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Codestreams that CharLS made of an image with a formula: tools/oracles/charls.py. */
class JpegLsDecoderTest {

  private static final int ROWS = 17;
  private static final int COLUMNS = 23;

  private static Stream<String> codestreams() throws IOException {
    try (InputStream in = JpegLsDecoderTest.class.getResourceAsStream("jpeg-ls.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines();
    }
  }

  private static int formula(int sample, int bits, int x, int y) {
    if ((x * 7 + y * 11) % 29 == 0) {
      return (1 << bits) - 1 - sample;
    }
    if (x > 6 && x < 18 && y > 4) {
      return 40 + sample;
    }
    return (x * (sample + 3) + y * 5) % (1 << Math.min(bits, 7));
  }

  private static PixelFormat format(int samples, int bits) {
    return new PixelFormat(
        ROWS,
        COLUMNS,
        1,
        samples,
        bits <= 8 ? 8 : 16,
        bits,
        bits - 1,
        false,
        false,
        samples == 1 ? Photometric.MONOCHROME2 : Photometric.RGB);
  }

  @ParameterizedTest
  @MethodSource("codestreams")
  void samples_come_back_within_the_error_of_the_codestream(String line) {
    String[] parts = line.split(" ");
    int samples = Integer.parseInt(parts[1]);
    int bits = Integer.parseInt(parts[2]);
    int error = Integer.parseInt(parts[3]);

    int[] values =
        JpegLsDecoder.decode(HexFormat.of().parseHex(parts[4]), format(samples, bits)).values();

    assertThat(values).hasSize(ROWS * COLUMNS * samples);
    for (int n = 0; n < values.length; n++) {
      int pixel = n / samples;
      int expected = formula(n % samples, bits, pixel % COLUMNS, pixel / COLUMNS);
      assertThat(values[n]).isCloseTo(expected, within(error));
    }
  }

  @Test
  void a_codestream_that_ends_early_is_refused() throws IOException {
    byte[] whole = HexFormat.of().parseHex(codestreams().findFirst().orElseThrow().split(" ")[4]);

    for (int length = 0; length < whole.length / 2; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> JpegLsDecoder.decode(cut, format(1, 7)))
          .isInstanceOf(CodestreamException.class);
    }
  }
}
