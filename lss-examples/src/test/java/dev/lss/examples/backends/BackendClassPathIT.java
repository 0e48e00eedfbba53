package dev.lss.examples.backends;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.model.ModelFormat;
import dev.lss.examples.Forked;
import dev.lss.examples.cli.Lss;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.SessionConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What applications may put on their class path: one backend, two of one id, one that is broken.
 */
class BackendClassPathIT {

  private static final String NATIVES = "(pytorch-native|tensorflow-core-native).*\\d-.*jar";

  @TempDir private Path folder;

  /** A backend with the id of another. */
  public static final class SecondOnnx implements InferenceBackend {
    @Override
    public String id() {
      return "onnx";
    }

    @Override
    public int spiVersion() {
      return InferenceBackend.SPI_VERSION;
    }

    @Override
    public Set<ModelFormat> formats() {
      return Set.of();
    }

    @Override
    public BackendStatus probe() {
      return new BackendStatus.Available("1", List.of(Device.CPU));
    }

    @Override
    public InferenceSession open(ModelSource model, SessionConfig config) {
      throw new UnsupportedOperationException();
    }
  }

  private List<String> lines(String classPath, String... arguments) throws Exception {
    return TestJvm.run(folder, TinyRun.class, classPath, List.of(TestJvm.cache()), arguments)
        .out()
        .lines()
        .toList();
  }

  private static String others(String id) {
    return switch (id) {
      case "onnx" -> "(lss-backend-(djl|tf)|pytorch|tensorflow).*jar";
      case "djl" -> "(lss-backend-(onnx|tf)|onnxruntime|tensorflow).*jar";
      default -> "(lss-backend-(onnx|djl)|onnxruntime|pytorch).*jar";
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl", "tf"})
  void a_backend_that_is_alone_runs_unasked(String id) throws Exception {
    String classPath = TestJvm.without(name -> name.matches(others(id)));

    assertThat(lines(classPath, TinyRun.ANY, "1")).contains("backend " + id);
  }

  @Test
  void two_backends_of_one_id_are_refused_by_their_classes_when_that_id_would_run()
      throws Exception {
    Path services = Files.createDirectories(folder.resolve("twin/META-INF/services"));
    Files.writeString(
        services.resolve(InferenceBackend.class.getName()), SecondOnnx.class.getName());
    String twins = folder.resolve("twin") + File.pathSeparator + TestJvm.whole();

    assertThat(lines(twins, "onnx", "1"))
        .singleElement()
        .asString()
        .startsWith("refused DUPLICATE_BACKEND two backends are named \"onnx\"")
        .contains("OnnxBackend", "SecondOnnx");
    assertThat(lines(twins, "djl", "1")).contains("backend djl");
  }

  @Test
  void missing_natives_are_the_reason_in_the_list_and_in_the_failure() throws Exception {
    String classPath = TestJvm.without(name -> name.matches(NATIVES));

    Forked listed =
        TestJvm.run(folder, Lss.class, classPath, List.of(TestJvm.cache()), "backends", "--json");

    JsonNode list = new ObjectMapper().readTree(listed.out());
    assertThat(list.findValuesAsText("id")).containsExactly("onnx", "djl", "tf");
    assertThat(list.at("/0/available").asBoolean()).isTrue();
    assertThat(list.at("/1/reason").asText()).contains("ai.djl.pytorch:pytorch-native-cpu");
    assertThat(list.at("/2/reason").asText()).contains("org.tensorflow:tensorflow-core-native");
    assertThat(lines(classPath, "djl", "1"))
        .singleElement()
        .asString()
        .startsWith("refused NO_BACKEND")
        .contains(list.at("/1/reason").asText());
    assertThat(lines(classPath, "tf", "1"))
        .singleElement()
        .asString()
        .startsWith("refused NO_BACKEND")
        .contains(list.at("/2/reason").asText());
    assertThat(lines(classPath, TinyRun.ANY, "1")).contains("backend onnx");
  }

  @Test
  void a_damaged_cache_is_unpacked_anew_and_the_backend_runs() throws Exception {
    String cache = "-DENGINE_CACHE_DIR=" + folder.resolve("cache");
    List<String> options = List.of(cache);
    TestJvm.run(folder, TinyRun.class, TestJvm.whole(), options, "djl", "1");
    Path library = unpacked("torch_cpu");
    long bytes = Files.size(library);
    Files.write(library, new byte[1000]);

    Forked again = TestJvm.run(folder, TinyRun.class, TestJvm.whole(), options, "djl", "1");

    assertThat(again.out()).contains("backend djl");
    assertThat(again.err()).contains("is not what its jar holds");
    assertThat(Files.size(unpacked("torch_cpu"))).isEqualTo(bytes);
  }

  @Test
  void a_folder_of_libraries_that_are_none_is_the_reason_and_hides_no_other_backend()
      throws Exception {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    for (String library : new String[] {"onnxruntime", "onnxruntime4j_jni"}) {
      Files.writeString(broken.resolve(System.mapLibraryName(library)), "no library");
    }
    List<String> options =
        new ArrayList<>(List.of(TestJvm.cache(), "-Donnxruntime.native.path=" + broken));

    Forked listed = TestJvm.run(folder, Lss.class, TestJvm.whole(), options, "backends", "--json");

    JsonNode list = new ObjectMapper().readTree(listed.out());
    assertThat(list.at("/0/available").asBoolean()).isFalse();
    assertThat(list.at("/0/reason").asText()).contains("ONNX Runtime did not load");
    assertThat(list.at("/1/available").asBoolean()).isTrue();
    Forked any = TestJvm.run(folder, TinyRun.class, TestJvm.whole(), options, TinyRun.ANY, "1");
    assertThat(any.out()).contains("backend djl");
  }

  private Path unpacked(String library) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("cache"))) {
      return all.filter(path -> String.valueOf(path.getFileName()).contains(library))
          .findFirst()
          .orElseThrow();
    }
  }
}
