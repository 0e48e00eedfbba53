package dev.lss.core.measure;

import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Orient;

/**
 * A vertebra made of boxes, in LPS mm around the body's centre: the body is 48 mm wide, 34 mm deep
 * and 26 mm high; two pedicles, 10 mm thick, and a lamina enclose a canal of 20 x 16 mm; a spinous
 * process points 30 mm backwards. The CT shows 150 HU 3 mm and more inside the body's surface, 600
 * HU in the shell and in the arch, and 40 to -100 HU around, muscle and fat.
 */
final class BoxVertebra {

  static final int LABEL = 22;
  static final double BODY_MM3 = 48 * 34 * 26;
  static final double ARCH_MM3 = 2 * (10 * 20 * 14) + 40 * 8 * 20 + 8 * 30 * 18;

  private final LabelVolume labels;
  private final Volume ct;

  private BoxVertebra(LabelVolume labels, Volume ct) {
    this.labels = labels;
    this.ct = ct;
  }

  LabelVolume labels() {
    return labels;
  }

  Volume ct() {
    return ct;
  }

  /** Draws it on an LPS grid that covers x, y, z from {@code lowMm} to {@code highMm}. */
  static BoxVertebra between(Vector3 lowMm, Vector3 highMm, Vector3 spacingMm) {
    Extents n =
        new Extents(
            (int) Math.round((highMm.x() - lowMm.x()) / spacingMm.x()),
            (int) Math.round((highMm.y() - lowMm.y()) / spacingMm.y()),
            (int) Math.round((highMm.z() - lowMm.z()) / spacingMm.z()));
    Affine spacing = Affine.ofSpacing(spacingMm);
    GridGeometry grid =
        GridGeometry.of(
            n,
            new Affine(
                spacing.columnI(),
                spacing.columnJ(),
                spacing.columnK(),
                lowMm.plus(spacingMm.times(0.5))),
            spacingMm);
    short[] labels = new short[n.voxels()];
    float[] ct = new float[n.voxels()];
    int at = 0;
    for (int k = 0; k < n.k(); k++) {
      for (int j = 0; j < n.j(); j++) {
        for (int i = 0; i < n.i(); i++, at++) {
          Vector3 p = grid.toWorldMm(new Vector3(i, j, k));
          boolean body = inBox(p, 24, -17, 17, 13);
          labels[at] = (short) (body || inArch(p) ? LABEL : 0);
          ct[at] = inBox(p, 21, -14, 14, 10) ? 150 : labels[at] != 0 ? 600 : 40 - 20 * (at % 8);
        }
      }
    }
    return new BoxVertebra(LabelVolume.wrap(grid, labels), Volume.wrap(grid, ct));
  }

  /** Draws it whole with a margin, at 1 mm. */
  static BoxVertebra whole() {
    return between(new Vector3(-30, -22, -18), new Vector3(30, 82, 18), new Vector3(1, 1, 1));
  }

  private static boolean inArch(Vector3 p) {
    double x = Math.abs(p.x());
    boolean pedicle = x > 10 && x < 20 && p.y() > 17 && p.y() < 37 && Math.abs(p.z()) < 7;
    boolean lamina = x < 20 && p.y() > 37 && p.y() < 45 && Math.abs(p.z()) < 10;
    boolean spinous = x < 4 && p.y() > 45 && p.y() < 75 && Math.abs(p.z()) < 9;
    return pedicle || lamina || spinous;
  }

  private static boolean inBox(Vector3 p, double halfX, double y0, double y1, double halfZ) {
    return Math.abs(p.x()) < halfX && p.y() > y0 && p.y() < y1 && Math.abs(p.z()) < halfZ;
  }

  /** Returns the same image with the CT's values changed. */
  BoxVertebra withCt(Volume other) {
    return new BoxVertebra(labels, other);
  }

  /** Returns the same image stored in another orientation. */
  BoxVertebra storedAs(AnatomicalCode code) {
    return new BoxVertebra(Orient.to(labels, code), Orient.to(ct, code));
  }
}
