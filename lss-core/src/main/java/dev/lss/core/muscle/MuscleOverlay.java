package dev.lss.core.muscle;

import dev.lss.api.MuscleComposition;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Orient;
import dev.lss.core.measure.LabelStatistics;
import dev.lss.core.raster.Png;
import dev.lss.core.report.Overlay;
import dev.lss.core.report.StrokeFont;
import dev.lss.spi.VoxelArrays;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Muscles for people to look at: the axial slice that holds most muscle with the labels, the same
 * slice with the share of fat in each voxel, and the muscles of both sides beside each other.
 *
 * <p>The patient's right is on the left and the front is up, however the image is stored. Where
 * nothing tells the fat its panel says so. An image without axial slices is shown as {@link
 * Overlay} shows it. Needs neither a display nor fonts.
 */
final class MuscleOverlay {

  private static final int GAP = 14;
  private static final int TITLE = 34;
  private static final int CAPTION = 26;
  private static final int LINE = 20;
  private static final int PANEL = 560;
  private static final double OPACITY = 0.35;
  private static final Color BACKGROUND = new Color(0x14171A);
  private static final Color TEXT = new Color(0xE8EAED);
  private static final Color FAINT = new Color(0x8A9097);
  private static final Color WARNING = new Color(0xFFB84D);
  private static final String DISCLAIMER = "Not a medical device. For research only.";

  /** Muscle, half fat, fat. */
  private static final int[] FAT = {0x24327A, 0xD1495B, 0xFFE066};

  private static final Set<String> DOUBTS =
      Set.of(
          "SIDES_CORRECTED",
          "FAT_FROM_BRIGHTNESS",
          "FAT_NOT_KNOWN",
          "FAT_WATER_SWAP_SUSPECTED",
          "IN_OPPOSED_AMBIGUOUS",
          "MUSCLE_CUT_OFF",
          "NOT_HU",
          "PICTURE_AS_SLICE");

  private MuscleOverlay() {}

  /**
   * Returns the picture as PNG bytes.
   *
   * @param image the series under the labels, on their grid
   * @param result what was found
   * @param study all series, for the fat
   */
  static byte[] png(Series image, SegmentationResult result, List<Series> study) {
    Extents n = Orient.to(image.geometry(), AnatomicalCode.LPS).extents();
    if (result.labels().isBackground() || n.i() == 1 || n.j() == 1) {
      return Overlay.png(image, result.labels(), result.labelTable(), doubts(result));
    }
    return Png.bytes(render(image, result, study));
  }

  private static List<Notice> doubts(SegmentationResult result) {
    return result.notices().stream().filter(notice -> DOUBTS.contains(notice.code())).toList();
  }

  private static BufferedImage render(Series image, SegmentationResult result, List<Series> study) {
    LabelVolume labels = Orient.to(result.labels(), AnatomicalCode.LPS);
    Volume upright = Orient.to(image.volume(), AnatomicalCode.LPS);
    Volume fat = Orient.to(fat(image, result, study), AnatomicalCode.LPS);
    int slice = fullest(labels);
    Vector3 mm = upright.geometry().spacingMm();
    Extents n = upright.extents();
    double scale = Math.min(PANEL / (n.i() * mm.x()), PANEL / (n.j() * mm.y()));
    int width = Math.max(1, (int) Math.rint(n.i() * mm.x() * scale));
    int height = Math.max(1, (int) Math.rint(n.j() * mm.y() * scale));
    List<MuscleComposition> muscles = result.measurements().of(MuscleComposition.class);
    List<String> warnings = new ArrayList<>();
    doubts(result).forEach(doubt -> warnings.add("Doubtful: " + doubt.message()));
    int top = TITLE + warnings.size() * LINE + CAPTION;
    int chartTop = top + height + GAP + CAPTION;
    int pictureWidth = Math.max(2 * width + 3 * GAP, 2 * PANEL + 3 * GAP);
    BufferedImage picture =
        new BufferedImage(
            pictureWidth, chartTop + MuscleChart.height(muscles) + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.setColor(BACKGROUND);
      graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
      StrokeFont font = new StrokeFont(10);
      font.write(
          graphics, "Muscles on %s. %s".formatted(image.role(), DISCLAIMER), GAP, TITLE - 10, TEXT);
      for (int line = 0; line < warnings.size(); line++) {
        font.write(graphics, warnings.get(line), GAP, TITLE + (line + 1) * LINE - 10, WARNING);
      }
      double z = labels.geometry().toWorldMm(new Vector3(n.i() / 2.0, n.j() / 2.0, slice)).z();
      font.write(
          graphics,
          String.format(Locale.ROOT, "Axial, z = %.1f mm (LPS), slice %s", z, slice + 1),
          GAP,
          top - 9,
          TEXT);
      font.write(graphics, fatCaption(muscles), 2 * GAP + width, top - 9, TEXT);
      Slice shown =
          new Slice(
              upright,
              labels,
              fat,
              slice,
              Window.of(upright, image.role(), slice),
              result.labelTable());
      BufferedImage panel = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      shown.paint(panel, false);
      graphics.drawImage(panel, GAP, top, null);
      shown.paint(panel, true);
      graphics.drawImage(panel, 2 * GAP + width, top, null);
      letters(graphics, GAP, top, width, height);
      letters(graphics, 2 * GAP + width, top, width, height);
      graphics.translate(GAP, chartTop - CAPTION);
      MuscleChart.draw(graphics, muscles, result.labelTable(), pictureWidth - 2 * GAP);
    } finally {
      graphics.dispose();
    }
    return picture;
  }

