package dev.lss.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import org.junit.jupiter.api.Test;

class CropAndPasteTest {

  private static final GridGeometry GRID =
      TestImages.oblique(
          new Extents(6, 5, 4), AnatomicalCode.parse("RAI"), new Vector3(0.8, 0.9, 2.5));
  private static final IndexBox BOX = new IndexBox(1, 2, 0, 4, 5, 3);

  @Test
  void a_crop_keeps_values_and_places() {
    Volume volume = TestImages.noise(GRID, 3);

    Volume crop = Crop.to(volume, BOX);

    assertThat(crop.extents()).isEqualTo(new Extents(3, 3, 3));
    assertThat(crop.get(0, 0, 0)).isEqualTo(volume.get(1, 2, 0));
    assertThat(crop.get(2, 1, 2)).isEqualTo(volume.get(3, 3, 2));
    assertThat(crop.geometry().toWorldMm(new Vector3(0, 0, 0)))
        .isEqualTo(GRID.toWorldMm(new Vector3(1, 2, 0)));
    assertThat(crop.geometry().spacingMm()).isEqualTo(GRID.spacingMm());
  }

  @Test
  void paste_undoes_crop_and_leaves_background_around() {
    LabelVolume labels = TestImages.numbered(GRID);

    LabelVolume pasted = Paste.into(Crop.to(labels, BOX), GRID);

    assertThat(pasted.geometry()).isSameAs(GRID);
    for (int k = 0; k < 4; k++) {
      for (int j = 0; j < 5; j++) {
        for (int i = 0; i < 6; i++) {
          boolean inside = i >= 1 && i < 4 && j >= 2 && k < 3;
          assertThat(pasted.get(i, j, k)).isEqualTo(inside ? labels.get(i, j, k) : 0);
        }
      }
    }
  }

  @Test
  void the_whole_box_is_the_image_itself() {
    Volume volume = TestImages.noise(GRID, 3);

    assertThat(Crop.to(volume, IndexBox.of(GRID.extents()))).isSameAs(volume);
  }

  @Test
  void a_box_that_reaches_outside_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Crop.to(LabelVolume.empty(GRID), new IndexBox(0, 0, 0, 7, 5, 4)))
        .withMessageContaining("6 x 5 x 4");
  }

  @Test
  void a_part_half_a_voxel_off_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Paste.into(moved(0.5), GRID))
        .withMessageContaining("does not share the voxels");
  }

  @Test
  void a_part_that_is_off_by_less_than_a_thousandth_of_a_voxel_is_accepted() {
    assertThat(Paste.into(moved(0.0005), GRID).extents()).isEqualTo(GRID.extents());
  }

  @Test
  void a_part_that_sticks_out_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Paste.into(moved(-1), GRID))
        .withMessageContaining("reaches outside");
  }

  @Test
  void a_part_in_another_orientation_is_refused() {
    LabelVolume turned = Orient.to(LabelVolume.empty(GRID), AnatomicalCode.LPS);

    assertThatIllegalArgumentException().isThrownBy(() -> Paste.into(turned, GRID));
  }

  private static LabelVolume moved(double voxelsAlongI) {
    Affine a = GRID.affine();
    return LabelVolume.empty(
        GridGeometry.of(
            new Extents(2, 2, 2),
            new Affine(
                a.columnI(), a.columnJ(), a.columnK(), a.apply(new Vector3(voxelsAlongI, 0, 0)))));
  }
}
