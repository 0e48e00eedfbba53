package dev.lss.core.report;

import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.raster.Png;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Labels over an image for people to look at: a sagittal, a coronal and an axial plane through the
 * middle of what was found.
 *
 * <p>The picture is turned as radiologists read it, however the image is stored: superior up,
 * anterior to the left on the sagittal plane, the patient's right on the left of the coronal and
 * the axial one, anterior up on the axial one. All planes share one scale with square millimetres,
 * so thick slices look as thick as they are. The title says what the image is and which values are
 * shown ({@link GreyWindow}). Labels are painted voxel by voxel, without smoothing, in their
 * table's colours, with outline and name; short ticks at a panel's rim show where the other planes
 * lie. Captions say where each plane lies in the patient, in mm. What is doubtful about the labels
 * stands in words above the panels.
 *
 * <p>A plane that is one voxel wide is left out, so a 2-D image gives one panel. When nothing was
 * found, the middle of the image is shown and the picture says so. An oblique image is shown along
 * its own axes; a picture without a place in the patient as it is stored. Needs neither a display
 * nor fonts.
 */
public final class Overlay {

  private static final int GAP = 14;
  private static final int TITLE = 34;
  private static final int CAPTION = 26;
  private static final int LINE = 20;
  private static final double LARGEST_HEIGHT = 640;
  private static final double LARGEST_WIDTH = 1500;
  private static final double LARGEST_PIXELS_PER_MM = 8;
  private static final Color BACKGROUND = new Color(0x14171A);
  private static final Color TEXT = new Color(0xE8EAED);
  private static final Color WARNING = new Color(0xFFB84D);
  private static final String DISCLAIMER = "Not a medical device. For research only.";

  private Overlay() {}

  /**
   * Returns the picture as PNG bytes.
   *
   * @param image the image
   * @param labels labels on its grid
   * @param table names and colours; a label that it does not list is grey and named by its value
   */
  public static byte[] png(Series image, LabelVolume labels, LabelTable table) {
    return png(image, labels, table, List.of());
  }

  /**
   * Returns the picture as PNG bytes.
   *
   * @param image the image
   * @param labels labels on its grid
   * @param table names and colours; a label that it does not list is grey and named by its value
   * @param doubts what is doubtful about the labels, written above the panels
   */
  public static byte[] png(
      Series image, LabelVolume labels, LabelTable table, List<Notice> doubts) {
    return png(image, labels, table, doubts, List.of());
  }

  /**
   * Returns the picture as PNG bytes.
   *
   * @param image the image
   * @param labels labels on its grid
   * @param table names and colours; a label that it does not list is grey and named by its value
   * @param doubts what is doubtful about the labels, written above the panels
   * @param marks lines over the sagittal plane
   */
  public static byte[] png(
      Series image,
      LabelVolume labels,
      LabelTable table,
      List<Notice> doubts,
      List<OverlayMark> marks) {
    return Png.bytes(render(image, labels, table, doubts, marks));
  }

  /** Returns the picture of labels of which nothing is doubtful. */
  static BufferedImage render(Series image, LabelVolume labels, LabelTable table) {
    return render(image, labels, table, List.of());
  }

  /**
   * Returns the picture.
   *
   * @param image the image
   * @param labels labels on its grid
   * @param table names and colours; a label that it does not list is grey and named by its value
   * @param doubts what is doubtful about the labels, written above the panels: of each code the
   *     first notice, and how many more there are
   * @throws IllegalArgumentException when the two lie on different grids
   */
  public static BufferedImage render(
      Series image, LabelVolume labels, LabelTable table, List<Notice> doubts) {
    return render(image, labels, table, doubts, List.of());
  }

  private static BufferedImage render(
      Series image,
      LabelVolume labels,
      LabelTable table,
      List<Notice> doubts,
      List<OverlayMark> marks) {
    if (!image.geometry().sameAs(labels.geometry(), GridGeometry.SAME_VOXELS)) {
      throw new IllegalArgumentException(
          "labels and image must have one grid, were %s and %s"
              .formatted(labels.geometry().describe(), image.geometry().describe()));
    }
    LpsView view = new LpsView(image.geometry());
    OverlayPlanes planes = new OverlayPlanes(labels, view);
    List<OverlayPanel> panels = panels(view, planes);
    double scale = pixelsPerMm(panels);
    return draw(
        panels,
        scale,
        new Painting(image, GreyWindow.of(image), labels, table, view, planes, marks),
        doubts);
  }

