package dev.lss.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.LssException;
import dev.lss.spi.SessionConfig;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Files that once ended the process, never ended or read what nobody had looked at. They are opened
 * in a process of their own with a small heap, in which the runtime's library cannot be loaded: the
 * refusal comes before it.
 */
class OnnxCasesTest {

  private static final Map<String, String> REASONS =
      Map.of(
          "on_ext_conv", "a tag has more than 32 bits",
          "on_recfun", "it holds functions",
          "on_loop", "it holds an inner graph",
          "on_expfun", "it holds functions",
          "on_bigdim", "a size is 1099511627776",
          "on_noout", "it must have one output");

  /** Opens each file and prints one line for it: name, code, milliseconds, message. */
  public static void main(String[] files) throws IOException {
    for (String file : files) {
      Path path = Path.of(file);
      byte[] bytes = Files.readAllBytes(path);
      long start = System.nanoTime();
      String outcome;
      try {
        new OnnxBackend().open(OnnxFileTest.opaque(bytes), SessionConfig.cpu(1)).close();
        outcome = "OPENED";
      } catch (LssException e) {
        outcome = e.code() + "|" + e.getMessage();
      }
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      System.out.printf(Locale.ROOT, "%s|%d|%s%n", path.getParent().getFileName(), took, outcome);
    }
  }

  @Test
  void all_are_refused_within_two_seconds_and_256_mb_before_the_runtime_sees_them()
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Donnxruntime.native.path=/no/such/folder",
                "-cp",
                System.getProperty("java.class.path"),
                OnnxCasesTest.class.getName()));
    for (String name : REASONS.keySet()) {
      command.add(RealData.path("../cases/models/" + name + "/m.onnx").toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    assertThat(process.waitFor()).as(output).isZero();
    Map<String, String[]> lines =
        output
            .lines()
            .map(line -> line.split("\\|", 4))
            .collect(Collectors.toMap(l -> l[0], l -> l));
    assertThat(lines.keySet()).isEqualTo(REASONS.keySet());
    lines.forEach(
        (name, line) -> {
          assertThat(Long.parseLong(line[1])).as(name).isLessThan(2000);
          assertThat(line[2]).as(name).isEqualTo("MODEL_REFUSED");
          assertThat(line[3]).as(name).contains(REASONS.get(name));
        });
  }
}
