package dev.lss.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.backend.djl.TorchScriptTensor.Storage;
import dev.lss.spi.Precision;
import dev.lss.testkit.SampleNetwork;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchScriptArchiveTest {

  private static byte[] archive(SampleNetwork model, Target target) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NetworkToTorchScript.translate(model.network(), model.weights(), target, out);
    return out.toByteArray();
  }

  private static String code(Target target) throws IOException {
    byte[] bytes = archive(SampleNetwork.uNet(3, 4, 2), target);
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      ZipEntry entry = zip.getNextEntry();
      while (!entry.getName().endsWith(".py")) {
        entry = zip.getNextEntry();
      }
      return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void the_bytes_of_every_entry_begin_at_a_multiple_of_64() throws IOException {
    byte[] bytes = archive(SampleNetwork.uNet(3, 4, 2), Target.ANY);
    ByteBuffer zip = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

    int entries = 0;
    for (int at = 0; zip.getInt(at) == 0x04034b50; entries++) {
      assertThat(zip.getShort(at + 8)).as("stored, not deflated").isZero();
      int start = at + 30 + zip.getShort(at + 26) + zip.getShort(at + 28);
      assertThat(start % 64).isZero();
      at = start + zip.getInt(at + 18);
    }
    assertThat(entries).isGreaterThan(10);
  }

  @Test
  void the_same_network_gives_the_same_bytes() throws IOException {
    SampleNetwork model = SampleNetwork.uNet(3, 4, 2);

    assertThat(archive(model, Target.ANY)).isEqualTo(archive(model, Target.ANY));
  }

  @Test
  void what_is_exported_names_no_operator_of_one_kind_of_machine() throws IOException {
    assertThat(code(Target.ANY)).contains("torch._convolution").doesNotContain("mkldnn");
    assertThat(code(new Target(true, Precision.FP32))).contains("torch.mkldnn_convolution");
  }

  @Test
  void in_bf16_the_last_convolution_and_the_result_stay_in_single_precision() throws IOException {
    List<String> lines = code(new Target(true, Precision.BF16)).lines().toList();

    List<String> convolutions = lines.stream().filter(l -> l.contains("convolution(")).toList();
    String last = convolutions.get(convolutions.size() - 1);
    String input = last.replaceAll(".*convolution\\((\\w+),.*", "$1");
    assertThat(lines).anyMatch(l -> l.contains(input + " = torch.to(") && l.contains(", 6, "));
    assertThat(lines).anyMatch(l -> l.contains("= torch.to(") && l.contains(", 15, "));
    assertThat(code(new Target(true, Precision.FP32))).doesNotContain("torch.to(");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3f80",
    "-2, c000",
    "0, 0",
    "1.00390625, 3f80",
    "1.01171875, 3f82",
    "1.0040, 3f81",
    "3.4028235e38, 7f80",
    "NaN, 7fc0",
    "-Infinity, ff80"
  })
  void a_brain_float_is_the_nearest_and_ties_go_to_even(float value, String bits) {
    assertThat(Integer.toHexString(TorchScriptTensor.brainFloat(value) & 0xffff)).isEqualTo(bits);
  }

  @Test
  void with_channels_last_the_second_axis_is_the_fastest() {
    TorchScriptTensor tensor =
        new TorchScriptTensor(
            List.of(2, 3, 1, 2),
            () -> new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
            Storage.FLOAT,
            true);

    assertThat(tensor.strides()).containsExactly(6, 1, 6, 3);
    float[] stored = new float[12];
    ByteBuffer.wrap(tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(stored);
    assertThat(stored).containsExactly(0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11);
  }

  @Test
  void otherwise_memory_is_in_the_order_of_the_axes() {
    TorchScriptTensor tensor =
        new TorchScriptTensor(List.of(2, 3), () -> new float[6], Storage.BFLOAT16, false);

    assertThat(tensor.strides()).containsExactly(3, 1);
    assertThat(tensor.bytes()).hasSize(12);
  }
}
