package dev.lss.core.phantom;

import static dev.lss.core.phantom.PhantomParameter.CANAL_HALF_DEPTH_MM;
import static dev.lss.core.phantom.PhantomParameter.CANAL_HALF_WIDTH_MM;
import static dev.lss.core.phantom.PhantomParameter.CANAL_HU;
import static dev.lss.core.phantom.PhantomParameter.DISC_HU;
import static dev.lss.core.phantom.PhantomParameter.FAT_HU;
import static dev.lss.core.phantom.PhantomParameter.SOFT_HU;
import static dev.lss.core.phantom.PhantomParameter.TRUNK_HALF_DEPTH_MM;
import static dev.lss.core.phantom.PhantomParameter.TRUNK_HALF_WIDTH_MM;

import dev.lss.api.image.Vector3;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What lies around the bones: an elliptic trunk with skin, 15 mm of fat and a wall of muscle;
 * muscles of the back, psoas, discs, the canal, vessels, kidneys, liver, spleen, bowel and lungs.
 * Attenuations are as after contrast agent in the portal venous phase. Where each organ lies
 * follows the spine; bowel loops are random. Immutable.
 */
final class SoftTissue {

  private static final float AIR = -1000;
  private static final double BACK_SKIN_Y_MM = 85;
  private static final double SKIN_MM = 1.6;
  private static final double FAT_MM = 15;
  private static final double WALL_MM = 11;
  private static final double TABLE_STEP_MM = 1;
  private static final double LOWEST_ORGAN_MM = -200;
  private static final double ORGAN_ROW_MM = 4;

  private final PhantomSpine spine;
  private final double trunkWidth;
  private final double trunkDepth;
  private final double bodyDepth;
  private final float muscle;
  private final float fat;
  private final float disc;
  private final float canal;
  private final double t12;
  private final double l4;
  private final double lowest;
  private final double[] spineX;
  private final double[] spineY;
  private final double[] canalX;
  private final double[] canalY;
  private final double canalWidth;
  private final double canalDepth;
  private final List<Organ> organs = new ArrayList<>();

  /** Which of the organs, at most 64, reach into each row of 4 mm height; one bit for each. */
  private final long[] organsAt = new long[125];

  /** An ellipsoid of one attenuation. */
  private record Organ(Vector3 middle, double rx, double ry, double rz, float hu) {
    boolean holds(double x, double y, double z) {
      double u = (x - middle.x()) / rx;
      double v = (y - middle.y()) / ry;
      double w = (z - middle.z()) / rz;
      return u * u + v * v + w * w < 1;
    }
  }

  SoftTissue(PhantomSpine spine, PhantomParameters p, long seed) {
    this.spine = spine;
    trunkWidth = p.get(TRUNK_HALF_WIDTH_MM);
    trunkDepth = p.get(TRUNK_HALF_DEPTH_MM);
    bodyDepth = spine.body(PhantomSpine.L3).b();
    muscle = (float) p.get(SOFT_HU);
    fat = (float) p.get(FAT_HU);
    disc = (float) p.get(DISC_HU);
    canal = (float) p.get(CANAL_HU);
    canalWidth = p.get(CANAL_HALF_WIDTH_MM) - 1;
    canalDepth = p.get(CANAL_HALF_DEPTH_MM) - 1;
    t12 = spine.frame(PhantomSpine.T12).centre().z();
    l4 = spine.frame(2).centre().z();
    lowest = spine.frame(0).centre().z();
    spineX = line(0, 0);
    spineY = line(0, 1);
    canalX = line(1, 0);
    canalY = line(1, 1);
    addOrgans(new SplittableRandom(seed));
  }

  /** Tabulates x or y of the body centres, or of the canal's centres, over z. */
  private double[] line(double behindBody, int axis) {
    int levels = spine.levels();
    Vector3[] at = new Vector3[levels];
    for (int n = 0; n < levels; n++) {
      double back = behindBody * (spine.body(n).b() + canalDepth + 1);
      at[n] = spine.frame(n).toWorld(new Vector3(0, back, 0));
    }
    int size = (int) ((spine.frame(levels - 1).centre().z() - lowest) / TABLE_STEP_MM) + 2;
    double[] table = new double[size];
    int n = 0;
    for (int row = 0; row < size; row++) {
      double z = lowest + row * TABLE_STEP_MM;
      while (n + 2 < levels && z > at[n + 1].z()) {
        n++;
      }
      double share = (z - at[n].z()) / (at[n + 1].z() - at[n].z());
      share = Math.max(0, Math.min(1, share));
      table[row] = (1 - share) * at[n].get(axis) + share * at[n + 1].get(axis);
    }
    return table;
  }

  private double at(double[] table, double z) {
    double row = Math.max(0, Math.min(table.length - 1.001, (z - lowest) / TABLE_STEP_MM));
    int n = (int) row;
    return table[n] + (row - n) * (table[n + 1] - table[n]);
  }

