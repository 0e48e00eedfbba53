package dev.lss.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ModelException;
import dev.lss.core.model.Safetensors.Dtype;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

  @TempDir Path dir;

  private static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static Safetensors read(byte[] bytes) throws IOException {
    return Safetensors.read("w.safetensors", new ByteArrayInputStream(bytes), bytes.length);
  }

  @Test
  void a_written_file_reads_back_from_disk_and_from_a_stream() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SafetensorsWriter()
        .add("a.weight", Dtype.F32, List.of(2, 3), 1, 2, 3, 4, 5, 0.1f)
        .add("a.bias", Dtype.F16, List.of(2), 0x1p-24f, 0.1f)
        .writeTo(out);
    Path path = Files.write(dir.resolve("w.safetensors"), out.toByteArray());

    for (Safetensors weights : List.of(Safetensors.map(path), read(out.toByteArray()))) {
      assertThat(weights.names()).containsExactly("a.weight", "a.bias");
      assertThat(weights.shape("a.weight")).containsExactly(2, 3);
      assertThat(weights.values("a.weight")).containsExactly(1, 2, 3, 4, 5, 0.1f);
      assertThat(weights.dtype("a.bias")).isEqualTo(Dtype.F16);
      // The smallest half is kept; 0.1 becomes the half 0x2e66 = 1638 / 2^14.
      assertThat(weights.values("a.bias")).containsExactly(0x1p-24f, 1638 / 16384f);
    }
  }

  @Test
  void brain_floats_are_the_upper_half_of_floats() throws IOException {
    byte[] bytes = file("{\"x\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2);
    bytes[bytes.length - 2] = (byte) 0x80;
    bytes[bytes.length - 1] = (byte) 0xbf; // 0xbf800000 is -1

    assertThat(read(bytes).values("x")).containsExactly(-1f);
  }

  @Test
  void metadata_and_a_scalar_are_fine() throws IOException {
    byte[] bytes =
        file(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"x\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}  ",
            4);

    assertThat(read(bytes).names()).containsExactly("x");
    assertThat(read(bytes).values("x")).containsExactly(0f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[0,4] | [4,12] | 8 | its tensors need 12 bytes, it holds 8",
        "[0,4] | [8,16] | 16 | tensor b begins at byte 8, the one before ends at 4",
        "[0,4] | [2,10] | 12 | tensor b begins at byte 2, the one before ends at 4",
        "[0,4] | [4,12] | 13 | its tensors need 12 bytes, it holds 13",
        "[1,5] | [5,13] | 13 | tensor a begins at byte 1, the one before ends at 0",
        "[0,8] | [8,16] | 16 | F32 of [1] needs 4 bytes, the range is [0, 8]",
        "[-4,0] | [0,8] | 8 | the range is [-4, 0]",
        "[0] | [0,8] | 8 | the range is [0]",
        "[0,4] | [9223372036854775800,9223372036854775808] | 8 | wanted a whole number"
      })
  void ranges_with_gaps_overlaps_and_wrong_sizes_are_refused(
      String a, String b, int dataBytes, String message) {
    byte[] bytes =
        file(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":%s},".formatted(a)
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":%s}}".formatted(b),
            dataBytes);

    assertThatThrownBy(() -> read(bytes))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.code()).isEqualTo("MODEL_WEIGHTS"))
        .hasMessageContaining("w.safetensors")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"x\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}} | unknown dtype \"I64\" at"
            + " w.safetensors:/x/dtype; known: BF16, F16, F32",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}} | at least 1",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,4]}} | fewer than 2^31",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1]}} | missing field \"data_offsets\"",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"y\":1}} | unknown field",
        "{\"x\":1} | wanted an object at w.safetensors:/x",
        "[] | does not begin with {",
        "{\"x\" | not valid JSON"
      })
  void headers_that_say_something_else_are_refused(String header, String message) {
    assertThatThrownBy(() -> read(file(header, 8)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 1 << 20, Long.MAX_VALUE})
  void a_header_longer_than_the_file_is_refused_before_it_is_read(long length) {
    byte[] bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();

    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("header must have 2 to 56 bytes");
  }

  @Test
  void a_file_without_room_for_a_header_is_refused() {
    assertThatThrownBy(() -> read(new byte[7])).hasMessageContaining("it has 7 bytes");
  }

  @Test
  void a_stream_that_ends_early_is_an_io_error() {
    assertThatThrownBy(
            () -> Safetensors.read("w.safetensors", new ByteArrayInputStream(new byte[9]), 10))
        .isInstanceOf(EOFException.class)
        .hasMessage("w.safetensors ended after 9 of 10 bytes");
  }

  @Test
  void a_tensor_that_is_not_there_is_refused_with_what_is() throws IOException {
    Safetensors weights =
        read(file("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4));

    assertThatThrownBy(() -> weights.values("y"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("has no tensor \"y\"")
        .hasMessageContaining("[x]");
  }

  @Test
  void the_writer_refuses_a_wrong_number_of_values() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SafetensorsWriter().add("x", Dtype.F32, List.of(2), 1f))
        .withMessage("tensor x of [2] needs 2 values, got 1");
  }
}
