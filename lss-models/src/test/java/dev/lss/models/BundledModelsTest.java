package dev.lss.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.spi.ModelProvider;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundledModelsTest {

  private static final int MAX_FILE_BYTES = 8 * 1024 * 1024;

  private final BundledModels models = new BundledModels();

  @Test
  void the_service_loader_finds_the_provider() {
    assertThat(ServiceLoader.load(ModelProvider.class))
        .hasAtLeastOneElementOfType(BundledModels.class);
  }

  @ParameterizedTest
  @MethodSource("ids")
  void a_package_has_a_card(String id) throws Exception {
    assertThat(text(id, "MODEL_CARD.md")).contains("Not a medical device").hasSizeGreaterThan(500);
  }

  @ParameterizedTest
  @CsvSource({
    "ct-vertebrae, CC-BY-SA-4.0, Attribution-ShareAlike 4.0 International",
    "mr-spine, CC-BY-4.0, Attribution 4.0 International",
    "us-fascia, Apache-2.0, Apache License"
  })
  void a_package_has_the_licence_that_it_names(String id, String licence, String title)
      throws Exception {
    assertThat(manifest(id).path("license").asText()).isEqualTo(licence);
    assertThat(text(id, "LICENSE")).contains(title);
  }

  @ParameterizedTest
  @MethodSource("ids")
  void every_file_is_listed_with_its_true_hash_and_is_at_most_8_MiB(String id) throws Exception {
    Set<String> listed = new TreeSet<>();
    for (JsonNode file : manifest(id).path("files")) {
      String path = file.path("path").asText();
      byte[] bytes = bytes(id, path);
      listed.add(path);
      assertThat(bytes).as(path).hasSizeLessThanOrEqualTo(MAX_FILE_BYTES);
      assertThat(sha256(bytes)).as(path).isEqualTo(file.path("sha256").asText());
    }
    listed.add("lss-model.json");
    assertThat(listed).isEqualTo(present(id)).contains("MODEL_CARD.md", "LICENSE");
  }

  @ParameterizedTest
  @MethodSource("ids")
  void every_weight_file_of_a_stage_is_listed(String id) throws Exception {
    Set<String> present = present(id);
    for (JsonNode stage : manifest(id).path("stages")) {
      for (JsonNode weights : stage.path("weights")) {
        assertThat(present).contains(weights.asText());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/lss-model.json", "../ct-vertebrae/lss-model.json", "a\\b", "nothing.bin"})
  void a_path_that_is_no_file_of_the_package_is_refused(String path) {
    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> models.open("ct-vertebrae", path))
        .withMessageContaining("ct-vertebrae");
  }

  @Test
  void an_unknown_model_is_refused_with_the_list_of_models() {
    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> models.open("mr-knee", "lss-model.json"))
        .withMessageContaining("mr-knee")
        .withMessageContaining("ct-vertebrae");
  }

  static Iterable<String> ids() {
    return new BundledModels().modelIds();
  }

  private JsonNode manifest(String id) throws IOException {
    return new ObjectMapper().readTree(bytes(id, "lss-model.json"));
  }

  private String text(String id, String path) throws IOException {
    return new String(bytes(id, path), StandardCharsets.UTF_8);
  }

  private byte[] bytes(String id, String path) throws IOException {
    try (InputStream in = models.open(id, path)) {
      return in.readAllBytes();
    }
  }

  private static Set<String> present(String id) throws IOException, URISyntaxException {
    URL manifest =
        BundledModels.class.getResource("/META-INF/lss/models/" + id + "/lss-model.json");
    Path folder = Path.of(manifest.toURI()).getParent();
    try (var files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
