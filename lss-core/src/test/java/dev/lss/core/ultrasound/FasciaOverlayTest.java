package dev.lss.core.ultrasound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.FasciaMeasurement.CentrePoint;
import dev.lss.api.FasciaMeasurement.Echo;
import dev.lss.api.FasciaMeasurement.Thickness;
import dev.lss.api.LengthUnit;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** A picture of 76 x 40 pixels is drawn ten times as large, from (14, 34) on. */
class FasciaOverlayTest {

  private static final GridGeometry PLANE = GridGeometry.imagePlane(76, 40, 0.5, 0.5);

  private static Volume image() {
    float[] grey = new float[76 * 40];
    Arrays.fill(grey, 100);
    return Volume.wrap(PLANE, grey);
  }

  /** Rows 10 to 13 are fascia. */
  private static LabelVolume labels() {
    short[] labels = new short[76 * 40];
    Arrays.fill(labels, 10 * 76, 14 * 76, (short) 1);
    return LabelVolume.wrap(PLANE, labels);
  }

  private static FasciaMeasurement layer() {
    return FasciaMeasurement.builder(1, LengthUnit.MM)
        .thickness(new Thickness(2, 0, 2, 2, 2, 2, 2, 2, 2))
        .length(37.5)
        .depth(6)
        .echo(new Echo(100, OptionalDouble.empty(), 0))
        .centreLine(List.of(new CentrePoint(0, 11.5, 0, 2), new CentrePoint(75, 11.5, 37.5, 2)))
        .build();
  }

  @Test
  void pixels_outline_and_centre_line_are_where_they_belong() {
    BufferedImage picture = FasciaOverlay.render(series(image()), labels(), List.of(layer()));

    assertThat(picture.getRGB(14 + 305, 34 + 55) & 0xffffff).isEqualTo(0x646464); // grey
    assertThat(picture.getRGB(14 + 305, 34 + 105) & 0xffffff).isEqualTo(0xF5C542); // upper outline
    assertThat(picture.getRGB(14 + 305, 34 + 135) & 0xffffff).isEqualTo(0xF5C542); // lower outline
    assertThat(picture.getRGB(14 + 305, 34 + 120) & 0xffffff).isEqualTo(0x4FA3E3); // centre line
  }

  @Test
  void pixels_that_are_higher_than_wide_are_drawn_so() {
    GridGeometry high = GridGeometry.imagePlane(76, 40, 0.5, 1);
    Volume image = Volume.wrap(high, VoxelArrays.samples(image()));
    LabelVolume labels = LabelVolume.wrap(high, VoxelArrays.labels(labels()));

    int square = FasciaOverlay.render(series(image()), labels(), List.of()).getHeight();
    int tall = FasciaOverlay.render(series(image), labels, List.of()).getHeight();

    assertThat(tall - square).isEqualTo(760 - 400);
  }

  @Test
  void the_same_result_gives_the_same_bytes_also_without_layers() {
    byte[] empty = FasciaOverlay.png(series(image()), LabelVolume.empty(PLANE), List.of());

    assertThat(empty)
        .isEqualTo(FasciaOverlay.png(series(image()), LabelVolume.empty(PLANE), List.of()));
    assertThat(empty).isNotEqualTo(FasciaOverlay.png(series(image()), labels(), List.of(layer())));
  }

  @Test
  void labels_of_another_size_are_refused() {
    LabelVolume small = LabelVolume.empty(GridGeometry.uncalibratedPlane(3, 3));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> FasciaOverlay.png(series(image()), small, List.of()));
  }

  @Test
  void the_name_of_a_frame_is_in_the_title() {
    Series frame = series(image()).withName("frame 3 of 8");

    assertThat(FasciaOverlay.png(frame, labels(), List.of(layer())))
        .isNotEqualTo(FasciaOverlay.png(series(image()), labels(), List.of(layer())));
  }

  private static Series series(Volume image) {
    return Series.of(SeriesRole.ULTRASOUND, image);
  }
}
