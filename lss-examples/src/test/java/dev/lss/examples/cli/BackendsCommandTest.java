package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class BackendsCommandTest {

  @Test
  void the_list_says_what_works_with_version_and_devices() {
    Cli run = Cli.run("backends");

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("onnx", "available", "1.23.2", "devices cpu, precisions fp32")
        .contains("djl", "2.7.1", "precisions fp32 bf16")
        .containsPattern("tf +available +version 2\\.18\\.0, devices cpu, precisions fp32 bf16");
  }

  @Test
  void json_holds_the_same_for_scripts() throws Exception {
    Cli run = Cli.run("backends", "--json");

    JsonNode onnx = new ObjectMapper().readTree(run.out()).path(0);
    assertThat(run.exitCode()).isZero();
    assertThat(onnx.path("id").asText()).isEqualTo("onnx");
    assertThat(onnx.path("available").asBoolean()).isTrue();
    assertThat(onnx.path("devices").path(0).asText()).isEqualTo("cpu");
    assertThat(onnx.path("precisions").path(0).asText()).isEqualTo("fp32");
  }

  @Test
  void the_order_of_choice_and_what_runs_unasked_are_said() throws Exception {
    String text = Cli.run("backends").out();
    JsonNode list = new ObjectMapper().readTree(Cli.run("backends", "--json").out());

    assertThat(text.lines().filter(line -> line.contains("runs unless another is named")))
        .singleElement()
        .asString()
        .startsWith("1  onnx");
    assertThat(text).contains("The order: onnx starts soonest");
    assertThat(list.findValuesAsText("id")).containsExactly("onnx", "djl", "tf");
    assertThat(list.findValuesAsText("order")).containsExactly("1", "2", "3");
    assertThat(list.findValuesAsText("default")).containsExactly("true", "false", "false");
  }

  @Test
  void a_backend_that_is_not_here_is_listed_with_how_to_add_it() throws Exception {
    JsonNode alone = new ObjectMapper().readTree("[{\"id\": \"onnx\"}]");

    assertThat(BackendsCommand.missing("djl", "PyTorch", alone).orElseThrow())
        .contains("djl", "not here", "PyTorch", "add dev.lss:lss-backend-djl");
    assertThat(BackendsCommand.missing("onnx", "ONNX Runtime", alone)).isEmpty();
  }
}
