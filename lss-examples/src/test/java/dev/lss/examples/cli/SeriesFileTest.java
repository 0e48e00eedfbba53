package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.SeriesRole;
import dev.lss.api.SlicePlane;
import dev.lss.core.task.SeriesNeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Which role an input gets, of a task that takes one of several and of one with fixed roles. */
class SeriesFileTest {

  private static final List<SeriesNeed> ONE_OF = oneOf();

  private static List<SeriesNeed> oneOf() {
    List<SeriesNeed> needs =
        new ArrayList<>(
            SeriesNeed.oneOf(
                SeriesNeed.Kind.VOLUME_OR_PLACED_PICTURE,
                SlicePlane.AXIAL,
                SeriesRole.DIXON_WATER,
                SeriesRole.DIXON_FAT,
                SeriesRole.T2,
                SeriesRole.MR));
    needs.add(
        new SeriesNeed(SeriesRole.FAT_FRACTION, SeriesNeed.Kind.VOLUME, true, Optional.empty()));
    return needs;
  }

  private static List<SeriesFile> assign(List<SeriesNeed> needs, String... inputs) {
    return SeriesFile.assign(
        Arrays.stream(inputs).map(InputFile::parse).toList(),
        needs,
        Optional.empty(),
        "test",
        new CommandLine(new Lss()));
  }

  @ParameterizedTest
  @CsvSource({
    "water, DIXON_WATER",
    "Fat, DIXON_FAT",
    "dixon_water, DIXON_WATER",
    "t2, T2",
    "T2, T2",
    "ff, FAT_FRACTION",
    "mr, MR"
  })
  void roles_are_known_by_short_names_and_whatever_the_case(String key, String role) {
    assertThat(SeriesFile.role(key, ONE_OF)).isEqualTo(new SeriesRole(role));
  }

  @Test
  void a_name_that_the_task_has_exactly_wins() {
    List<SeriesNeed> free =
        List.of(
            SeriesNeed.of(new SeriesRole("fat"), SeriesNeed.Kind.ANY),
            SeriesNeed.of(SeriesRole.DIXON_FAT, SeriesNeed.Kind.ANY));

    assertThat(SeriesFile.role("fat", free)).isEqualTo(new SeriesRole("fat"));
  }

  @Test
  void one_file_without_a_role_is_mr_of_which_dicom_may_say_more() {
    SeriesFile only = assign(ONE_OF, "x.nii").get(0);

    assertThat(only.role()).isEqualTo(SeriesRole.MR);
    assertThat(only.anyRole()).isTrue();
  }

  @Test
  void files_with_roles_keep_them_in_their_order() {
    List<SeriesFile> files = assign(ONE_OF, "fat=f.nii", "water=w.nii");

    assertThat(files)
        .extracting(SeriesFile::role)
        .containsExactly(SeriesRole.DIXON_FAT, SeriesRole.DIXON_WATER);
    assertThat(files).noneMatch(SeriesFile::anyRole);
  }

  @Test
  void an_unknown_role_is_refused_with_those_that_are_known() {
    assertThatThrownBy(() -> assign(ONE_OF, "T3=x.nii"))
        .hasMessage(
            "the task test takes at least one of the images DIXON_WATER, DIXON_FAT, T2, MR and"
                + " FAT_FRACTION (optional), was given the role T3");
  }
}
