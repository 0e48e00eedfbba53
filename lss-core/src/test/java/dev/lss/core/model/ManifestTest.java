package dev.lss.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Resampling;
import dev.lss.api.model.Resampling.SeparateZ;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
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
    ModelDescription model = Manifest.parse(new PackageFixture().listFiles().json()).description();
    Stage stage = model.lastStage();

    assertThat(model.id()).isEqualTo("tiny");
    assertThat(model.version()).isEqualTo("0.1.0");
    assertThat(model.title()).isEqualTo("A tiny model");
    assertThat(model.license()).isEqualTo("CC-BY-SA-4.0");
    assertThat(model.intendedUse()).isEqualTo("tests");
    assertThat(model.trainingData()).isEqualTo("none");
    assertThat(model.task()).isEqualTo("ct-vertebrae");
    assertThat(stage.role()).isEqualTo(Stage.Role.LOCALIZER);
    assertThat(stage.name()).isEqualTo("localizer");
    assertThat(stage.inputs().get(0).role()).isEqualTo(SeriesRole.CT);
    assertThat(stage.inputs().get(0).normalization())
        .isEqualTo(new Normalization.CtClip(-250, 1250, 50, 100));
    assertThat(stage.orientation()).contains(AnatomicalCode.LPS);
    assertThat(stage.transpose()).containsExactly(0, 1, 2);
    assertThat(stage.cropsToNonZero()).isFalse();
    assertThat(stage.grid())
        .isEqualTo(StageGrid.Spacing.of(List.of(4.0, 3.0, 2.0), ResamplingRule.LINEAR_ANTIALIASED));
    assertThat(stage.window())
        .isEqualTo(
            new StageWindow.Tiles(
                List.of(8, 6, 4),
                TileRule.NnUnet.DEFAULT,
                StageWindow.Outside.NORMALIZED,
                List.of()));
    assertThat(stage.output())
        .isEqualTo(new StageOutput.HeatMaps(List.of("heatmap/any", "heatmap/L1")));
    assertThat(stage.previousStage()).isEmpty();
    assertThat(stage.trainer()).isEmpty();
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
    assertWrittenAsRead(fixture);
  }

  private static void assertWrittenAsRead(PackageFixture fixture) {
    Manifest manifest = Manifest.parse(fixture.json());

    assertThat(Manifest.parse(ManifestWriter.write(manifest)))
        .usingRecursiveComparison()
        .isEqualTo(manifest);
  }

  private static Stage stage(PackageFixture fixture) {
    return Manifest.parse(fixture.listFiles().json()).description().lastStage();
  }

  /** A stage that knows no millimetres: an ultrasound image resized to a longer side of 30. */
  private static PackageFixture inPixels() throws IOException {
    PackageFixture fixture = new PackageFixture().bringOnnx(new byte[1]);
    fixture.network().put("spatialRank", 2).putArray("sizeMultiples").add(16).add(16);
    return fixture
        .with("grid", "{'kind':'longerSide','pixels':30,'images':{'rule':'LINEAR'}}")
        .with("window", "{'kind':'whole','patchSize':[32,32]}")
        .with("output", "{'kind':'softmax','labels':[{'value':7,'key':'fascia'}]}")
        .listFiles();
  }

  @Test
  void a_network_of_pixels_says_how_long_the_longer_side_is_instead_of_a_spacing()
      throws IOException {
    Stage stage = stage(inPixels());

    assertThat(stage.grid())
        .isEqualTo(new StageGrid.LongerSide(30, Resampling.of(ResamplingRule.LINEAR)));
    assertThat(stage.window()).isEqualTo(new StageWindow.Whole(List.of(32, 32)));
    assertThat(stage.output())
        .isEqualTo(new StageOutput.Softmax(List.of(new StageOutput.Label(7, "fascia"))));
    assertWrittenAsRead(inPixels());
  }

  @Test
  void a_network_that_is_pointed_at_an_object_takes_a_prior_as_last_channel() throws IOException {
    PackageFixture fixture = new PackageFixture().bringOnnx(new byte[1]);
    fixture.network().put("inputChannels", 2).put("outputChannels", 1);
    fixture
        .with("window", "{'kind':'aroundPoint','patchSize':[8,6,4],'priorSigmaMm':12}")
        .with("output", "{'kind':'pointedObject','key':'vertebra'}");

    assertThat(stage(fixture).window())
        .isEqualTo(new StageWindow.AroundPoint(List.of(8, 6, 4), 12));
    assertThat(stage(fixture).output()).isEqualTo(new StageOutput.PointedObject("vertebra"));
    assertWrittenAsRead(fixture);
  }

  @Test
  void tiles_may_follow_monai() throws IOException {
    PackageFixture fixture =
        new PackageFixture()
            .with(
                "window",
                "{'kind':'tiles','patchSize':[8,6,4],'outside':'replicate','mirrorAxes':[2,0],"
                    + "'rule':{'kind':'monai','overlap':0.25,'weights':'gaussian'}}");

    assertThat(stage(fixture).window())
        .isEqualTo(
            new StageWindow.Tiles(
                List.of(8, 6, 4),
                new TileRule.Monai(0.25, TileRule.Monai.Weights.GAUSSIAN),
                StageWindow.Outside.REPLICATE,
                List.of(2, 0)));
    assertWrittenAsRead(fixture);
  }

  /** Two stages; the second takes the two labels of the first. */
  private static PackageFixture cascade() throws IOException {
    PackageFixture fixture = new PackageFixture().bringOnnx(new byte[1]);
    fixture
        .with("name", "'3d_lowres'")
        .with(
            "output",
            "{'kind':'sigmoidRegions','regions':[{'key':'bone','values':[1,2],'writes':1},"
                + "{'key':'canal','values':[2],'writes':2}]}");
    ObjectNode first = fixture.stage().deepCopy();
    fixture
        .with("name", "'3d_cascade_fullres'")
        .with("previousStage", "'3d_lowres'")
        .with("trainer", "'nnUNetTrainer'")
        .with("transpose", "[2,0,1]")
        .with("cropsToNonZero", "true")
        .with(
            "grid",
            "{'kind':'spacing','spacingMm':[4,3,2],'images':{'rule':'CUBIC','separateZ':'auto'},"
                + "'logits':{'rule':'TORCH_LINEAR','separateZ':'always'},"
                + "'previousLabels':{'rule':'LABEL_HALF'}}")
        .network()
        .put("inputChannels", 3);
    ((ArrayNode) fixture.manifest.get("stages")).insert(0, first);
    return fixture.listFiles();
  }

  @Test
  void a_stage_of_a_cascade_says_how_the_labels_of_the_earlier_one_reach_it() throws IOException {
    Stage stage = stage(cascade());

    assertThat(stage.previousStage()).contains("3d_lowres");
    assertThat(stage.trainer()).contains("nnUNetTrainer");
    assertThat(stage.transpose()).containsExactly(2, 0, 1);
    assertThat(stage.cropsToNonZero()).isTrue();
    assertThat(stage.grid())
        .isEqualTo(
            new StageGrid.Spacing(
                List.of(4.0, 3.0, 2.0),
                new Resampling(ResamplingRule.CUBIC, SeparateZ.AUTO),
                new Resampling(ResamplingRule.TORCH_LINEAR, SeparateZ.ALWAYS),
                Optional.of(new Resampling(ResamplingRule.LABEL_HALF, SeparateZ.NEVER))));
    assertThat(stage.output())
        .isEqualTo(
            new StageOutput.SigmoidRegions(
                List.of(
                    new StageOutput.Region("bone", List.of(1, 2), 1),
                    new StageOutput.Region("canal", List.of(2), 2))));
    assertWrittenAsRead(cascade());
  }

  @Test
  void an_earlier_stage_comes_earlier() throws IOException {
    PackageFixture fixture = cascade();
    ((ArrayNode) fixture.manifest.get("stages")).remove(0);

    assertThat(refusal(fixture.json()))
        .hasMessage(
            "stage 3d_cascade_fullres needs the stage \"3d_lowres\" before it at lss-model.json:/");
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
        "outputChannels | 3 | the network gives 3 channels, the output has 2",
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
        "/stages/0/orientation | \"LPL\" | at lss-model.json:/stages/0",
        "/stages/0/transpose | [0,0,1] | transpose must be 0, 1 and 2 in some order, was [0, 0, 1]",
        "/stages/0/cropsToNonZero | 1 | wanted true or false at"
            + " lss-model.json:/stages/0/cropsToNonZero, found 1",
        "/stages/0/previousStage | \"x\" | the labels of an earlier stage need that stage and a rule",
        "/stages/0/trainer | \"\" | wanted a text that is not blank",
        "/stages/0/grid/kind | \"voxels\" | unknown kind \"voxels\" at"
            + " lss-model.json:/stages/0/grid/kind; known: longerSide, spacing",
        "/stages/0/grid/pixels | 320 | unknown field \"pixels\" at"
            + " lss-model.json:/stages/0/grid/pixels; known: images, kind, logits, previousLabels,",
        "/stages/0/grid/images/rule | \"BILINEAR\" | known: CUBIC, LABEL_ARGMAX, LABEL_HALF, LI",
        "/stages/0/grid/images/separateZ | \"maybe\" | known: always, auto, never",
        "/stages/0/grid/images/order | 3 | unknown field \"order\"",
        "/stages/0/grid/logits | {\"rule\":\"CUBIC\"} | logits are resampled by LINEAR or TORCH_LIN"
            + "EAR, not by CUBIC at lss-model.json:/stages/0/grid",
        "/stages/0/grid/previousLabels | {\"rule\":\"LINEAR\"} | labels are resampled by LABEL_ARGMAX,"
            + " LABEL_HALF or NEAREST, not by LINEAR",
        "/stages/0/grid/previousLabels | {\"rule\":\"NEAREST\"} | the labels of an earlier stage need",
        "/stages/0/grid/images/rule | \"LABEL_HALF\" | images are not resampled by LABEL_HALF at"
            + " lss-model.json:/stages/0/grid",
        "/stages/0/grid/spacingMm | [4,4,0] | spacingMm must be 2 or 3 positive numbers, was"
            + " [4.0, 4.0, 0.0] at lss-model.json:/stages/0/grid",
        "/stages/0/grid/spacingMm | [4,4] | a 3-D network needs 3 spacings, has [4.0, 4.0]",
        "/stages/0/grid | {\"kind\":\"longerSide\",\"pixels\":0,\"images\":{\"rule\":\"LINEAR\"}} |"
            + " at least 1 pixel, was 0 at lss-model.json:/stages/0/grid",
        "/stages/0/grid | {\"kind\":\"longerSide\",\"pixels\":9,\"images\":{\"rule\":\"LINEAR\"}} |"
            + " a grid by the longer side and a whole window belong together",
        "/stages/0/window/kind | \"slices\" | known: aroundPoint, tiles, whole",
        "/stages/0/window/patchSize | [8,8] | patchSize must be 3 positive numbers, was [8, 8]",
        "/stages/0/window/patchSize | [8,0,8] | patchSize must be 2 or 3 positive numbers",
        "/stages/0/window/outside | \"reflect\" | known: normalized, replicate, zero",
        "/stages/0/window/priorSigmaMm | 12 | unknown field \"priorSigmaMm\" at"
            + " lss-model.json:/stages/0/window/priorSigmaMm; known: kind, mirrorAxes, outside,",
        "/stages/0/window/rule/step | 0 | the tile step must lie in (0, 1], was 0.0 at"
            + " lss-model.json:/stages/0/window/rule",
        "/stages/0/window/rule/kind | \"random\" | unknown kind \"random\" at"
            + " lss-model.json:/stages/0/window/rule/kind; known: monai, nnUnet",
        "/stages/0/window/rule/overlap | 0.5 | unknown field \"overlap\" at"
            + " lss-model.json:/stages/0/window/rule/overlap; known: kind, step",
        "/stages/0/window/rule | {\"kind\":\"monai\",\"overlap\":1,\"weights\":\"constant\"} | the"
            + " tile overlap must lie in [0, 1), was 1.0",
        "/stages/0/window/rule | {\"kind\":\"monai\",\"overlap\":0.5,\"weights\":\"box\"} | unknown"
            + " weights \"box\"",
        "/stages/0/window/mirrorAxes | [3] | mirror axes must be different numbers from 0 to 2, were"
            + " [3] at lss-model.json:/stages/0/window",
        "/stages/0/window/mirrorAxes | [1,1] | mirror axes must be different",
        "/stages/0/window | {\"kind\":\"aroundPoint\",\"patchSize\":[8,6,4],\"priorSigmaMm\":0} |"
            + " priorSigmaMm must be positive, was 0.0 at lss-model.json:/stages/0/window",
        "/stages/0/window | {\"kind\":\"aroundPoint\",\"patchSize\":[8,6,4],\"priorSigmaMm\":1} |"
            + " a pointed object and a window around a point belong together",
        "/stages/0/window | {\"kind\":\"whole\",\"patchSize\":[8,6,4]} | a whole plane has 2 sizes",
        "/stages/0/output/kind | \"argmax\" | known: heatMaps, pointedObject, sigmoidRegions, softmax",
        "/stages/0/output/keys | [\"a\"] | the network gives 2 channels, the output has 1 at"
            + " lss-model.json:/stages/0",
        "/stages/0/output/keys | [\"a\",\"a\"] | heat maps have keys of their own, were [a, a]",
        "/stages/0/output/labels | [] | unknown field \"labels\"",
        "/stages/0/output | {\"kind\":\"softmax\",\"labels\":[{\"value\":0,\"key\":\"a\"}]} | a label"
            + " value lies in 1 to 65535, was 0 at lss-model.json:/stages/0/output/labels/0",
        "/stages/0/output | {\"kind\":\"softmax\",\"labels\":[]} | labels have values of their own,"
            + " were [] at lss-model.json:/stages/0/output",
        "/stages/0/output | {\"kind\":\"sigmoidRegions\",\"regions\":[{\"key\":\"a\",\"values\":[],"
            + "\"writes\":1}]} | a region has values",
        "/stages/0/output | {\"kind\":\"sigmoidRegions\",\"regions\":[{\"key\":\"a\",\"values\":[1]"
            + "}]} | missing field \"writes\" at lss-model.json:/stages/0/output/regions/0/writes",
        "/stages/0/weights | [\"other\"] | stage localizer uses \"other\", which is not listed",
        "/stages/0/inputs/0/normalization/kind | \"percentile\" | unknown kind \"percentile\" at"
            + " lss-model.json:/stages/0/inputs/0/normalization/kind; known: ctClip, none,",
        "/stages/0/inputs/0/normalization/std | 0 | std > 0",
        "/stages | [] | at least one stage",
        "/title | \" \" | wanted a text that is not blank at lss-model.json:/title",
        "/schema | \"lss-model/one\" | unknown schema \"lss-model/one\" at"
            + " lss-model.json:/schema; known: lss-model/2",
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

  @ParameterizedTest
  @CsvSource({
    "lss-model/3, reads lss-model/2: update LSS",
    "lss-model/1, reads lss-model/2: get or make the package again"
  })
  void another_schema_is_refused_before_anything_else_is_read(String schema, String message) {
    ModelException e =
        refusal("{\"schema\":\"%s\",\"new\":1}".formatted(schema).getBytes(StandardCharsets.UTF_8));

    assertThat(e.code()).isEqualTo("MODEL_SCHEMA");
    assertThat(e).hasMessageContaining(schema).hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"role", "name", "network", "inputs", "orientation", "grid", "window", "output"})
  void a_stage_is_described_in_full(String field) throws IOException {
    PackageFixture fixture = new PackageFixture().listFiles();
    fixture.stage().remove(field);

    assertThat(refusal(fixture.json()))
        .hasMessage("missing field \"%s\" at lss-model.json:/stages/0/%s".formatted(field, field));
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
}
