package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class TasksCommandTest {

  @Test
  void each_task_is_a_line_with_the_images_that_it_takes() {
    Cli run = Cli.run("tasks");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .contains(
            "ct-vertebrae  L1 to L5 on CT; takes CT",
            "segment       the labels of any model; takes what its --model asks for",
            "us-fascia     layers of fascia in ultrasound; takes ULTRASOUND");
  }

  @Test
  void json_holds_the_same_for_scripts() throws Exception {
    JsonNode list = new ObjectMapper().readTree(Cli.run("tasks", "--json").out());

    assertThat(list.findValuesAsText("id")).contains("ct-vertebrae", "segment", "us-fascia");
    JsonNode ct = list.path(0);
    assertThat(ct.path("title").asText()).isEqualTo("L1 to L5 on CT");
    assertThat(ct.path("model").asText()).startsWith("ct-vertebrae ");
    assertThat(ct.at("/images/0/role").asText()).isEqualTo("CT");
    assertThat(ct.at("/images/0/kind").asText()).isEqualTo("volume");
    assertThat(ct.at("/images/0/optional").asBoolean()).isFalse();
    assertThat(ct.path("measures").asBoolean()).isTrue();
    assertThat(list.at("/1/images").isNull()).isTrue();
  }
}
