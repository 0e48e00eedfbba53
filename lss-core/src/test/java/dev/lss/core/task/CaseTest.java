package dev.lss.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.SlicePlane;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.task.SeriesNeed.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which series of a study a task gets. */
class CaseTest {

  private static final Series SAGITTAL = t2(grid(4, 1, 1));
  private static final Series AXIAL = t2(grid(1, 1, 4));

  private static GridGeometry grid(double i, double j, double k) {
    return GridGeometry.ofSpacing(new Extents(2, 3, 4), new Vector3(i, j, k));
  }

  private static Series series(SeriesRole role, GridGeometry grid) {
    return Series.of(role, Volume.wrap(grid, new float[grid.extents().voxels()]));
  }

  private static Series t2(GridGeometry grid) {
    return series(SeriesRole.T2, grid);
  }

  private static SeriesNeed need(Kind kind) {
    return SeriesNeed.of(SeriesRole.T2, kind);
  }

  private static SeriesNeed prefers(SlicePlane plane) {
    return new SeriesNeed(SeriesRole.T2, Kind.VOLUME, false, Optional.of(plane));
  }

  private static Case of(LumbarStudy study, SeriesNeed... needs) {
    return Case.of(study, List.of(needs), "test");
  }

  private static void assertRefused(
      String code, String message, LumbarStudy study, SeriesNeed... needs) {
    assertThatThrownBy(() -> of(study, needs))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessage(message)
        .extracting("code")
        .isEqualTo(code);
  }

  @Test
  void a_series_that_is_missing_is_named_among_those_that_the_task_takes() {
    assertRefused(
        "MISSING_SERIES",
        "the task test takes the series [T2, T1], there is no series \"T1\"",
        LumbarStudy.of(AXIAL),
        need(Kind.VOLUME),
        SeriesNeed.of(SeriesRole.T1, Kind.VOLUME));
  }

  @Test
  void an_optional_series_may_be_missing() {
    SeriesNeed optional = new SeriesNeed(SeriesRole.T1, Kind.VOLUME, true, Optional.empty());

    Case found = of(LumbarStudy.of(AXIAL), need(Kind.VOLUME), optional);

    assertThat(found.series()).containsExactly(AXIAL);
    assertThat(found.find(SeriesRole.T1)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> found.series(SeriesRole.T1))
        .withMessage("the case holds [T2], not T1");
  }

  @Test
  void of_several_series_of_a_role_the_one_in_the_preferred_plane_is_taken() {
    LumbarStudy study = LumbarStudy.of(AXIAL, SAGITTAL);

    assertThat(of(study, prefers(SlicePlane.SAGITTAL)).series(SeriesRole.T2)).isSameAs(SAGITTAL);
    assertThat(of(study, prefers(SlicePlane.AXIAL)).series(SeriesRole.T2)).isSameAs(AXIAL);
    assertThat(of(study, prefers(SlicePlane.AXIAL)).reference()).isSameAs(AXIAL);
  }

  @Test
  void an_only_series_is_taken_whatever_its_plane() {
    assertThat(of(LumbarStudy.of(AXIAL), prefers(SlicePlane.SAGITTAL)).series())
        .containsExactly(AXIAL);
  }

  @Test
  void several_series_of_which_none_or_two_are_preferred_are_ambiguous() {
    String message = "the study holds 2 series T2 (%s); leave the one that is meant";
    assertRefused(
        "AMBIGUOUS_SERIES",
        message.formatted("[AXIAL, SAGITTAL]"),
        LumbarStudy.of(AXIAL, SAGITTAL),
        need(Kind.VOLUME));
    assertRefused(
        "AMBIGUOUS_SERIES",
        message.formatted("[AXIAL, SAGITTAL]"),
        LumbarStudy.of(AXIAL, SAGITTAL),
        prefers(SlicePlane.CORONAL));
    assertRefused(
        "AMBIGUOUS_SERIES",
        message.formatted("[AXIAL, AXIAL]"),
        LumbarStudy.of(AXIAL, AXIAL),
        prefers(SlicePlane.AXIAL));
  }

  private static final SeriesNeed[] ONE_OF =
      SeriesNeed.oneOf(
              Kind.VOLUME_OR_PLACED_PICTURE,
              SlicePlane.AXIAL,
              SeriesRole.DIXON_WATER,
              SeriesRole.T2,
              SeriesRole.T1,
              SeriesRole.MR)
          .toArray(SeriesNeed[]::new);

  @Test
  void of_alternatives_one_is_enough_and_all_that_are_there_are_held() {
    Series t1 = t1(grid(1, 1, 4));
    Case found = of(LumbarStudy.of(t1, AXIAL), ONE_OF);

    assertThat(found.chosen()).isSameAs(AXIAL);
    assertThat(found.series()).containsExactly(AXIAL, t1);
    assertThat(of(LumbarStudy.of(t1), ONE_OF).chosen()).isSameAs(t1);
  }

  @Test
  void of_alternatives_the_preferred_plane_goes_before_the_order_of_the_roles() {
    Series t1 = t1(grid(1, 1, 4));
    Series isotropic = series(SeriesRole.MR, grid(1, 1, 1));

    assertThat(of(LumbarStudy.of(SAGITTAL, t1), ONE_OF).chosen()).isSameAs(t1);
    assertThat(of(LumbarStudy.of(SAGITTAL, isotropic), ONE_OF).chosen()).isSameAs(isotropic);
    assertThat(of(LumbarStudy.of(SAGITTAL), ONE_OF).chosen()).isSameAs(SAGITTAL);
  }

