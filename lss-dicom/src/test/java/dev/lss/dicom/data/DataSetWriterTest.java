package dev.lss.dicom.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSetWriterTest {

  private static byte[] written(NewDataSet data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    data.text(Tag.SOP_CLASS_UID, "1.2.3").text(Tag.SOP_INSTANCE_UID, "2.25.7");
    DataSetWriter.write(data, StandardCharsets.UTF_8, out);
    return out.toByteArray();
  }

  @Test
  void bytes_are_those_of_the_standard() throws IOException {
    byte[] file = written(new NewDataSet().integers(Tag.ROWS, 0x1234).text(Tag.MODALITY, "SEG"));

    byte[] expected =
        DicomBytes.set()
            .raw(new byte[128])
            .raw("DICM".getBytes(StandardCharsets.US_ASCII))
            // 14 + 14 + 14 + 28 + 52 + 12: version, class, instance, syntax, implementation, name
            .bytes(0x00020000, "UL", new byte[] {(byte) 134, 0, 0, 0})
            .bytes(0x00020001, "OB", new byte[] {0, 1})
            .text(0x00020002, "UI", "1.2.3")
            .text(0x00020003, "UI", "2.25.7")
            .text(0x00020010, "UI", "1.2.840.10008.1.2.1")
            .text(0x00020012, "UI", "2.25.282835680698868142019752938986779377524")
            .text(0x00020013, "SH", "LSS")
            .text(0x00080016, "UI", "1.2.3")
            .text(0x00080018, "UI", "2.25.7")
            .text(0x00080060, "CS", "SEG")
            .shorts(0x00280010, "US", 0x1234)
            .toArray();
    assertThat(file).isEqualTo(expected);
  }

  @Test
  void what_was_written_reads_as_it_was_set() throws IOException {
    NewDataSet inner = new NewDataSet().integers(Tag.REFERENCED_SEGMENT_NUMBER, 65535);
    DicomFile file =
        DicomBytes.read(
            written(
                new NewDataSet()
                    .text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 192")
                    .text(Tag.SEGMENT_LABEL, "Rückenmuskel")
                    .text(Tag.IMAGE_TYPE, "DERIVED", "PRIMARY")
                    .text(Tag.CONTENT_CREATOR_NAME)
                    .decimals(Tag.PIXEL_SPACING, 0.7, 1.0 / 3)
                    .integers(Tag.DIMENSION_INDEX_VALUES, 1, 70000)
                    .integers(Tag.NUMBER_OF_FRAMES, 8)
                    .items(
                        Tag.PER_FRAME_FUNCTIONAL_GROUPS,
                        new NewDataSet().items(Tag.SEGMENT_IDENTIFICATION, inner),
                        new NewDataSet())
                    .pointers(Tag.DIMENSION_INDEX_POINTER, Tag.IMAGE_POSITION_PATIENT)
                    .bulk(Tag.PIXEL_DATA, Vr.OB, 3, out -> out.write(new byte[] {1, 2, 3}))));

    DataSet data = file.data();
    assertThat(file.syntax().uid()).isEqualTo("1.2.840.10008.1.2.1");
    assertThat(data.text(Tag.SEGMENT_LABEL)).contains("Rückenmuskel");
    assertThat(data.texts(Tag.IMAGE_TYPE)).containsExactly("DERIVED", "PRIMARY");
    assertThat(data.has(Tag.CONTENT_CREATOR_NAME)).isFalse();
    assertThat(data.element(Tag.CONTENT_CREATOR_NAME)).isPresent();
    assertThat(data.texts(Tag.PIXEL_SPACING)).containsExactly("0.7", "0.33333333333333");
    assertThat(data.numbers(Tag.DIMENSION_INDEX_VALUES)).containsExactly(1, 70000);
    assertThat(data.integer(Tag.NUMBER_OF_FRAMES)).hasValue(8);
    assertThat(data.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS)).hasSize(2);
    assertThat(
            data.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS)
                .get(0)
                .item(Tag.SEGMENT_IDENTIFICATION)
                .orElseThrow()
                .integer(Tag.REFERENCED_SEGMENT_NUMBER))
        .hasValue(65535);
    assertThat(data.raw(Tag.DIMENSION_INDEX_POINTER)).containsExactly(0x20, 0, 0x32, 0);
    assertThat(data.raw(Tag.PIXEL_DATA)).containsExactly(1, 2, 3, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "2, 2",
    "0.234375, 0.234375",
    "-123.45678901234, -123.45678901234",
    "0.12345678901234567, 0.12345678901235",
    "-0.12345678901234567, -0.1234567890123",
    "1e-7, 1.0E-7",
    "-1.2345678901234567e-200, -1.23456789e-200",
    "123456789012345680, 1.2345678901e+17"
  })
  void decimals_have_sixteen_letters_at_most(double number, String expected) {
    assertThat(NewDataSet.decimal(number)).isEqualTo(expected);
  }

  @Test
  void decimals_read_as_the_same_number_to_ten_digits() {
    Random random = new Random(3);
    for (int n = 0; n < 10_000; n++) {
      double number = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 4);

      String text = NewDataSet.decimal(number);

      assertThat(text.length()).isLessThanOrEqualTo(16);
      assertThat(Math.abs(Double.parseDouble(text) - number))
          .isLessThanOrEqualTo(1e-9 * Math.abs(number));
    }
  }

  @Test
  void texts_that_an_attribute_cannot_hold_are_refused_or_cut() {
    NewDataSet data = new NewDataSet();
    String tooLong = "ä".repeat(65);

    assertThatIllegalArgumentException().isThrownBy(() -> data.text(Tag.SEGMENT_LABEL, tooLong));
    assertThatIllegalArgumentException().isThrownBy(() -> data.text(Tag.SEGMENT_LABEL, "a\\b"));
    assertThatIllegalArgumentException().isThrownBy(() -> data.text(Tag.MODALITY, "S\nEG"));
    assertThat(NewDataSet.fitting(Tag.SEGMENT_LABEL, tooLong)).isEqualTo("ä".repeat(64));
    assertThat(NewDataSet.fitting(Tag.SEGMENT_LABEL, "a\\b\u0000c")).isEqualTo("a b c");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> data.decimals(Tag.PIXEL_SPACING, 0.0 / 0));
  }

  @Test
  void uids_have_the_form_of_the_standard_and_those_of_a_name_stay() {
    assertThat(Uids.random()).matches("2\\.25\\.[1-9][0-9]{30,38}").isNotEqualTo(Uids.random());
    assertThat(Uids.ofName("a")).isEqualTo(Uids.ofName("a")).isNotEqualTo(Uids.ofName("b"));
    assertThat(Arrays.asList("", "1..2", "1.2.", "a", "1.2 ", "1".repeat(65)))
        .noneMatch(Uids::isOne);
    assertThat(Uids.isOne("1.2.840.10008.1.2")).isTrue();
  }

  @Test
  void attributes_of_the_patient_are_kept_only_when_asked_for() throws IOException {
    byte[] file =
        written(new NewDataSet().text(Tag.PATIENT_NAME, "A^B").text(Tag.STUDY_DATE, "20200101"));

    assertThat(DicomBytes.read(file).data().element(Tag.PATIENT_NAME)).isEmpty();
    assertThat(DicomBytes.read(file).data().element(Tag.STUDY_DATE)).isEmpty();
    DataSet whole = DicomFile.readWithPatient(new ArraySource("test", file)).data();
    assertThat(whole.text(Tag.PATIENT_NAME)).contains("A^B");
  }
}
