package dev.lss.core.phantom;

import static dev.lss.core.phantom.PhantomParameter.NOISE_HU;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A made-up person whose CT, labels and true volumes follow from formulas. Immutable.
 *
 * <p>The bones are unions of a few simple bodies, the same as in lss_training/ct/phantom.py:
 * sacrum, L5 to T9, and a pair of ribs for each thoracic level. With d the distance from a bone's
 * surface, negative inside, and cover(d) = clamp(0.5 - d / w, 0, 1), where w is the cube root of
 * the sampled volume, a voxel holds
 *
 * <pre>soft (1 - cover(d)) + shellHu (cover(d) - cover(d + shell)) + coreHu cover(d + shell)</pre>
 *
 * plus noise. So bone has a cortex, and a voxel that is half bone is half as bright. Where bones
 * meet, a gap of 0.6 mm stays open. Voxels longer than 2 mm average over their length. Values are
 * whole Hounsfield units from -1024 to 3071.
 *
 * <p>One phantom, seed and grid always give the same bits.
 */
public final class LumbarPhantom {

  private static final double TRUE_VOLUME_CELL_MM = 0.5;
  private static final int SLAB_PLANES = 8;

  private final PhantomParameters parameters;
  private final Pose pose;
  private final long seed;
  private final List<Bone> bones;
  private final SoftTissue soft;

  private LumbarPhantom(PhantomParameters parameters, Pose pose, long seed) {
    this.parameters = parameters;
    this.pose = pose;
    this.seed = seed;
    PhantomSpine spine = new PhantomSpine(parameters);
    bones = spine.bones();
    soft = new SoftTissue(spine, parameters, seed);
  }

  /**
   * Returns a phantom.
   *
   * @param parameters sizes and attenuations
   * @param pose how it lies in space
   * @param seed chooses the bowel loops and the noise
   */
  public static LumbarPhantom of(PhantomParameters parameters, Pose pose, long seed) {
    return new LumbarPhantom(parameters, pose, seed);
  }

  /**
   * Returns a random phantom: every parameter uniform in its range, rotated by up to 8 degrees
   * about each axis, moved by up to 100 mm along each.
   */
  public static LumbarPhantom random(long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    Pose pose =
        new Pose(
            random.nextDouble(-8, 8),
            random.nextDouble(-8, 8),
            random.nextDouble(-8, 8),
            new Vector3(
                random.nextDouble(-100, 100),
                random.nextDouble(-100, 100),
                random.nextDouble(-100, 100)));
    return new LumbarPhantom(PhantomParameters.random(seed), pose, seed);
  }

  /** Returns the phantom of the demo: an average person with little noise, slightly rotated. */
  public static LumbarPhantom demo() {
    PhantomParameters person =
        PhantomParameters.middle()
            .with(PhantomParameter.SCOLIOSIS_DEG, 3)
            .with(PhantomParameter.TRUNK_HALF_WIDTH_MM, 150)
            .with(PhantomParameter.TRUNK_HALF_DEPTH_MM, 108)
            .with(NOISE_HU, 12);
    return new LumbarPhantom(person, new Pose(2, -1.5, 3, new Vector3(4, -6, 10)), 1);
  }

  /** Returns this phantom in another pose. */
  public LumbarPhantom in(Pose other) {
    return new LumbarPhantom(parameters, other, seed);
  }

  /** Returns the sizes and attenuations. */
  public PhantomParameters parameters() {
    return parameters;
  }

  /** Returns how the phantom lies in space. */
  public Pose pose() {
    return pose;
  }

  /**
   * Returns a grid that shows the phantom from the sacrum to T10: LPS, 310 x 250 x 310 mm, voxels
   * of 1 x 1 x 2 mm.
   */
  public GridGeometry standardGrid() {
    Vector3 spacing = new Vector3(1, 1, 2);
    Affine steps = Affine.ofSpacing(spacing);
    Vector3 first = pose.positionMm().plus(new Vector3(-155, -145, -160));
    return GridGeometry.of(
        new Extents(310, 250, 155),
        new Affine(steps.columnI(), steps.columnJ(), steps.columnK(), first),
        spacing);
  }

  /** Returns the CT on the {@link #standardGrid}. It is rendered anew at each call: keep it. */
  public Volume ct() {
    return render(standardGrid());
  }

