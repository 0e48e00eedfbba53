package dev.lss.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.Measurements;
import dev.lss.api.Notice;
import dev.lss.api.Provenance;
import dev.lss.api.SegmentationResult;
import dev.lss.api.SourceRef;
import dev.lss.api.StageTiming;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.core.ct.CtVertebrae;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ResultJsonTest {

  private static final Extents N = new Extents(4, 4, 4);
  private static final GridGeometry GRID = GridGeometry.ofSpacing(N, new Vector3(0.5, 0.5, 2));
  private static final Presentation CT = new CtVertebrae().presentation();
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final Provenance NO_NETWORK = Provenance.builder("0.1.0").build();

  @Test
  void the_fields_come_in_the_documented_order() throws Exception {
    JsonNode json = parse(write(found()));

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "schema",
            "notice",
            "task",
            "labels",
            "measurements",
            "notices",
            "provenance",
            "timingsMs",
            "peakMemoryBytes");
    assertThat(json.get("schema").asText()).isEqualTo("lss-result/1");
    assertThat(json.get("notice").asText()).startsWith("Not a medical device");
    assertThat(json.get("task").asText()).isEqualTo("ct-vertebrae");
  }

  @Test
  void a_found_label_is_listed_with_value_key_name_code_and_size() throws Exception {
    JsonNode labels = parse(write(found())).get("labels");

    assertThat(labels).hasSize(1);
    assertThat(labels.get(0).toString())
        .isEqualTo(
            "{\"value\":22,\"key\":\"vertebra/L3\",\"name\":\"L3 vertebra\","
                + "\"code\":{\"scheme\":\"SCT\",\"value\":\"36470004\","
                + "\"meaning\":\"Third lumbar vertebra\"},"
                + "\"voxels\":2,\"volumeMm3\":1.0,\"touchesBorder\":false}");
  }

  @Test
  void a_vertebra_carries_its_measurements() throws Exception {
    JsonNode vertebra = parse(write(found())).at("/measurements/vertebrae/0");

    assertThat(vertebra.toString())
        .isEqualTo(
            "{\"key\":\"vertebra/L3\",\"volumeMm3\":1.0,\"centroidMm\":[1.25,-2.5,3.0],"
                + "\"meanHu\":200.5,\"bodyMeanHu\":150.25,\"holdsMetal\":false,\"touchesBorder\":false}");
  }

  @Test
  void an_undefined_body_mean_is_null_with_a_reason() throws Exception {
    assertThat(parse(write(withoutBody(true))).at("/measurements/vertebrae/0").toString())
        .contains("\"bodyMeanHu\":null,\"undefinedReason\":\"PARTIAL_VIEW\"");
    assertThat(parse(write(withoutBody(false))).at("/measurements/vertebrae/0").toString())
        .contains("\"bodyMeanHu\":null,\"undefinedReason\":\"NO_BODY_CORE\"");
  }

  @Test
  void nothing_found_gives_empty_lists_and_its_notice() throws Exception {
    SegmentationResult nothing =
        SegmentationResult.builder(
                "ct-vertebrae", LabelVolume.empty(GRID), LabelTable.lumbarVertebrae(), NO_NETWORK)
            .notices(List.of(new Notice("NOTHING_FOUND", "no lumbar vertebra is in view")))
            .build();

    JsonNode json = parse(write(nothing));

    assertThat(json.get("labels")).isEmpty();
    assertThat(json.at("/measurements/vertebrae").isArray()).isTrue();
    assertThat(json.at("/measurements/vertebrae")).isEmpty();
    assertThat(json.get("notices").toString())
        .isEqualTo("[{\"code\":\"NOTHING_FOUND\",\"message\":\"no lumbar vertebra is in view\"}]");
  }

  @Test
  void provenance_names_models_backend_and_inputs_by_content() throws Exception {
    Provenance full =
        Provenance.builder("0.1.0")
            .models(List.of(new Provenance.ModelRef("ct-vertebrae", "0.1.0", HASH)))
            .backend(new Provenance.BackendRef("onnx", "1.29.0", "cpu"))
            .threads(2)
            .precision("fp32")
            .inputs(List.of(new SourceRef(HASH)))
            .build();

    assertThat(parse(write(result(full, List.of()))).get("provenance").toString())
        .isEqualTo(
            "{\"library\":\"0.1.0\",\"models\":[{\"id\":\"ct-vertebrae\",\"version\":\"0.1.0\","
                + "\"sha256\":\"HASH\"}],\"backend\":{\"id\":\"onnx\",\"version\":\"1.29.0\","
                    .replace("HASH", HASH)
                + "\"device\":\"cpu\"},\"threads\":2,\"precision\":\"fp32\","
                + "\"inputs\":[{\"sha256\":\"HASH\"}]}".replace("HASH", HASH));
  }

  @Test
  void without_a_network_there_are_no_models_and_the_backend_is_null() throws Exception {
    JsonNode provenance = parse(write(result(NO_NETWORK, List.of()))).get("provenance");

    assertThat(provenance.get("models")).isEmpty();
    assertThat(provenance.get("backend").isNull()).isTrue();
  }

  @Test
  void stages_are_milliseconds_in_the_order_of_the_flow_and_null_when_they_did_not_run()
      throws Exception {
    List<StageTiming> inside = List.of(new StageTiming("measure", Duration.ofNanos(1_234_567)));
    List<StageTiming> around = List.of(new StageTiming("total", Duration.ofSeconds(2)));

    byte[] json = ResultJson.write(result(NO_NETWORK, inside), CT, around, OptionalLong.empty());

    assertThat(parse(json).get("timingsMs").toString())
        .isEqualTo(
            "{\"read\":null,\"open\":null,\"localize\":null,\"preprocess\":null,\"network\":null,"
                + "\"blend\":null,\"resample\":null,\"postprocess\":null,"
                + "\"measure\":1.235,\"write\":null,\"total\":2000.0}");
  }

  @Test
  void a_stage_that_runs_twice_is_summed() throws Exception {
    StageTiming half = new StageTiming("network", Duration.ofMillis(500));

    assertThat(parse(write(result(NO_NETWORK, List.of(half, half)))).at("/timingsMs/network"))
        .hasToString("1000.0");
  }

  @Test
  void a_stage_of_a_task_of_others_comes_behind_the_known_ones() throws Exception {
    SegmentationResult odd =
        result(NO_NETWORK, List.of(new StageTiming("register", Duration.ofMillis(1))));

    JsonNode timings = parse(write(odd)).get("timingsMs");

    assertThat(timings.fieldNames()).toIterable().endsWith("total", "register");
    assertThat(timings.get("register").asDouble()).isEqualTo(1);
  }

  @Test
  void a_task_without_a_presentation_of_its_own_writes_no_measurements() throws Exception {
    byte[] json =
        ResultJson.write(found(), Presentation.LABELS_ONLY, List.of(), OptionalLong.empty());

    assertThat(parse(json).get("measurements").toString()).isEqualTo("{}");
  }

  @Test
  void frames_of_a_clip_are_summed_and_say_each_notice_once() throws Exception {
    Notice doubt = new Notice("LEVELS_AMBIGUOUS", "another assignment is nearly as likely");
    StageTiming half = new StageTiming("network", Duration.ofMillis(500));
    SegmentationResult first =
        found().toBuilder().notices(List.of(doubt, doubt)).timings(List.of(half)).build();
    SegmentationResult second = found().toBuilder().timings(List.of(half)).build();

    JsonNode json =
        parse(
            ResultJson.write(
                List.of(first, second, first),
                measurements -> measurements.put("frames", 3),
                List.of(),
                OptionalLong.empty()));

    assertThat(json.at("/labels/0/voxels").asInt()).isEqualTo(3 * 2);
    assertThat(json.at("/measurements/frames").asInt()).isEqualTo(3);
    assertThat(json.get("notices")).hasSize(1);
    assertThat(json.at("/notices/0/message").asText())
        .isEqualTo("another assignment is nearly as likely (2 of 3 frames)");
    assertThat(json.at("/timingsMs/network").asDouble()).isEqualTo(1500);
  }

  @Test
  void a_peak_that_the_system_does_not_keep_is_null() throws Exception {
    JsonNode unknown = parse(ResultJson.write(found(), CT, List.of(), OptionalLong.empty()));

    assertThat(unknown.get("peakMemoryBytes").isNull()).isTrue();
    assertThat(parse(write(found())).get("peakMemoryBytes").asLong()).isEqualTo(5_000_000_000L);
  }

  @Test
  void the_locale_changes_no_byte() {
    Locale before = Locale.getDefault();
    byte[] english = write(found());
    try {
      for (String tag : List.of("de-DE", "ar-EG", "hi-IN-u-nu-deva", "tr-TR")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        assertThat(write(found())).as(tag).isEqualTo(english);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void the_text_is_utf8_with_line_feeds_on_every_system() {
    String text = new String(write(found()), StandardCharsets.UTF_8);

    assertThat(text).startsWith("{\n  \"schema\": \"lss-result/1\",\n").endsWith("}\n");
    assertThat(text).doesNotContain("\r");
  }

  private static byte[] write(SegmentationResult result) {
    return ResultJson.write(result, CT, List.of(), OptionalLong.of(5_000_000_000L));
  }

  private static JsonNode parse(byte[] json) throws Exception {
    return new ObjectMapper().readTree(json);
  }

  private static SegmentationResult found() {
    return result(NO_NETWORK, List.of());
  }

  private static SegmentationResult withoutBody(boolean touchesBorder) {
    return result(NO_NETWORK, List.of(), OptionalDouble.empty(), touchesBorder);
  }

  private static SegmentationResult result(Provenance provenance, List<StageTiming> timings) {
    return result(provenance, timings, OptionalDouble.of(150.25), false);
  }

  private static SegmentationResult result(
      Provenance provenance,
      List<StageTiming> timings,
      OptionalDouble bodyMeanHu,
      boolean touchesBorder) {
    short[] labels = new short[64];
    labels[N.offset(1, 1, 1)] = 22;
    labels[N.offset(2, 1, 1)] = 22;
    VertebraMeasurement vertebra =
        VertebraMeasurement.builder(VertebraLevel.L3, 1, new Vector3(1.25, -2.5, 3))
            .meanHu(OptionalDouble.of(200.5))
            .bodyMeanHu(bodyMeanHu)
            .touchesBorder(touchesBorder)
            .build();
    return SegmentationResult.builder(
            "ct-vertebrae",
            LabelVolume.wrap(GRID, labels),
            LabelTable.lumbarVertebrae(),
            provenance)
        .measurements(Measurements.copyOf(List.of(vertebra)))
        .timings(timings)
        .build();
  }
}
