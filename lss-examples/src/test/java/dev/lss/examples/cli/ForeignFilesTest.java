package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.Nifti;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is written over a file that is no earlier result of ours. */
class ForeignFilesTest {

  private static final GridGeometry GRID =
      GridGeometry.ofSpacing(new Extents(6, 6, 6), new Vector3(2, 2, 2));

  private static final String TABLE = "a,b,c\n1,2,3\n2,4,1\n3,3,5\n4,6,2\n5,5,7\n";

  @TempDir private Path folder;

  private Path image() throws IOException {
    float[] hu = new float[216];
    Arrays.fill(hu, 100);
    Path image = folder.resolve("ct.nii.gz");
    Nifti.write(image, Volume.wrap(GRID, hu));
    return image;
  }

  private Path labels(Path file) throws IOException {
    short[] labels = new short[216];
    labels[GRID.extents().offset(2, 2, 2)] = 22;
    Nifti.writeLabels(file, LabelVolume.wrap(GRID, labels));
    return file;
  }

  private Path out() throws IOException {
    return Files.createDirectories(folder.resolve("out"));
  }

  private Cli measure() throws IOException {
    Path labels = labels(folder.resolve("labels.nii.gz"));
    return Cli.run(
        "measure",
        "--task",
        "ct-vertebrae",
        "--input",
        image(),
        "--labels",
        labels,
        "--out",
        folder.resolve("out"));
  }

  private Cli segment(Path input, Path out) {
    return Cli.run("segment", "--task", "ct-vertebrae", "--input", input, "--out", out);
  }

  private Cli agree(String... more) throws IOException {
    Path table = Files.writeString(folder.resolve("table.csv"), TABLE);
    return Cli.run(
        Stream.concat(
                Stream.of("agree", "--table", table, "--margin", "1", "--out", out()),
                Stream.of(more))
            .toArray());
  }

  private static void assertRefused(Cli run, Path file) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains(file.toString(), "name another");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ct.nii", "labels.nii.gz", "overlay.png", "result.json"})
  void the_demo_replaces_no_file_of_the_user(String name) throws IOException {
    Path precious = Files.writeString(out().resolve(name), "precious");

    Cli run = Cli.run("demo", "--out", out());

    assertRefused(run, precious);
    assertThat(precious).hasContent("precious");
    try (Stream<Path> files = Files.list(out())) {
      assertThat(files).containsExactly(precious);
    }
  }

  @Test
  void a_segmentation_replaces_no_file_of_the_user() throws IOException {
    Path precious = Files.writeString(out().resolve("overlay.png"), "precious");

    assertRefused(segment(image(), out()), precious);
    assertThat(precious).hasContent("precious");
  }

  @Test
  void an_earlier_result_is_replaced() throws IOException {
    measure();

    Cli again = measure();

    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(out().resolve("result.json")).exists();
    assertThat(Files.readAllLines(out().resolve(WrittenFiles.LIST)))
        .anyMatch(line -> line.matches("[0-9a-f]{64}  overlay\\.png"))
        .anyMatch(line -> line.matches("[0-9a-f]{64}  result\\.json"));
  }

  @Test
  void a_result_that_was_changed_since_is_the_users() throws IOException {
    measure();
    Path changed = Files.writeString(out().resolve("overlay.png"), "annotated");

    assertRefused(measure(), changed);
    assertThat(changed).hasContent("annotated");
  }

  @Test
  void what_a_killed_run_left_is_ours() throws IOException {
    WrittenFiles killed = WrittenFiles.of(out());
    killed.begin(List.of("overlay.png"));
    Files.writeString(out().resolve("overlay.png"), "half");

    assertThat(measure().exitCode()).isZero();
  }

