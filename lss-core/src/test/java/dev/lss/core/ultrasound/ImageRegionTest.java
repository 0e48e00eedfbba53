package dev.lss.core.ultrasound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.raster.Rasters;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures as machines make them: speckle that is wider than high, and what is drawn around it. */
class ImageRegionTest {

  private static final int COLUMNS = 640;
  private static final int ROWS = 480;

  private interface Shape {
    boolean holds(int i, int j);
  }

  private final float[] grey = new float[COLUMNS * ROWS];

  private Volume picture() {
    return Volume.wrap(GridGeometry.uncalibratedPlane(COLUMNS, ROWS), grey);
  }

  /** Noise that changes every row and every three columns. */
  private void tissue(Shape shape) {
    Random random = new Random(7);
    for (int j = 0; j < ROWS; j++) {
      for (int i = 0; i < COLUMNS; i += 3) {
        float value = 20 + 100 * random.nextFloat();
        for (int n = i; n < Math.min(COLUMNS, i + 3); n++) {
          if (shape.holds(n, j)) {
            grey[j * COLUMNS + n] = value + 4 * random.nextFloat();
          }
        }
      }
    }
  }

  private void fill(int i0, int j0, int i1, int j1, float value) {
    for (int j = j0; j < j1; j++) {
      Arrays.fill(grey, j * COLUMNS + i0, j * COLUMNS + i1, value);
    }
  }

  /** Something like letters: strokes of two pixels, eight pixels high. */
  private void text(int i0, int j0, int letters) {
    for (int letter = 0; letter < letters; letter++) {
      int i = i0 + 7 * letter;
      fill(i, j0, i + 2, j0 + 8, 230);
      fill(i, j0, i + 5, j0 + 2, 230);
      fill(i, j0 + 4, i + 4, j0 + 6, 230);
    }
  }

  private IndexBox box() {
    return ImageRegion.find(picture()).orElseThrow().box();
  }

  private static void assertNear(IndexBox found, IndexBox wanted, int pixels) {
    for (int axis = 0; axis < 2; axis++) {
      assertThat(found.start(axis)).isCloseTo(wanted.start(axis), within(pixels));
      assertThat(found.end(axis)).isCloseTo(wanted.end(axis), within(pixels));
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "60"})
  void a_rectangle_of_tissue_is_found_among_text_ruler_wedge_and_logo(float background) {
    Arrays.fill(grey, background);
    tissue((i, j) -> i >= 100 && i < 500 && j >= 60 && j < 440);
    for (int line = 0; line < 12; line++) {
      text(8, 20 + 14 * line, 9);
    }
    text(150, 20, 40);
    text(150, 455, 40);
    for (int n = 0; n < 200; n++) {
      fill(580, 100 + n, 600, 101 + n, 255 - n); // grey wedge
    }
    fill(515, 60, 516, 440, 200); // ruler
    for (int j = 60; j < 440; j += 20) {
      fill(510, j, 520, j + 1, 200);
    }
    fill(600, 10, 630, 40, 255); // logo

    assertNear(box(), new IndexBox(100, 60, 0, 500, 440, 1), 3);
  }

  @Test
  void a_picture_that_is_all_tissue_is_its_own_region() {
    tissue((i, j) -> true);

    assertThat(box()).isEqualTo(new IndexBox(0, 0, 0, COLUMNS, ROWS, 1));
  }

  @Test
  void text_beside_a_sector_is_cut_out_of_its_box() {
    Shape sector =
        (i, j) -> {
          double r = Math.hypot(i - 320, j + 100);
          double angle = Math.toDegrees(Math.atan2(i - 320, j + 100));
          return r >= 150 && r <= 520 && Math.abs(angle) <= 32;
        };
    tissue(sector);
    text(60, 60, 8);
    Volume picture = picture();
    ImageRegion region = ImageRegion.find(picture).orElseThrow();

    assertNear(
        region.box(),
        new IndexBox(
            (int) (320 - 520 * Math.sin(Math.toRadians(32))),
            27,
            0,
            (int) (320 + 520 * Math.sin(Math.toRadians(32))),
            420,
            1),
        24);
    assertThat(region.isTissue(64 * COLUMNS + 74)).isFalse();
    Volume cut = region.cutOut(picture);
    assertThat(cut.extents()).isEqualTo(region.box().extents());
    assertThat(cut.get(74 - region.box().i0(), 64 - region.box().j0(), 0)).isZero();
    assertThat(region.skinRow(320, COLUMNS)).isCloseTo(50, within(8));
    assertThat(region.skinRow(250, COLUMNS)).isLessThan(50);
    assertThat(region.isTissue(300 * COLUMNS + 320)).isTrue();
  }

