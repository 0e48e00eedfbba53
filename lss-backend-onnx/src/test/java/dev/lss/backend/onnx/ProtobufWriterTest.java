package dev.lss.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The examples of the protobuf encoding guide, and the cases that go wrong easily. */
class ProtobufWriterTest {

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void an_integer_takes_seven_bits_a_byte() {
    assertThat(new ProtobufWriter().integer(1, 150).toByteArray())
        .isEqualTo(bytes(0x08, 0x96, 0x01));
  }

  @Test
  void a_negative_integer_takes_ten_bytes() {
    assertThat(new ProtobufWriter().integer(1, -1).toByteArray())
        .isEqualTo(bytes(0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01));
  }

  @Test
  void a_string_has_its_length_in_front() {
    assertThat(new ProtobufWriter().string(2, "testing").toByteArray())
        .isEqualTo(bytes(0x12, 0x07, 't', 'e', 's', 't', 'i', 'n', 'g'));
  }

  @Test
  void a_float_is_little_endian() {
    assertThat(new ProtobufWriter().floating(2, 1f).toByteArray())
        .isEqualTo(bytes(0x15, 0x00, 0x00, 0x80, 0x3F));
  }

  @Test
  void a_field_number_from_16_takes_two_bytes() {
    assertThat(new ProtobufWriter().integer(20, 7).toByteArray())
        .isEqualTo(bytes(0xA0, 0x01, 0x07));
  }

  @Test
  void a_message_inside_a_message_keeps_the_order_of_fields() {
    ProtobufWriter inner = new ProtobufWriter().integer(1, 1).bytes(2, bytes(9)).integer(3, 3);

    ProtobufWriter outer = new ProtobufWriter().integer(1, 5).message(3, inner).integer(4, 6);

    assertThat(outer.toByteArray())
        .isEqualTo(bytes(0x08, 5, 0x1A, 7, 0x08, 1, 0x12, 1, 9, 0x18, 3, 0x20, 6));
    assertThat(outer.size()).isEqualTo(13);
  }
}