  @Test
  void an_input_that_is_an_earlier_result_is_not_overwritten() throws IOException {
    Path input = labels(out().resolve("labels.nii.gz"));
    WrittenFiles written = WrittenFiles.of(out());
    written.put("labels.nii.gz", Files.readAllBytes(input));
    written.save();
    byte[] before = Files.readAllBytes(input);

    assertRefused(segment(input, out()), input);
    assertThat(Files.readAllBytes(input)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"symbolic", "hard", "folder"})
  void an_input_is_known_by_its_links(String kind) throws IOException {
    Path input = labels(out().resolve("labels.nii.gz"));
    WrittenFiles written = WrittenFiles.of(out());
    written.put("labels.nii.gz", Files.readAllBytes(input));
    written.save();
    Path link = folder.resolve("link");
    switch (kind) {
      case "symbolic" -> Files.createSymbolicLink(link, input);
      case "hard" -> Files.createLink(link, input);
      default -> link = Files.createSymbolicLink(link, out()).resolve("labels.nii.gz");
    }

    assertRefused(segment(link, out()), input);
  }

  @Test
  void a_name_in_other_letters_is_the_same_file_where_the_disk_says_so() throws IOException {
    Path input = labels(out().resolve("labels.nii.gz"));
    Path other = out().resolve("LABELS.nii.gz");
    assumeTrue(Files.exists(other), "this disk tells small letters from capitals");
    WrittenFiles written = WrittenFiles.of(out());
    written.put("labels.nii.gz", Files.readAllBytes(input));
    written.save();

    assertRefused(segment(other, out()), input);
  }

  @Test
  void a_link_to_the_input_in_the_folder_is_not_written_through() throws IOException {
    Path input = image();
    Path link = Files.createSymbolicLink(out().resolve("labels.nii.gz"), input);

    assertRefused(segment(input, out()), link);
  }

  @Test
  void the_folder_of_a_clip_does_not_take_its_result() throws IOException {
    Cli run =
        Cli.run("segment", "--task", "us-fascia", "--input", out(), "--out", out().resolve("."));

    assertRefused(run, out());
  }

  @Test
  void an_evaluation_replaces_no_file_of_the_user() throws IOException {
    Path labels = labels(folder.resolve("labels.nii.gz"));
    Path precious = Files.writeString(out().resolve("evaluation.csv"), "precious");

    Cli run = Cli.run("evaluate", "--reference", labels, "--prediction", labels, "--out", out());

    assertRefused(run, precious);
  }

  @Test
  void an_agreement_replaces_no_file_of_the_user() throws IOException {
    Path precious = Files.writeString(out().resolve("bland-altman-1.svg"), "precious");

    assertRefused(agree("--columns", "a,b"), precious);
    assertThat(precious).hasContent("precious");
  }

  @Test
  void pictures_of_a_longer_result_before_it_are_gone() throws IOException {
    agree("--columns", "a,b", "--columns", "a,c");
    assertThat(out().resolve("bland-altman-2.png")).exists();
    Path mine = Files.writeString(out().resolve("notes.txt"), "mine");

    Cli run = agree("--columns", "a,b");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(out().resolve("bland-altman-1.png")).exists();
    assertThat(out().resolve("bland-altman-2.png")).doesNotExist();
    assertThat(mine).exists();
  }

  @Test
  void an_export_replaces_an_export_and_nothing_else() throws IOException {
    Path file = folder.resolve("coarse.onnx");
    Object[] export = {
      "export", "--model", "ct-vertebrae", "--stage", "localizer", "--format", "onnx", "--out", file
    };
    Files.writeString(file, "precious");

    assertRefused(Cli.run(export), file);
    assertThat(file).hasContent("precious");
    Files.delete(file);
    assertThat(Cli.run(export).exitCode()).isZero();
    assertThat(Cli.run(export).exitCode()).isZero();
    Files.writeString(file, "changed");
    assertRefused(Cli.run(export), file);
  }

  @Test
  void a_benchmark_replaces_no_file_of_the_user() throws IOException {
    Path precious = Files.writeString(folder.resolve("bench.json"), "{\"schema\": \"mine/1\"}");

    assertRefused(Cli.run("bench", "--out", precious), precious);
  }

  @Test
  void a_link_to_nothing_is_no_folder() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));

    Cli run = segment(image(), link);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains(link.toString(), "a link to a folder that is not there");
  }

  @Test
  void a_name_that_the_disk_does_not_take_is_refused_before_any_work() throws IOException {
    Path tooLong = folder.resolve("x".repeat(300));

    Cli run = segment(image(), tooLong);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("xxx", "name another folder");
  }
}
