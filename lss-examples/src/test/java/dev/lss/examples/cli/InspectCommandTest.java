package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.Notice;
import dev.lss.api.SeriesRole;
import dev.lss.core.volume.VolumeImage;
import dev.lss.testkit.RealData;
import org.junit.jupiter.api.Test;

class InspectCommandTest {

  private static Cli inspect(String data, String... options) {
    String path = RealData.path(data).toString();
    return options.length == 0 ? Cli.run("inspect", path) : Cli.run("inspect", path, options[0]);
  }

  @Test
  void a_ct_is_listed_with_its_grid_and_its_task() {
    Cli run = inspect("ct/abdomen_dicom_uids");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "1  CT, series 2, CT, 20 slice(s)",
            "   512 x 512 x 20 voxels of 0.9766 x 0.9766 x 2.000 mm, LPS",
            "   for ct-vertebrae");
  }

  @Test
  void a_series_that_cannot_be_read_says_why() {
    assertThat(inspect("dicom/series/s02_missing_one").out())
        .contains("cannot be read: MISSING_SLICES", "1 behind slice 4 of 7");
  }

  @Test
  void json_holds_the_parts_of_a_dixon_series() throws Exception {
    JsonNode root =
        new ObjectMapper()
            .readTree(inspect("dicom/series/s13_dixon4_in_one_series", "--json").out());

    assertThat(root.path("series").findValuesAsText("role"))
        .containsExactly("IN_PHASE", "OPPOSED_PHASE", "DIXON_WATER", "DIXON_FAT");
    assertThat(root.at("/series/0/pictures").asInt()).isEqualTo(8);
  }

  @Test
  void a_nifti_file_is_listed_too() {
    assertThat(inspect("ct/abdomen_3mm/ct_small.nii.gz").out()).contains("122 x 101 x 30 voxels");
  }

  @Test
  void where_an_image_is_taken_a_folder_of_dicom_gives_the_series_of_the_role() {
    VolumeImage water =
        DicomInput.read(
                RealData.path("dicom/series/s13_dixon4_in_one_series"), SeriesRole.DIXON_WATER)
            .image();

    assertThat(water.volume().extents()).hasToString("64 x 64 x 8");
    assertThat(water.notices())
        .filteredOn(notice -> notice.code().equals("SERIES_CHOSEN"))
        .extracting(Notice::message)
        .singleElement()
        .asString()
        .contains("DIXON_WATER, 8 slice(s) was read for DIXON_WATER, one of 4");
  }

  @Test
  void a_role_that_is_not_there_is_refused_with_what_is() {
    assertThatThrownBy(
            () ->
                DicomInput.read(
                    RealData.path("dicom/series/s13_dixon4_in_one_series"), SeriesRole.CT))
        .hasMessageContaining("DIXON_FAT, 8 slice(s)");
  }

  @Test
  void two_series_of_a_role_and_size_are_not_guessed_between() {
    assertThatThrownBy(
            () -> DicomInput.read(RealData.path("dicom/series/s14_two_echoes"), SeriesRole.T2))
        .hasMessageContaining("echo 1");
  }
}
