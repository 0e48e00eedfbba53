package dev.lss.core.spine;

import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.DistanceTransform;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.ConnectedComponents;
import dev.lss.core.image.Orient;
import dev.lss.core.nifti.Nifti;
import dev.lss.spi.VoxelArrays;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Real spines whose vertebrae are labelled one by one, each with what a network would say of it:
 * the instances are merged into classes, bodies and arches parted.
 */
final class RealSpines {

  /** What is thinner than twice this is no part of a body. */
  private static final double BODY_MM = 7;

  private static final double PITCH_MM = 36;

  private RealSpines() {}

  /**
   * One spine, i to the back, j to the feet.
   *
   * @param classes what a network would say
   * @param vertebrae instances, numbered from the head down
   */
  record Spine(String name, LabelVolume classes, LabelVolume vertebrae, boolean hasSacrum) {}

  static List<Spine> ct(Path data) throws IOException {
    List<Spine> spines = new ArrayList<>();
    spines.add(ofFolder(data.resolve("ct/verse004_labels_only")));
    spines.add(ofFolder(data.resolve("ct/totalseg_s0327")));
    spines.add(ofFolder(data.resolve("ct/totalseg_s0328")));
    return spines;
  }

  private static Spine ofFolder(Path folder) throws IOException {
    Path file;
    try (Stream<Path> files = Files.list(folder)) {
      file = files.filter(f -> f.toString().contains("label")).findFirst().orElseThrow();
    }
    LabelVolume pil = Orient.to(Nifti.readLabels(file).labels(), AnatomicalCode.parse("PIL"));
    short[] ids = VoxelArrays.labels(pil);
    short[] sacrum = new short[ids.length];
    short[] vertebrae = new short[ids.length];
    for (int n = 0; n < ids.length; n++) {
      sacrum[n] = (short) (ids[n] == 26 || ids[n] == 27 ? 1 : 0);
      vertebrae[n] = ids[n] >= 14 && ids[n] <= 25 ? ids[n] : 0;
    }
    return spine(folder.getFileName().toString(), pil.geometry(), vertebrae, sacrum, null);
  }

  /** Two volumes of 17 thick slices, stored head down, whose scale is taken from their discs. */
  static List<Spine> thickVolumes(Path data) throws IOException {
    List<Spine> spines = new ArrayList<>();
    for (int number : new int[] {5, 7}) {
      byte[] bytes =
          Files.readAllBytes(
              data.resolve("mr-spine/spider_label_volumes/BRATS_00" + number + "_seg.npy"));
      int start = 10 + (bytes[8] & 0xFF) + 256 * (bytes[9] & 0xFF);
      Extents extents = new Extents(480, 512, 17);
      short[] vertebrae = new short[extents.voxels()];
      byte[] others = new byte[extents.voxels()];
      for (int n = 0; n < vertebrae.length; n++) {
        int i = n % 480;
        int j = n / 480 % 512;
        int value = bytes[start + i + 480 * (511 - j) + 480 * 512 * (n / (480 * 512))];
        vertebrae[n] = (short) (value >= 1 && value <= 6 ? 24 - value : 0);
        others[n] = (byte) (value == 7 ? Tissue.CANAL : value > 7 ? Tissue.DISC : 0);
      }
      GridGeometry grid = GridGeometry.ofSpacing(extents, new Vector3(0.6, 0.6, 4));
      spines.add(
          spine(
              "spider volume " + number,
              pil(grid),
              vertebrae,
              new short[vertebrae.length],
              others));
    }
    return spines;
  }

  /** Single slices, stored head down, whose scale is taken from the bodies. */
  static List<Spine> slices(Path data) throws IOException {
    int[] hues = {0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0xFF00FF, 0x00FFFF, 0x808080};
    List<Spine> spines = new ArrayList<>();
    File[] files = data.resolve("mr-spine/sagittal_spider/masks").toFile().listFiles();
    Arrays.sort(files);
    for (File file : files) {
      BufferedImage picture = ImageIO.read(file);
      int w = picture.getWidth();
      int h = picture.getHeight();
      short[] vertebrae = new short[w * h];
      for (int n = 0; n < vertebrae.length; n++) {
        int rgb = picture.getRGB(n % w, h - 1 - n / w);
        for (int hue = 0; hue < hues.length; hue++) {
          int off = 0;
          for (int shift = 0; shift < 24; shift += 8) {
            off += Math.abs((rgb >> shift & 255) - (hues[hue] >> shift & 255));
          }
          if (off < 120) {
            vertebrae[n] = (short) (24 - hue);
          }
        }
      }
      double pitch = pitch(vertebrae, w);
      if (!(pitch > 0)) {
        continue;
      }
      double mm = PITCH_MM / pitch;
      GridGeometry grid = GridGeometry.ofSpacing(new Extents(w, h, 1), new Vector3(mm, mm, 4));
      spines.add(spine(file.getName(), pil(grid), vertebrae, new short[vertebrae.length], null));
    }
    return spines;
  }

