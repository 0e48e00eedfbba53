package dev.lss.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Orient;
import dev.lss.spi.VoxelArrays;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class OverlayTest {

  private static final LabelTable TABLE = LabelTable.lumbarVertebrae();
  private static final int L3 = 22;
  private static final int L3_RGB = 0x67C23A;

  @Test
  void all_48_storage_orientations_give_the_same_picture() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(20, 24, 16), new Vector3(1, 0.75, 1.5));
    Volume ct = ramp(grid);
    LabelVolume labels = box(grid, 4, 12, 9, 18, 3, 11, L3);
    int[] expected = pixels(Overlay.render(ct(ct), labels, TABLE));

    for (AnatomicalCode code : AnatomicalCode.all()) {
      assertThat(pixels(Overlay.render(ct(Orient.to(ct, code)), Orient.to(labels, code), TABLE)))
          .as(code.toString())
          .isEqualTo(expected);
    }
  }

  @Test
  void what_lies_left_in_front_and_above_is_drawn_right_left_and_above() {
    // 60 mm cube; the label fills the octant to the patient's left, in front and above
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(60, 60, 60), new Vector3(1, 1, 1));
    LabelVolume labels = box(grid, 40, 60, 0, 20, 40, 60, L3);

    LpsView view = new LpsView(grid);
    OverlayPlanes planes = new OverlayPlanes(labels, view);
    BufferedImage picture = Overlay.render(ct(flat(grid, 40)), labels, TABLE);

    int side = new OverlayPanel(OverlayPanel.Plane.AXIAL, view, planes).widthPixels(8);
    assertThat(side).isEqualTo(480);
    assertThat(isLabelled(picture, 14 + 40, 60 + 40)).as("sagittal: in front and above").isTrue();
    assertThat(isLabelled(picture, 14 + 440, 60 + 440)).isFalse();
    assertThat(isLabelled(picture, 2 * 14 + side + 420, 60 + 40)).as("coronal: left").isTrue();
    assertThat(isLabelled(picture, 2 * 14 + side + 40, 60 + 40)).isFalse();
    assertThat(isLabelled(picture, 3 * 14 + 2 * side + 420, 60 + 40)).as("axial: left").isTrue();
    assertThat(isLabelled(picture, 3 * 14 + 2 * side + 420, 60 + 440)).isFalse();
  }

  @Test
  void what_is_doubtful_stands_in_lines_of_its_own_above_the_same_panels() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(60, 60, 60), new Vector3(1, 1, 1));
    LabelVolume labels = box(grid, 40, 60, 0, 20, 40, 60, L3);
    List<Notice> doubts =
        List.of(
            new Notice("METAL", "L3 holds metal"),
            new Notice(
                "LEVELS_AMBIGUOUS",
                "another assignment of levels is nearly as likely "
                    + "and this sentence is so long that it does not fit into one line of a picture "
                    + "that is as wide as three panels of 480 pixels each, by far and in any case; some words "
                    + "more make sure of it, and a few more, because strokes are narrow and pictures are wide"),
            new Notice("METAL", "L4 holds metal"));

    BufferedImage sure = Overlay.render(ct(flat(grid, 40)), labels, TABLE);
    BufferedImage doubtful = Overlay.render(ct(flat(grid, 40)), labels, TABLE, doubts);

    int lines = 3; // one of metal, two of levels
    assertThat(doubtful.getHeight()).isEqualTo(sure.getHeight() + 20 * lines);
    assertThat(doubtful.getWidth()).isEqualTo(sure.getWidth());
    assertThat(rows(doubtful, 34 + 20 * lines, doubtful.getHeight()))
        .as("captions and panels move down as they are")
        .isEqualTo(rows(sure, 34, sure.getHeight()));
    for (int line = 0; line < lines; line++) {
      assertThat(Arrays.stream(rows(doubtful, 34 + 20 * line, 54 + 20 * line)))
          .as("words in line %s", line)
          .contains(0xFFFFB84D);
    }
    assertThat(column(doubtful, doubtful.getWidth() - 10, 34, 34 + 20 * lines))
        .as("none reaches the edge")
        .containsOnly(0xFF14171A);
  }

  private static int[] rows(BufferedImage picture, int from, int to) {
    int width = picture.getWidth();
    return picture.getRGB(0, from, width, to - from, null, 0, width);
  }

  private static int[] column(BufferedImage picture, int x, int from, int to) {
    return picture.getRGB(x, from, 1, to - from, null, 0, 1);
  }

  @Test
  void thick_slices_keep_their_true_proportions() {
    // 40 x 50 x 60 mm, stored in sagittal slices of 5 mm
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(8, 100, 60), new Vector3(5, 0.5, 1));
    LpsView view = new LpsView(grid);
    OverlayPlanes planes = new OverlayPlanes(LabelVolume.empty(grid), view);

    OverlayPanel sagittal = new OverlayPanel(OverlayPanel.Plane.SAGITTAL, view, planes);
    OverlayPanel coronal = new OverlayPanel(OverlayPanel.Plane.CORONAL, view, planes);
    OverlayPanel axial = new OverlayPanel(OverlayPanel.Plane.AXIAL, view, planes);

    assertThat(sagittal.widthPixels(4)).isEqualTo(50 * 4);
    assertThat(sagittal.heightPixels(4)).isEqualTo(60 * 4);
    assertThat(coronal.widthPixels(4)).isEqualTo(40 * 4);
    assertThat(axial.heightPixels(4)).isEqualTo(50 * 4);
  }

  @Test
  void shown_is_what_was_found_with_60_mm_around_it() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(300, 300, 150), new Vector3(1, 1, 2));
    OverlayPlanes planes =
        new OverlayPlanes(box(grid, 100, 150, 20, 50, 60, 80, L3), new LpsView(grid));

    assertThat(planes.start(0)).isEqualTo(40);
    assertThat(planes.end(0)).isEqualTo(210);
    assertThat(planes.start(1)).isZero();
    assertThat(planes.end(1)).isEqualTo(110);
    assertThat(planes.start(2)).isEqualTo(30);
    assertThat(planes.end(2)).isEqualTo(110);
    assertThat(planes.plane(0)).isEqualTo(124);
    assertThat(planes.plane(1)).isEqualTo(34);
    assertThat(planes.plane(2)).isEqualTo(69);
  }

  @Test
  void the_axial_plane_goes_through_the_middle_label() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(30, 30, 90), new Vector3(1, 1, 1));
    LabelVolume labels = box(grid, 5, 25, 5, 25, 60, 80, 20);
    add(labels, 5, 25, 5, 25, 35, 50, 21);
    add(labels, 0, 30, 0, 30, 5, 20, 22);

    OverlayPlanes planes = new OverlayPlanes(labels, new LpsView(grid));

    assertThat(planes.middleLabel()).hasValue(21);
    assertThat(planes.plane(2)).isBetween(35, 49);
  }

  @Test
  void nothing_found_shows_the_middle_of_the_whole_image_without_colour() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(40, 40, 40), new Vector3(1, 1, 1));
    LabelVolume nothing = LabelVolume.empty(grid);

    OverlayPlanes planes = new OverlayPlanes(nothing, new LpsView(grid));
    BufferedImage picture = Overlay.render(ct(flat(grid, 200)), nothing, TABLE);

    assertThat(planes.middleLabel()).isEmpty();
    assertThat(planes.plane(2)).isEqualTo(20);
    assertThat(planes.end(0)).isEqualTo(40);
    assertThat(pixels(picture)).doesNotContain(0xFF000000 | L3_RGB);
  }

  @Test
  void a_2d_image_gives_one_panel() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(100, 80, 1), new Vector3(1, 1, 5));
    LabelVolume labels = box(grid, 40, 60, 30, 50, 0, 1, L3);

    BufferedImage picture = Overlay.render(ct(flat(grid, 0)), labels, TABLE);

    assertThat(picture.getWidth()).isEqualTo(100 * 8 + 2 * 14);
    assertThat(picture.getHeight()).isEqualTo(60 + 80 * 8 + 14);
  }

  @Test
  void a_single_voxel_and_a_narrow_crop_are_drawn() {
    for (Extents extents : new Extents[] {new Extents(1, 1, 1), new Extents(3, 200, 2)}) {
      GridGeometry grid = GridGeometry.ofSpacing(extents, new Vector3(1, 1, 1));
      LabelVolume labels = box(grid, 0, 1, 0, 1, 0, 1, 7);

      assertThat(Overlay.render(ct(flat(grid, 0)), labels, TABLE).getWidth()).isGreaterThan(400);
    }
  }

  @Test
  void values_that_are_not_numbers_are_black() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(40, 40, 40), new Vector3(1, 1, 1));

    BufferedImage picture =
        Overlay.render(ct(flat(grid, Float.NaN)), LabelVolume.empty(grid), TABLE);

    assertThat(picture.getRGB(14 + 80, 60 + 60)).isEqualTo(0xFF000000);
  }

  @Test
  void the_window_runs_from_minus_250_to_650_hu() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(40, 40, 40), new Vector3(1, 1, 1));

    for (int[] hu : new int[][] {{-300, 0}, {-250, 0}, {200, 128}, {650, 255}, {3000, 255}}) {
      BufferedImage picture = Overlay.render(ct(flat(grid, hu[0])), LabelVolume.empty(grid), TABLE);
      assertThat(picture.getRGB(14 + 80, 60 + 60) & 0xFF).isCloseTo(hu[1], within(1));
    }
  }

  @Test
  void a_title_says_what_the_image_is_and_an_image_that_is_no_ct_is_windowed_by_its_values() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(40, 40, 40), new Vector3(1, 1, 1));
    Volume bright = flat(grid, 3000);
    float[] samples = bright.toArray();
    Arrays.fill(samples, 0, samples.length / 2, 1000); // the lower half
    Volume mr = Volume.wrap(grid, samples);
    LabelVolume nothing = LabelVolume.empty(grid);

    BufferedImage t2 = Overlay.render(Series.of(SeriesRole.T2, mr), nothing, TABLE);
    BufferedImage t1 = Overlay.render(Series.of(SeriesRole.T1, mr), nothing, TABLE);

    assertThat(t2.getRGB(14 + 80, 60 + 60) & 0xFF).as("above").isEqualTo(255);
    assertThat(t2.getRGB(14 + 80, 60 + 260) & 0xFF).as("below").isZero();
    assertThat(Overlay.render(ct(mr), nothing, TABLE).getRGB(14 + 80, 60 + 260) & 0xFF)
        .isEqualTo(255);
    assertThat(pixels(t1)).as("another title").isNotEqualTo(pixels(t2));
  }

  @Test
  void a_picture_without_a_place_in_the_patient_is_shown_whole_and_as_it_is_stored() {
    // 200 x 100 pixels of 0.5 mm at 8 pixels to the mm; labelled is the upper left quarter
    GridGeometry plane = GridGeometry.imagePlane(200, 100, 0.5, 0.5);
    LabelVolume labels = box(plane, 0, 100, 0, 50, 0, 1, L3);

    BufferedImage picture = Overlay.render(ct(flat(plane, 40)), labels, TABLE);

    assertThat(picture.getHeight()).isEqualTo(34 + 26 + 400 + 14);
    assertThat(isLabelled(picture, 14 + 20, 60 + 20)).isTrue();
    assertThat(isLabelled(picture, 14 + 380, 60 + 180)).isTrue();
    assertThat(isLabelled(picture, 14 + 420, 60 + 20)).isFalse();
    assertThat(isLabelled(picture, 14 + 20, 60 + 220)).isFalse();
  }

  @Test
  void a_caption_says_where_the_plane_lies_in_lps() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(40, 30, 20), new Vector3(1, 1, 2.25));
    LpsView view = new LpsView(grid);

    assertThat(view.position(0, 12)).isEqualTo("x = 12.0 mm (LPS)");
    assertThat(view.position(2, 3)).isEqualTo("z = 6.8 mm (LPS)");
    for (AnatomicalCode code : AnatomicalCode.all()) {
      GridGeometry stored = Orient.to(LabelVolume.empty(grid), code).geometry();
      assertThat(new LpsView(stored).position(2, 3)).isEqualTo("z = 6.8 mm (LPS)");
    }
  }

  @Test
  void a_plane_of_an_oblique_image_has_a_number() {
    double[][] tilted = {{1, 0, 0, 0}, {0, 0.96, -0.28, 0}, {0, 0.28, 0.96, 0}, {0, 0, 0, 1}};
    LpsView view = new LpsView(GridGeometry.ofLpsMatrix(new Extents(40, 30, 20), tilted));

    assertThat(view.position(0, 12)).isEqualTo("x = 12.0 mm (LPS)");
    assertThat(view.position(2, 3)).isEqualTo("plane 4 of 20 (oblique)");
  }

  @Test
  void a_series_with_a_name_says_it_above_a_picture() {
    GridGeometry plane = GridGeometry.imagePlane(200, 100, 0.5, 0.5);
    Series picture = ct(flat(plane, 40));
    LabelVolume nothing = LabelVolume.empty(plane);

    assertThat(pixels(Overlay.render(picture.withName("frame 3"), nothing, TABLE)))
        .isNotEqualTo(pixels(Overlay.render(picture, nothing, TABLE)));
  }

  @Test
  void a_narrow_panel_leaves_room_for_its_caption() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(3, 3, 200), new Vector3(1, 1, 1));
    String caption = "Sagittal, x = 1.0 mm (LPS)";

    BufferedImage picture = Overlay.render(ct(flat(grid, 0)), LabelVolume.empty(grid), TABLE);

    assertThat((double) picture.getWidth())
        .isGreaterThan(3 * (new StrokeFont(10).width(caption) + 14));
  }

  @Test
  void png_bytes_hold_the_rendered_picture() throws Exception {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(20, 20, 20), new Vector3(1, 1, 1));
    LabelVolume labels = box(grid, 5, 15, 5, 15, 5, 15, L3);

    byte[] png = Overlay.png(ct(ramp(grid)), labels, TABLE);

    assertThat(pixels(ImageIO.read(new ByteArrayInputStream(png))))
        .isEqualTo(pixels(Overlay.render(ct(ramp(grid)), labels, TABLE)));
  }

  @Test
  void labels_of_another_image_are_refused() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(4, 4, 4), new Vector3(1, 1, 1));
    GridGeometry other = GridGeometry.ofSpacing(new Extents(4, 4, 5), new Vector3(1, 1, 1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Overlay.render(ct(flat(grid, 0)), LabelVolume.empty(other), TABLE))
        .withMessageStartingWith("labels and image must have one grid, were 4 x 4 x 5 voxels");
  }

  private static boolean isLabelled(BufferedImage picture, int x, int y) {
    int rgb = picture.getRGB(x, y);
    return (rgb >> 8 & 0xFF) > (rgb & 0xFF) + 20; // L3 is green
  }

  private static int[] pixels(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }

  private static Series ct(Volume image) {
    return Series.of(SeriesRole.CT, image);
  }

  private static Volume flat(GridGeometry grid, float hu) {
    float[] samples = new float[grid.extents().voxels()];
    Arrays.fill(samples, hu);
    return Volume.wrap(grid, samples);
  }

  private static Volume ramp(GridGeometry grid) {
    float[] samples = new float[grid.extents().voxels()];
    for (int at = 0; at < samples.length; at++) {
      samples[at] = at % 701 - 200;
    }
    return Volume.wrap(grid, samples);
  }

  private static LabelVolume box(
      GridGeometry grid, int i0, int i1, int j0, int j1, int k0, int k1, int label) {
    LabelVolume labels = LabelVolume.empty(grid);
    add(labels, i0, i1, j0, j1, k0, k1, label);
    return labels;
  }

  private static void add(
      LabelVolume labels, int i0, int i1, int j0, int j1, int k0, int k1, int label) {
    for (int k = k0; k < k1; k++) {
      for (int j = j0; j < j1; j++) {
        for (int i = i0; i < i1; i++) {
          VoxelArrays.labels(labels)[labels.extents().offset(i, j, k)] = (short) label;
        }
      }
    }
  }
}
