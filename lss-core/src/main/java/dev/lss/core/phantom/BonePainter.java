package dev.lss.core.phantom;

import static dev.lss.core.phantom.PhantomParameter.CORE_HU;
import static dev.lss.core.phantom.PhantomParameter.SHELL_HU;
import static dev.lss.core.phantom.PhantomParameter.SHELL_MM;
import static dev.lss.core.phantom.PhantomParameter.TEXTURE_HU;

/** Mixes what is around a bone, its cortex and its core by the distance from it. Immutable. */
final class BonePainter {

  private final double shellMm;
  private final double shellHu;
  private final double coreHu;
  private final double textureHu;
  private final double widthMm;
  private final VoxelNoise texture;

  /**
   * Creates a painter.
   *
   * @param widthMm over how many mm an edge is smeared: the size of a sample
   * @param seed chooses the texture of the core
   */
  BonePainter(PhantomParameters parameters, double widthMm, long seed) {
    shellMm = parameters.get(SHELL_MM);
    shellHu = parameters.get(SHELL_HU);
    coreHu = parameters.get(CORE_HU);
    textureHu = parameters.get(TEXTURE_HU);
    this.widthMm = widthMm;
    texture = new VoxelNoise(seed);
  }

  /** Returns whether what is around the bone shows at all at this distance. */
  boolean showsAround(double distanceMm) {
    return cover(distanceMm) < 1;
  }

  /** Returns the attenuation of a sample. */
  float value(double distanceMm, float around, long sample) {
    double bone = cover(distanceMm);
    if (bone == 0) {
      return around;
    }
    double core = cover(distanceMm + shellMm);
    double inner = coreHu + textureHu * texture.at(sample);
    return (float) (around * (1 - bone) + shellHu * (bone - core) + inner * core);
  }

  private double cover(double distanceMm) {
    return Math.max(0, Math.min(1, 0.5 - distanceMm / widthMm));
  }
}
