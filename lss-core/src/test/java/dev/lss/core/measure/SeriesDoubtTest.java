package dev.lss.core.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.SlicePlane;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SeriesDoubtTest {

  private static Series series(double x, double y, double z, float value) {
    float[] samples = new float[1000];
    Arrays.fill(samples, 100);
    Arrays.fill(samples, 0, 30, value);
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(10, 10, 10), new Vector3(x, y, z));
    return Series.of(SeriesRole.MR, Volume.wrap(grid, samples));
  }

  @Test
  void sagittal_and_isotropic_series_of_mr_are_taken_without_a_word() {
    assertThat(SeriesDoubt.of(series(4, 1, 1, 0), SlicePlane.SAGITTAL)).isEmpty();
    assertThat(SeriesDoubt.of(series(1, 1, 1, -20), SlicePlane.SAGITTAL)).isEmpty();
  }

  @Test
  void slices_in_another_plane_are_noticed() {
    assertThat(SeriesDoubt.of(series(1, 1, 4, 0), SlicePlane.SAGITTAL))
        .extracting(Notice::toString)
        .singleElement()
        .asString()
        .contains("OTHER_PLANE", "axial", "sagittal");
  }

  @Test
  void the_air_of_a_ct_is_noticed() {
    assertThat(SeriesDoubt.of(series(1, 1, 1, -1000), SlicePlane.SAGITTAL))
        .extracting(Notice::code)
        .containsExactly("NOT_MR");
  }
}
