package dev.lss.core.nnunet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ModelException;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.StageOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What results folders may hold beside what nnU-Net writes: taken as nnU-Net does, or refused. */
class NnUnetReadingTest {

  private static final String CHECKPOINT = "checkpoint_final.pth";
  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir Path dir;

  @BeforeEach
  void copy() throws IOException {
    Path source = NnUnetFolderTest.folder("plain_3d", "3d_fullres");
    Files.createDirectories(dir.resolve("fold_0"));
    for (String name : List.of("plans.json", "dataset.json", "fold_0/" + CHECKPOINT)) {
      Files.copy(source.resolve(name), dir.resolve(name));
    }
  }

  private void edit(String file, String from, String to) throws IOException {
    String text = Files.readString(dir.resolve(file));
    assertThat(text).contains(from);
    Files.writeString(dir.resolve(file), text.replace(from, to));
  }

  private NnUnetFolder.Fold open() throws IOException {
    return NnUnetFolder.open(dir, ResamplingRule.LABEL_ARGMAX).fold("fold_0", CHECKPOINT);
  }

  private void assertRefused(String message) {
    Assertions.assertTimeout(
        SOON,
        () ->
            assertThatThrownBy(this::open)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"2\"", "\" 2 \"", "2.0", "\"+2\"", "[2]", "[\"2\"]"})
  void a_label_is_whatever_pythons_int_takes(String value) throws IOException {
    edit("dataset.json", "\"L2\": 2", "\"L2\": " + value);

    assertThat(open().configuration().name()).isEqualTo("3d_fullres");
    assertThat(NnUnetFolder.open(dir, ResamplingRule.LABEL_ARGMAX).dataset().output())
        .isInstanceOfSatisfying(
            StageOutput.Softmax.class,
            output -> assertThat(output.labels().get(1)).isEqualTo(new StageOutput.Label(2, "L2")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "\"-1\"", "65536", "1e300", "2.5", "null", "true", "{}", "1099511627776"})
  void a_label_that_is_none_is_refused_with_its_place(String value) throws IOException {
    edit("dataset.json", "\"L2\": 2", "\"L2\": " + value);

    assertRefused("dataset.json:/labels/L2");
  }

  @Test
  void a_data_set_without_file_ending_is_read() throws IOException {
    edit("dataset.json", "\"file_ending\"", "\"other\"");

    assertThat(open().name()).isEqualTo("fold_0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"architectures.moved.PlainConvUNet", "my.fork.PlainConvUNet"})
  void a_class_whose_module_has_moved_is_found_by_its_name(String name) throws IOException {
    edit("plans.json", "dynamic_network_architectures.architectures.unet.PlainConvUNet", name);

    assertThat(open().network().layers()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "features_per_stage| features_per_stage: wanted 3 entries, found 0",
        "kernel_sizes| kernel_sizes: wanted 3 entries, found 0",
        "strides| strides: wanted 3 entries, found 0",
        "n_conv_per_stage| n_conv_per_stage: wanted 3 entries, found 0",
        "n_conv_per_stage_decoder| wanted 2 entries, found 0",
        "patch_size| wanted as many numbers as spacing has, found 0",
        "normalization_schemes| wanted 1 to 1000 entries, found 0",
        "transpose_forward| wanted the numbers 0, 1 and 2"
      })
  void an_empty_list_is_refused_with_its_place(String field, String message) throws IOException {
    String text = Files.readString(dir.resolve("plans.json"));
    String emptied =
        Pattern.compile("\"" + field + "\": \\[(?:[^\\[\\]]|\\[[^\\]]*\\])*\\]")
            .matcher(text)
            .replaceAll(Matcher.quoteReplacement("\"" + field + "\": []"));
    assertThat(emptied).isNotEqualTo(text);
    Files.writeString(dir.resolve("plans.json"), emptied);

    String wanted = message.contains(": ") ? message.substring(message.indexOf(": ") + 2) : message;
    assertRefused(wanted);
    assertRefused("/" + field);
  }

  @Test
  void every_number_of_both_files_may_be_anything() throws IOException {
    for (String file : List.of("plans.json", "dataset.json")) {
      String text = Files.readString(dir.resolve(file));
      Matcher number =
          Pattern.compile("(?<=[\\s\\[:])-?\\d+(\\.\\d+)?(e-?\\d+)?(?=[\\s,\\]}])").matcher(text);
      while (number.find()) {
        for (String extreme :
            List.of(
                "0",
                "-1",
                "2147483647",
                "1099511627776",
                "5e-324",
                "1e308",
                "NaN",
                "Infinity",
                "null",
                "\"1\"",
                "[]",
                "9".repeat(900))) {
          Files.writeString(
              dir.resolve(file),
              text.substring(0, number.start()) + extreme + text.substring(number.end()));
          Assertions.assertTimeout(SOON, this::openOrRefuse, extreme + " at " + number.start());
        }
      }
      Files.writeString(dir.resolve(file), text);
    }
  }

  private void openOrRefuse() throws IOException {
    try {
      NnUnetModel model =
          NnUnetModel.read(dir, NnUnetModel.Choice.DEFAULT.withCheckpointFile(CHECKPOINT));
      assertThat(model.description().lastStage().network().files()).hasSize(1);
    } catch (ModelException e) {
      assertThat(e.code()).isNotEmpty();
    }
  }

  @Test
  void tens_of_thousands_of_channels_or_labels_are_refused_at_once() throws IOException {
    String channels =
        IntStream.range(0, 70_000)
            .mapToObj(c -> "\"%d\": \"CT\"".formatted(c))
            .collect(Collectors.joining(","));
    String labels =
        IntStream.range(0, 70_000)
            .mapToObj(c -> "\"l%d\": %d".formatted(c, c % 60_000))
            .collect(Collectors.joining(","));
    String dataset = Files.readString(dir.resolve("dataset.json"));

    Files.writeString(dir.resolve("dataset.json"), dataset.replace("\"0\": \"CT\"", channels));
    assertThat(Files.size(dir.resolve("dataset.json"))).isGreaterThan(900_000);
    assertRefused("wanted 1 to 1000 channels, found 70000");

    Files.writeString(dir.resolve("dataset.json"), dataset.replace("\"L2\": 2", labels));
    assertRefused("labels must be 0, 1, 2, ... without gaps");
  }

  @Test
  void a_long_line_of_ancestors_is_refused() throws IOException {
    StringBuilder chain = new StringBuilder("\"configurations\": {");
    for (int n = 0; n < 100_000; n++) {
      chain.append("\"c%d\": {\"inherits_from\": \"c%d\"},".formatted(n, n + 1));
    }
    edit("plans.json", "\"configurations\": {", chain.toString());

    Assertions.assertTimeout(
        SOON,
        () ->
            assertThatThrownBy(
                    () ->
                        NnUnetFolder.open(dir, ResamplingRule.LABEL_ARGMAX)
                            .plans()
                            .configuration("c0"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("inherits from at most 16 others"));
  }

  @Test
  void deep_nesting_is_refused() throws IOException {
    Files.writeString(dir.resolve("plans.json"), "{\"a\":" + "[".repeat(100_000));

    assertRefused("plans.json is not valid JSON");
  }

  @Test
  void only_the_best_checkpoint_is_answered_with_its_name_and_the_option() throws IOException {
    Files.move(
        dir.resolve("fold_0").resolve(CHECKPOINT), dir.resolve("fold_0/checkpoint_best.pth"));
    Files.write(dir.resolve("fold_0/._checkpoint_best.pth"), new byte[1]);

    assertRefused(
        "there is checkpoint_best.pth; name it as the checkpoint (--checkpoint"
            + " checkpoint_best.pth)");
    assertThat(
            NnUnetFolder.open(dir, ResamplingRule.LABEL_ARGMAX)
                .fold("fold_0", "checkpoint_best.pth")
                .network()
                .layers())
        .isNotEmpty();
  }

  @Test
  void a_folder_or_data_set_of_version_1_is_answered() throws IOException {
    edit("dataset.json", "\"L2\": 2", "\"2\": \"L2\"");
    assertRefused("nnU-Net v1");

    Files.delete(dir.resolve("plans.json"));
    Files.write(dir.resolve("plans.pkl"), new byte[1]);
    assertRefused("It is of nnU-Net v1");
  }

  @Test
  void a_fold_or_a_file_in_place_of_the_folder_is_answered() {
    assertThatThrownBy(() -> NnUnetFolder.open(dir.resolve("fold_0"), ResamplingRule.LABEL_ARGMAX))
        .hasMessageContaining("It is one fold; name the folder above it");
    assertThatThrownBy(
            () ->
                NnUnetFolder.open(
                    dir.resolve("fold_0").resolve(CHECKPOINT), ResamplingRule.LABEL_ARGMAX))
        .hasMessageContaining("It is a file; name the folder");
  }
}
