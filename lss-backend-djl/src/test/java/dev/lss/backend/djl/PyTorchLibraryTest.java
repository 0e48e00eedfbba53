package dev.lss.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.spi.BackendStatus;
import dev.lss.spi.BackendStatus.Available;
import dev.lss.spi.BackendStatus.Unavailable;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A native library loads once in a JVM, so each case runs in a JVM of its own. */
class PyTorchLibraryTest {

  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir Path folder;

  /** Probes and prints what it found. */
  static final class Probe {
    public static void main(String[] args) {
      BackendStatus status = new DjlBackend().probe();
      System.out.println(
          status instanceof Available available
              ? "available %s %s offline=%s optOut=%s cache=%s"
                  .formatted(
                      available.version(),
                      available.devices(),
                      System.getProperty("ai.djl.offline"),
                      System.getProperty("OPT_OUT_TRACKING"),
                      System.getProperty("ENGINE_CACHE_DIR"))
              : "unavailable " + ((Unavailable) status).reason());
    }
  }

  /** What a JVM printed, and what it warned of. */
  private record Run(String out, String err) {}

  @Test
  void a_missing_native_library_names_the_artifact_to_add_and_nothing_is_downloaded()
      throws Exception {
    Run run = probe(without("pytorch-native"));

    assertThat(run.out())
        .isEqualTo(
            "unavailable PyTorch's native library for %1$s is not on the class path: add"
                    .formatted(Natives.here())
                + " ai.djl.pytorch:pytorch-native-cpu:2.7.1:"
                + Natives.here());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_missing_bridge_names_the_artifact_to_add() throws Exception {
    Run run = probe(without("pytorch-jni"));

    assertThat(run.out())
        .startsWith("unavailable DJL's native library for PyTorch (jnilib/")
        .endsWith("add ai.djl.pytorch:pytorch-jni in the version of pytorch-engine");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_missing_djl_names_the_artifact_to_add() throws Exception {
    assertThat(probe(without("pytorch-engine")).out())
        .isEqualTo(
            "unavailable DJL's PyTorch engine is not on the class path: add"
                + " ai.djl.pytorch:pytorch-engine");
    assertThat(probe(without("api-0")).out())
        .startsWith("unavailable DJL is not complete on the class path (ai")
        .endsWith("add ai.djl.pytorch:pytorch-engine");
  }

  @Test
  void a_cache_that_cannot_be_made_is_named() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");

    Run run = probe(CLASS_PATH, "-DENGINE_CACHE_DIR=" + file);

    assertThat(run.out())
        .startsWith("unavailable PyTorch did not load")
        .contains(file.toString(), "DJL_CACHE_DIR");
  }

  @Test
  void a_damaged_library_is_unpacked_anew_loudly_and_the_settings_are_those_of_no_network()
      throws Exception {
    Path cache = Path.of(System.getProperty("ENGINE_CACHE_DIR"));
    new DjlBackend().probe(); // unpacks
    try (Stream<Path> files = Files.walk(cache)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(cache.relativize(file));
        Files.createDirectories(copy.getParent());
        if (file.endsWith("libtorch.so")) {
          byte[] bytes = Files.readAllBytes(file);
          bytes[bytes.length / 2] ^= 1;
          Files.write(copy, bytes);
        } else {
          linkOrCopy(file, copy);
        }
      }
    }

    Run run = probe(CLASS_PATH);

    assertThat(run.out())
        .startsWith("available 2.7.1")
        .contains("cpu]", "offline=true optOut=true");
    assertThat(run.err()).contains("WARNING", "libtorch.so in", "is not what its jar holds");
    assertThat(probe(CLASS_PATH).err()).doesNotContain("WARNING");
  }

  private static void linkOrCopy(Path file, Path copy) throws IOException {
    try {
      Files.createLink(copy, file);
    } catch (FileSystemException | UnsupportedOperationException e) {
      Files.copy(file, copy);
    }
  }

  private static String without(String prefix) {
    return Arrays.stream(CLASS_PATH.split(File.pathSeparator))
        .filter(entry -> !new File(entry).getName().startsWith(prefix))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Run probe(String classPath) throws IOException, InterruptedException {
    return probe(classPath, "-DENGINE_CACHE_DIR=" + folder);
  }

  private Run probe(String classPath, String option) throws IOException, InterruptedException {
    Path errors = Files.createTempFile("probe", ".txt");
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx64m",
                  option,
                  "-cp",
                  classPath,
                  Probe.class.getName())
              .redirectError(errors.toFile())
              .start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
      return new Run(out.strip(), Files.readString(errors));
    } finally {
      Files.delete(errors);
    }
  }
}
