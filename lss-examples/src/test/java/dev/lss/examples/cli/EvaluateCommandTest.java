package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.core.nifti.Nifti;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Maps of 12 x 12 x 12 voxels of 2 mm, so 8 mm³ each, with blocks of 4 x 4 x 4 voxels: a block that
 * is moved by one voxel overlaps in 48 of 64, so its Dice is 0.75.
 */
class EvaluateCommandTest {

  private static final Vector3 SPACING = new Vector3(2, 2, 2);

  @TempDir private Path folder;

  /** Writes a block of each label; the n-th starts at (1 + shift, 1, 1 + 6n). */
  private Path write(String name, int shift, int... labels) throws IOException {
    return write(name, SPACING, shift, labels);
  }

  private Path write(String name, Vector3 spacing, int shift, int... labels) throws IOException {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(12, 12, 12), spacing);
    short[] voxels = new short[12 * 12 * 12];
    for (int n = 0; n < labels.length; n++) {
      for (int k = 0; k < 4; k++) {
        for (int j = 0; j < 4; j++) {
          for (int i = 0; i < 4; i++) {
            voxels[grid.extents().offset(1 + shift + i, 1 + j, 1 + 6 * n + k)] = (short) labels[n];
          }
        }
      }
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("x").getParent());
    Nifti.writeLabels(file, LabelVolume.wrap(grid, voxels));
    return file;
  }

  private void writeResult(String folderName, String labels) throws IOException {
    Files.writeString(
        folder.resolve(folderName).resolve("result.json"),
        "{\"schema\": \"lss-result/1\", \"labels\": [%s]}".formatted(labels));
  }

  private static String label(int value, String key) {
    return "{\"value\": %d, \"key\": \"%s\"}".formatted(value, key);
  }

  private Cli evaluate(Path reference, Path prediction, Object... more) {
    Object[] words = new Object[7 + more.length];
    words[0] = "evaluate";
    words[1] = "--reference";
    words[2] = reference;
    words[3] = "--prediction";
    words[4] = prediction;
    words[5] = "--out";
    words[6] = folder.resolve("out");
    System.arraycopy(more, 0, words, 7, more.length);
    return Cli.run(words);
  }

  private JsonNode result() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/evaluation.json").toFile());
  }

  private List<String> csv() throws IOException {
    return Files.readAllLines(folder.resolve("out/evaluation.csv"));
  }

  @Test
  void a_block_moved_by_one_voxel_has_a_dice_of_three_quarters() throws IOException {
    Cli run = evaluate(write("a.nii.gz", 0, 7), write("b.nii.gz", 1, 7));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("7      0.7500  0.6000      2.000", "of the union 0.7500");
    JsonNode label = result().at("/cases/0/labels/0");
    assertThat(label.path("referenceLabel").asInt()).isEqualTo(7);
    assertThat(label.path("truePositives").asInt()).isEqualTo(48);
    assertThat(label.path("dice").asDouble()).isEqualTo(0.75);
    assertThat(label.path("iou").asDouble()).isEqualTo(48 / 80.0);
    assertThat(label.path("hausdorffMm").asDouble()).isEqualTo(2);
    assertThat(label.path("centroidDistanceMm").asDouble()).isEqualTo(2, within(1e-12));
    assertThat(label.path("surfaceDice3mm").asDouble()).isEqualTo(1);
    assertThat(label.path("surfaceDice1mm").asDouble()).isLessThan(1);
    assertThat(label.has("undefinedReason")).isFalse();
    assertThat(result().at("/cases/0/matching").asText()).isEqualTo("VALUE");
    assertThat(result().path("surfaceConvention").asText()).isEqualTo("AREA_WEIGHTED");
  }

  @Test
  void the_csv_has_a_row_for_each_label_and_the_figures_of_the_json() throws IOException {
    evaluate(write("a.nii.gz", 0, 7, 8), write("b.nii.gz", 1, 7, 8));

    assertThat(csv()).hasSize(3);
    assertThat(csv().get(0)).startsWith("case,name,referenceLabel,predictionLabel,truePositives");
    assertThat(csv().get(1)).startsWith("a,7,7,7,48,16,16,1648,0.75,0.6,");
  }

  @Test
  void a_label_on_one_side_alone_has_a_dice_of_0_and_distances_without_a_number()
      throws IOException {
    Cli run = evaluate(write("a.nii.gz", 0, 7, 8), write("b.nii.gz", 0, 7));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("inf");
    JsonNode missed = result().at("/cases/0/labels/1");
    assertThat(missed.path("dice").asDouble()).isZero();
    assertThat(missed.path("hausdorffMm").isNull()).isTrue();
    assertThat(missed.path("undefinedReason").asText()).isEqualTo("PREDICTION_EMPTY");
    assertThat(csv().get(2)).contains(",inf,").contains(",,");
  }

  @Test
  void tolerances_can_be_chosen() throws IOException {
    evaluate(
        write("a.nii.gz", 0, 7), write("b.nii.gz", 1, 7), "--tolerance", "0.5", "--tolerance", "2");

    JsonNode label = result().at("/cases/0/labels/0");
    assertThat(label.path("surfaceDice2mm").asDouble()).isEqualTo(1);
    assertThat(label.has("surfaceDice0.5mm")).isTrue();
    assertThat(label.has("surfaceDice3mm")).isFalse();
  }

  @Test
  void surfaces_of_edge_voxels_say_so() throws IOException {
    evaluate(write("a.nii.gz", 0, 7), write("b.nii.gz", 1, 7), "--surface", "edge");

    assertThat(result().path("surfaceConvention").asText()).isEqualTo("EDGE_VOXELS");
  }

  @Test
  void overlap_alone_measures_no_distances() throws IOException {
    Cli run = evaluate(write("a.nii.gz", 0, 7), write("b.nii.gz", 1, 7), "--overlap-only");

    assertThat(run.out()).doesNotContain("HD95");
    assertThat(result().path("surfaceConvention").isNull()).isTrue();
    assertThat(result().at("/cases/0/labels/0").has("hausdorffMm")).isFalse();
  }

  @Test
  void results_with_keys_are_matched_by_key_whatever_their_values_are() throws IOException {
    write("a/labels.nii.gz", 0, 20, 21);
    writeResult("a", label(20, "vertebra/L1") + "," + label(21, "vertebra/L2"));
    write("b/labels.nii.gz", 1, 1, 20);
    writeResult("b", label(1, "vertebra/L1") + "," + label(20, "vertebra/L2"));

    Cli run = evaluate(folder.resolve("a"), folder.resolve("b"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("identified 2 of 2 vertebrae");
    JsonNode judged = result().at("/cases/0");
    assertThat(judged.path("matching").asText()).isEqualTo("KEY");
    assertThat(judged.path("labels").findValuesAsText("name"))
        .containsExactly("vertebra/L1", "vertebra/L2");
    assertThat(judged.at("/labels/1/predictionLabel").asInt()).isEqualTo(20);
    assertThat(judged.at("/labels/1/dice").asDouble()).isEqualTo(0.75);
    assertThat(judged.at("/identification/rate").asDouble()).isEqualTo(1);
  }

  @Test
  void a_key_that_one_side_lacks_is_judged_against_nothing() throws IOException {
    write("a/labels.nii.gz", 0, 20, 21);
    writeResult("a", label(20, "vertebra/L1") + "," + label(21, "vertebra/L2"));
    write("b/labels.nii.gz", 0, 20);
    writeResult("b", label(20, "vertebra/L1"));

    evaluate(folder.resolve("a/labels.nii.gz"), folder.resolve("b/labels.nii.gz"));

    JsonNode missed = result().at("/cases/0/labels/1");
    assertThat(missed.path("name").asText()).isEqualTo("vertebra/L2");
    assertThat(missed.path("predictionLabel").asInt()).isZero();
    assertThat(missed.path("dice").asDouble()).isZero();
    assertThat(result().at("/cases/0/identification/rate").asDouble()).isEqualTo(0.5);
  }

  @Test
  void a_file_says_which_label_is_which_and_the_others_are_named() throws IOException {
    Path map =
        Files.writeString(folder.resolve("map.csv"), "reference,prediction,name\n7,9,disc\n");

    Cli run = evaluate(write("a.nii.gz", 0, 7, 8), write("b.nii.gz", 1, 9, 7), "--map", map);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("disc   0.7500")
        .contains("LABELS_NOT_COMPARED: a: labels [8] of the reference")
        .contains("LABELS_NOT_COMPARED: a: labels [7] of the prediction");
    assertThat(result().at("/cases/0/matching").asText()).isEqualTo("MAP");
    assertThat(result().at("/cases/0/labels")).hasSize(1);
    // What is not matched is background, so it costs nothing in the union either.
    assertThat(result().at("/cases/0/unionDice").asDouble()).isEqualTo(0.75);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"7,9,a\n7,8,b", "7,9,a\n8,9,b", "7,9,a\n8,8,a", "7,9,", "7,0,a", "1.5,1,a"})
  void a_map_with_a_label_twice_or_without_name_or_label_is_bad_input(String rows)
      throws IOException {
    Path map = Files.writeString(folder.resolve("map.csv"), "reference,prediction,name\n" + rows);

    Cli run = evaluate(write("a.nii.gz", 0, 7), write("b.nii.gz", 1, 9), "--map", map);

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("[BAD_MAP]");
  }

  @Test
  void folders_are_matched_by_file_name_and_summarised() throws IOException {
    write("a/one.nii.gz", 0, 7);
    write("a/deep/two.nii", 0, 7);
    write("b/one.nii", 1, 7);
    write("b/deep/two.nii.gz", 0, 7);
    write("b/three.nii.gz", 0, 7);

    Cli run = evaluate(folder.resolve("a"), folder.resolve("b"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(result().path("cases").findValuesAsText("name")).startsWith("deep/two");
    assertThat(csv()).hasSize(3);
    assertThat(run.out())
        .contains("0.8750")
        .contains("mean Dice 0.8750")
        .contains("bootstrap over 2 cases, too few to rely on")
        .contains("notice PREDICTIONS_NOT_COMPARED: 1 predictions")
        .contains("three");
    JsonNode dice = result().at("/summary/byLabel/7/dice");
    assertThat(dice.path("n").asInt()).isEqualTo(2);
    assertThat(dice.path("mean").asDouble()).isEqualTo(0.875);
    assertThat(result().at("/summary/meanDice/fewSubjects").asBoolean()).isTrue();
  }

  @Test
  void a_reference_without_prediction_is_bad_input_and_is_not_left_out() throws IOException {
    write("a/one.nii.gz", 0, 7);
    write("a/two.nii.gz", 0, 7);
    write("b/one.nii.gz", 0, 7);

    Cli run = evaluate(folder.resolve("a"), folder.resolve("b"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err())
        .contains("1 of 2 references have no prediction of the same name: two", "[NO_PREDICTION]");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void a_folder_with_both_endings_of_one_name_is_bad_input() throws IOException {
    write("a/one.nii.gz", 0, 7);
    write("a/one.nii", 0, 7);

    Cli run = evaluate(folder.resolve("a"), folder.resolve("a"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("[AMBIGUOUS_NAME]");
  }

  @Test
  void a_folder_without_maps_is_bad_input() throws IOException {
    Files.createDirectories(folder.resolve("empty"));

    Cli run = evaluate(folder.resolve("empty"), folder.resolve("empty"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("[NO_LABEL_MAPS]");
  }

  @Test
  void grids_that_differ_are_refused_with_both_of_them() throws IOException {
    Path other = write("b.nii.gz", new Vector3(2, 2, 2.5), 0, 7);

    Cli run = evaluate(write("a.nii.gz", 0, 7), other);

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err())
        .contains("12 x 12 x 12 voxels of 2.000 x 2.000 x 2.000 mm")
        .contains("12 x 12 x 12 voxels of 2.000 x 2.000 x 2.500 mm")
        .contains("[GRID_MISMATCH]");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void of_several_cases_the_one_that_cannot_be_compared_is_named() throws IOException {
    write("a/one.nii.gz", 0, 7);
    write("a/two.nii.gz", 0, 7);
    write("b/one.nii.gz", 0, 7);
    write("b/two.nii.gz", new Vector3(2, 2, 2.5), 0, 7);

    Cli run = evaluate(folder.resolve("a"), folder.resolve("b"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("case two: label maps", "[GRID_MISMATCH]");
  }

  @Test
  void resampling_moves_the_prediction_by_nearest_neighbour_and_says_so() throws IOException {
    // Voxels of 2.5 mm along k: the block of voxels 1 to 4 reaches from 1.25 to 11.25 mm there and
    // so from voxel 1 to voxel 5 of the reference, whose block ends with voxel 4: 64 of 80.
    Path other = write("b.nii.gz", new Vector3(2, 2, 2.5), 0, 7);

    Cli run = evaluate(write("a.nii.gz", 0, 7), other, "--resample");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("notice PREDICTION_RESAMPLED: a: the prediction was brought from 12 x 12 x 12")
        .contains("nearest voxel");
    assertThat(result().at("/cases/0/notices").findValuesAsText("code"))
        .containsExactly("PREDICTION_RESAMPLED");
    assertThat(result().at("/cases/0/labels/0/truePositives").asInt()).isEqualTo(64);
    assertThat(result().at("/cases/0/labels/0/falsePositives").asInt()).isEqualTo(16);
  }

  @Test
  void resampling_touches_nothing_where_the_grids_are_one() throws IOException {
    Cli run = evaluate(write("a.nii.gz", 0, 7), write("b.nii.gz", 1, 7), "--resample");

    assertThat(run.out()).doesNotContain("PREDICTION_RESAMPLED");
    assertThat(result().at("/cases/0/labels/0/dice").asDouble()).isEqualTo(0.75);
  }

  @Test
  void maps_without_any_label_are_nothing_found() throws IOException {
    Cli run = evaluate(write("a.nii.gz", 0), write("b.nii.gz", 0));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).contains("notice NOTHING_FOUND");
    assertThat(result().path("cases").get(0).path("labels")).isEmpty();
  }

  @Test
  void a_result_that_cannot_be_read_is_bad_input() throws IOException {
    write("a/labels.nii.gz", 0, 7);
    Files.writeString(folder.resolve("a/result.json"), "{\"schema\": \"other/9\"}");

    Cli run = evaluate(folder.resolve("a"), folder.resolve("a"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("lss-result/1", "[BAD_RESULT]");
  }

  @Test
  void the_result_of_a_segmentation_in_the_same_folder_is_left_alone() throws IOException {
    write("out/labels.nii.gz", 0, 7);
    writeResult("out", label(7, "muscle/psoas-major/left"));

    Cli run = evaluate(folder.resolve("out"), folder.resolve("out"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(folder.resolve("out/result.json")).exists();
    assertThat(folder.resolve("out/evaluation.json")).exists();
  }

  @Test
  void the_json_of_an_earlier_run_does_not_survive_a_failure() throws IOException {
    Path earlier = Files.createDirectories(folder.resolve("out")).resolve("evaluation.json");
    Files.writeString(earlier, "{}");

    evaluate(folder.resolve("no.nii"), folder.resolve("no.nii"));

    assertThat(earlier).doesNotExist();
  }

  @Test
  void a_file_that_does_not_exist_is_bad_input() {
    Cli run = evaluate(folder.resolve("no.nii"), folder.resolve("no.nii"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("no.nii", "[NO_SUCH_FILE]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--tolerance=-1", "--tolerance=x", "--threads=0", "--surface=round"})
  void options_out_of_range_are_usage(String option) throws IOException {
    Path map = write("a.nii.gz", 0, 7);

    Cli run = evaluate(map, map, option);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(option.substring(0, option.indexOf('=')));
  }
}
