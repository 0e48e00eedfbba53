package dev.lss.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.NnUnetRules;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.OutputKind;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.TileRule;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

  private static ModelException refusal(byte[] json) {
    try {
      Manifest.parse(json);
    } catch (ModelException e) {
      return e;
    }
    throw new AssertionError("the manifest was not refused");
  }

  private static List<Layer> layers(Stage stage) {
    return ((StageNetwork.Layers) stage.network()).network().layers();
  }

  @Test
  void every_field_of_a_manifest_arrives_in_the_description() throws IOException {
    PackageFixture fixture = new PackageFixture();
    fixture.stage().put("centrePriorSigmaMm", 12.0);
    fixture.network().put("inputChannels", 2);
    ModelDescription model = Manifest.parse(fixture.listFiles().json()).description();
    Stage stage = model.stages().get(0);

    assertThat(model.id()).isEqualTo("tiny");
    assertThat(model.license()).isEqualTo("CC-BY-SA-4.0");
    assertThat(stage.role()).isEqualTo(Stage.Role.LOCALIZER);
    assertThat(stage.inputs().get(0).role()).isEqualTo(SeriesRole.CT);
    assertThat(stage.inputs().get(0).normalization())
        .isEqualTo(new Normalization.CtClip(-250, 1250, 50, 100));
    assertThat(stage.orientation()).contains(AnatomicalCode.LPS);
    assertThat(stage.spacingMm()).containsExactly(4.0, 3.0, 2.0);
    assertThat(stage.resampling()).isEqualTo(ResamplingRule.LINEAR_ANTIALIASED);
    assertThat(stage.patchSize()).containsExactly(8, 6, 4);
    assertThat(stage.output()).isEqualTo(OutputKind.SIGMOID);
    assertThat(stage.labels()).contains(new Stage.StageLabel(1, "heatmap/L1"));
    assertThat(stage.centrePriorSigmaMm()).hasValue(12);
    assertThat(stage.network().files()).containsExactly("localizer.safetensors");
    assertThat(layers(stage).get(0))
        .isEqualTo(
            new Layer.Convolution(
                "c",
                "input",
                List.of(3, 3, 3),
                List.of(1, 1, 1),
                List.of(1, 1, 1),
                2,
                "c.weight",
                Optional.of("c.bias")));
  }

  @Test
  void every_kind_of_layer_is_read() throws IOException {
    PackageFixture fixture = new PackageFixture();
    fixture
        .network()
        .set(
            "layers",
            new ObjectMapper()
                .readTree(
                    """
                    [{"op":"convolution","name":"a","inputs":["input"],"kernel":[1,1,1],
                      "stride":[2,2,2],"padding":[0,0,0],"outChannels":2,"weight":"a"},
                     {"op":"instanceNorm","name":"b","inputs":["a"],"epsilon":1e-5,"scale":"s",
                      "shift":"t"},
                     {"op":"batchNorm","name":"c","inputs":["b"],"epsilon":1e-5,"scale":"s",
                      "shift":"t","mean":"m","variance":"v"},
                     {"op":"relu","name":"d","inputs":["c"]},
                     {"op":"add","name":"e","inputs":["c","d"]},
                     {"op":"maxPool","name":"f","inputs":["e"],"kernel":[1,1,1],"stride":[1,1,1]},
                     {"op":"averagePool","name":"g","inputs":["f"],"kernel":[1,1,1],
                      "stride":[1,1,1]},
                     {"op":"concatenate","name":"h","inputs":["g","f","e"]},
                     {"op":"transposedConvolution","name":"i","inputs":["h"],"kernel":[2,2,2],
                      "stride":[2,2,2],"outChannels":2,"weight":"i","bias":"ib"},
                     {"op":"upsample","name":"j","inputs":["i"],"mode":"linear","scale":[1,1,1]},
                     {"op":"softmax","name":"k","inputs":["j"]},
                     {"op":"sigmoid","name":"l","inputs":["k"]},
                     {"op":"leakyRelu","name":"r","inputs":["l"],"slope":0.01}]
                    """));

    List<Layer> layers =
        layers(Manifest.parse(fixture.listFiles().json()).description().stages().get(0));

    assertThat(layers).hasSize(13);
    assertThat(layers).map(layer -> layer.getClass()).doesNotHaveDuplicates();
    assertThat(layers.get(9))
        .isEqualTo(new Layer.Upsample("j", "i", Layer.Interpolation.LINEAR, List.of(1, 1, 1)));
  }

  @Test
  void a_stage_may_bring_files_of_a_runtime_instead_of_layers() throws IOException {
    PackageFixture fixture = new PackageFixture().bringOnnx(new byte[1]);
    Stage stage = Manifest.parse(fixture.listFiles().json()).description().stages().get(0);

    assertThat(stage.network())
        .isEqualTo(
            new StageNetwork.Opaque(
                ModelFormat.ONNX, List.of("net.onnx"), new Signature(3, 1, 2, List.of(1, 1, 1))));
    Manifest manifest = Manifest.parse(fixture.json());
    assertThat(Manifest.parse(ManifestWriter.write(manifest))).isEqualTo(manifest);
  }

  /** A stage that knows no millimetres: an ultrasound image resized to a longer side of 30. */
  private static PackageFixture inPixels() throws IOException {
    PackageFixture fixture = new PackageFixture().bringOnnx(new byte[1]);
    ((ObjectNode) fixture.stage().get("network"))
        .put("spatialRank", 2)
        .putArray("sizeMultiples")
        .add(16)
        .add(16);
    fixture.stage().remove("spacingMm");
    fixture.stage().put("longerSidePixels", 30).putArray("patchSize").add(32).add(32);
    fixture.stage().putObject("tiling").put("kind", "whole");
    return fixture.listFiles();
  }

  @Test
  void a_network_of_pixels_says_how_long_the_longer_side_is_instead_of_a_spacing()
      throws IOException {
    Manifest manifest = Manifest.parse(inPixels().json());
    Stage stage = manifest.description().stages().get(0);

    assertThat(stage.longerSidePixels()).hasValue(30);
    assertThat(stage.spacingMm()).isEmpty();
    assertThat(stage.tiling()).isEqualTo(new TileRule.Whole());
    assertThat(Manifest.parse(ManifestWriter.write(manifest))).isEqualTo(manifest);
  }

  @Test
  void a_spacing_beside_a_longer_side_is_refused() throws IOException {
    PackageFixture fixture = inPixels();
    fixture.stage().putArray("spacingMm").add(1).add(1).add(1);

    assertThat(refusal(fixture.json())).hasMessageContaining("unknown field \"spacingMm\"");
  }

  @Test
  void a_3d_network_has_no_longer_side() throws IOException {
    PackageFixture fixture = inPixels();
    ((ObjectNode) fixture.stage().get("network"))
        .put("spatialRank", 3)
        .putArray("sizeMultiples")
        .add(1)
        .add(1)
        .add(1);

    assertThat(refusal(fixture.json()))
        .hasMessageContaining("longerSidePixels must be at least 1, was 30, and is for a 2-D");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "format | \"Pt\" | a format is named with lower-case letters, digits and -, was \"Pt\" at",
        "layers | [] | unknown field \"layers\" at lss-model.json:/stages/0/network/layers",
        "files | [] | a network needs at least one file at lss-model.json:/stages/0/network",
        "files | [\"../net.onnx\"] | stage localizer uses \"../net.onnx\", which is not listed",
        "spatialRank | 4 | spatialRank must be 2 or 3, was 4",
        "inputChannels | 2 | the network takes 2 channels, the stage makes 1",
        "outputChannels | 0 | at least one input and one output channel, had 1 and 0",
        "outputChannels | 3 | each of 3 channels once",
        "sizeMultiples | [1,1] | sizeMultiples must be 3 numbers from 1 on, was [1, 1]",
        "sizeMultiples | [1,4,1] | patch sizes must be multiples of [1, 4, 1], were [8, 6, 4]"
      })
  void files_of_a_runtime_are_described_in_full(String field, String value, String message)
      throws IOException {
    PackageFixture fixture = new PackageFixture().bringOnnx(new byte[1]).listFiles();
    fixture.network().set(field, new ObjectMapper().readTree(value));

    assertThat(refusal(fixture.json())).hasMessageContaining(message);
  }

  @Test
  void weights_beside_a_file_of_a_runtime_are_refused() throws IOException {
    PackageFixture fixture = new PackageFixture().bringOnnx(new byte[1]).listFiles();
    fixture.stage().putArray("weights").add("net.onnx");

    assertThat(refusal(fixture.json()))
        .hasMessageContaining("unknown field \"weights\" at lss-model.json:/stages/0/weights");
  }

  @Test
  void as_stored_means_no_orientation() throws IOException {
    PackageFixture fixture = new PackageFixture();
    fixture.stage().put("orientation", "AS_STORED");

    assertThat(
            Manifest.parse(fixture.listFiles().json()).description().stages().get(0).orientation())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/colour | 1 | unknown field \"colour\" at lss-model.json:/colour; known: files, id,",
        "/stages/0/colour | 1 | unknown field \"colour\" at lss-model.json:/stages/0/colour",
        "/stages/0/network/layers/1/op | \"gelu\" | unknown op \"gelu\" at"
            + " lss-model.json:/stages/0/network/layers/1/op; known: add, averagePool, batchNorm,",
        "/stages/0/network/layers/1/stride | 2 | unknown field \"stride\" at"
            + " lss-model.json:/stages/0/network/layers/1/stride; known: inputs, name, op, slope",
        "/stages/0/network/layers/1/slope | \"0.01\" | wanted a finite number at"
            + " lss-model.json:/stages/0/network/layers/1/slope, found \"0.01\"",
        "/stages/0/network/layers/1/slope | 1e999 | wanted a finite number",
        "/stages/0/network/layers/1/inputs | [\"x\"] | no earlier layer gives",
        "/stages/0/network/layers/1/inputs | [\"c\",\"c\"] | leakyRelu takes 1 inputs, was given 2",
        "/stages/0/network/layers/0/outChannels | 2.5 | wanted a whole number",
        "/stages/0/network/layers/0/outChannels | 4294967298 | wanted a whole number",
        "/stages/0/network/layers/0/kernel | [3,3] | kernel must be 3 numbers",
        "/stages/0/network/layers/0/kernel | 3 | wanted an array",
        "/stages/0/network/layers/0/kernel | [3,3,true] | wanted a whole number at"
            + " lss-model.json:/stages/0/network/layers/0/kernel/2, found true",
        "/stages/0/role | \"Localizer\" | unknown role \"Localizer\" at"
            + " lss-model.json:/stages/0/role; known: localizer, segmenter",
        "/stages/0/resampling | \"BILINEAR\" | known: CUBIC, LINEAR, LINEAR_ANTIALIASED, NEAREST",
        "/stages/0/output | \"sigmoid\" | unknown output \"sigmoid\"",
        "/stages/0/orientation | \"LPL\" | at lss-model.json:/stages/0",
        "/stages/0/spacingMm | [4,4,0] | 3 positive numbers",
        "/stages/0/patchSize | [8,8] | patchSize must be 3 positive numbers",
        "/stages/0/tiling/step | 0 | the tile step must lie in (0, 1], was 0.0 at"
            + " lss-model.json:/stages/0/tiling",
        "/stages/0/tiling/kind | \"random\" | unknown kind \"random\" at"
            + " lss-model.json:/stages/0/tiling/kind; known: monai, nnUnet",
        "/stages/0/tiling/overlap | 0.5 | unknown field \"overlap\" at"
            + " lss-model.json:/stages/0/tiling/overlap; known: kind, step",
        "/stages/0/tiling | {\"kind\":\"monai\",\"overlap\":1,\"weights\":\"constant\","
            + "\"padding\":\"zero\"} | the tile overlap must lie in [0, 1), was 1.0",
        "/stages/0/tiling | {\"kind\":\"monai\",\"overlap\":0.5,\"weights\":\"box\","
            + "\"padding\":\"zero\"} | unknown weights \"box\"",
        "/stages/0/tiling | {\"kind\":\"monai\",\"overlap\":0.5,\"weights\":\"constant\","
            + "\"padding\":\"reflect\"} | known: replicate, zero",
        "/stages/0/mirrorAxes | [3] | mirror axes must be different numbers from 0 to 2, were [3]",
        "/stages/0/mirrorAxes | [1,1] | mirror axes must be different",
        "/stages/0/labels | [{\"value\":0,\"key\":\"a\"}] | each of 2 channels once",
        "/stages/0/centrePriorSigmaMm | 12 | the network takes 1 channels, the stage makes 2",
        "/stages/0/weights | [\"other\"] | stage localizer uses \"other\", which is not listed",
        "/stages/0/inputs/0/normalization/kind | \"percentile\" | unknown kind \"percentile\" at"
            + " lss-model.json:/stages/0/inputs/0/normalization/kind; known: ctClip, none,",
        "/stages/0/inputs/0/normalization/std | 0 | std > 0",
        "/stages | [] | at least one stage",
        "/title | \" \" | wanted a text that is not blank at lss-model.json:/title",
        "/schema | \"lss-model/one\" | unknown schema \"lss-model/one\" at"
            + " lss-model.json:/schema; known: lss-model/1",
        "/schema | 1 | wanted a text"
      })
  void anything_else_is_refused_with_its_place(String pointer, String value, String message)
      throws IOException {
    PackageFixture fixture = new PackageFixture().listFiles();
    int slash = pointer.lastIndexOf('/');
    JsonNode parent = fixture.manifest.at(pointer.substring(0, slash));
    byte[] json;
    if (value.equals("1e999")) { // Jackson's tree would write it as a text
      ((ObjectNode) parent).put(pointer.substring(slash + 1), 123456789);
      json =
          new String(fixture.json(), StandardCharsets.UTF_8)
              .replace("123456789", value)
              .getBytes(StandardCharsets.UTF_8);
    } else {
      ((ObjectNode) parent).set(pointer.substring(slash + 1), new ObjectMapper().readTree(value));
      json = fixture.json();
    }

    ModelException e = refusal(json);

    assertThat(e.code()).isEqualTo("MODEL_MANIFEST");
    assertThat(e).hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema",
        "id",
        "version",
        "title",
        "license",
        "intendedUse",
        "trainingData",
        "task",
        "stages",
        "files"
      })
  void every_field_is_required(String field) throws IOException {
    PackageFixture fixture = new PackageFixture().listFiles();
    fixture.manifest.remove(field);

    assertThat(refusal(fixture.json()))
        .hasMessage("missing field \"%s\" at lss-model.json:/%s".formatted(field, field));
  }

  @Test
  void a_newer_schema_is_refused_before_anything_else_is_read() {
    ModelException e =
        refusal("{\"schema\":\"lss-model/2\",\"new\":1}".getBytes(StandardCharsets.UTF_8));

    assertThat(e.code()).isEqualTo("MODEL_SCHEMA");
    assertThat(e).hasMessageContaining("lss-model/2").hasMessageContaining("update LSS");
  }

  @Test
  void a_model_without_a_licence_file_is_refused() throws IOException {
    PackageFixture fixture = new PackageFixture();
    fixture.files.remove("LICENSE");

    assertThat(refusal(fixture.listFiles().json()).code()).isEqualTo("MODEL_LICENSE");
  }

  @Test
  void a_transposed_convolution_whose_blocks_overlap_is_refused() throws IOException {
    PackageFixture fixture = new PackageFixture();
    fixture.layer(0).put("op", "transposedConvolution").remove("padding");

    assertThat(refusal(fixture.listFiles().json()))
        .hasMessageContaining("kernel must equal its stride [1, 1, 1], was [3, 3, 3]");
  }

  @Test
  void a_patch_that_the_strides_do_not_divide_is_refused() throws IOException {
    PackageFixture fixture = new PackageFixture();
    fixture.layer(0).set("stride", fixture.layer(0).arrayNode().add(1).add(4).add(1));

    assertThat(refusal(fixture.listFiles().json()))
        .hasMessageContaining("patch sizes must be multiples of [1, 4, 1], were [8, 6, 4]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "null", "{", "{} {}", "{\"id\":1,\"id\":2}", "{\"id\":NaN}", "\u0000"})
  void text_that_is_not_one_json_object_is_refused(String text) {
    assertThatThrownBy(() -> Manifest.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("lss-model.json");
  }

  @Test
  void a_manifest_is_at_most_1_mib_long_and_32_levels_deep() {
    assertThat(refusal(new byte[(1 << 20) + 1])).hasMessageContaining("1048576 bytes");
    assertThat(refusal("{\"a\":%s}".formatted("[".repeat(40)).getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("nesting depth");
  }

  /** The first stage as one that runs by nnU-Net's rules. */
  private static PackageFixture nnunet(String rules) throws IOException {
    PackageFixture fixture = new PackageFixture();
    fixture.stage().put("output", "SOFTMAX").put("orientation", "AS_STORED").remove("resampling");
    fixture.stage().set("labels", new ObjectMapper().readTree("[{\"value\":1,\"key\":\"bone\"}]"));
    String spline = "{'function':'spline','order':3,'orderZ':0,'separateZ':'auto'}";
    String all =
        "{'trainer':'nnUNetTrainer','transpose':[2,0,1],'images':%1$s,'labels':%1$s,'logits':%1$s}"
            .formatted(spline);
    ObjectNode node = (ObjectNode) new ObjectMapper().readTree(all.replace('\'', '"'));
    node.setAll((ObjectNode) new ObjectMapper().readTree(rules.replace('\'', '"')));
    fixture.stage().set("nnunet", node);
    return fixture.listFiles();
  }

  @Test
  void a_stage_may_run_by_nnunets_rules() throws IOException {
    Stage stage = Manifest.parse(nnunet("{}").json()).description().stages().get(0);

    NnUnetRules rules = stage.nnunet().orElseThrow();
    assertThat(rules.transpose()).containsExactly(2, 0, 1);
    assertThat(rules.images())
        .isEqualTo(new NnUnetRules.Resampling(NnUnetRules.Function.SPLINE, 3, 0, Optional.empty()));
    assertThat(stage.resampling()).isEqualTo(ResamplingRule.CUBIC);
    assertThat(rules.previousStage()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'transpose':[0,0,1]} | transpose must be 0, 1 and 2 in some order, was [0, 0, 1]",
        "{'images':{'function':'lanczos'}} | unknown function \"lanczos\" at"
            + " lss-model.json:/stages/0/nnunet/images/function; known: spline, torchLinear",
        "{'logits':{'function':'spline','order':2,'orderZ':0,'separateZ':'auto'}} | was 2",
        "{'logits':{'function':'spline','order':1,'orderZ':0,'separateZ':'maybe'}} | separateZ",
        "{'regions':[{'values':[1],'writes':1}]} | a softmax network none; were 1",
        "{'regions':[{'values':[],'writes':1}]} | a region has values",
        "{'version':2} | unknown field \"version\" at lss-model.json:/stages/0/nnunet/version",
        "{'previousStage':'3d_lowres'} | the network takes 1 channels, the stage makes 2"
      })
  void other_rules_than_nnunets_are_refused(String rules, String message) throws IOException {
    assertThat(refusal(nnunet(rules).json()).getMessage()).contains(message);
  }

  @Test
  void a_cascade_names_a_stage_before_it() throws IOException {
    PackageFixture fixture = nnunet("{'previousStage':'3d_lowres'}");
    fixture.network().put("inputChannels", 2);

    assertThat(refusal(fixture.json()).getMessage())
        .contains("stage localizer needs the stage \"3d_lowres\" before it");
  }

  @Test
  void nnunets_labels_are_its_output_channels() throws IOException {
    PackageFixture fixture = nnunet("{}");
    ((ObjectNode) fixture.stage().get("labels").get(0)).put("value", 2);

    assertThat(refusal(fixture.json()).getMessage())
        .contains("2 output channels need the labels 1 to 1 in order, were [2]");
  }
}