  @Test
  void without_any_alternative_all_that_would_do_are_named() {
    assertRefused(
        "MISSING_SERIES",
        "the task test takes one of the series [DIXON_WATER, T2, T1, MR], there is only [CT]",
        LumbarStudy.of(series(SeriesRole.CT, grid(1, 1, 4))),
        ONE_OF);
  }

  @Test
  void two_series_of_one_alternative_in_one_plane_are_ambiguous() {
    assertRefused(
        "AMBIGUOUS_SERIES",
        "the study holds 2 series T2 ([AXIAL, AXIAL]); leave the one that is meant",
        LumbarStudy.of(AXIAL, AXIAL),
        ONE_OF);
  }

  @Test
  void a_task_without_alternatives_chooses_its_first_series() {
    assertThat(of(LumbarStudy.of(t1(grid(1, 1, 4)), AXIAL), BOTH).chosen()).isSameAs(AXIAL);
  }

  @Test
  void a_picture_is_no_volume_and_a_volume_no_picture() {
    Series picture = t2(GridGeometry.imagePlane(4, 3, 0.5, 0.5));
    Series slice = t2(GridGeometry.ofSpacing(new Extents(4, 3, 1), new Vector3(1, 1, 1)));

    assertRefused(
        "NOT_A_VOLUME",
        "the task test takes volumes in the patient, was given " + picture.geometry().describe(),
        LumbarStudy.of(picture),
        need(Kind.VOLUME));
    assertRefused(
        "NOT_A_PLANE",
        "the task test takes one image plane at a time, was given " + slice.geometry().describe(),
        LumbarStudy.of(slice),
        need(Kind.PICTURE));
    assertThat(of(LumbarStudy.of(picture), need(Kind.PICTURE)).series()).hasSize(1);
    assertThat(of(LumbarStudy.of(slice), need(Kind.VOLUME)).series()).hasSize(1);
    assertThat(of(LumbarStudy.of(picture), need(Kind.ANY)).series()).hasSize(1);
    assertThat(of(LumbarStudy.of(slice), need(Kind.ANY)).series()).hasSize(1);
  }

  @Test
  void several_pictures_in_one_array_are_no_plane() {
    GridGeometry one = GridGeometry.imagePlane(4, 3, 0.5, 0.5);
    Series stack =
        t2(
            new GridGeometry(
                new Extents(4, 3, 2), one.affine(), one.spacingMm(), one.space(), true));

    assertThatThrownBy(() -> of(LumbarStudy.of(stack), need(Kind.PICTURE)))
        .extracting("code")
        .isEqualTo("NOT_A_PLANE");
  }

  @Test
  void a_voxel_that_is_not_finite_is_named() {
    float[] samples = new float[24];
    samples[1 + 2 * (2 + 3 * 3)] = Float.NEGATIVE_INFINITY;
    Series broken = Series.of(SeriesRole.T2, Volume.wrap(grid(1, 1, 1), samples));

    assertRefused(
        "NON_FINITE_SAMPLES",
        "voxel (1, 2, 3) of the series T2 is -Infinity; put a number there, such as that of air",
        LumbarStudy.of(broken),
        need(Kind.VOLUME));
  }

  @Test
  void channels_lie_on_one_grid_to_a_hundredth_of_a_voxel() {
    GridGeometry grid = grid(1, 1, 4);
    Case near = of(LumbarStudy.of(t2(grid), t1(moved(grid, 0.009))), BOTH);
    Case far = of(LumbarStudy.of(t2(grid), t1(moved(grid, 0.011))), BOTH);
    List<SeriesRole> roles = List.of(SeriesRole.T1, SeriesRole.T2);

    assertThat(near.onOneGrid(roles))
        .containsExactly(near.series(SeriesRole.T1).volume(), near.series(SeriesRole.T2).volume());
    assertThatThrownBy(() -> far.onOneGrid(roles))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("T1 has 2 x 3 x 4 voxels")
        .extracting("code")
        .isEqualTo("GRIDS_DIFFER");
  }

  private static final SeriesNeed[] BOTH = {
    need(Kind.VOLUME), SeriesNeed.of(SeriesRole.T1, Kind.VOLUME)
  };

  private static Series t1(GridGeometry grid) {
    return series(SeriesRole.T1, grid);
  }

  private static GridGeometry moved(GridGeometry grid, double mm) {
    Affine affine = grid.affine();
    return GridGeometry.of(
        grid.extents(),
        new Affine(affine.columnI(), affine.columnJ(), affine.columnK(), new Vector3(mm, 0, 0)),
        grid.spacingMm());
  }

  @Test
  void labels_of_another_grid_are_refused_with_both_grids() {
    LabelVolume labels = LabelVolume.empty(moved(AXIAL.geometry(), 0.5));

    Case.requireOn(LabelVolume.empty(AXIAL.geometry()), AXIAL);
    assertThatThrownBy(() -> Case.requireOn(labels, AXIAL))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("from (0.5, 0.0, 0.0) mm")
        .extracting("code")
        .isEqualTo("GRID_MISMATCH");
  }
}
