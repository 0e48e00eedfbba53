package dev.lss.core.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.Notice;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import dev.lss.core.phantom.LumbarPhantom;
import dev.lss.core.volume.VolumeFiles;
import dev.lss.testkit.RealData;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are Hounsfield units, and values that once were. */
class HounsfieldUnitsTest {

  @FunctionalInterface
  private interface Change {
    double of(double hu);
  }

  private static Volume changed(Volume ct, Change change) {
    float[] values = ct.toArray();
    for (int n = 0; n < values.length; n++) {
      values[n] = (float) change.of(values[n]);
    }
    return Volume.wrap(ct.geometry(), values);
  }

  private static Volume read(String relative) throws IOException {
    return VolumeFiles.read(RealData.path(relative)).volume();
  }

  private static Volume phantom() {
    LumbarPhantom phantom = LumbarPhantom.demo();
    GridGeometry grid = phantom.standardGrid();
    return phantom.render(grid);
  }

  private static double clip(double value, double low, double high) {
    return Math.max(low, Math.min(high, value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ct/abdomen_3mm/ct.nii.gz",
        "ct/abdomen_3mm/ct_small.nii.gz",
        "ct/l3_crop/ct.nii.gz",
        "ct/acrin_flt_001/ct.nii.gz",
        "ct/thorax_cmb_crc/ct.nii.gz",
        "ct/aorta_t12/ct.nii.gz",
        "ct/totalseg_s0328/ct_bone_only.nii.gz",
        "ct/totalseg_s0244/ct_bone_only.nii.gz"
      })
  void a_real_ct_raises_no_doubt(String relative) throws IOException {
    assertThat(HounsfieldUnits.doubt(read(relative))).isEmpty();
  }

  @Test
  void a_phantom_raises_no_doubt_nor_does_one_that_is_90_hu_darker_or_padded() {
    Volume ct = phantom();

    assertThat(HounsfieldUnits.doubt(ct)).isEmpty();
    assertThat(HounsfieldUnits.doubt(changed(ct, hu -> hu - 90))).isEmpty();
    assertThat(HounsfieldUnits.doubt(changed(ct, hu -> hu < -900 ? -3024 : hu))).isEmpty();
  }

  @Test
  void an_image_of_one_value_shows_nothing() {
    assertThat(HounsfieldUnits.doubt(changed(phantom(), hu -> 100))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mr-muscle/body_mr_3mm/mr.nii.gz",
        "mr-muscle/dixon_axial_01/fat.nii.gz",
        "mr-muscle/dixon_axial_01/water.nii.gz",
        "mr-spine/l_crop/t2w.nii.gz"
      })
  void an_mr_is_no_ct(String relative) throws IOException {
    assertThat(HounsfieldUnits.doubt(read(relative))).map(Notice::code).contains("NOT_HU");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ct/abdomen_3mm/ct.nii.gz", "ct/l3_crop/ct.nii.gz", "ct/aorta_t12/ct.nii.gz"})
  void a_ct_that_was_changed_is_told(String relative) throws IOException {
    Volume ct = read(relative);

    assertThat(HounsfieldUnits.doubt(changed(ct, hu -> clip((hu + 160) * 255 / 400, 0, 255))))
        .as("windowed to 8 bits")
        .isPresent();
    assertThat(HounsfieldUnits.doubt(changed(ct, hu -> clip((hu + 1000) / 3000, 0, 1))))
        .as("scaled to 0..1")
        .isPresent();
    assertThat(HounsfieldUnits.doubt(changed(ct, hu -> hu + 1024))).as("no intercept").isPresent();
    assertThat(HounsfieldUnits.doubt(changed(ct, hu -> 7 * hu))).as("times 7").isPresent();
    assertThat(HounsfieldUnits.doubt(changed(ct, hu -> -hu))).as("inverted").isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.000333 | 0.333 | they run from
          1        | 1024  | none is below -20
          7        | 0     | % of them are below -1150 or above 3100
          0.5      | 0     | air lies at about -5
          """)
  void the_notice_says_what_was_seen(double slope, double intercept, String seen) {
    assertThat(HounsfieldUnits.doubt(changed(phantom(), hu -> slope * hu + intercept)))
        .get()
        .extracting(Notice::message)
        .asString()
        .contains("cannot be Hounsfield units")
        .contains(seen);
  }
}
