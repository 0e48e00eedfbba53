package dev.lss.core.nnunet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ModelException;
import dev.lss.core.io.HalfFloat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointReaderTest {

  @TempDir Path dir;

  private static byte[] floats(float... values) {
    ByteBuffer bytes = PickleBytes.little(4 * values.length);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private Checkpoint read(byte[] pickle, byte[] storage) throws IOException {
    return CheckpointReader.read(ZipBytes.checkpoint(dir, pickle, storage));
  }

  private void refused(byte[] pickle, String code, String message) {
    assertThatThrownBy(() -> read(pickle, floats(1, 2, 3, 4, 5, 6)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((ModelException) e).code())
        .isEqualTo(code);
  }

  private static long[] of(long... values) {
    return values;
  }

  @Test
  void a_tensor_is_read_in_c_order() throws IOException {
    Checkpoint checkpoint =
        read(
            PickleBytes.withTensor("FloatStorage", 6, 0, of(2, 3), of(3, 1)),
            floats(1, 2, 3, 4, 5, 6));

    assertThat(checkpoint.weights().names()).containsExactly("w");
    assertThat(checkpoint.weights().shape("w")).isEqualTo(List.of(2, 3));
    assertThat(checkpoint.weights().values("w")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(checkpoint.mirrorAxes()).isEmpty();
    assertThat(checkpoint.trainer()).isEmpty();
  }

  @Test
  void a_transposed_view_is_gathered_by_its_strides() throws IOException {
    Checkpoint checkpoint =
        read(
            PickleBytes.withTensor("FloatStorage", 6, 0, of(3, 2), of(1, 3)),
            floats(1, 2, 3, 4, 5, 6));

    assertThat(checkpoint.weights().values("w")).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void a_view_may_begin_inside_its_storage() throws IOException {
    Checkpoint checkpoint =
        read(PickleBytes.withTensor("FloatStorage", 6, 4, of(2), of(1)), floats(1, 2, 3, 4, 5, 6));

    assertThat(checkpoint.weights().values("w")).containsExactly(5, 6);
  }

  @Test
  void half_bfloat16_and_double_become_float32() throws IOException {
    byte[] half = PickleBytes.little(2).putShort(HalfFloat.fromFloat(1.5f)).array();
    byte[] brain = PickleBytes.little(2).putShort((short) 0x3fc0).array();
    byte[] twice = PickleBytes.little(8).putDouble(0.1).array();

    assertThat(one("HalfStorage", half)).containsExactly(1.5f);
    assertThat(one("BFloat16Storage", brain)).containsExactly(1.5f);
    assertThat(one("DoubleStorage", twice)).containsExactly(0.1f);
  }

  private float[] one(String storage, byte[] bytes) throws IOException {
    return read(PickleBytes.withTensor(storage, 1, 0, of(1), of(1)), bytes).weights().values("w");
  }

  @Test
  void whole_numbers_are_no_weights() throws IOException {
    Checkpoint checkpoint =
        read(PickleBytes.withTensor("LongStorage", 1, 0, of(), of()), new byte[8]);

    assertThat(checkpoint.weights().names()).isEmpty();
  }

  @Test
  void a_pickle_that_calls_os_system_is_refused_by_name() {
    byte[] pickle =
        new PickleBytes()
            .global("posix", "system")
            .text("touch /tmp/lss-was-here")
            .raw(0x85, 'R')
            .end();

    refused(pickle, "CHECKPOINT_NOT_ALLOWED", "\"posix.system\"");
  }

  @Test
  void builtins_and_objects_are_refused_by_name() {
    refused(
        new PickleBytes().global("__builtin__", "eval").end(),
        "CHECKPOINT_NOT_ALLOWED",
        "\"__builtin__.eval\"");
    refused(
        new PickleBytes().raw(')', 0x81).end(),
        "CHECKPOINT_NOT_ALLOWED",
        "the pickle instruction 0x81");
    refused(new PickleBytes().raw('i').end(), "CHECKPOINT_NOT_ALLOWED", "0x69");
  }

  @Test
  void a_text_cannot_be_called() {
    refused(
        new PickleBytes().text("os.system").raw(')', 'R').end(),
        "CHECKPOINT_NOT_ALLOWED",
        "calling a value");
  }

  @Test
  void state_of_anything_but_a_dict_is_refused() {
    refused(
        new PickleBytes().text("x").raw('}', 'b').end(),
        "CHECKPOINT_NOT_ALLOWED",
        "setting the state of a String");
  }

  @Test
  void other_protocols_are_refused() throws IOException {
    refused(new byte[] {(byte) 0x80, 4, '.'}, "CHECKPOINT_NOT_ALLOWED", "pickle protocol 4");
  }

  @Test
  void ten_to_the_twelve_values_are_refused_before_memory_is_taken() {
    long huge = 1_000_000_000_000L;

    refused(
        PickleBytes.withTensor("FloatStorage", huge, 0, of(1_000_000, 1_000_000), of(1_000_000, 1)),
        "BAD_CHECKPOINT",
        "is not possible");
    refused(
        PickleBytes.withTensor("FloatStorage", huge, 0, of(6), of(1)),
        "BAD_CHECKPOINT",
        "claims a storage of 1000000000000 values, the file holds 24 bytes");
    refused(
        PickleBytes.withTensor("FloatStorage", 6, 0, of(huge), of(1)),
        "BAD_CHECKPOINT",
        "from 0 to 2147483647, was 1000000000000");
  }

  @Test
  void a_view_beyond_its_storage_is_refused() {
    refused(
        PickleBytes.withTensor("FloatStorage", 6, 1, of(6), of(1)),
        "BAD_CHECKPOINT",
        "does not fit in a storage of 6 values");
    refused(
        PickleBytes.withTensor("FloatStorage", 6, 0, of(100), of(0)),
        "BAD_CHECKPOINT",
        "does not fit in a storage of 6 values");
  }

  @Test
  void a_truncated_file_is_refused() throws IOException {
    byte[] whole =
        Files.readAllBytes(
            ZipBytes.checkpoint(
                dir,
                PickleBytes.withTensor("FloatStorage", 6, 0, of(6), of(1)),
                floats(1, 2, 3, 4, 5, 6)));
    for (int length : new int[] {0, 3, 40, 200, whole.length - 1}) {
      Path cut = Files.write(dir.resolve("cut.pth"), Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> CheckpointReader.read(cut))
          .as("%d bytes", length)
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("cut.pth cannot be read as a checkpoint");
    }
  }

  @Test
  void a_truncated_pickle_is_refused() {
    byte[] whole = PickleBytes.withTensor("FloatStorage", 6, 0, of(6), of(1));
    for (int length = 0; length < whole.length; length++) {
      refused(Arrays.copyOf(whole, length), "BAD_CHECKPOINT", "truncated");
    }
  }

  @Test
  void a_plain_pickle_is_refused_with_a_way_out() throws IOException {
    Path plain = Files.write(dir.resolve("model_final.model"), new PickleBytes().raw('}').end());

    assertThatThrownBy(() -> CheckpointReader.read(plain))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("plain pickles")
        .hasMessageContaining("save them once with a newer PyTorch");
  }

  @Test
  void paths_that_leave_the_folder_are_refused() throws IOException {
    for (String name : List.of("archive/../../etc/passwd", "/etc/passwd", "archive/..\\x", "x")) {
      Path slip =
          Files.write(
              dir.resolve("slip.pth"),
              new ZipBytes().entry("archive/data.pkl", new byte[1]).entry(name, new byte[1]).end());

      assertThatThrownBy(() -> CheckpointReader.read(slip))
          .as(name)
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("would lie outside its folder");
    }
  }

  @Test
  void values_that_hold_themselves_do_no_harm() {
    // l = []; l.append(l); {"network_weights": {}, "init_args": {"l": l}}
    byte[] pickle =
        new PickleBytes()
            .raw('}', '(')
            .text("network_weights")
            .raw('}')
            .text("init_args")
            .raw('}')
            .text("l")
            .raw(']', 'q', 0, 'h', 0, 'a')
            .raw('s', 'u')
            .end();

    refused(pickle, "BAD_CHECKPOINT", "init_args may be 32 deep");
  }

  @Test
  void a_list_that_is_given_again_and_again_counts_every_time() {
    // 100,000 numbers in 200 kB, given to a function a hundred times.
    PickleBytes again = new PickleBytes().raw(']', 'q', 0, '(');
    for (int i = 0; i < 100_000; i++) {
      again.raw('K', 1);
    }
    again.raw('e');
    for (int i = 0; i < 100; i++) {
      again.global("torch", "Size").raw('h', 0, 0x85, 'R');
    }
    refused(again.end(), "BAD_CHECKPOINT", "it holds more than 1000000 values");
  }

  @Test
  void remembering_counts_too() {
    ByteBuffer pickle = PickleBytes.little(3 + 5 * 1_000_000).put(new byte[] {(byte) 0x80, 2, 'N'});
    for (int i = 0; i < 1_000_000; i++) {
      pickle.put((byte) 'r').putInt(i);
    }

    refused(pickle.array(), "BAD_CHECKPOINT", "it holds more than 1000000 values");
  }

  @Test
  void a_device_has_a_short_name_and_a_numpy_number_few_bytes() {
    refused(
        new PickleBytes().global("torch", "device").text("x".repeat(33)).raw(0x85, 'R').end(),
        "BAD_CHECKPOINT",
        "may have 32 characters, has 33");
    refused(
        new PickleBytes()
            .global("numpy.core.multiarray", "scalar")
            .global("numpy", "dtype")
            .text("f8")
            .raw(0x85, 'R')
            .global("_codecs", "encode")
            .text("123456789")
            .text("latin1")
            .raw(0x86, 'R', 0x86, 'R')
            .end(),
        "BAD_CHECKPOINT",
        "a NumPy scalar has 1 to 8 bytes");
  }

  @Test
  void a_long_text_given_as_bytes_again_and_again_is_not_copied() {
    PickleBytes again = new PickleBytes().text("x".repeat(1 << 20)).raw('q', 0);
    for (int i = 0; i < 10_000; i++) {
      again.global("_codecs", "encode").raw('h', 0).text("latin1").raw(0x86, 'R');
    }

    refused(again.end(), "BAD_CHECKPOINT", "it leaves 10001 values");
  }

  @Test
  void arrays_paths_and_default_dicts_are_read_and_inert() throws Exception {
    Checkpoint checkpoint =
        CheckpointReader.read(
            Path.of(CheckpointReaderTest.class.getResource("odd-values.pth").toURI()));

    assertThat(checkpoint.configuration()).contains("3d_fullres");
    assertThat(checkpoint.mirrorAxes()).containsExactly(0, 1);
    assertThat(checkpoint.weights().names()).containsExactlyInAnyOrder("encoder.w", "b");
    assertThat(checkpoint.weights().values("encoder.w")).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(checkpoint.weights().values("b")).containsExactly(1);
    assertThat(checkpoint.initArguments())
        .containsEntry("folder", "/data/results")
        .containsEntry("lists", Map.of("a", List.of(1L)))
        .containsEntry("array", Optional.empty())
        .containsEntry("objects", Optional.empty())
        .containsEntry("frozen", Set.of(1L, 2L))
        .containsEntry("size", List.of(1L, 2L));
  }

  @Test
  void what_a_default_dict_would_make_is_never_called() {
    refused(
        new PickleBytes().global("__builtin__", "list").raw(']', 0x85, 'R').end(),
        "BAD_CHECKPOINT",
        "__builtin__.list: it is only named, not called");
  }

  @Test
  void an_alias_may_lie_elsewhere_with_the_same_values() throws IOException {
    byte[] pickle =
        new PickleBytes()
            .raw('}', '(')
            .text("network_weights")
            .raw('}', '(')
            .text("encoder.w")
            .tensor("FloatStorage", 6, 0, of(2), of(1))
            .text("decoder.encoder.w")
            .tensor("FloatStorage", 6, 2, of(2), of(2))
            .raw('u', 'u')
            .end();

    assertThat(read(pickle, floats(1, 2, 1, 9, 2, 9)).weights().names())
        .containsExactly("encoder.w");
    refused(pickle, "BAD_CHECKPOINT", "must hold the values of encoder.w");
  }

  @Test
  void aliases_that_would_be_compared_for_ever_are_refused() throws IOException {
    PickleBytes pickle = new PickleBytes().raw('}', '(').text("network_weights").raw('}', '(');
    for (int n = 0; n < 1000; n++) {
      pickle.text("encoder.w" + n).tensor("FloatStorage", 1 << 20, 0, of((1 << 20) - 1), of(1));
      pickle
          .text("decoder.encoder.w" + n)
          .tensor("FloatStorage", 1 << 20, 1, of((1 << 20) - 1), of(1));
    }

    assertThatThrownBy(() -> read(pickle.raw('u', 'u').end(), new byte[4 << 20]))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the aliases among its tensors are larger than the file");
  }

  @Test
  void prefixes_without_end_are_dropped_or_the_name_refused() throws IOException {
    assertThat(read(named("module.".repeat(100) + "w"), floats(1)).weights().names())
        .containsExactly("w");
    refused(
        named("module._orig_mod.".repeat(100_000)),
        "BAD_CHECKPOINT",
        "a name may have 1000 characters");
  }

  private static byte[] named(String name) {
    return new PickleBytes()
        .raw('}', '(')
        .text("network_weights")
        .raw('}', '(')
        .text(name)
        .tensor("FloatStorage", 1, 0, of(1), of(1))
        .raw('u', 'u')
        .end();
  }

  @Test
  void sizes_strides_and_offsets_at_their_limits_are_refused() {
    long[] extremes = {
      -1, 7, Integer.MAX_VALUE, 1L << 31, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE
    };
    for (long extreme : extremes) {
      for (byte[] pickle :
          List.of(
              PickleBytes.withTensor("FloatStorage", 6, 0, of(2, extreme), of(1, 1)),
              PickleBytes.withTensor("FloatStorage", 6, 0, of(2, 2), of(extreme, 1)),
              PickleBytes.withTensor("FloatStorage", 6, extreme, of(2), of(1)),
              PickleBytes.withTensor("FloatStorage", extreme, 0, of(2, 4), of(4, 1)))) {
        assertThatThrownBy(() -> read(pickle, floats(1, 2, 3, 4, 5, 6)))
            .isInstanceOf(ModelException.class)
            .extracting(e -> ((ModelException) e).code())
            .isEqualTo("BAD_CHECKPOINT");
      }
    }
  }

  @Test
  void damaged_values_are_refused_when_they_are_asked_for() throws IOException {
    Path file =
        ZipBytes.checkpoint(
            dir, PickleBytes.withTensor("FloatStorage", 1, 0, of(1), of(1)), floats(0x1.23456p0f));
    byte[] bytes = Files.readAllBytes(file);
    byte[] value = floats(0x1.23456p0f);
    int at = 0;
    while (!Arrays.equals(bytes, at, at + 4, value, 0, 4)) {
      at++;
    }
    bytes[at] ^= 1;
    Checkpoint checkpoint = CheckpointReader.read(Files.write(file, bytes));

    assertThatThrownBy(() -> checkpoint.weights().values("w"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("\"data/0\" is damaged: its CRC-32 is wrong");
  }

  @Test
  void a_list_cannot_be_a_key() {
    refused(
        new PickleBytes().raw('}', ']', 'N', 's').end(), "BAD_CHECKPOINT", "a key must be a text");
  }

  @Test
  void prefixes_of_compiled_and_parallel_networks_are_dropped() throws IOException {
    byte[] pickle =
        new PickleBytes()
            .raw('}', '(')
            .text("network_weights")
            .raw('}', '(')
            .text("module._orig_mod.w")
            .tensor("FloatStorage", 6, 0, of(6), of(1))
            .raw('u', 'u')
            .end();

    assertThat(read(pickle, floats(1, 2, 3, 4, 5, 6)).weights().names()).containsExactly("w");
  }

  @Test
  void an_alias_with_other_values_is_refused() {
    byte[] pickle =
        new PickleBytes()
            .raw('}', '(')
            .text("network_weights")
            .raw('}', '(')
            .text("encoder.w")
            .tensor("FloatStorage", 6, 0, of(3), of(1))
            .text("decoder.encoder.w")
            .tensor("FloatStorage", 6, 3, of(3), of(1))
            .raw('u', 'u')
            .end();

    refused(pickle, "BAD_CHECKPOINT", "decoder.encoder.w must hold the values of encoder.w");
  }

  @Test
  void a_checkpoint_of_something_else_is_refused() {
    refused(new PickleBytes().raw('}').end(), "BAD_CHECKPOINT", "no network_weights");
  }
}
