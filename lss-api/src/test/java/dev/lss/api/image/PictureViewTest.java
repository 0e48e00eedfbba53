package dev.lss.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lss.api.SlicePlane;
import dev.lss.api.image.PictureView.Direction;
import org.junit.jupiter.api.Test;

class PictureViewTest {

  private static final GridGeometry PICTURE = GridGeometry.imagePlane(4, 3, 0.5, 0.75);

  @Test
  void an_axial_picture_as_radiologists_see_it_counts_to_the_left_and_to_the_back() {
    GridGeometry slice = PictureView.axial(Direction.RIGHT).place(PICTURE);

    assertThat(slice.orientation()).isEqualTo(AnatomicalCode.LPS);
    assertThat(slice.spacingMm()).isEqualTo(new Vector3(0.5, 0.75, 1));
    assertThat(slice.toWorldMm(new Vector3(3, 2, 0))).isEqualTo(new Vector3(1.5, 1.5, 0));
    assertThat(SlicePlane.of(slice)).isEqualTo(SlicePlane.AXIAL);
  }

  @Test
  void seen_from_the_head_its_columns_count_to_the_right() {
    GridGeometry slice = PictureView.axial(Direction.LEFT).place(PICTURE);

    assertThat(slice.orientation().toString()).isEqualTo("RPS");
    assertThat(slice.toWorldMm(new Vector3(3, 0, 0)).x()).isEqualTo(-1.5);
  }

  @Test
  void a_sagittal_picture_lies_as_its_edge_and_its_head_say() {
    assertThat(code(PictureView.sagittal(Direction.ANTERIOR, true))).isEqualTo("PIL");
    assertThat(code(PictureView.sagittal(Direction.POSTERIOR, true))).isEqualTo("AIL");
    assertThat(code(PictureView.sagittal(Direction.ANTERIOR, false))).isEqualTo("PSL");
    assertThat(code(PictureView.sagittal(Direction.POSTERIOR, false))).isEqualTo("ASL");
    assertThat(SlicePlane.of(PictureView.sagittal(Direction.ANTERIOR, true).place(PICTURE)))
        .isEqualTo(SlicePlane.SAGITTAL);
  }

  private static String code(PictureView view) {
    return view.place(PICTURE).orientation().toString();
  }

  @Test
  void samples_and_labels_stay_where_they_are() {
    float[] samples = new float[12];
    short[] labels = new short[12];
    samples[5] = 7;
    labels[5] = 7;
    PictureView view = PictureView.axial(Direction.LEFT);

    assertThat(view.place(Volume.wrap(PICTURE, samples)).toArray()).isEqualTo(samples);
    assertThat(view.place(LabelVolume.wrap(PICTURE, labels)).toArray()).isEqualTo(labels);
  }

  @Test
  void an_edge_that_is_none_of_the_view_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PictureView.axial(Direction.ANTERIOR))
        .withMessage("the left edge of such a view is LEFT or RIGHT, was ANTERIOR");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PictureView.sagittal(Direction.LEFT, true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PictureView(Direction.LEFT, Direction.RIGHT));
  }

  @Test
  void a_picture_without_a_scale_and_a_volume_are_refused() {
    PictureView view = PictureView.axial(Direction.RIGHT);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> view.place(GridGeometry.uncalibratedPlane(4, 3)))
        .withMessageContaining("one image plane of known scale can be placed");
    assertThatIllegalArgumentException().isThrownBy(() -> view.place(view.place(PICTURE)));
  }
}