  /** Returns the CT on any grid in patient space, also an oblique one, in Hounsfield units. */
  public Volume render(GridGeometry grid) {
    PhantomGrid points = PhantomGrid.fine(requirePatientSpace(grid), pose.frame());
    Extents n = grid.extents();
    int samples = points.samplesI() * points.samplesJ() * points.samplesK();
    int planes = Math.max(1, SLAB_PLANES / points.samplesK());
    BoneSlab slab = new BoneSlab(points, bones, planes * points.samplesK());
    VoxelNoise noise = new VoxelNoise(seed);
    double noiseHu = parameters.get(NOISE_HU);
    float[] hu = new float[n.voxels()];
    for (int k0 = 0; k0 < n.k(); k0 += planes) {
      int k1 = Math.min(n.k(), k0 + planes);
      slab.fill(k0 * points.samplesK(), k1 * points.samplesK());
      addSamples(points, slab, k0, k1, n, hu);
      for (int at = n.offset(0, 0, k0); at < k1 * n.i() * n.j(); at++) {
        double value = hu[at] / samples + noiseHu * noise.at(at);
        hu[at] = (float) Math.max(-1024, Math.min(3071, Math.rint(value)));
      }
    }
    return Volume.wrap(grid, hu);
  }

  private void addSamples(
      PhantomGrid points, BoneSlab slab, int k0, int k1, Extents n, float[] hu) {
    BonePainter painter = new BonePainter(parameters, Math.cbrt(points.cellMm3()), ~seed);
    int from = k0 * points.samplesK();
    int point = 0;
    for (int k = from; k < k1 * points.samplesK(); k++) {
      for (int j = 0; j < points.extents().j(); j++) {
        Vector3 p = points.position(0, j, k);
        int row = n.offset(0, j / points.samplesJ(), k / points.samplesK());
        long index = (long) points.extents().i() * (j + (long) points.extents().j() * k);
        for (int i = 0; i < points.extents().i(); i++, point++) {
          double d = slab.distance(point);
          float around = 0;
          if (painter.showsAround(d)) {
            around =
                soft.hu(
                    p.x() + i * points.stepI().x(),
                    p.y() + i * points.stepI().y(),
                    p.z() + i * points.stepI().z());
          }
          hu[row + i / points.samplesI()] += painter.value(d, around, index + i);
        }
      }
    }
  }

  /**
   * Returns the labels on any grid in patient space: L1 to L5 as VerSe ids 20 to 24, wherever the
   * centre of a voxel lies inside.
   */
  public LabelVolume labels(GridGeometry grid) {
    PhantomGrid points = PhantomGrid.centres(requirePatientSpace(grid), pose.frame());
    Extents n = grid.extents();
    BoneSlab slab = new BoneSlab(points, bones, SLAB_PLANES);
    short[] labels = new short[n.voxels()];
    for (int k0 = 0; k0 < n.k(); k0 += SLAB_PLANES) {
      int k1 = Math.min(n.k(), k0 + SLAB_PLANES);
      slab.fill(k0, k1);
      int first = n.offset(0, 0, k0);
      for (int point = 0; point < (k1 - k0) * n.i() * n.j(); point++) {
        if (slab.distance(point) < 0) {
          labels[first + point] =
              bones
                  .get(slab.bone(point))
                  .level()
                  .filter(VertebraLevel::isLumbar)
                  .map(level -> (short) level.verseId())
                  .orElse((short) 0);
        }
      }
    }
    return LabelVolume.wrap(grid, labels);
  }

  /**
   * Returns the volume of a vertebra as its formula gives it, to better than 0.1 %, whatever an
   * image of it would show. It is computed anew at each call, in about a tenth of a second.
   *
   * @throws IllegalArgumentException when the phantom has no such vertebra
   */
  public double trueVolumeMm3(VertebraLevel level) {
    return trueVolumeMm3(level, TRUE_VOLUME_CELL_MM);
  }

  double trueVolumeMm3(VertebraLevel level, double cellMm) {
    for (Bone bone : bones) {
      if (bone.level().equals(Optional.of(level))) {
        return PhantomVolume.mm3(bone, bones, cellMm);
      }
    }
    throw new IllegalArgumentException("the phantom has no " + level);
  }

  private static GridGeometry requirePatientSpace(GridGeometry grid) {
    if (grid.space() != GridGeometry.Space.PATIENT_LPS) {
      throw new IllegalArgumentException("a phantom lies in patient space, not in a plane");
    }
    return grid;
  }
}
