package dev.lss.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Signature;
import dev.lss.spi.ModelSource;
import dev.lss.spi.SessionConfig;
import dev.lss.testkit.SampleNetwork;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Field numbers are those of onnx.proto. */
class OnnxFileTest {

  private static ModelSource.Opaque opaque(byte[] bytes) {
    return new ModelSource.Opaque(
        "net.onnx",
        ModelFormat.ONNX,
        ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(),
        new Signature(3, 1, 1, List.of(1, 1, 1)));
  }

  private static void assertRefused(byte[] model, String message) {
    assertThatThrownBy(() -> new OnnxBackend().open(opaque(model), SessionConfig.cpu(1)).close())
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("net.onnx ")
        .hasMessageContaining(message)
        .extracting("code")
        .isEqualTo("MODEL_REFUSED");
  }

  private static ProtobufWriter message() {
    return new ProtobufWriter();
  }

  private static byte[] model(ProtobufWriter graph) {
    return message().integer(1, 9).message(7, graph).toByteArray();
  }

  /** A tensor whose values lie in a file beside the model, as large exports have them. */
  private static ProtobufWriter externalTensor() {
    ProtobufWriter location = message().string(1, "location").string(2, "../../etc/passwd");
    return message().string(8, "conv.weight").message(13, location).integer(14, 1);
  }

  private static ProtobufWriter node(String domain) {
    return message().string(1, "in").string(2, "out").string(4, "Sort").string(7, domain);
  }

  @Test
  void a_translated_network_passes_and_keeps_its_bytes() {
    SampleNetwork unet = SampleNetwork.uNet(3, 4, 2);
    ModelSource.Opaque source = opaque(NetworkToOnnx.translate(unet.network(), unet.weights()));

    assertThat(OnnxFile.checked(source)).isEqualTo(source.bytes());
  }

  @Test
  void a_tensor_in_another_file_is_refused_by_name() {
    String message = "keeps the tensor \"conv.weight\" in another file";

    assertRefused(model(message().message(5, externalTensor())), message);
    assertRefused(
        model(message().message(5, message().string(8, "conv.weight").integer(14, 1))), message);
  }

  @Test
  void a_tensor_in_another_file_is_found_in_attributes_and_inner_graphs_too() {
    String message = "\"conv.weight\" in another file";
    ProtobufWriter constant = node("").message(5, message().message(5, externalTensor()));
    ProtobufWriter inner = message().message(1, constant);

    assertRefused(model(message().message(1, constant)), message);
    assertRefused(
        model(message().message(1, node("").message(5, message().message(6, inner)))), message);
    assertRefused(model(message().message(15, message().message(1, externalTensor()))), message);
    assertRefused(
        message().message(25, message().string(10, "own").message(7, constant)).toByteArray(),
        message);
  }

  @Test
  void a_custom_operator_is_refused_by_name() {
    assertRefused(
        model(message().message(1, node("acme.ops"))),
        "uses the custom operator \"Sort\" of the domain \"acme.ops\"");
  }

  @Test
  void functions_of_the_file_itself_are_no_custom_operators() {
    byte[] file =
        message()
            .message(7, message().message(1, node("own")))
            .message(25, message().string(1, "Sort").string(10, "own"))
            .toByteArray();

    assertThat(OnnxFile.checked(opaque(file)).remaining()).isEqualTo(file.length);
  }

  @Test
  void graphs_within_graphs_end_somewhere() {
    ProtobufWriter graph = message();
    for (int depth = 0; depth < 50; depth++) {
      ProtobufWriter attribute = message().bytes(6, graph.toByteArray());
      graph = message().bytes(1, node("").bytes(5, attribute.toByteArray()).toByteArray());
    }

    assertRefused(model(graph), "is no ONNX file: graphs lie more than 32 deep");
  }

  @Test
  void lengths_and_numbers_that_lead_out_of_the_file_are_refused() {
    assertRefused(new byte[] {7 << 3 | 2, 100, 0}, "field 7 has 100 bytes, 1 are left");
    assertRefused(new byte[] {8, -1}, "the message ends within a number");
    assertRefused(new byte[] {8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0}, "more than 64 bits");
    assertRefused(new byte[] {7 << 3 | 3}, "wire type 3 is not known");
    assertRefused(new byte[] {7 << 3, 1}, "field 7 has wire type 0 instead of 2");
  }
}
