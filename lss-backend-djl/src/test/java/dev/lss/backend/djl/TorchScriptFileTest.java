package dev.lss.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.spi.ModelSource;
import dev.lss.testkit.SampleNetwork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchScriptFileTest {

  private static ModelSource.Opaque opaque(byte[] bytes) {
    return new ModelSource.Opaque(
        "net.pt",
        ModelFormat.TORCHSCRIPT,
        ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(),
        new Signature(3, 1, 1, List.of(1, 1, 1)));
  }

  /** A zip with one deflated entry, as PyTorch writes long code. */
  private static byte[] zip(String entry, String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> TorchScriptFile.checked(opaque(bytes)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("net.pt " + message)
        .extracting("code")
        .isEqualTo("MODEL_REFUSED");
  }

  private static byte[] archive() throws IOException {
    SampleNetwork unet = SampleNetwork.uNet(3, 4, 2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NetworkToTorchScript.translate(unet.network(), unet.weights(), Target.ANY, out);
    return out.toByteArray();
  }

  @Test
  void a_translated_network_passes_and_keeps_its_bytes() throws IOException {
    byte[] archive = archive();

    assertThat(TorchScriptFile.checked(opaque(archive))).isEqualTo(archive);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y = ops.torchvision.nms(x, x, 0.5) | uses the custom operator torchvision.nms",
        "m : __torch__.torch.classes.acme.Net | uses the custom class __torch__.torch.classes.acme.Net",
        "y = torch.from_file('/etc/passwd', False, 9) | reads or writes other files (from_file)",
        "_0 = torch.save(x, 'out.pt') | reads or writes other files (save)",
      })
  void code_that_reaches_out_is_refused_by_name(String line, String message) throws IOException {
    String code = "class Net(Module):\n  def forward(self, x: Tensor) -> Tensor:\n    " + line;

    assertRefused(zip("net/code/__torch__.py", code), message);
    assertRefused(zip("net/code/__torch__/deep/down.py", code), message);
  }

  @Test
  void pytorch_s_own_operators_pass() throws IOException {
    byte[] code = zip("net/code/__torch__.py", "y = ops.prim.NumToTensor(torch.size(x, 0))");

    assertThat(TorchScriptFile.checked(opaque(code))).isEqualTo(code);
  }

  @Test
  void a_checkpoint_is_refused_with_a_remedy() throws IOException {
    assertRefused(
        zip("archive/data.pkl", "weights"), "holds no code, only weights: write the model with");
  }

  @Test
  void what_is_no_whole_zip_is_refused() throws IOException {
    byte[] archive = archive();
    byte[] wrongStart = archive.clone();
    Arrays.fill(wrongStart, wrongStart.length - 6, wrongStart.length - 2, (byte) 0x7f);

    assertRefused(new byte[0], "is no TorchScript file");
    assertRefused(new byte[] {1, 2, 3}, "is no TorchScript file");
    assertRefused(Arrays.copyOf(archive, archive.length / 2), "is no TorchScript file");
    assertRefused(wrongStart, "is no TorchScript file: its zip is damaged");
  }
}