  @Test
  void a_shadow_inside_the_tissue_belongs_to_it() {
    tissue((i, j) -> i >= 100 && i < 500 && j >= 60 && j < 440);
    fill(250, 200, 330, 440, 0);
    ImageRegion region = ImageRegion.find(picture()).orElseThrow();

    assertNear(region.box(), new IndexBox(100, 60, 0, 500, 440, 1), 3);
    assertThat(region.isTissue(300 * COLUMNS + 290)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 80, 255})
  void a_blank_has_no_region_and_is_no_ultrasound(float value) {
    Arrays.fill(grey, value);

    assertThat(ImageRegion.find(picture())).isEmpty();
    assertThat(ImageRegion.whole(picture()).looksLikeUltrasound()).isFalse();
  }

  @Test
  void text_alone_has_no_region() {
    for (int line = 0; line < 20; line++) {
      text(20, 20 + 22 * line, 60);
    }

    assertThat(ImageRegion.find(picture())).isEmpty();
  }

  @Test
  void speckle_has_a_direction_and_noise_has_none() {
    tissue((i, j) -> true);
    ImageRegion speckle = ImageRegion.find(picture()).orElseThrow();
    assertThat(speckle.looksLikeUltrasound()).isTrue();
    assertThat(speckle.isNoisy()).isFalse();

    Random random = new Random(3);
    for (int n = 0; n < grey.length; n++) {
      grey[n] = 255 * random.nextFloat();
    }
    ImageRegion noise = ImageRegion.find(picture()).orElseThrow();
    assertThat(noise.directionality()).isEqualTo(1, within(0.02));
    assertThat(noise.spread()).isEqualTo(1, within(0.02));
    assertThat(noise.looksLikeUltrasound()).isFalse();
    assertThat(noise.isNoisy()).isTrue();
  }

  @Test
  void bright_bands_without_speckle_count_as_ultrasound_as_a_whole() {
    for (int i = 0; i < COLUMNS; i++) {
      fill(i, 200 + i / 4, i + 1, 215 + i / 4, 200);
    }

    assertThat(ImageRegion.find(picture())).isEmpty();
    assertThat(ImageRegion.whole(picture()).looksLikeUltrasound()).isTrue();
  }

  @Test
  void a_volume_of_several_planes_is_refused() {
    Volume volume =
        Volume.wrap(
            GridGeometry.ofSpacing(new Extents(2, 2, 2), new Vector3(1, 1, 1)), new float[8]);

    assertThatIllegalArgumentException().isThrownBy(() -> ImageRegion.find(volume));
  }

  @ParameterizedTest
  @CsvSource({
    "us/aponeurosis/00001_image.png, 30, 82, 384, 385",
    "us/aponeurosis/00067_image.png, 0, 0, 512, 512",
    "us/aponeurosis/00155_image.png, 85, 80, 328, 386",
    "us/aponeurosis/00353_image.png, 74, 31, 439, 431",
  })
  void regions_of_real_images_are_where_a_person_sees_them(
      String file, int i0, int j0, int i1, int j1) throws IOException {
    Volume image = Rasters.read(RealData.path(file), Optional.empty()).plane();
    ImageRegion region = ImageRegion.find(image).orElseThrow();

    assertNear(region.box(), new IndexBox(i0, j0, 0, i1, j1, 1), 3);
    assertThat(region.looksLikeUltrasound()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mr-spine/sagittal_spider/images/10008_12.png",
        "mr-spine/sagittal_mit/images/1.png"
      })
  void a_slice_of_mr_does_not_look_like_ultrasound(String file) throws IOException {
    Volume image = Rasters.read(RealData.path(file), Optional.empty()).plane();

    ImageRegion region = ImageRegion.find(image).orElseGet(() -> ImageRegion.whole(image));
    assertThat(region.looksLikeUltrasound()).isFalse();
    assertThat(region.isNoisy()).isFalse();
  }

