package dev.lss.backend.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.BackendStatus.Available;
import dev.lss.spi.BackendStatus.Unavailable;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import dev.lss.testkit.SampleNetwork;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A native library loads once in a JVM, and may end it, so each case runs in a JVM of its own. */
class TfProcessTest {

  private static final String CLASS_PATH = System.getProperty("java.class.path");
  private static final SampleNetwork UNET = SampleNetwork.uNet(3, 16, 3);
  private static final Described SOURCE =
      new Described(UNET.name(), UNET.network(), UNET.weights());

  @TempDir Path folder;

  /** Prints what the backend says about itself. */
  static final class Probe {
    public static void main(String[] args) {
      String first = status();
      System.out.println(first);
      System.out.println(status().equals(first) ? "" : "then another status");
    }

    private static String status() {
      BackendStatus status = new TfBackend().probe();
      return status instanceof Available available
          ? "available " + available.version() + " " + available.devices()
          : "unavailable " + ((Unavailable) status).reason();
    }
  }

  /** Runs a U-Net on shapes that do not fit and prints what comes of each. */
  static final class WrongShapes {
    public static void main(String[] args) {
      try (InferenceSession session = new TfBackend().open(SOURCE, SessionConfig.cpu(2))) {
        for (Shape in :
            List.of(
                Shape.of(1, 1, 8, 6, 8),
                Shape.of(1, 1, 3, 3, 3),
                Shape.of(1, 1, 8, 8),
                Shape.of(1, 1, 1, 8, 8, 8),
                Shape.of(1, 2, 8, 8, 8))) {
          try {
            session.run(FloatTensor.allocate(in), FloatTensor.allocate(Shape.of(1, 3, 8, 8, 8)));
            System.out.println("ran");
          } catch (BackendException e) {
            System.out.println(e.code());
          }
        }
      }
    }
  }

  /** Opens, runs and closes many sessions and prints by how many KiB the process grew. */
  static final class Sessions {
    public static void main(String[] args) throws IOException {
      openAndRun(60);
      long before = residentKib();
      openAndRun(120);
      System.out.println(residentKib() - before);
    }

    private static void openAndRun(int times) {
      for (int n = 0; n < times; n++) {
        try (InferenceSession session = new TfBackend().open(SOURCE, SessionConfig.cpu(1))) {
          session.run(
              FloatTensor.allocate(Shape.of(1, 1, 8, 8, 8)),
              FloatTensor.allocate(Shape.of(1, 3, 8, 8, 8)));
        }
      }
    }

    private static long residentKib() throws IOException {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Exports a U-Net and prints how many bytes it has. */
  static final class Export {
    public static void main(String[] args) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new TfBackend().export(SOURCE, ModelFormat.SAVEDMODEL, out);
      System.out.println("exported " + out.size());
    }
  }

  @Test
  void a_missing_runtime_names_the_artifacts_to_add() throws Exception {
    assertThat(run(Probe.class, without("tensorflow-core")))
        .isEqualTo(
            "unavailable TensorFlow is not on the class path: add"
                + " org.tensorflow:tensorflow-core-api and, for this platform,"
                + " org.tensorflow:tensorflow-core-native");
  }

  @Test
  void missing_native_libraries_name_the_artifact_to_add() throws Exception {
    assertThat(run(Probe.class, withoutNatives()))
        .startsWith("unavailable TensorFlow's native libraries for ")
        .contains("add org.tensorflow:tensorflow-core-native with the classifier ")
        .doesNotContain("then another status");
  }

  @Test
  void an_export_needs_no_native_libraries() throws Exception {
    assertThat(run(Export.class, withoutNatives())).matches("exported \\d{7}");
  }

  @Test
  void a_folder_that_cannot_be_made_is_named_with_the_property_to_set() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(run(Probe.class, CLASS_PATH, "-Dorg.bytedeco.javacpp.cachedir=" + file))
        .startsWith("unavailable TensorFlow's native libraries cannot be unpacked into " + file)
        .contains("set the system property org.bytedeco.javacpp.cachedir to a folder")
        .doesNotContain("then another status");
  }

  @Test
  void a_damaged_library_is_reported_and_unpacked_again() throws Exception {
    String property = "-Dorg.bytedeco.javacpp.cachedir=" + folder;
    assertThat(run(Probe.class, CLASS_PATH, property)).startsWith("available 2.18.0 [");
    Path library = unpacked("jnitensorflow");
    byte[] good = Files.readAllBytes(library);
    byte[] bad = good.clone();
    bad[good.length / 2] ^= 1;
    FileTime time = Files.getLastModifiedTime(library);
    Files.write(library, bad);
    Files.setLastModifiedTime(library, time);

    assertThat(run(Probe.class, CLASS_PATH, property))
        .contains("WARNING: " + library + " is not the file of ")
        .contains("it is unpacked again")
        .contains("available 2.18.0 [");

    assertThat(Files.readAllBytes(library)).isEqualTo(good);
  }

  @Test
  void a_wrong_shape_never_ends_the_process() throws Exception {
    assertThat(run(WrongShapes.class, CLASS_PATH).lines()).hasSize(5).containsOnly("WRONG_SHAPE");
  }

  @Test
  void memory_does_not_grow_over_sessions_that_are_closed() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc");

    // The weights alone are 1.3 MiB, so 120 that stay would be 156 MiB.
    assertThat(Long.parseLong(run(Sessions.class, CLASS_PATH))).isLessThan(40 << 10);
  }

  private Path unpacked(String library) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.toString().contains(library)).findFirst().orElseThrow();
    }
  }

  private static String withoutNatives() {
    return Arrays.stream(CLASS_PATH.split(File.pathSeparator))
        .filter(entry -> !new File(entry).getName().matches("tensorflow-core-native.*\\d-.*"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String without(String jar) {
    return Arrays.stream(CLASS_PATH.split(File.pathSeparator))
        .filter(entry -> !new File(entry).getName().startsWith(jar))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String run(Class<?> main, String classPath, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-Xmx64m", "-cp", classPath, main.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "3");
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out.lines()
        .filter(
            line -> !line.matches("I0000.*|.*absl::InitializeLog.*")) // two lines are always there
        .collect(Collectors.joining("\n"))
        .strip();
  }
}
