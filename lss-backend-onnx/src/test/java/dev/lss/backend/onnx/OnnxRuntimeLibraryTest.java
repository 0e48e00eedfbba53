package dev.lss.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lss.spi.BackendStatus;
import dev.lss.spi.BackendStatus.Available;
import dev.lss.spi.BackendStatus.Unavailable;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A native library loads once in a JVM, so each case runs in a JVM of its own. */
class OnnxRuntimeLibraryTest {

  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir Path folder;

  /** Probes and prints what it found; told to, it then dies without any clean-up at exit. */
  static final class Probe {
    public static void main(String[] args) {
      BackendStatus status = new OnnxBackend().probe();
      System.out.println(
          status instanceof Available available
              ? "available " + available.version()
              : "unavailable " + ((Unavailable) status).reason());
      System.out.flush();
      if (args.length > 0) {
        Runtime.getRuntime().halt(0);
      }
    }
  }

  @Test
  void a_jvm_that_ends_leaves_nothing_behind() throws Exception {
    assumeFalse(System.getProperty("os.name").startsWith("Windows"), "a loaded library stays");

    assertThat(probe(folder, CLASS_PATH)).startsWith("available 1.");

    assertThat(left()).isEmpty();
  }

  @Test
  void a_jvm_that_is_killed_leaves_no_library_behind() throws Exception {
    assumeFalse(System.getProperty("os.name").startsWith("Windows"), "a loaded library stays");

    assertThat(probe(folder, CLASS_PATH, "halt")).startsWith("available 1.");

    // The runtime's own folder stays, but it is empty.
    assertThat(left()).noneMatch(Files::isRegularFile);
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.toString().contains("onnxruntime")).toList();
    }
  }

  @Test
  void a_missing_temporary_folder_is_named() throws Exception {
    assertThat(probe(folder.resolve("missing"), CLASS_PATH))
        .startsWith("unavailable ONNX Runtime did not load")
        .contains("java.io.tmpdir (" + folder.resolve("missing") + ")");
  }

  @Test
  void a_missing_runtime_names_the_artifact_to_add() throws Exception {
    String without =
        Arrays.stream(CLASS_PATH.split(File.pathSeparator))
            .filter(entry -> !new File(entry).getName().startsWith("onnxruntime"))
            .collect(Collectors.joining(File.pathSeparator));

    assertThat(probe(folder, without))
        .isEqualTo(
            "unavailable ONNX Runtime is not on the class path: add"
                + " com.microsoft.onnxruntime:onnxruntime");
  }

  private static String probe(Path temporary, String classPath, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                classPath,
                Probe.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return out.strip();
  }
}