  /** Noise on an arch of 140 degrees, which changes after so many pixels along depth and arch. */
  private void arch(double depthGrain, double alongGrain) {
    Random random = new Random(7);
    float[][] cells = new float[400][2000];
    for (float[] row : cells) {
      for (int n = 0; n < row.length; n++) {
        row[n] = 20 + 150 * random.nextFloat();
      }
    }
    for (int j = 0; j < ROWS; j++) {
      for (int i = 0; i < COLUMNS; i++) {
        double r = Math.hypot(i - 320, j - 330);
        double angle = Math.atan2(i - 320, 330 - j);
        if (r >= 180 && r <= 300 && Math.abs(angle) <= Math.toRadians(70)) {
          grey[j * COLUMNS + i] =
              cells[(int) (r / depthGrain)][(int) ((4 + angle) * 240 / alongGrain)];
        }
      }
    }
  }

  @Test
  void the_beam_runs_across_a_bent_strip() {
    arch(1.5, 4.5);
    ImageRegion panorama = ImageRegion.find(picture()).orElseThrow();

    assertThat(panorama.bent()).isTrue();
    assertThat(panorama.directionality()).isGreaterThan(1.5);
    assertThat(panorama.looksLikeUltrasound()).isTrue();
  }

  @Test
  void a_bent_strip_that_changes_along_itself_is_no_ultrasound() {
    arch(4.5, 1.5);
    ImageRegion strip = ImageRegion.find(picture()).orElseThrow();

    assertThat(strip.directionality()).isLessThan(0.8);
    assertThat(strip.looksLikeUltrasound()).isFalse();
  }

  /**
   * Bends a picture, three copies beside each other, to an arch of 1000 pixels on black: what was
   * downwards points to the middle of the circle.
   */
  private static Volume bent(Volume image, int degrees) {
    int columns = image.extents().i();
    int rows = image.extents().j();
    double radius = 1000 / Math.toRadians(degrees);
    int thick = 300;
    int width = (int) (2 * radius * Math.sin(Math.toRadians(degrees / 2.0))) + 40;
    int height = (int) (radius - (radius - thick) * Math.cos(Math.toRadians(degrees / 2.0))) + 40;
    float[] out = new float[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double dx = x - width / 2.0;
        double dy = radius + 20 - y;
        double depth = radius - Math.hypot(dx, dy);
        double along = Math.atan2(dx, dy) * radius + 500;
        if (depth >= 0 && depth < thick && along >= 0 && along < 1000) {
          double u = along / 1000 * 3 * columns % (2 * columns);
          double i = u < columns ? u : 2 * columns - u; // every second copy is mirrored
          out[y * width + x] = linear(image, i, depth / thick * (rows - 1));
        }
      }
    }
    return Volume.wrap(GridGeometry.uncalibratedPlane(width, height), out);
  }

  private static float linear(Volume image, double x, double y) {
    int i = Math.min((int) x, image.extents().i() - 2);
    int j = Math.min((int) y, image.extents().j() - 2);
    double u = Math.min(x - i, 1);
    double v = y - j;
    return (float)
        ((1 - v) * ((1 - u) * image.get(i, j, 0) + u * image.get(i + 1, j, 0))
            + v * ((1 - u) * image.get(i, j + 1, 0) + u * image.get(i + 1, j + 1, 0)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00067", "00155", "00181", "00346"})
  void a_real_image_bent_to_a_panorama_is_ultrasound(String number) throws IOException {
    Volume image =
        Rasters.read(RealData.path("us/aponeurosis/" + number + "_image.png"), Optional.empty())
            .plane();
    IndexBox box = ImageRegion.find(image).orElseThrow().box();
    Volume tissue =
        Volume.wrap(
            GridGeometry.uncalibratedPlane(box.extents().i(), box.extents().j()),
            image.toArray(box));

    assertThat(ImageRegion.find(bent(tissue, 120)).orElseThrow().looksLikeUltrasound()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mr-spine/sagittal_spider/images/10008_12.png",
        "mr-spine/sagittal_mit/images/1.png"
      })
  void a_slice_of_mr_bent_likewise_is_none(String file) throws IOException {
    Volume image = bent(Rasters.read(RealData.path(file), Optional.empty()).plane(), 120);

    ImageRegion region = ImageRegion.find(image).orElseGet(() -> ImageRegion.whole(image));
    assertThat(region.looksLikeUltrasound()).isFalse();
  }
}
