package dev.lss.dicom.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.lss.api.InvalidStudyException;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DicomFileTest {

  private static final String EXPLICIT = "1.2.840.10008.1.2.1";

  private static DicomFile read(String relative) throws IOException {
    return DicomFile.read(new FileSource(RealData.path("dicom/" + relative)));
  }

  private static void assertRefused(byte[] bytes, String code) {
    assertThatThrownBy(() -> DicomBytes.read(bytes))
        .asInstanceOf(type(InvalidStudyException.class))
        .extracting(InvalidStudyException::code)
        .isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "f01_empty, NOT_DICOM",
    "f02_131bytes, NOT_DICOM",
    "f04_trunc_100, TRUNCATED",
    "f04_trunc_500, TRUNCATED",
    "f04_trunc_999, TRUNCATED",
    "f05_text, NOT_DICOM",
    "f08_huge_vl_ob, TRUNCATED",
    "f10_huge_vl_implicit, TRUNCATED",
    "f11_nest_000300, NESTING_LIMIT",
    "f11_nest_002000, NESTING_LIMIT",
    "f12_unterminated_sq, TRUNCATED",
    "f13_deflate_bomb_256MiB, INFLATE_LIMIT",
    "f15_deflate_truncated, CORRUPT_DEFLATE",
    "f46_unknown_ts, UNSUPPORTED_TRANSFER_SYNTAX"
  })
  void a_damaged_file_is_refused_within_two_seconds(String file, String code) {
    Path path = RealData.path("dicom/faults/" + file + ".dcm");

    Assertions.assertTimeout(
        Duration.ofSeconds(2),
        () ->
            assertThatThrownBy(() -> DicomFile.read(new FileSource(path)))
                .hasMessageContaining(file)
                .asInstanceOf(type(InvalidStudyException.class))
                .extracting(InvalidStudyException::code)
                .isEqualTo(code));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"f07_meta_len_huge", "f11_nest_000016", "f34_name_traversal", "f36_charset_bad"})
  void what_is_only_odd_is_read(String file) throws IOException {
    assertThat(read("faults/" + file + ".dcm").syntax().uid()).startsWith("1.2.840.10008.1.2");
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
  void attributes_are_the_same_in_every_transfer_syntax(String file) throws IOException {
    DataSet expected = read("samples/MR_small.dcm").data();

    DataSet actual = read("samples/" + file + ".dcm").data();

    assertThat(actual.integer(Tag.ROWS)).hasValue(64);
    assertThat(actual.numbers(Tag.IMAGE_POSITION_PATIENT))
        .isEqualTo(expected.numbers(Tag.IMAGE_POSITION_PATIENT))
        .hasSize(3);
    assertThat(actual.numbers(Tag.PIXEL_SPACING)).isEqualTo(expected.numbers(Tag.PIXEL_SPACING));
    assertThat(actual.texts(Tag.IMAGE_TYPE)).containsExactly("DERIVED", "SECONDARY", "OTHER");
  }

  @ParameterizedTest
  @ValueSource(strings = {"image_dfl", "UN_sequence", "nested_priv_SQ", "emri_small", "liver"})
  void unusual_but_valid_files_are_read(String file) throws IOException {
    assertThat(read("samples/" + file + ".dcm").syntax()).isNotNull();
  }

  @Test
  void a_data_set_without_preamble_and_meta_information_is_recognised() throws IOException {
    DicomFile file =
        DicomBytes.set().text(0x00080005, "CS", "ISO_IR 100").shorts(0x00280010, "US", 5).read();

    assertThat(file.data().integer(Tag.ROWS)).hasValue(5);
  }

  @Test
  void functional_groups_are_items_in_items() throws IOException {
    DataSet data = read("samples/eCT_Supplemental.dcm").data();

    assertThat(data.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS)).hasSize(2);
    assertThat(
            data.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS)
                .get(0)
                .item(Tag.PLANE_POSITION)
                .orElseThrow()
                .numbers(Tag.IMAGE_POSITION_PATIENT))
        .hasSize(3);
  }

  @Test
  void a_file_that_ends_anywhere_is_refused_and_never_breaks_the_reader() throws IOException {
    byte[] whole = Files.readAllBytes(RealData.path("dicom/samples/MR_small.dcm"));

    for (int length = 132; length < 1700; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      try {
        DicomBytes.read(cut);
      } catch (InvalidStudyException e) {
        assertThat(e.code()).isIn("TRUNCATED", "CORRUPT");
      }
    }
  }

  @Test
  void the_preamble_alone_is_cut_off() {
    byte[] preamble = new byte[132];
    System.arraycopy(new byte[] {'D', 'I', 'C', 'M'}, 0, preamble, 128, 4);

    assertRefused(preamble, "TRUNCATED");
  }

  @Test
  void sequences_may_lie_64_deep_and_no_deeper() throws IOException {
    assertThat(DicomBytes.read(nested(64)).data().size()).isEqualTo(1);
    assertRefused(nested(65), "NESTING_LIMIT");
    assertRefused(nested(100_000), "NESTING_LIMIT");
  }

  private static byte[] nested(int depth) {
    DicomBytes bytes = DicomBytes.file(EXPLICIT);
    byte[] begin =
        DicomBytes.set()
            .header(0x0040a730, "SQ", 0xffffffffL)
            .raw((byte) 0xfe, (byte) 0xff, (byte) 0, (byte) 0xe0)
            .raw((byte) -1, (byte) -1, (byte) -1, (byte) -1)
            .toArray();
    byte[] end = {
      (byte) 0xfe,
      (byte) 0xff,
      0x0d,
      (byte) 0xe0,
      0,
      0,
      0,
      0,
      (byte) 0xfe,
      (byte) 0xff,
      (byte) 0xdd,
      (byte) 0xe0,
      0,
      0,
      0,
      0
    };
    for (int n = 0; n < depth; n++) {
      bytes.raw(begin);
    }
    for (int n = 0; n < depth; n++) {
      bytes.raw(end);
    }
    return bytes.toArray();
  }

  @Test
  void a_length_of_four_gigabytes_allocates_nothing() {
    byte[] bytes =
        DicomBytes.file(EXPLICIT).header(0x00091001, "OB", 0xfffffffeL).raw(new byte[4]).toArray();

    assertRefused(bytes, "TRUNCATED");
  }

  @Test
  void another_byte_order_or_encoding_than_the_one_named_is_refused() {
    byte[] set = DicomBytes.set().text(0x00080005, "CS", "ISO_IR 100").toArray();

    assertRefused(DicomBytes.file("1.2.840.10008.1.2.2").raw(set).toArray(), "CORRUPT");
    assertRefused(DicomBytes.file("1.2.840.10008.1.2").raw(set).toArray(), "CORRUPT");
  }

  @Test
  void deflated_garbage_is_refused() {
    byte[] garbage = new byte[4096];
    Arrays.fill(garbage, (byte) 0xa7);

    assertRefused(
        DicomBytes.file("1.2.840.10008.1.2.1.99").raw(garbage).toArray(), "CORRUPT_DEFLATE");
  }

  @Test
  void a_sequence_written_as_unknown_is_implicit_inside() throws IOException {
    byte[] implicit = {
      (byte) 0xfe,
      (byte) 0xff,
      0,
      (byte) 0xe0,
      12,
      0,
      0,
      0,
      0x20,
      0,
      0x32,
      0,
      4,
      0,
      0,
      0,
      '1',
      '\\',
      '2',
      ' '
    };

    DataSet data = DicomBytes.file(EXPLICIT).bytes(0x00209113, "UN", implicit).read().data();

    assertThat(data.item(Tag.PLANE_POSITION).orElseThrow().numbers(Tag.IMAGE_POSITION_PATIENT))
        .containsExactly(1, 2);
  }

  @Test
  void odd_lengths_trailing_padding_and_trailing_zeros_are_read() throws IOException {
    DataSet data =
        DicomBytes.file(EXPLICIT)
            .bytes(0x00080060, "CS", new byte[] {'M', 'R', ' '})
            .shorts(0x00280010, "US", 7)
            .bytes(0xfffcfffc, "OB", new byte[10])
            .raw(new byte[13])
            .read()
            .data();

    assertThat(data.text(Tag.MODALITY)).hasValue("MR");
    assertThat(data.integer(Tag.ROWS)).hasValue(7);
  }

  @Test
  void zeros_with_something_behind_them_are_refused_at_once() {
    byte[] zeros = new byte[1 << 20];
    zeros[zeros.length - 1] = 1;

    Assertions.assertTimeout(
        Duration.ofSeconds(2),
        () -> assertRefused(DicomBytes.file(EXPLICIT).raw(zeros).toArray(), "CORRUPT"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "NaN", "0x10", "1d", "1,5", "--1"})
  void text_that_is_no_decimal_number_is_nan(String text) throws IOException {
    DataSet data = DicomBytes.file(EXPLICIT).text(0x00281053, "DS", text).read().data();

    assertThat(data.number(Tag.RESCALE_SLOPE)).hasValue(Double.NaN);
  }

  @Test
  void descriptions_are_in_the_character_set_that_is_named() throws IOException {
    DataSet data =
        DicomBytes.file(EXPLICIT)
            .text(0x00080005, "CS", "ISO_IR 192")
            .bytes(
                0x0008103e, "LO", "Wirbelsäule".getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .read()
            .data();

    assertThat(data.text(Tag.SERIES_DESCRIPTION)).hasValue("Wirbelsäule");
    assertThat(data.knowsItsCharacters()).isTrue();
    assertThat(
            DicomBytes.file(EXPLICIT)
                .text(0x00080005, "CS", "ISO_IR 999")
                .read()
                .data()
                .knowsItsCharacters())
        .isFalse();
  }

  @Test
  void messages_show_no_value() {
    byte[] bytes =
        DicomBytes.file(EXPLICIT)
            .text(0x00100020, "LO", "CANARY4711")
            .header(0x00100010, "PN", 60_000)
            .raw("CANARY^NAME".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
            .toArray();

    assertThatThrownBy(() -> DicomBytes.read(bytes)).message().doesNotContain("CANARY");
  }
}