  /** What is painted, the same for every panel. */
  record Painting(
      Series series,
      GreyWindow window,
      LabelVolume labels,
      LabelTable table,
      LpsView view,
      OverlayPlanes planes,
      List<OverlayMark> marks) {

    /** Returns the voxels. */
    Volume image() {
      return series.volume();
    }

    /** Returns the name of the series; blank when it has none. */
    String name() {
      return series.name().orElse("");
    }

    /** Returns the short name of a label. */
    String name(int label) {
      return table
          .byValue(label)
          .map(entry -> SpineFormTables.name(entry.structure()))
          .orElse("label " + label);
    }

    /** Returns the colour of a label as 0xRRGGBB. */
    int rgb(int label) {
      return table.byValue(label).map(LabelTable.Entry::rgb).orElse(0xB0B0B0);
    }
  }

  private static List<OverlayPanel> panels(LpsView view, OverlayPlanes planes) {
    List<OverlayPanel> shown = new ArrayList<>();
    for (OverlayPanel.Plane plane : OverlayPanel.Plane.values()) {
      if (view.size(plane.across()) > 1 && view.size(plane.down()) > 1) {
        shown.add(new OverlayPanel(plane, view, planes));
      }
    }
    return shown.isEmpty()
        ? List.of(new OverlayPanel(OverlayPanel.Plane.AXIAL, view, planes))
        : shown;
  }

  private static double pixelsPerMm(List<OverlayPanel> panels) {
    double width = panels.stream().mapToDouble(OverlayPanel::widthMm).sum();
    double height = panels.stream().mapToDouble(OverlayPanel::heightMm).max().orElse(1);
    return Math.min(
        LARGEST_PIXELS_PER_MM, Math.min(LARGEST_WIDTH / width, LARGEST_HEIGHT / height));
  }

  private static BufferedImage draw(
      List<OverlayPanel> panels, double scale, Painting painting, List<Notice> doubts) {
    StrokeFont font = new StrokeFont(10);
    String title = "Labels on " + painting.window().description() + ". " + DISCLAIMER;
    if (painting.planes().middleLabel().isEmpty()) {
      title = "Nothing was found. " + title;
    }
    int width = GAP;
    int height = 0;
    for (OverlayPanel panel : panels) {
      width += column(panel, scale, font, painting) + GAP;
      height = Math.max(height, panel.heightPixels(scale));
    }
    width = Math.max(width, (int) font.width(title) + 2 * GAP);
    List<String> warnings = font.wrapped(sentences(doubts), width - 2 * GAP);
    int top = TITLE + warnings.size() * LINE + CAPTION;
    BufferedImage picture =
        new BufferedImage(width, top + height + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.setColor(BACKGROUND);
      graphics.fillRect(0, 0, width, picture.getHeight());
      font.write(graphics, title, GAP, TITLE - 10, TEXT);
      for (int n = 0; n < warnings.size(); n++) {
        font.write(graphics, warnings.get(n), GAP, TITLE + (n + 1) * LINE - 10, WARNING);
      }
      int x = GAP;
      for (OverlayPanel panel : panels) {
        font.write(graphics, panel.caption(painting), x, top - 9, TEXT);
        panel.draw(picture, graphics, x, top, scale, painting);
        x += column(panel, scale, font, painting) + GAP;
      }
    } finally {
      graphics.dispose();
    }
    return picture;
  }

  private static List<String> sentences(List<Notice> doubts) {
    Map<String, List<Notice>> byCode = new LinkedHashMap<>();
    doubts.forEach(n -> byCode.computeIfAbsent(n.code(), code -> new ArrayList<>()).add(n));
    return byCode.values().stream()
        .map(
            same ->
                "Doubtful: %s (%s%s)"
                    .formatted(
                        same.get(0).message(),
                        same.get(0).code(),
                        same.size() == 1 ? "" : ", and %s more".formatted(same.size() - 1)))
        .toList();
  }

  /** Returns how wide a panel and its caption are, in pixels. */
  private static int column(OverlayPanel panel, double scale, StrokeFont font, Painting painting) {
    int caption = (int) Math.ceil(font.width(panel.caption(painting)));
    return Math.max(panel.widthPixels(scale), caption);
  }
}
