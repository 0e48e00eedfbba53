package dev.lss.dicom.pixel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.lss.api.InvalidStudyException;
import dev.lss.dicom.data.DicomBytes;
import dev.lss.dicom.data.DicomFile;
import dev.lss.dicom.data.FileSource;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {

  private static Frames sample(String name) throws IOException {
    return Frames.of(
        DicomFile.read(new FileSource(RealData.path("dicom/samples/" + name + ".dcm"))));
  }

  private static String sha256(int[] values) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    bytes.asIntBuffer().put(values);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MR_small_implicit",
        "MR_small_bigendian",
        "MR_small_padded",
        "MR_small_RLE",
        "MR_small_jp2klossless",
        "MR_small_jpeg_ls_lossless"
      })
  void lossless_pixels_are_the_same_in_every_transfer_syntax(String name) throws IOException {
    assertThat(sample(name).frame(0).values()).isEqualTo(sample("MR_small").frame(0).values());
  }

  @Test
  void frames_of_rle_are_those_of_the_uncompressed_file() throws IOException {
    Frames packed = sample("emri_small_RLE");
    Frames plain = sample("emri_small");

    assertThat(plain.format().frames()).isEqualTo(10);
    for (int n = 0; n < 10; n++) {
      assertThat(packed.frame(n).values()).isEqualTo(plain.frame(n).values());
    }
  }

  @Test
  void colors_of_jpeg_2000_are_those_of_the_uncompressed_file() throws IOException {
    assertThat(sample("US1_J2KR").frame(0).brightness())
        .isEqualTo(sample("US1_UNCR").frame(0).brightness());
  }

  @Test
  void lossless_jpeg_gives_the_samples_that_libjpeg_gives() throws Exception {
    assertThat(sha256(sample("JPGLosslessP14SV1_1s_1f_8b").frame(0).values()))
        .isEqualTo("324afd2921ef812e433d394b1cedca3c3de3237a9d637ae2f97b53929342b4ca");
  }

  @Test
  void lossy_jpeg_of_8_and_12_bits_is_libjpegs_up_to_rounding() throws IOException {
    int[] twelve = sample("JPGExtended").frame(0).values();
    Frames colored = sample("examples_ybr_color");
    double brightness = 0;
    for (int n = 0; n < 30; n++) {
      for (float value : colored.frame(n).brightness()) {
        brightness += value;
      }
    }

    assertThat(IntStream.of(twelve).average().orElseThrow())
        .isEqualTo(3770427.0 / twelve.length, within(0.02));
    assertThat(brightness / (30 * 240 * 320))
        .isEqualTo(24166769.637 / (30 * 240 * 320), within(0.02));
  }

  @Test
  void a_palette_gives_the_brightness_that_pydicom_gives() throws IOException {
    double sum = 0;
    for (float value : sample("examples_palette").frame(0).brightness()) {
      sum += value;
    }

    assertThat(sum).isEqualTo(5451592.317, within(0.1));
  }

  @Test
  void a_segmented_palette_has_runs_slopes_and_repetitions() {
    double[] words = {0, 2, 7, 9, 1, 4, 17, 2, 1, 0, 0};

    assertThat(PaletteSegments.expand(words, 8, "test"))
        .containsExactly(7, 9, 11, 13, 15, 17, 7, 9);
    assertThatThrownBy(() -> PaletteSegments.expand(new double[] {2, 1, 0, 0}, 8, "test"))
        .hasMessageContaining("segmented");
  }

  @Test
  void a_codestream_of_another_size_than_the_attributes_say_is_refused() {
    byte[] codestream = {
      (byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xc3, 0, 11, 16, 0, 3, 0, 5, 1, 1, 0x11, 0
    };

    assertRefused(jpeg(codestream), "DECODE");
  }

  @Test
  void a_progressive_jpeg_is_refused_by_name() {
    byte[] codestream = {
      (byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xc2, 0, 11, 8, 0, 3, 0, 5, 1, 1, 0x11, 0
    };

    assertThatThrownBy(() -> jpeg(codestream).frame(0)).hasMessageContaining("SOF2");
  }

  private static Frames jpeg(byte[] codestream) {
    try {
      return Frames.of(
          image("1.2.840.10008.1.2.4.70", 4, 4, 16)
              .header(0x7fe00010, "OB", 0xffffffffL)
              .item(new byte[0])
              .item(codestream)
              .end()
              .read());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(Frames frames, String code) {
    assertThatThrownBy(() -> frames.frame(0))
        .asInstanceOf(type(InvalidStudyException.class))
        .extracting(InvalidStudyException::code)
        .isEqualTo(code);
  }

  private static DicomBytes image(String syntax, int rows, int columns, int bits) {
    return image(syntax, rows, columns, bits, "MONOCHROME2", 1);
  }

  private static DicomBytes image(
      String syntax, int rows, int columns, int bits, String photometric, int samples) {
    return DicomBytes.file(syntax)
        .text(0x00080060, "CS", "OT")
        .shorts(0x00280002, "US", samples)
        .text(0x00280004, "CS", photometric)
        .shorts(0x00280010, "US", rows)
        .shorts(0x00280011, "US", columns)
        .shorts(0x00280100, "US", bits)
        .shorts(0x00280101, "US", bits);
  }

  @Test
  void bits_beyond_those_stored_are_dropped_and_the_sign_is_extended() throws IOException {
    Frame frame =
        Frames.of(
                DicomBytes.file("1.2.840.10008.1.2.1")
                    .shorts(0x00280010, "US", 1)
                    .shorts(0x00280011, "US", 3)
                    .shorts(0x00280100, "US", 16)
                    .shorts(0x00280101, "US", 12)
                    .shorts(0x00280102, "US", 11)
                    .shorts(0x00280103, "US", 1)
                    .shorts(0x7fe00010, "OW", 0xf7ff, 0x1800, 0x0fff)
                    .read())
            .frame(0);

    assertThat(frame.values()).containsExactly(2047, -2048, -1);
  }

  @Test
  void single_bits_are_packed_across_frames() throws IOException {
    Frames frames =
        Frames.of(
            image("1.2.840.10008.1.2.1", 1, 3, 1)
                .text(0x00280008, "IS", "2")
                .bytes(0x7fe00010, "OB", new byte[] {0b101110, 0})
                .read());

    assertThat(frames.frame(0).values()).containsExactly(0, 1, 1);
    assertThat(frames.frame(1).values()).containsExactly(1, 0, 1);
  }

  @Test
  void brightness_of_a_color_is_that_of_bt_601() throws IOException {
    Frame frame =
        Frames.of(
                image("1.2.840.10008.1.2.1", 1, 2, 8, "RGB", 3)
                    .bytes(0x7fe00010, "OB", new byte[] {(byte) 200, 100, 50, 77, 77, 77})
                    .read())
            .frame(0);

    assertThat(frame.brightness()[0]).isEqualTo(124.2f, within(1e-4f)); // .299 .587 .114
    assertThat(frame.brightness()[1]).isEqualTo(77);
  }

  @Test
  void planes_and_ybr_are_understood() throws IOException {
    Frame planar =
        Frames.of(
                image("1.2.840.10008.1.2.1", 1, 2, 8, "RGB", 3)
                    .shorts(0x00280006, "US", 1)
                    .bytes(0x7fe00010, "OB", new byte[] {9, 7, 9, 7, 9, 7})
                    .read())
            .frame(0);
    Frame ybr =
        Frames.of(
                image("1.2.840.10008.1.2.1", 1, 2, 8, "YBR_FULL_422", 3)
                    .bytes(0x7fe00010, "OB", new byte[] {31, 32, (byte) 128, (byte) 128})
                    .read())
            .frame(0);

    assertThat(planar.brightness()).containsExactly(9, 7);
    assertThat(ybr.brightness()).containsExactly(31, 32);
  }

  @Test
  void an_index_outside_the_palette_takes_the_nearest_entry() throws IOException {
    DicomBytes bytes = image("1.2.840.10008.1.2.1", 1, 3, 8, "PALETTE COLOR", 1);
    for (int color = 0x1101; color <= 0x1103; color++) {
      bytes.shorts(0x00280000 | color, "US", 2, 1, 16);
    }
    for (int color = 0x1201; color <= 0x1203; color++) {
      bytes.shorts(0x00280000 | color, "OW", 0x1000, 0x2000);
    }

    Frame frame = Frames.of(bytes.bytes(0x7fe00010, "OB", new byte[] {0, 2, 9}).read()).frame(0);

    assertThat(frame.brightness()).containsExactly(0x10, 0x20, 0x20);
  }

  @Test
  void a_palette_image_without_a_palette_is_refused() throws IOException {
    Frames frames =
        Frames.of(
            image("1.2.840.10008.1.2.1", 1, 2, 8, "PALETTE COLOR", 1)
                .bytes(0x7fe00010, "OB", new byte[2])
                .read());

    assertRefused(frames, "BAD_PALETTE");
  }

  @ParameterizedTest
  @CsvSource({
    "f16_rows_65535, PIXEL_LENGTH",
    "f18_pixeldata_short, PIXEL_LENGTH",
    "f19_pixeldata_missing, NO_PIXELS",
    "f21_bitsstored_gt_alloc, BAD_PIXEL_FORMAT",
    "f22_samples_4, BAD_PIXEL_FORMAT",
    "f24_frames_negative, BAD_DIMENSION",
    "f40_jpeg_garbage, DECODE",
    "f42_no_fragments, PIXEL_LENGTH",
    "f43_bot_out_of_range, DECODE",
    "f45_rle_16_segments, DECODE"
  })
  void damaged_pixels_are_refused(String file, String code) {
    assertThatThrownBy(
            () ->
                Frames.of(
                        DicomFile.read(
                            new FileSource(RealData.path("dicom/faults/" + file + ".dcm"))))
                    .frame(0))
        .asInstanceOf(type(InvalidStudyException.class))
        .extracting(InvalidStudyException::code)
        .isEqualTo(code);
  }

  /** Five bits a row; the last byte of a frame has bits to spare, and the next frame a new byte. */
  private static final int[] BITS = {1, 0, 1, 1, 0, 0, 1, 0, 1, 1};

  /** The same bits from the lowest of each byte on. */
  private static final byte[] PACKED = {(byte) 0b01001101, 0b11};

  private static Frames bits(String syntax, byte[] packed) throws IOException {
    return Frames.of(
        image(syntax, 2, 5, 1)
            .header(0x7fe00010, "OB", 0xffffffffL)
            .item(new byte[0])
            .item(packed)
            .end()
            .read());
  }

  @Test
  void bits_in_rle_are_read_byte_by_byte() throws IOException {
    byte[] rle = new byte[68];
    rle[0] = 1;
    rle[4] = 64;
    rle[64] = 1; // two bytes as they are
    rle[65] = PACKED[0];
    rle[66] = PACKED[1];

    assertThat(bits("1.2.840.10008.1.2.5", rle).frame(0).values()).isEqualTo(BITS);
    rle[64] = 0; // one byte is not enough
    rle[66] = (byte) -128;
    rle[67] = (byte) -128;
    assertRefused(bits("1.2.840.10008.1.2.5", rle), "DECODE");
  }

  @Test
  void bits_in_deflated_frames_are_read_and_damaged_ones_refused() throws IOException {
    // RFC 1951: one stored block of two bytes
    byte[] stored = {1, 2, 0, (byte) 0xfd, (byte) 0xff, PACKED[0], PACKED[1], 0};
    byte[] cut = {1, 2, 0, (byte) 0xfd, (byte) 0xff, PACKED[0]};
    byte[] damaged = {7, 7, 7, 7};

    assertThat(bits("1.2.840.10008.1.2.8.1", stored).frame(0).values()).isEqualTo(BITS);
    assertRefused(bits("1.2.840.10008.1.2.8.1", cut), "DECODE");
    assertRefused(bits("1.2.840.10008.1.2.8.1", damaged), "DECODE");
  }

  @Test
  void an_rle_offset_outside_the_frame_is_refused() throws IOException {
    byte[] rle = new byte[80];
    ByteBuffer.wrap(rle)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(0, 2)
        .putInt(4, 64)
        .putInt(8, 0x7fffffff);
    Frames frames =
        Frames.of(
            image("1.2.840.10008.1.2.5", 4, 4, 16)
                .header(0x7fe00010, "OB", 0xffffffffL)
                .item(new byte[0])
                .item(rle)
                .end()
                .read());

    assertRefused(frames, "DECODE");
  }

  @Test
  void a_piece_of_two_gigabytes_is_refused_before_it_is_read() {
    byte[] bytes =
        image("1.2.840.10008.1.2.5", 4, 4, 16)
            .header(0x7fe00010, "OB", 0xffffffffL)
            .item(new byte[0])
            .raw((byte) 0xfe, (byte) 0xff, (byte) 0, (byte) 0xe0)
            .raw((byte) 0xf0, (byte) 0xff, (byte) 0xff, (byte) 0x7f, (byte) 1, (byte) 2)
            .toArray();

    assertThatThrownBy(() -> DicomBytes.read(bytes)).hasMessageContaining("(FFFE,E000)");
  }

  @Test
  void rows_and_frames_that_the_file_cannot_hold_are_refused() {
    assertThatThrownBy(
            () ->
                Frames.of(
                    image("1.2.840.10008.1.2.1", 65535, 65535, 16)
                        .text(0x00280008, "IS", "2000000000")
                        .shorts(0x7fe00010, "OW", 1)
                        .read()))
        .isInstanceOf(InvalidStudyException.class);
  }

  @Test
  void pixels_in_several_pieces_are_put_together_by_offset_or_by_mark() throws IOException {
    byte[] first = {(byte) 0xff, (byte) 0xd8, 1};
    byte[] second = {2};
    byte[] third = {(byte) 0xff, (byte) 0xd8, 3};
    for (byte[] table : new byte[][] {{}, {0, 0, 0, 0, 20, 0, 0, 0}, {9, 9, 9, 9}}) {
      DicomFile file =
          image("1.2.840.10008.1.2.4.70", 4, 4, 16)
              .header(0x7fe00010, "OB", 0xffffffffL)
              .item(table)
              .item(first)
              .item(second)
              .item(third)
              .end()
              .read();
      Fragments fragments =
          Fragments.of(
              (dev.lss.dicom.data.Element.Fragments)
                  file.data().element(dev.lss.dicom.data.Tag.PIXEL_DATA).orElseThrow().value(),
              2,
              "test");

      assertThat(fragments.frame(0)).containsExactly(0xff, 0xd8, 1, 2);
      assertThat(fragments.frame(1)).containsExactly(0xff, 0xd8, 3);
    }
  }

  @Test
  void every_byte_of_a_jpeg_may_be_wrong_without_breaking_the_decoder() throws IOException {
    byte[] file =
        java.nio.file.Files.readAllBytes(
            RealData.path("dicom/samples/MR_small_jpeg_ls_lossless.dcm"));
    int begin = file.length - 4500;
    IntStream.range(0, 300)
        .forEach(
            n -> {
              byte[] damaged = file.clone();
              damaged[begin + n * 13] ^= (byte) (1 << n % 8);
              try {
                assertThat(Frames.of(DicomBytes.read(damaged)).frame(0).values()).hasSize(4096);
              } catch (InvalidStudyException e) {
                assertThat(e.code()).isIn("DECODE", "CORRUPT", "TRUNCATED", "PIXEL_LENGTH");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }
}
