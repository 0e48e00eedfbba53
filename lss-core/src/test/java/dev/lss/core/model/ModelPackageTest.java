package dev.lss.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.ModelException;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.network.Signature;
import dev.lss.core.io.Sha256;
import dev.lss.core.service.ServiceFiles;
import dev.lss.spi.ModelProvider;
import dev.lss.spi.ModelSource;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPackageTest {

  @TempDir Path dir;
  private PackageFixture fixture;

  @BeforeEach
  void make() throws IOException {
    fixture = new PackageFixture().listFiles();
    Provider.files = fixture;
  }

  /** Brings the fixture as {@code tiny}. */
  public static class Provider implements ModelProvider {

    static PackageFixture files;

    @Override
    public List<String> modelIds() {
      return List.of("tiny");
    }

    @Override
    public InputStream open(String modelId, String path) throws IOException {
      byte[] bytes = path.equals("lss-model.json") ? files.json() : files.files.get(path);
      if (bytes == null) {
        throw new FileNotFoundException(path);
      }
      return new ByteArrayInputStream(bytes);
    }
  }

  /** Brings the same model again. */
  public static final class Twin extends Provider {}

  private static void assertRefused(String code, String message, Path path) {
    assertThatThrownBy(() -> ModelPackage.open(path))
        .isInstanceOfSatisfying(ModelException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  @Test
  void folder_zip_and_class_path_give_the_same_package() throws IOException {
    List<ModelPackage> packages =
        List.of(
            ModelPackage.open(fixture.writeFolder(dir)),
            ModelPackage.open(fixture.writeZip(dir)),
            ModelPackage.bundled("tiny", new ServiceFiles(ModelProvider.class, Provider.class)));

    for (ModelPackage model : packages) {
      assertThat(model.description().id()).isEqualTo("tiny");
      assertThat(model.description())
          .usingRecursiveComparison()
          .isEqualTo(packages.get(0).description());
      assertThat(model.sha256()).isEqualTo(Sha256.of(fixture.json()));
      assertThat(model.license()).isEqualTo("Do as you like.");
      assertThat(model.card()).contains("# Tiny");
      assertThat(model.weights("localizer.safetensors").values("c.bias")).containsExactly(1, 2);
      assertThat(model.sizeBytes())
          .isEqualTo(fixture.files.values().stream().mapToLong(bytes -> bytes.length).sum());
    }
  }

  @Test
  void a_stage_becomes_one_source_for_each_fold() throws IOException {
    ModelPackage model = ModelPackage.open(fixture.writeFolder(dir));
    Stage stage = model.description().stages().get(0);

    List<ModelSource> sources = model.sources(stage);

    assertThat(sources).hasSize(1);
    assertThat(sources.get(0).name()).isEqualTo("tiny/localizer");
    ModelSource.Described source = (ModelSource.Described) sources.get(0);
    assertThat(new StageNetwork.Layers(source.network(), List.of("localizer.safetensors")))
        .isEqualTo(stage.network());
  }

  @Test
  void a_file_of_a_runtime_is_read_as_it_is_from_folder_zip_and_class_path() throws IOException {
    byte[] onnx = {8, 9, 58, 0};
    fixture.bringOnnx(onnx).listFiles();

    for (ModelPackage model :
        List.of(
            ModelPackage.open(fixture.writeFolder(dir)),
            ModelPackage.open(fixture.writeZip(dir)),
            ModelPackage.bundled("tiny", new ServiceFiles(ModelProvider.class, Provider.class)))) {
      Stage stage = model.description().stages().get(0);
      List<ModelSource> sources = model.sources(stage);

      assertThat(sources).hasSize(1);
      ModelSource.Opaque source = (ModelSource.Opaque) sources.get(0);
      assertThat(source.name()).isEqualTo("tiny/localizer/net.onnx");
      assertThat(source.format()).isEqualTo(ModelFormat.ONNX);
      assertThat(source.bytes()).isEqualTo(ByteBuffer.wrap(onnx));
      assertThat(source.signature()).isEqualTo(new Signature(3, 1, 2, List.of(1, 1, 1)));
    }
  }

  @Test
  void a_file_of_a_runtime_that_was_changed_is_refused() throws IOException {
    Path folder = fixture.bringOnnx(new byte[] {8, 9}).listFiles().writeFolder(dir);
    ModelPackage model = ModelPackage.open(folder);
    Files.write(folder.resolve("net.onnx"), new byte[] {8, 8});

    assertRefused("MODEL_CHECKSUM", "\"net.onnx\" has SHA-256 ", folder);
    assertThatThrownBy(() -> model.sources(model.description().stages().get(0)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("\"net.onnx\" has SHA-256 ");
  }

  @Test
  void weights_of_another_shape_are_refused_by_layer_and_tensor() throws IOException {
    fixture.files.put("localizer.safetensors", PackageFixture.weights(81));
    ModelPackage model = ModelPackage.open(fixture.listFiles().writeFolder(dir));

    assertThatThrownBy(() -> model.sources(model.description().stages().get(0)))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "tiny/localizer: layer c needs the tensor \"c.weight\" as [2, 1, 3, 3, 3], found [3, 1,"
                + " 3, 3, 3]");
  }

  @Test
  void a_tensor_that_the_weights_lack_is_refused() throws IOException {
    fixture.layer(0).put("weight", "d.weight");
    ModelPackage model = ModelPackage.open(fixture.writeFolder(dir));

    assertThatThrownBy(() -> model.sources(model.description().stages().get(0)))
        .hasMessageContaining("layer c needs the tensor \"d.weight\"");
  }

  @Test
  void a_changed_file_is_refused_with_both_hashes() throws IOException {
    Path folder = fixture.writeFolder(dir);
    Files.writeString(folder.resolve("LICENSE"), "All yours.");

    assertRefused("MODEL_CHECKSUM", "\"LICENSE\" has SHA-256 ", folder);
  }

  @Test
  void weights_that_change_after_opening_are_refused_when_read() throws IOException {
    Path folder = fixture.writeFolder(dir);
    ModelPackage model = ModelPackage.open(folder);
    byte[] bytes = fixture.files.get("localizer.safetensors").clone();
    bytes[bytes.length - 1] ^= 1;
    Files.write(folder.resolve("localizer.safetensors"), bytes);

    assertThatThrownBy(() -> model.weights("localizer.safetensors"))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.code()).isEqualTo("MODEL_CHECKSUM"));
  }

  @Test
  void a_missing_file_is_refused_by_name() throws IOException {
    Path folder = fixture.writeFolder(dir);
    Files.delete(folder.resolve("MODEL_CARD.md"));

    assertRefused("MODEL_FILE_MISSING", "\"MODEL_CARD.md\"", folder);
  }

  @Test
  void a_file_that_the_manifest_does_not_list_is_refused_by_name() throws IOException {
    Path folder = fixture.writeFolder(dir);
    Files.writeString(Files.createDirectory(folder.resolve("sub")).resolve("x.bin"), "?");

    assertRefused("MODEL_FILE_UNLISTED", "\"sub/x.bin\"", folder);
  }

  @Test
  void what_systems_leave_in_a_folder_is_no_part_of_the_package() throws IOException {
    Path folder = fixture.writeFolder(dir);
    Files.writeString(folder.resolve(".DS_Store"), "?");
    Files.writeString(folder.resolve("._LICENSE"), "?");
    Files.writeString(folder.resolve("Thumbs.db"), "?");
    Files.writeString(Files.createDirectory(folder.resolve("__MACOSX")).resolve("x"), "?");

    assertThat(ModelPackage.open(folder).description().id()).isNotBlank();
  }

  @Test
  void a_link_in_a_folder_is_refused() throws IOException {
    Path outside = Files.writeString(dir.resolve("LICENSE"), "Do as you like.");
    Path folder = fixture.writeFolder(dir);
    Files.delete(folder.resolve("LICENSE"));
    Files.createSymbolicLink(folder.resolve("LICENSE"), outside);

    assertRefused("BAD_PACKAGE", "\"LICENSE\" is no regular file", folder);
  }

  @Test
  void a_manifest_that_points_outside_is_refused() throws IOException {
    ((ObjectNode) fixture.manifest.get("files").get(0)).put("path", "../LICENSE");

    assertRefused("BAD_PACKAGE", "\"../LICENSE\"", fixture.writeFolder(dir));
  }

  @Test
  void a_package_that_is_not_there_and_a_folder_without_manifest_are_refused() throws IOException {
    assertRefused("MODEL_NOT_FOUND", "nowhere", dir.resolve("nowhere"));
    assertRefused("MODEL_NOT_FOUND", "holds no lss-model.json", dir);
  }

  @Test
  void a_zip_whose_entry_inflates_to_more_than_it_says_is_refused_while_reading()
      throws IOException {
    fixture.files.put("MODEL_CARD.md", new byte[5000]);
    Path zip = fixture.listFiles().writeZip(dir);
    byte[] bytes = Files.readAllBytes(zip);
    ByteBuffer edit = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int card = edit.getInt(bytes.length - 22 + 16) + 46 + "LICENSE".length();
    assertThat(edit.getInt(card + 24)).isEqualTo(5000);
    edit.putInt(card + 24, 4999);
    Files.write(zip, bytes);

    assertRefused("BAD_PACKAGE", "\"MODEL_CARD.md\" inflates to more than the 4999 bytes", zip);
  }

  @Test
  void a_zip_with_damaged_data_is_refused_as_damaged() throws IOException {
    Path zip = fixture.writeZip(dir);
    byte[] bytes = Files.readAllBytes(zip);
    Arrays.fill(bytes, 30 + "LICENSE".length(), 30 + "LICENSE".length() + 10, (byte) 0xff);
    Files.write(zip, bytes);

    assertRefused("BAD_PACKAGE", "tiny.zip is damaged", zip);
  }

  @Test
  void a_zip_cut_short_is_refused() throws IOException {
    Path zip = fixture.writeZip(dir);
    byte[] bytes = Files.readAllBytes(zip);
    Files.write(zip, Arrays.copyOf(bytes, bytes.length / 2));

    assertRefused("BAD_PACKAGE", "no zip directory", zip);
  }

  @Test
  void a_file_that_is_not_part_of_the_package_cannot_be_asked_for() throws IOException {
    ModelPackage model = ModelPackage.open(fixture.writeFolder(dir));

    assertThatThrownBy(() -> model.weights("../secret"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("known: LICENSE, MODEL_CARD.md, localizer.safetensors");
  }

  @Test
  void an_unknown_bundled_model_is_refused_with_the_known_ones() {
    ServiceFiles loader = new ServiceFiles(ModelProvider.class, Provider.class);

    assertThat(ModelPackage.bundledIds(loader)).containsExactly("tiny");
    assertThatThrownBy(() -> ModelPackage.bundled("huge", loader))
        .isInstanceOf(ModelException.class)
        .hasMessage("no model \"huge\" on the class path; known: tiny");
  }

  @Test
  void without_any_provider_the_error_says_what_to_add() {
    assertThatThrownBy(() -> ModelPackage.bundled("tiny", new ServiceFiles(ModelProvider.class)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("add dev.lss:lss-models to the class path");
  }

  @Test
  void two_providers_of_one_model_are_refused_by_name() {
    assertThatThrownBy(
            () ->
                ModelPackage.bundled(
                    "tiny", new ServiceFiles(ModelProvider.class, Provider.class, Twin.class)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("ModelPackageTest$Provider")
        .hasMessageContaining("ModelPackageTest$Twin");
  }

  @Test
  void a_bundled_model_that_calls_itself_otherwise_is_refused() {
    fixture.manifest.put("id", "other");

    assertThatThrownBy(
            () ->
                ModelPackage.bundled("tiny", new ServiceFiles(ModelProvider.class, Provider.class)))
        .hasMessage("the model provided as tiny calls itself other");
  }

  @Test
  void text_of_a_licence_is_read_as_utf_8() throws IOException {
    fixture.files.put("LICENSE", "© 2026".getBytes(StandardCharsets.UTF_8));

    assertThat(ModelPackage.open(fixture.listFiles().writeZip(dir)).license()).isEqualTo("© 2026");
  }
}
