package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.examples.Forked;
import dev.lss.examples.Jars;
import dev.lss.testkit.RealData;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as a process of its own, from the built jars. */
class CommandLineIT {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"n07_dim_overflow.nii", "n34_gz_bomb_1GiB.nii.gz"})
  void a_heap_of_64_MB_is_enough_to_refuse_a_huge_claim(String fault) throws Exception {
    Forked run = lss(Jars.all(), "-Xmx64m", segment(RealData.path("dicom/faults/" + fault)));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
    assertThat(run.err().lines()).hasSize(2);
    assertThat(run.out()).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void a_bad_input_is_refused_before_a_backend_is_looked_for() throws Exception {
    String noBackend = Jars.only(jar -> !jar.matches("(lss-backend|onnxruntime).*jar"));

    Forked run = lss(noBackend, "-Xmx64m", segment(RealData.path("dicom/faults/n01_empty.nii")));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
  }

  @Test
  void without_a_backend_the_error_names_what_to_add() throws Exception {
    String noBackend = Jars.only(jar -> !jar.matches("(lss-backend|onnxruntime).*jar"));

    Forked run = lss(noBackend, "-Xmx512m", segment(RealData.path("dicom/faults/n00_ok.nii")));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(5);
    assertThat(run.err()).contains("dev.lss:lss-backend-onnx", "[NO_BACKEND]");
    assertThat(run.err().lines()).hasSize(2);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void an_interrupt_ends_with_130_and_leaves_no_result() throws Exception {
    Path out = folder.resolve("out");
    // A build in the background ignores interrupts, and so would its children.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(Jars.java("-Dlss.terminal=true", "-cp", Jars.all()));
    command.addAll(List.of(Lss.class.getName(), "demo", "--out", out.toString()));
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader err = process.errorReader()) {
      assertThat(err.read()).as("progress begins").isPositive();
      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(err.lines().toList()).anyMatch(line -> line.contains("no result is written"));
    }

    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(out.resolve("result.json")).doesNotExist();
    if (Files.exists(out)) {
      try (var files = Files.list(out)) {
        assertThat(files.map(Path::getFileName).map(Path::toString))
            .isSubsetOf("ct.nii", "labels.nii.gz", "overlay.png", WrittenFiles.LIST);
      }
    }
  }

  private List<String> segment(Path input) {
    return List.of(
        "segment",
        "--task",
        "ct-vertebrae",
        "--input",
        input.toString(),
        "--out",
        folder.resolve("out").toString());
  }

  private Forked lss(String classPath, String heap, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(Jars.java(heap, "-cp", classPath));
    command.add(Lss.class.getName());
    command.addAll(arguments);
    return Forked.run(folder, command);
  }
}