  private static double pitch(short[] vertebrae, int w) {
    Map<Integer, double[]> sums = new TreeMap<>();
    for (int n = 0; n < vertebrae.length; n++) {
      if (vertebrae[n] != 0) {
        double[] sum = sums.computeIfAbsent((int) vertebrae[n], id -> new double[3]);
        sum[0]++;
        sum[1] += n % w;
        sum[2] += (double) (n / w);
      }
    }
    sums.values().removeIf(s -> s[0] < 150);
    List<double[]> found = new ArrayList<>(sums.values());
    double[] steps = new double[Math.max(0, found.size() - 1)];
    for (int n = 0; n < steps.length; n++) {
      double[] a = found.get(n);
      double[] b = found.get(n + 1);
      steps[n] = Math.hypot(a[1] / a[0] - b[1] / b[0], a[2] / a[0] - b[2] / b[0]);
    }
    Arrays.sort(steps);
    return steps.length < 2 ? Double.NaN : steps[steps.length / 2];
  }

  private static GridGeometry pil(GridGeometry grid) {
    Vector3 mm = grid.spacingMm();
    return GridGeometry.of(
        grid.extents(),
        new Affine(
            new Vector3(0, mm.x(), 0),
            new Vector3(0, 0, -mm.y()),
            new Vector3(mm.z(), 0, 0),
            new Vector3(0, 0, 0)));
  }

  private static Spine spine(
      String name, GridGeometry grid, short[] vertebrae, short[] sacrum, byte[] others) {
    Extents extents = grid.extents();
    short[] numbered = numbered(vertebrae);
    short[] classes = new short[vertebrae.length];
    int slice = extents.i() * extents.j();
    Vector3 mm = grid.spacingMm().with(2, 1);
    Extents plane = new Extents(extents.i(), extents.j(), 1);
    boolean hasSacrum = false;
    for (int n = 0; n < classes.length; n++) {
      classes[n] = (short) (sacrum[n] != 0 ? Tissue.SACRUM : numbered[n] != 0 ? Tissue.ARCH : 0);
      if (others != null && others[n] != 0 && classes[n] == 0) {
        classes[n] = others[n];
      }
      hasSacrum |= sacrum[n] != 0;
    }
    int most = 0;
    for (short number : numbered) {
      most = Math.max(most, number);
    }
    for (int k = 0; k < extents.k(); k++) {
      for (int number = 1; number <= most; number++) {
        markBody(numbered, number, k * slice, plane, mm, classes);
      }
    }
    return new Spine(
        name, LabelVolume.wrap(grid, classes), LabelVolume.wrap(grid, numbered), hasSacrum);
  }

  /** Numbers from the head down what ids name from the head down. */
  private static short[] numbered(short[] ids) {
    boolean[] seen = new boolean[64];
    for (short id : ids) {
      seen[id] = true;
    }
    short[] number = new short[64];
    short count = 0;
    for (int id = 1; id < seen.length; id++) {
      number[id] = seen[id] ? ++count : 0;
    }
    short[] numbered = new short[ids.length];
    for (int n = 0; n < ids.length; n++) {
      numbered[n] = number[ids[n]];
    }
    return numbered;
  }

  /** The thick part of a section that lies in front, and all before its back, is body. */
  private static void markBody(
      short[] numbered, int number, int at, Extents plane, Vector3 mm, short[] classes) {
    boolean any = false;
    boolean[] one = new boolean[plane.voxels()];
    for (int n = 0; n < one.length; n++) {
      one[n] = numbered[at + n] == number;
      any |= one[n];
    }
    if (!any) {
      return;
    }
    float[] deep = DistanceTransform.toBackgroundMm(plane, mm, n -> one[n]);
    boolean[] core = new boolean[one.length];
    for (int n = 0; n < core.length; n++) {
      core[n] = deep[n] > BODY_MM;
    }
    ConnectedComponents cores = ConnectedComponents.of(plane, core);
    if (cores.count() == 0) {
      return;
    }
    int front =
        Stream.iterate(0, c -> c < cores.count(), c -> c + 1)
            .filter(c -> cores.voxels(c) * 4 >= cores.voxels(cores.largest()))
            .min(Comparator.comparing(c -> cores.box(c).i0()))
            .orElseThrow();
    boolean[] seed = new boolean[one.length];
    cores.forEachRun(front, (from, count) -> Arrays.fill(seed, from, from + count, true));
    double[] far = DistanceTransform.squaredMm2(plane, mm, n -> seed[n]);
    int[] back = new int[plane.j()];
    Arrays.fill(back, -1);
    for (int n = 0; n < one.length; n++) {
      if (one[n] && far[n] <= (BODY_MM + 0.5) * (BODY_MM + 0.5)) {
        back[n / plane.i()] = Math.max(back[n / plane.i()], n % plane.i());
      }
    }
    int last = Arrays.stream(back).max().orElse(-1);
    for (int n = 0; n < one.length; n++) {
      int row = n / plane.i();
      int wall = back[row] >= 0 ? back[row] : last;
      if (one[n] && n % plane.i() <= wall) {
        classes[at + n] = Tissue.BODY;
      }
    }
  }
}
