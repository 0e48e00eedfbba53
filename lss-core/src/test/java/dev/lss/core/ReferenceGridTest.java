package dev.lss.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Crop;
import dev.lss.core.image.Orient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceGridTest {

  private static final Extents N = new Extents(6, 5, 4);
  private static final GridGeometry GRID =
      GridGeometry.of(
          N,
          new Affine(
              new Vector3(0.7, 0, 0),
              new Vector3(0, 0.8, 0),
              new Vector3(0, 0, 2),
              new Vector3(-31.3, 12.9, 801.1)));

  private final List<Notice> notices = new ArrayList<>();

  private static Series reference(GridGeometry grid) {
    return Series.of(SeriesRole.T2, Volume.wrap(grid, new float[grid.extents().voxels()]));
  }

  /** Labels 1, 2, 3, ... in memory order. */
  private static LabelVolume counted(GridGeometry grid) {
    short[] labels = new short[grid.extents().voxels()];
    for (int n = 0; n < labels.length; n++) {
      labels[n] = (short) (n + 1);
    }
    return LabelVolume.wrap(grid, labels);
  }

  @Test
  void labels_on_the_grid_itself_are_handed_on() {
    LabelVolume labels = counted(GRID);

    assertThat(ReferenceGrid.bring(labels, reference(GRID), notices)).isSameAs(labels);
    assertThat(notices).isEmpty();
  }

  @Test
  void a_box_of_the_grid_is_pasted_voxel_by_voxel_with_background_around_it() {
    LabelVolume whole = counted(GRID);
    LabelVolume part = Crop.to(whole, new IndexBox(1, 2, 1, 4, 4, 3));

    LabelVolume brought = ReferenceGrid.bring(part, reference(GRID), notices);

    assertThat(brought.geometry()).isEqualTo(GRID);
    for (int k = 0; k < 4; k++) {
      for (int j = 0; j < 5; j++) {
        for (int i = 0; i < 6; i++) {
          boolean inside = i >= 1 && i < 4 && j >= 2 && j < 4 && k >= 1 && k < 3;
          assertThat(brought.get(i, j, k)).isEqualTo(inside ? whole.get(i, j, k) : 0);
        }
      }
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void another_orientation_of_the_same_voxels_is_exact() {
    LabelVolume labels = counted(GRID);
    for (AnatomicalCode code : AnatomicalCode.all()) {
      GridGeometry stored = Orient.to(GRID, code);

      LabelVolume brought = ReferenceGrid.bring(labels, reference(stored), notices);

      assertThat(brought.geometry()).isEqualTo(stored);
      assertThat(Orient.to(brought, AnatomicalCode.LPS).toArray()).isEqualTo(labels.toArray());
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void another_grid_takes_the_label_of_the_nearest_voxel_centre_and_a_notice_says_so() {
    GridGeometry coarse = GridGeometry.ofSpacing(new Extents(3, 1, 1), new Vector3(2, 2, 2));
    // Voxels of 1 mm from -1.4 mm on: -1.4, -0.4, 0.6, 1.6, 2.6, 3.6, 4.6, 5.6
    GridGeometry fine =
        GridGeometry.of(
            new Extents(8, 1, 1),
            new Affine(
                new Vector3(1, 0, 0),
                new Vector3(0, 1, 0),
                new Vector3(0, 0, 1),
                new Vector3(-1.4, 0, 0)));

    LabelVolume brought = ReferenceGrid.bring(counted(coarse), reference(fine), notices);

    // Centres at 0, 2 and 4 mm, borders at -1, 1, 3 and 5 mm; outside is background.
    assertThat(brought.toArray()).containsExactly(0, 1, 1, 2, 2, 3, 3, 0);
    assertThat(brought.geometry()).isEqualTo(fine);
    assertThat(notices)
        .containsExactly(
            new Notice(
                "LABELS_RESAMPLED",
                "the reference series T2 does not lie on the voxels that were segmented; its"
                    + " labels are those of the nearest ones"));
  }

  @Test
  void a_picture_and_a_volume_have_no_grid_in_common() {
    GridGeometry plane = GridGeometry.imagePlane(6, 5, 0.7, 0.8);

    assertThatThrownBy(() -> ReferenceGrid.bring(counted(GRID), reference(plane), notices))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo("GRIDS_DIFFER");
    assertThatThrownBy(() -> ReferenceGrid.bring(counted(plane), reference(GRID), notices))
        .isInstanceOf(InvalidStudyException.class);
  }

  @Test
  void a_box_of_a_picture_is_pasted_too() {
    GridGeometry plane = GridGeometry.imagePlane(6, 5, 0.7, 0.8);
    LabelVolume part = Crop.to(counted(plane), new IndexBox(2, 1, 0, 4, 3, 1));

    LabelVolume brought = ReferenceGrid.bring(part, reference(plane), notices);

    assertThat(brought.get(2, 1, 0)).isEqualTo(1 + 2 + 6);
    assertThat(brought.get(1, 1, 0)).isZero();
    assertThat(notices).isEmpty();
  }
}
