package dev.lss.core.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.Notice;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.Nifti;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationDoubtTest {

  private static OrientationDoubt.Seen seen(VertebraLevel level, Vector3 centroid, Vector3 arch) {
    return new OrientationDoubt.Seen(level, centroid, Optional.of(centroid.minus(arch)));
  }

  private static Vector3 at(double z) {
    return new Vector3(3, 40, z);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 12, 0, ",
    "0, 12, 20, ", // 59 degrees upwards
    "10, 12, 4, ",
    "0, -12, 2, in front of",
    "12, 1, 0, on the left of",
    "-12, 1, 0, on the right of",
    "0, 3, 12, above",
    "1, -3, -12, below",
    "11, 12, 20, above"
  })
  void arches_lie_behind_bodies_or_it_is_said_where(double x, double y, double z, String where) {
    Optional<Notice> notice =
        OrientationDoubt.of(
            List.of(
                seen(VertebraLevel.L3, at(0), new Vector3(x, y, z)),
                seen(VertebraLevel.L4, at(-35), new Vector3(x, y, z))));

    if (where == null) {
      assertThat(notice).isEmpty();
    } else {
      assertThat(notice.orElseThrow().code()).isEqualTo("ORIENTATION_DOUBTFUL");
      assertThat(notice.orElseThrow().message())
          .contains("arches lie " + where + " bodies", "2 of 2 vertebrae");
    }
  }

  @Test
  void half_of_the_vertebrae_are_not_most_and_bodies_without_arch_say_nothing() {
    Vector3 behind = new Vector3(0, 12, 0);
    Vector3 before = new Vector3(0, -12, 0);
    Vector3 bodyAlone = new Vector3(0, -2, 0);

    assertThat(
            OrientationDoubt.of(
                List.of(
                    seen(VertebraLevel.L2, at(0), behind),
                    seen(VertebraLevel.L3, at(-30), before),
                    seen(VertebraLevel.L4, at(-60), bodyAlone))))
        .isEmpty();
    assertThat(OrientationDoubt.of(List.of())).isEmpty();
  }

  @Test
  void levels_upside_down_are_said() {
    Vector3 behind = new Vector3(0, 12, 0);

    Optional<Notice> notice =
        OrientationDoubt.of(
            List.of(
                seen(VertebraLevel.L3, at(0), behind),
                seen(VertebraLevel.L4, at(35), behind),
                seen(VertebraLevel.L5, at(70), behind)));

    assertThat(notice.orElseThrow().message()).endsWith("L5 lies above L3, upside down");
  }

  @Test
  void a_vertebra_whose_header_swaps_front_and_back_is_doubtful() {
    BoxVertebra vertebra = BoxVertebra.whole();
    GridGeometry turned = turnedBy180AboutZ(vertebra.ct().geometry());

    VertebraMeasures found =
        VertebraMeasures.of(
            LabelVolume.wrap(turned, VoxelArrays.labels(vertebra.labels())),
            LabelTable.lumbarVertebrae(),
            Volume.wrap(turned, VoxelArrays.samples(vertebra.ct())));

    assertThat(found.notices()).extracting(Notice::code).containsExactly("ORIENTATION_DOUBTFUL");
    assertThat(found.notices().get(0).message()).contains("in front of bodies");
  }

  private static GridGeometry turnedBy180AboutZ(GridGeometry grid) {
    Affine a = grid.affine();
    return GridGeometry.of(
        grid.extents(),
        new Affine(a.columnI().times(-1), a.columnJ().times(-1), a.columnK(), a.origin()),
        grid.spacingMm());
  }

  @Test
  void all_48_storage_orientations_are_without_doubt() {
    for (AnatomicalCode code : AnatomicalCode.all()) {
      BoxVertebra stored = BoxVertebra.whole().storedAs(code);

      assertThat(
              VertebraMeasures.of(stored.labels(), LabelTable.lumbarVertebrae(), stored.ct())
                  .notices())
          .as(code.toString())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ct/l3_crop/vertebrae_verse_ids.nii.gz, 0, 3",
    "ct/verse004_labels_only/vertebrae_verse_ids.nii.gz, 0, 5",
    "ct/totalseg_s0327/labels.nii.gz, 0, 5",
    "ct/totalseg_s0328/labels.nii.gz, 0, 5",
    "ct/abdomen_3mm/totalseg_spine.nii.gz, 51, 5",
    "ct/abdomen_3mm/vertebral_bodies_verse_ids.nii.gz, 0, 5"
  })
  void real_vertebrae_are_without_doubt_and_their_mirror_images_are_not(
      String file, int mirroredIds, int vertebrae) throws IOException {
    LabelVolume labels = Nifti.readLabels(RealData.path(file)).labels();
    short[] verse = VoxelArrays.labels(labels).clone();
    for (int n = 0; n < verse.length && mirroredIds > 0; n++) {
      verse[n] = (short) (verse[n] >= 27 && verse[n] <= 31 ? mirroredIds - verse[n] : 0);
    }
    GridGeometry grid = labels.geometry();
    Affine a = grid.affine();
    Vector3 flip = new Vector3(1, -1, -1); // front and back, head and feet
    GridGeometry upsideDown =
        GridGeometry.of(
            grid.extents(),
            new Affine(
                scaled(a.columnI(), flip),
                scaled(a.columnJ(), flip),
                scaled(a.columnK(), flip),
                scaled(a.origin(), flip)),
            grid.spacingMm());

    VertebraMeasures right = measure(grid, verse);
    VertebraMeasures wrong = measure(upsideDown, verse);

    assertThat(right.vertebrae()).extracting(VertebraMeasurement::level).hasSize(vertebrae);
    assertThat(right.notices()).isEmpty();
    assertThat(wrong.notices()).extracting(Notice::code).containsExactly("ORIENTATION_DOUBTFUL");
    assertThat(wrong.notices().get(0).message()).contains("upside down");
    if (!file.contains("bodies")) {
      assertThat(wrong.notices().get(0).message()).contains("arches lie in front of bodies");
    }
  }

  private static VertebraMeasures measure(GridGeometry grid, short[] labels) {
    return VertebraMeasures.of(
        LabelVolume.wrap(grid, labels),
        LabelTable.lumbarVertebrae(),
        Volume.wrap(grid, new float[labels.length]));
  }

  private static Vector3 scaled(Vector3 v, Vector3 by) {
    return new Vector3(v.x() * by.x(), v.y() * by.y(), v.z() * by.z());
  }
}