  private static String fatCaption(List<MuscleComposition> muscles) {
    return muscles.stream()
        .filter(muscle -> muscle.fatFraction().isPresent())
        .findFirst()
        .map(
            muscle ->
                "Fat by %s: blue none, red half, yellow all"
                    .formatted(
                        muscle.fatMethod().name().toLowerCase(Locale.ROOT).replace('_', ' ')))
        .orElse("Fat: not known");
  }

  /** The fraction in each labelled voxel, NaN elsewhere, on the grid of the labels. */
  private static Volume fat(Series image, SegmentationResult result, List<Series> study) {
    LabelVolume labels = result.labels();
    List<LabelStatistics> statistics =
        LabelStatistics.of(labels).stream()
            .filter(found -> result.labelTable().byValue(found.label()).isPresent())
            .toList();
    Map<Integer, int[]> voxels = MuscleMeasures.voxels(labels, statistics);
    FatSource source = FatSources.of(study, image, List.copyOf(voxels.values()), new ArrayList<>());
    float[] fat = new float[labels.extents().voxels()];
    Arrays.fill(fat, Float.NaN);
    for (LabelStatistics found : statistics) {
      int[] at = Objects.requireNonNull(voxels.get(found.label()));
      float[] fractions = source.of(at).perVoxel();
      for (int n = 0; n < at.length; n++) {
        fat[at[n]] = fractions[n];
      }
    }
    return Volume.wrap(labels.geometry(), fat);
  }

  private static int fullest(LabelVolume labels) {
    Extents n = labels.extents();
    short[] values = VoxelArrays.labels(labels);
    int plane = n.i() * n.j();
    int best = 0;
    int most = -1;
    for (int k = 0; k < n.k(); k++) {
      int count = 0;
      for (int at = k * plane; at < (k + 1) * plane; at++) {
        count += values[at] != 0 ? 1 : 0;
      }
      if (count > most) {
        most = count;
        best = k;
      }
    }
    return best;
  }

  /** Values shown black and white. */
  private record Window(double low, double high) {

    static Window of(Volume image, SeriesRole role, int slice) {
      if (role.equals(SeriesRole.CT)) {
        return new Window(-160, 240);
      }
      int plane = image.extents().i() * image.extents().j();
      float[] values = new float[plane];
      VoxelArrays.read(image, slice * plane, plane, values);
      Arrays.sort(values);
      double low = values[(int) (0.005 * (plane - 1))];
      double high = values[(int) (0.995 * (plane - 1))];
      return new Window(low, high > low ? high : low + 1);
    }

    int grey(double value) {
      return (int) Math.rint(255 * Math.max(0, Math.min(1, (value - low) / (high - low))));
    }
  }

  /** One axial slice of an upright image. */
  private record Slice(
      Volume image, LabelVolume labels, Volume fat, int k, Window window, LabelTable table) {

    void paint(BufferedImage panel, boolean showsFat) {
      Extents n = image.extents();
      for (int y = 0; y < panel.getHeight(); y++) {
        int j = Math.min(n.j() - 1, (int) ((y + 0.5) * n.j() / panel.getHeight()));
        for (int x = 0; x < panel.getWidth(); x++) {
          int i = Math.min(n.i() - 1, (int) ((x + 0.5) * n.i() / panel.getWidth()));
          panel.setRGB(x, y, colour(i, j, showsFat));
        }
      }
    }

    private int colour(int i, int j, boolean showsFat) {
      int at = image.extents().offset(i, j, k);
      int grey = window.grey(VoxelArrays.at(image, at)) * 0x010101;
      int label = labels.get(i, j, k);
      if (label == 0) {
        return grey;
      }
      float fraction = VoxelArrays.at(fat, at);
      if (showsFat && !Float.isNaN(fraction)) {
        return mix(ramp(fraction), grey, 0.85);
      }
      int rgb = table.byValue(label).map(LabelTable.Entry::rgb).orElse(0xB0B0B0);
      double inside = showsFat ? 0 : OPACITY;
      return mix(rgb, grey, isOutline(i, j) ? 1 : inside);
    }

    private boolean isOutline(int i, int j) {
      Extents n = labels.extents();
      int here = labels.get(i, j, k);
      return (i > 0 && labels.get(i - 1, j, k) != here)
          || (j > 0 && labels.get(i, j - 1, k) != here)
          || (i + 1 < n.i() && labels.get(i + 1, j, k) != here)
          || (j + 1 < n.j() && labels.get(i, j + 1, k) != here);
    }
  }

  private static int ramp(double fraction) {
    double at = 2 * Math.max(0, Math.min(1, fraction));
    return at < 1 ? mix(FAT[1], FAT[0], at) : mix(FAT[2], FAT[1], at - 1);
  }

  private static int mix(int over, int under, double share) {
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double part = share * (over >> shift & 0xFF) + (1 - share) * (under >> shift & 0xFF);
      mixed |= (int) Math.rint(part) << shift;
    }
    return mixed;
  }

  private static void letters(Graphics2D graphics, int left, int top, int width, int height) {
    StrokeFont font = new StrokeFont(10);
    font.write(graphics, "R", left + 6, top + height / 2.0, FAINT);
    font.write(graphics, "L", left + width - 16, top + height / 2.0, FAINT);
    font.write(graphics, "A", left + width / 2.0 - 4, top + 16, FAINT);
    font.write(graphics, "P", left + width / 2.0 - 4, top + height - 8, FAINT);
  }
}
