package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ModelsCommandTest {

  @Test
  void the_list_names_version_licence_and_intended_use() {
    Cli run = Cli.run("models");

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains("ct-vertebrae", "CC-BY-SA-4.0", "intended use");
  }

  @Test
  void json_holds_the_same_for_scripts() throws Exception {
    Cli run = Cli.run("models", "--json");

    JsonNode model = new ObjectMapper().readTree(run.out()).path(0);
    assertThat(run.exitCode()).isZero();
    assertThat(model.path("id").asText()).isEqualTo("ct-vertebrae");
    assertThat(model.path("available").asBoolean()).isTrue();
    assertThat(model.path("license").asText()).isEqualTo("CC-BY-SA-4.0");
    assertThat(model.path("networks").asText()).isEqualTo("layers");
    assertThat(model.path("sha256").asText()).hasSize(64);
  }
}
