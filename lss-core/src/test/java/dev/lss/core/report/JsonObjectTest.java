package dev.lss.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class JsonObjectTest {

  private final ObjectNode node = new ObjectMapper().createObjectNode();
  private final JsonObject json = new JsonObject(node);

  @Test
  void fields_stay_in_the_order_of_the_calls() {
    json.put("text", "a \"b\"")
        .put("number", 1.5)
        .put("whole", 7L)
        .put("yes", true)
        .putNull("nothing")
        .put("inner", inner -> inner.put("x", 1L))
        .put("items", List.of("p", "q"), (item, entry) -> entry.put("name", item))
        .putNumbers("numbers", 1, 2.5)
        .putTexts("texts", List.of("s", "t"));

    assertThat(node.toString())
        .isEqualTo(
            "{\"text\":\"a \\\"b\\\"\",\"number\":1.5,\"whole\":7,\"yes\":true,\"nothing\":null,"
                + "\"inner\":{\"x\":1},\"items\":[{\"name\":\"p\"},{\"name\":\"q\"}],"
                + "\"numbers\":[1.0,2.5],\"texts\":[\"s\",\"t\"]}");
  }

  @Test
  void a_number_that_is_not_finite_is_null_alone_and_in_a_list() {
    json.put("nan", Double.NaN)
        .put("infinite", Double.NEGATIVE_INFINITY)
        .put("none", OptionalDouble.empty())
        .put("some", OptionalDouble.of(2))
        .putNumbers("list", 1, Double.NaN, Double.POSITIVE_INFINITY);

    assertThat(node.toString())
        .isEqualTo(
            "{\"nan\":null,\"infinite\":null,\"none\":null,\"some\":2.0,"
                + "\"list\":[1.0,null,null]}");
  }
}
