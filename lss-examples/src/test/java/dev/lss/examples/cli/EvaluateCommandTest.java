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
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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
    assertThat(label.at("/referenceLabels/0").asInt()).isEqualTo(7);
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
    assertThat(csv().get(0))
        .startsWith("prediction,case,name,referenceLabels,predictionLabels,truePositives");
    assertThat(csv().get(1)).startsWith("b.nii.gz,a,7,7,7,48,16,16,1648,0.75,0.6,");
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
    assertThat(judged.at("/labels/1/predictionLabels/0").asInt()).isEqualTo(20);
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
    assertThat(missed.path("predictionLabels")).isEmpty();
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
      strings = {
        "7,9,a\n7,8,b",
        "7,9,a\n8,9,b",
        "7+8,9,a\n8,1,b",
        "7,9,",
        ",,a",
        "7+,9,a",
        "7,0,a",
        "1.5,1,a"
      })
  void a_map_with_a_label_in_two_structures_or_without_name_or_label_is_bad_input(String rows)
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
    JsonNode dice = result().at("/summaries/0/byLabel/7/dice");
    assertThat(dice.path("n").asInt()).isEqualTo(2);
    assertThat(dice.path("mean").asDouble()).isEqualTo(0.875);
    assertThat(result().at("/summaries/0/meanDice/fewSubjects").asBoolean()).isTrue();
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
  void a_prediction_of_another_place_is_refused_even_with_resample() throws IOException {
    GridGeometry away =
        GridGeometry.ofLpsMatrix(
            new Extents(12, 12, 12),
            new double[][] {{2, 0, 0, 500}, {0, 2, 0, 0}, {0, 0, 2, 0}, {0, 0, 0, 1}});
    Path other = folder.resolve("b.nii.gz");
    Nifti.writeLabels(other, LabelVolume.wrap(away, new short[12 * 12 * 12]));

    Cli run = evaluate(write("a.nii.gz", 0, 7), other, "--resample");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("no place in common", "[NO_COMMON_FIELD]");
  }

  @Test
  void voxels_that_a_resampled_prediction_cannot_hold_are_counted() throws IOException {
    GridGeometry half =
        GridGeometry.ofLpsMatrix(
            new Extents(12, 12, 3),
            new double[][] {{2, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 2, 0}, {0, 0, 0, 1}});
    Path other = folder.resolve("b.nii.gz");
    Nifti.writeLabels(other, LabelVolume.wrap(half, new short[12 * 12 * 3]));

    // The block takes slices 1 to 4, of which the prediction has 1 and 2.
    Cli run = evaluate(write("a.nii.gz", 0, 7), other, "--resample");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("background outside, where 32 of 64 labelled voxels lie");
  }

  @Test
  void all_levels_of_the_spine_are_identified() throws IOException {
    Path map =
        Files.writeString(
            folder.resolve("map.csv"),
            "reference,prediction,name\n1,1,vertebra/T1\n2,3,vertebra/L6\n");

    // Label 3 is where 2 was, so L6 is right although its value is not.
    Cli run = evaluate(write("a.nii.gz", 0, 1, 2), write("b.nii.gz", 0, 1, 3), "--map", map);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("identified 2 of 2 vertebrae");
  }

  @Test
  void the_levels_of_the_published_case_are_all_counted() throws IOException {
    Cli run =
        evaluate(
            resource("idrate_a.nii.gz"),
            resource("idrate_b.nii.gz"),
            "--map",
            resource("idrate_map.csv"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(result().at("/cases/0/identification/referenceLevels").asInt()).isEqualTo(3);
  }

  @Test
  void five_voxels_of_0_6_mm_are_within_3_mm_whatever_float32_makes_of_them() throws IOException {
    evaluate(
        resource("tie_0.6_a.nii.gz"),
        resource("tie_0.6_b.nii.gz"),
        "--tolerance",
        "3",
        "--tolerance",
        "3.000001");

    JsonNode label = result().at("/cases/0/labels/0");
    assertThat(label.path("surfaceDice3mm").asDouble())
        .isEqualTo(label.path("surfaceDice3.000001mm").asDouble())
        .isEqualTo(1);
  }

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = EvaluateCommandTest.class.getResourceAsStream("/cases/labels/" + name)) {
      Files.copy(Objects.requireNonNull(in, name), file);
    }
    return file;
  }

  @Test
  void a_vertebra_whose_level_is_not_known_is_said() throws IOException {
    Path map =
        Files.writeString(
            folder.resolve("map.csv"),
            "reference,prediction,name\n1,1,vertebra/L1\n2,2,vertebra/X9\n");

    Cli run = evaluate(write("a.nii.gz", 0, 1, 2), write("b.nii.gz", 0, 1, 2), "--map", map);

    assertThat(run.out())
        .contains("identified 1 of 1 vertebrae")
        .contains("notice LEVELS_NOT_IDENTIFIED: a: levels are", "vertebra/X9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7+8,9,both", "7,9,both\n8,9,both", "7,9,both\n8,,both"})
  void labels_of_one_name_count_as_one_structure(String rows) throws IOException {
    Path map = Files.writeString(folder.resolve("map.csv"), "reference,prediction,name\n" + rows);

    Cli run = evaluate(write("a.nii.gz", 0, 7, 8), write("b.nii.gz", 0, 9, 9), "--map", map);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("both   1.0000").doesNotContain("LABELS_NOT_COMPARED");
    JsonNode label = result().at("/cases/0/labels/0");
    assertThat(label.path("referenceLabels")).hasSize(2);
    assertThat(csv().get(1)).startsWith("b.nii.gz,a,both,7+8,9,128,0,0,");
  }

  @Test
  void a_structure_in_neither_map_is_undefined_or_perfect_as_asked() throws IOException {
    Path map =
        Files.writeString(
            folder.resolve("map.csv"), "reference,prediction,name\n7,7,disc\n8,8,none\n");
    Path one = write("a.nii.gz", 0, 7);

    evaluate(one, one, "--map", map);
    assertThat(result().at("/cases/0/labels/1/dice").isNull()).isTrue();
    assertThat(result().at("/cases/0/labels/1/undefinedReason").asText()).isEqualTo("BOTH_EMPTY");

    evaluate(one, one, "--map", map, "--empty", "perfect");
    assertThat(result().at("/cases/0/labels/1/dice").asDouble()).isEqualTo(1);
    assertThat(result().at("/cases/0/labels/1/hausdorffMm").asDouble()).isZero();
    assertThat(result().path("emptyPolicy").asText()).isEqualTo("PERFECT_WHEN_BOTH_EMPTY");
  }

  @Test
  void a_missing_prediction_counts_as_worst_or_is_left_out_as_asked() throws IOException {
    write("a/one.nii.gz", 0, 7);
    write("a/two.nii.gz", 0, 7);
    write("b/one.nii.gz", 0, 7);

    Cli worst = evaluate(folder.resolve("a"), folder.resolve("b"), "--missing", "worst");

    assertThat(worst.exitCode()).as(worst.err()).isZero();
    assertThat(worst.out()).contains("notice PREDICTIONS_MISSING: 1 of 2 references");
    assertThat(result().at("/cases/1/labels/0/hausdorffMm").isNull()).isTrue();
    JsonNode byLabel = result().at("/summaries/0/byLabel/7");
    assertThat(byLabel.at("/dice/mean").asDouble()).isEqualTo(0.5);
    assertThat(byLabel.at("/hausdorffMm/maximum").asDouble())
        .isEqualTo(24 * Math.sqrt(3), within(1e-9));
    assertThat(byLabel.at("/hausdorffMm/infinite").asInt()).isZero();
    assertThat(result().at("/summaries/0/worst/dice/0/case").asText()).isEqualTo("two");

    Cli skip = evaluate(folder.resolve("a"), folder.resolve("b"), "--missing", "skip");

    assertThat(skip.exitCode()).as(skip.err()).isZero();
    assertThat(skip.out()).contains("were left out, which flatters the rest: two");
    assertThat(result().path("cases")).hasSize(1);
  }

  @Test
  void a_case_that_cannot_be_compared_is_left_out_with_keep_going() throws IOException {
    write("a/one.nii.gz", 0, 7);
    write("a/two.nii.gz", 0, 7);
    write("b/one.nii.gz", 0, 7);
    Files.writeString(folder.resolve("b/two.nii.gz"), "no image");

    Cli run = evaluate(folder.resolve("a"), folder.resolve("b"), "--keep-going");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("notice CASES_LEFT_OUT: 1 of 2 cases", "two: ");
    assertThat(result().path("cases")).hasSize(1);
    assertThat(result().at("/failures/0/name").asText()).isEqualTo("two");
    assertThat(result().at("/failures/0/code").asText()).isNotBlank();

    Cli worst =
        evaluate(folder.resolve("a"), folder.resolve("b"), "--keep-going", "--missing", "worst");

    assertThat(worst.out()).contains("notice JUDGED_AS_EMPTY: two: ");
    assertThat(result().at("/summaries/0/byLabel/7/dice/mean").asDouble()).isEqualTo(0.5);
    assertThat(result().path("failures")).isEmpty();
  }

  @Test
  void nothing_that_can_be_compared_is_bad_input_even_with_keep_going() throws IOException {
    write("a/one.nii.gz", 0, 7);
    Files.createDirectories(folder.resolve("b"));
    Files.writeString(folder.resolve("b/one.nii.gz"), "no image");

    Cli run = evaluate(folder.resolve("a"), folder.resolve("b"), "--keep-going");

    assertThat(run.exitCode()).isEqualTo(4);
  }

  @Test
  void several_cases_have_medians_quartiles_intervals_and_the_worst_of_them() throws IOException {
    for (int n = 0; n < 4; n++) {
      write("a/case%s.nii.gz".formatted(n), 0, 7, 8);
      write("b/case%s.nii.gz".formatted(n), n, 7, 8);
    }

    Cli run = evaluate(folder.resolve("a"), folder.resolve("b"), "--plots");

    assertThat(run.exitCode()).as(run.err()).isZero();
    // Dice 1, 3/4, 1/2 and 1/4.
    assertThat(run.out())
        .contains("median (lower to upper quartile)", "0.6250 (0.4375 to 0.8125)")
        .contains("mean of labels    4  0.6250")
        .contains("lowest Dice: case3 7 0.2500, case3 8 0.2500, case2 7 0.5000");
    JsonNode dice = result().at("/summaries/0/byLabel/mean of labels/dice");
    assertThat(dice.path("median").asDouble()).isEqualTo(0.625);
    assertThat(dice.at("/percentileInterval/0").asDouble()).isBetween(0.25, 0.5);
    assertThat(Files.readAllLines(folder.resolve("out/summary.csv")))
        .hasSize(1 + 3 * 17)
        .anyMatch(line -> line.startsWith("b,mean of labels,dice,4,0,0,0.625,"));
    assertThat(folder.resolve("out/summary.md"))
        .content()
        .contains("| mean of labels | 4 | 0.6250 (");
    assertThat(folder.resolve("out/summary.tex"))
        .content()
        .contains("\\begin{tabular}", "volume error (\\%)", "\\bottomrule");
    for (String ending : List.of("svg", "pdf", "png")) {
      assertThat(folder.resolve("out/box-dice." + ending)).isNotEmptyFile();
      assertThat(folder.resolve("out/box-hausdorff95PooledMm." + ending)).isNotEmptyFile();
    }
  }

  @Test
  void two_predictions_are_compared_case_by_case_and_ranked() throws IOException {
    for (int n = 0; n < 6; n++) {
      write("a/case%s.nii.gz".formatted(n), 0, 7);
      write("b/case%s.nii.gz".formatted(n), 1 + n % 2, 7);
      write("c/case%s.nii.gz".formatted(n), n % 2, 7);
    }

    Cli run =
        Cli.run(
            "evaluate",
            "--reference",
            folder.resolve("a"),
            "--prediction",
            "old=" + folder.resolve("b"),
            "--prediction",
            folder.resolve("c"),
            "--out",
            folder.resolve("out"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    // All six differences are 1/4, so p = 2 / 2^6.
    assertThat(run.out())
        .contains("Dice of c minus old: 0.2500 (0.2500 to 0.2500), Wilcoxon p 0.0313, Holm 0.0313")
        .contains("mean rank by Dice: c 1.00, old 2.00")
        .contains("mean rank by HD95 (mm): c 1.00, old 2.00");
    assertThat(result().path("summaries").findValuesAsText("prediction"))
        .containsExactly("old", "c");
    JsonNode first = result().at("/comparisons/0");
    assertThat(first.path("measure").asText()).isEqualTo("dice");
    assertThat(first.path("better").asText()).isEqualTo("c");
    assertThat(first.path("p").asDouble()).isEqualTo(2 / 64.0);
    assertThat(result().at("/rankings/0/prediction").asText()).isEqualTo("c");
    assertThat(Files.readAllLines(folder.resolve("out/comparison.csv")).get(1))
        .startsWith("dice,7,old,c,6,0,0.25,0.25,0.25,0.03125,0.03125,c");
    assertThat(folder.resolve("out/comparison.tex")).content().contains("$6$");
    assertThat(folder.resolve("out/comparison.md")).content().contains("c minus old");
  }

  @Test
  void predictions_of_one_name_are_usage() throws IOException {
    Path map = write("a.nii.gz", 0, 7);

    Cli run = evaluate(map, map, "--prediction", map);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--prediction NAME=FILE");
  }

  @Test
  void plots_need_a_folder() throws IOException {
    Path map = write("a.nii.gz", 0, 7);

    Cli run = Cli.run("evaluate", "--reference", map, "--prediction", map, "--plots");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--plots needs --out");
  }

  @Test
  void hidden_files_are_no_label_maps() throws IOException {
    write("a/one.nii.gz", 0, 7);
    Files.writeString(folder.resolve("a/._one.nii.gz"), "Mac");

    Cli run = evaluate(folder.resolve("a"), folder.resolve("a"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(result().path("cases")).hasSize(1);
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
    WrittenFiles.of(folder.resolve("out")).begin(List.of("evaluation.json"));

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
