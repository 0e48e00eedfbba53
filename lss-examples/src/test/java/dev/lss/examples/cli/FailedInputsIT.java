package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.examples.Forked;
import dev.lss.examples.cli.SmallHeap.Outcome;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Inputs that once ended the process, hung or gave a wrong number: each is answered within 2 s of
 * processor time and 256 MB of heap, in one process, so that none of them hurts the next.
 */
class FailedInputsIT {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double SECONDS = 2;

  @TempDir private static Path dir;
  private static final Map<String, Outcome> OUTCOMES = new LinkedHashMap<>();

  @BeforeAll
  static void run() throws IOException, InterruptedException {
    Map<String, List<Object>> lines = lines(RealData.path("../cases"));
    Path file = dir.resolve("lines.json");
    List<List<Object>> all = new ArrayList<>(lines.values());
    all.add(0, SmallHeap.line("backends")); // loads the runtimes, which is no answer to a file
    SmallHeap.write(file, all);
    Forked process =
        Forked.run(
            dir,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                file.toString()));
    List<Outcome> outcomes = SmallHeap.outcomes(process.out());
    assertThat(outcomes).as("the process ended early: " + process).hasSameSizeAs(all);
    int n = 1;
    for (String name : lines.keySet()) {
      OUTCOMES.put(name, outcomes.get(n++));
    }
  }

  private static Map<String, List<Object>> lines(Path cases) throws IOException {
    Map<String, List<Object>> lines = new LinkedHashMap<>();
    for (Path image : files(cases.resolve("nifti"))) {
      lines.put(name(image), segment("ct-vertebrae", image));
    }
    for (Path picture : files(cases.resolve("pictures"))) {
      lines.put(name(picture), segment("us-fascia", picture));
    }
    for (Path table : files(cases.resolve("csv"))) {
      String columns = Files.readAllLines(table).get(0);
      lines.put(
          name(table),
          SmallHeap.line(
              "agree", "--table", table, "--columns", columns, "--margin", "5%", "--out", out()));
    }
    Path labels = cases.resolve("labels");
    lines.put("idrate", evaluate(labels, "idrate", "--map", labels.resolve("idrate_map.csv")));
    lines.put("tie_0.6", evaluate(labels, "tie_0.6"));
    Path image = RealData.path("ct/l3_crop/ct.nii.gz");
    for (Path model : files(cases.resolve("models"))) {
      List<Object> line = new ArrayList<>(SmallHeap.line("segment", "--model", readable(model)));
      line.addAll(SmallHeap.line("--input", image, "--trust-code", "--out", out()));
      lines.put(name(model), line);
    }
    return lines;
  }

  private static List<Object> segment(String task, Path input) {
    return SmallHeap.line("segment", "--task", task, "--input", input, "--out", out());
  }

  private static List<Object> evaluate(Path labels, String name, Object... more) {
    List<Object> line =
        new ArrayList<>(
            SmallHeap.line(
                "evaluate",
                "--reference",
                labels.resolve(name + "_a.nii.gz"),
                "--prediction",
                labels.resolve(name + "_b.nii.gz")));
    line.addAll(List.of(more));
    return line;
  }

  private static Path out() {
    return dir.resolve("out").resolve(Long.toString(System.nanoTime()));
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Returns the package in today's schema: what is wrong with it is its file and not its words. */
  private static Path readable(Path model) throws IOException {
    if (!Files.exists(model.resolve("lss-model.json"))) {
      return model.resolve("nnUNetTrainer__nnUNetPlans__3d_fullres");
    }
    Path folder = Files.createDirectories(dir.resolve("models").resolve(name(model)));
    for (Path file : files(model)) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
    Path manifest = folder.resolve("lss-model.json");
    ObjectNode root = (ObjectNode) MAPPER.readTree(manifest.toFile());
    root.put("schema", "lss-model/2");
    ObjectNode stage = (ObjectNode) root.at("/stages/0");
    stage.remove(List.of("patchSize", "tiling", "mirrorAxes", "resampling", "spacingMm"));
    stage.set(
        "grid",
        MAPPER.readTree(
            """
        {"kind": "spacing", "spacingMm": [1.0, 1.0, 1.0], "images": {"rule": "LINEAR"}}
        """));
    stage.set(
        "window",
        MAPPER.readTree(
            """
        {"kind": "tiles", "patchSize": [32, 32, 32], "outside": "zero", "mirrorAxes": [],
         "rule": {"kind": "monai", "overlap": 0.25, "weights": "constant"}}
        """));
    stage.putObject("output").put("kind", "softmax").set("labels", stage.remove("labels"));
    MAPPER.writeValue(manifest.toFile(), root);
    return folder;
  }

  private static Outcome outcome(String name) {
    Outcome outcome = OUTCOMES.get(name);
    assertThat(outcome).as(name).isNotNull();
    return outcome;
  }

  @Test
  void each_is_answered_in_two_seconds() {
    assertThat(OUTCOMES).hasSizeGreaterThan(20);
    OUTCOMES.forEach((name, outcome) -> assertThat(outcome.seconds()).as(name).isLessThan(SECONDS));
  }

  @ParameterizedTest
  @CsvSource({
    "gzm_10000.nii.gz, NOT_A_VOLUME_FILE",
    "nifti_0_n2_off400_5e-324_nifti.gz, BAD_AFFINE",
    "nifti_2_n2_off480_5e-324_nifti.nii, BAD_AFFINE",
    "ras1g_1_progbomb1000.jpg, TOO_MANY_SCANS"
  })
  void a_file_that_cannot_be_right_is_refused_by_name(String name, String code) {
    assertThat(outcome(name).exitCode()).as(outcome(name).err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome(name).err()).contains("[" + code + "]").contains(name);
    assertThat(outcome(name).err().lines()).hasSizeBetween(1, 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "on_bigdim",
        "on_expfun",
        "on_ext_conv",
        "on_loop",
        "on_noout",
        "on_recfun",
        "pt_deepparen",
        "pt_save_caseCODE",
        "pt_save_casePY",
        "tf_constbig",
        "tf_fill2",
        "tf_recfun",
        "nnunet_empty_features"
      })
  void a_model_that_hides_something_is_refused_before_a_runtime_sees_it(String name) {
    assertThat(outcome(name).exitCode())
        .as(outcome(name).err())
        .isEqualTo(ExitCode.MODEL_OR_BACKEND);
    assertThat(outcome(name).err().lines()).hasSizeBetween(1, 2);
    assertThat(outcome(name).err()).doesNotContain("MODEL_SCHEMA").containsPattern("\\[[A-Z_]+]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"const3.csv", "const_28.csv", "constant_1e308.csv"})
  void a_constant_column_has_no_correlation_and_the_table_says_why(String name) {
    assertThat(outcome(name).exitCode()).as(outcome(name).err()).isZero();
    assertThat(outcome(name).out())
        .contains("Pearson -, Spearman -: the values do not vary")
        .contains("all differences are equal, so there is nothing to test");
  }

  @Test
  void products_that_overflow_leave_the_statistics_of_the_same_numbers_made_small() {
    assertThat(outcome("huge.csv").out())
        .contains("ICC(2,1)            0.9950  (95 % 0.9875 to 0.9980)")
        .contains("Pearson 0.9948, Spearman 0.9910");
  }

  @Test
  void differences_in_the_last_digit_give_pictures() {
    assertThat(outcome("hang3.csv").exitCode()).isZero();
    assertThat(outcome("hang3.csv").out()).contains("written to");
  }

  @Test
  void the_identification_rate_counts_all_levels() {
    assertThat(outcome("idrate").out()).contains("identified 1 of 3 vertebrae");
  }

  @Test
  void surface_dice_does_not_jump_at_a_tolerance_of_whole_voxels() {
    String last =
        outcome("tie_0.6")
            .out()
            .lines()
            .filter(line -> line.startsWith("1 "))
            .findFirst()
            .orElseThrow();
    assertThat(last).contains("1.0000");
  }
}