  private void addOrgans(SplittableRandom random) {
    organs.add(new Organ(new Vector3(64, -6, t12 - 52), 25, 22, 52, 165));
    organs.add(new Organ(new Vector3(-64, -6, t12 - 66), 25, 22, 52, 165));
    organs.add(new Organ(new Vector3(-82, -30, t12 + 12), 62, 78, 74, 105));
    organs.add(new Organ(new Vector3(98, 8, t12 + 24), 24, 42, 44, 115));
    for (int loop = 0; loop < 26; loop++) {
      double x = random.nextDouble(-92, 92);
      double y = random.nextDouble(-110, -48);
      double z = random.nextDouble(-170, t12 - 30);
      double r = random.nextDouble(11, 21);
      double length = random.nextDouble(1, 2);
      if (loop % 3 == 0) {
        Vector3 gas = new Vector3(x, y - 0.3 * r, z);
        organs.add(new Organ(gas, 0.6 * r * length, 0.5 * r, 0.6 * r, -850));
      }
      organs.add(new Organ(new Vector3(x, y, z), r * length, r, r, muscle - 15));
    }
    for (int row = 0; row < organsAt.length; row++) {
      for (int n = 0; n < organs.size(); n++) {
        Organ organ = organs.get(n);
        double below = LOWEST_ORGAN_MM + row * ORGAN_ROW_MM - organ.middle().z();
        if (below < organ.rz() && below + ORGAN_ROW_MM > -organ.rz()) {
          organsAt[row] |= 1L << n;
        }
      }
    }
  }

  /** Returns the attenuation at a point of the phantom's own space, bones left out. */
  float hu(double x, double y, double z) {
    double ex = x / trunkWidth;
    double ey = (y - BACK_SKIN_Y_MM + trunkDepth) / trunkDepth;
    double r2 = ex * ex + ey * ey;
    if (r2 > 1) {
      return AIR;
    }
    double u = x - at(spineX, z);
    double v = y - at(spineY, z);
    if (Math.abs(u) < 34 && v > -26 && v < 50) {
      float inSpine = discOrCanal(x, y, z);
      if (!Float.isNaN(inSpine)) {
        return inSpine;
      }
    }
    double furrow = ey > 0.5 && Math.abs(x) < 45 ? 8 * Math.exp(-x * x / 200) : 0;
    double depth = (1 - Math.sqrt(r2)) * trunkDepth - furrow;
    if (depth < 0) {
      return AIR;
    }
    if (depth < SKIN_MM) {
      return muscle - 20;
    }
    if (depth < FAT_MM) {
      return fat;
    }
    if (v > bodyDepth + 4) {
      return backMuscle(Math.abs(u), v) ? muscle : fat;
    }
    return depth < FAT_MM + WALL_MM ? muscle : cavity(x, y, z, u, v);
  }

  private float cavity(double x, double y, double z, double u, double v) {
    double au = Math.abs(u);
    double low = Math.max(0, Math.min(1.2, (t12 - z) / 150));
    if (sq((au - 28 - 9 * low) / (3.5 + 15 * low)) + sq((v - 4 + 6 * low) / (6 + 16 * low)) < 1
        || (low > 0.1 && low < 1 && sq((au - 60) / 13) + sq((v - 22) / 15) < 1)) {
      return muscle; // psoas, quadratus lumborum
    }
    double front = -bodyDepth - 16;
    if (z > l4 - 8) {
      if (sq(u - 7) + sq(v - front) < sq(9.5)) {
        return muscle + 100; // aorta
      }
    } else {
      double spread = Math.min(48, (l4 - 8 - z) * 0.45);
      if (sq(au - 3 - spread) + sq(v - front) < sq(6)) {
        return muscle + 100; // common iliac arteries
      }
    }
    if (z > l4 - 22 && sq((u + 15) / 11.5) + sq((v - front + 2) / 9) < 1) {
      return muscle + 75; // inferior vena cava
    }
    double dome = t12 + 40 - 48 * sq(x / (0.75 * trunkWidth));
    if (z > dome && au > bodyDepth + 8) {
      return -830; // lung
    }
    return organ(x, y, z);
  }

  /** Returns the first organ in the list that holds the point, or the fat between them. */
  private float organ(double x, double y, double z) {
    int row = (int) Math.floor((z - LOWEST_ORGAN_MM) / ORGAN_ROW_MM);
    if (row >= 0 && row < organsAt.length) {
      for (long left = organsAt[row]; left != 0; left &= left - 1) {
        Organ organ = organs.get(Long.numberOfTrailingZeros(left));
        if (organ.holds(x, y, z)) {
          return organ.hu();
        }
      }
    }
    return fat + 6;
  }

  private boolean backMuscle(double au, double v) {
    return au < 14 || sq((au - 34) / 31) + sq((v - bodyDepth - 33) / 25) < 1;
  }

  private float discOrCanal(double x, double y, double z) {
    if (sq((x - at(canalX, z)) / canalWidth) + sq((y - at(canalY, z)) / canalDepth) < 1
        && z > lowest) {
      return canal;
    }
    Vector3 point = new Vector3(x, y, z);
    for (int n = 0; n + 1 < spine.levels(); n++) {
      if (Math.abs(spine.frame(n).centre().z() - z) > 60) {
        continue;
      }
      BodySize body = spine.body(n);
      Vector3 local = spine.frame(n).toLocal(point);
      if (local.z() > body.h() - 1
          && local.z() < body.h() + spine.gapAboveMm(n) + 2
          && sq(local.x() / (body.a() - 1)) + sq(local.y() / (body.b() - 1)) < 1) {
        return disc;
      }
    }
    return Float.NaN;
  }

  private static double sq(double value) {
    return value * value;
  }
}
