package dev.lss.core.phantom;

import static dev.lss.core.phantom.PhantomParameter.CANAL_HALF_DEPTH_MM;
import static dev.lss.core.phantom.PhantomParameter.CANAL_HALF_WIDTH_MM;
import static dev.lss.core.phantom.PhantomParameter.FACET_DOWN_MM;
import static dev.lss.core.phantom.PhantomParameter.FACET_RADIUS_MM;
import static dev.lss.core.phantom.PhantomParameter.FACET_UP_MM;
import static dev.lss.core.phantom.PhantomParameter.LAMINA_HALF_HEIGHT_MM;
import static dev.lss.core.phantom.PhantomParameter.LAMINA_THICKNESS_MM;
import static dev.lss.core.phantom.PhantomParameter.PEDICLE_RADIUS_MM;
import static dev.lss.core.phantom.PhantomParameter.SPINOUS_DROP_DEG;
import static dev.lss.core.phantom.PhantomParameter.SPINOUS_HALF_HEIGHT_MM;
import static dev.lss.core.phantom.PhantomParameter.SPINOUS_HALF_THICKNESS_MM;
import static dev.lss.core.phantom.PhantomParameter.SPINOUS_LENGTH_MM;
import static dev.lss.core.phantom.PhantomParameter.TRANSVERSE_BACK_DEG;
import static dev.lss.core.phantom.PhantomParameter.TRANSVERSE_LENGTH_MM;
import static dev.lss.core.phantom.PhantomParameter.TRANSVERSE_RADIUS_MM;
import static dev.lss.core.phantom.PhantomParameter.TRANSVERSE_UP_MM;

/**
 * A whole vertebra: the body, and an arch of pedicles, laminae, spinous, transverse and articular
 * processes from which an elliptic canal is cut out. Left and right are alike. Local axes as in
 * {@link BodySize}. Immutable.
 */
final class VertebraSolid implements Solid {

  private final BodySize body;
  private final double canalWidth;
  private final double canalDepth;
  private final double canalY;
  private final double back;
  private final double archY;
  private final double pedicleX;
  private final double pedicle;
  private final double lamina;
  private final double laminaHeight;
  private final double spinousLength;
  private final double spinousHeight;
  private final double spinousThickness;
  private final double dropSine;
  private final double dropCosine;
  private final double tipX;
  private final double tipY;
  private final double tipUp;
  private final double transverse;
  private final double facet;
  private final double upperFacetZ;
  private final double lowerFacetZ;

  VertebraSolid(BodySize body, boolean thoracic, boolean shortTransverse, PhantomParameters p) {
    this.body = body;
    canalWidth = p.get(CANAL_HALF_WIDTH_MM);
    canalDepth = p.get(CANAL_HALF_DEPTH_MM);
    canalY = body.b() + canalDepth;
    back = body.b() + 2 * canalDepth;
    archY = body.b() + canalDepth;
    pedicle = p.get(PEDICLE_RADIUS_MM) * (thoracic ? 0.9 : 1);
    pedicleX = canalWidth + 0.8 * pedicle;
    lamina = p.get(LAMINA_THICKNESS_MM);
    laminaHeight = p.get(LAMINA_HALF_HEIGHT_MM);
    spinousLength = p.get(SPINOUS_LENGTH_MM);
    spinousHeight = p.get(SPINOUS_HALF_HEIGHT_MM);
    spinousThickness = p.get(SPINOUS_HALF_THICKNESS_MM);
    double drop = Math.toRadians(p.get(SPINOUS_DROP_DEG) + (thoracic ? 8 : 0));
    dropSine = Math.sin(drop);
    dropCosine = Math.cos(drop);
    double length = p.get(TRANSVERSE_LENGTH_MM) * (shortTransverse ? 0.45 : 1);
    double turn = Math.toRadians(p.get(TRANSVERSE_BACK_DEG));
    tipX = pedicleX + pedicle + length * Math.cos(turn);
    tipY = archY + length * Math.sin(turn);
    tipUp = p.get(TRANSVERSE_UP_MM);
    transverse = p.get(TRANSVERSE_RADIUS_MM);
    facet = p.get(FACET_RADIUS_MM);
    double joint = body.h() + 0.5 * body.disc();
    upperFacetZ = joint + p.get(FACET_UP_MM) - facet;
    lowerFacetZ = -joint - p.get(FACET_DOWN_MM) + facet;
  }

  @Override
  public double distance(double x, double y, double z) {
    double u = Math.abs(x);
    double bodyDistance = body.distance(x, y, z);
    double cx = u / canalWidth;
    double cy = (y - canalY) / canalDepth;
    double canal = (1 - Math.sqrt(cx * cx + cy * cy)) * Math.min(canalWidth, canalDepth);
    if (canal > bodyDistance) {
      return bodyDistance; // the arch cannot be nearer than the wall of its canal
    }
    double arch = Math.min(Math.min(pedicle(u, y, z), lamina(u, y, z)), spinous(u, y, z));
    arch = Math.min(arch, Math.min(transverse(u, y, z), facets(u, y, z)));
    return Math.min(bodyDistance, Math.max(arch, canal));
  }

  private double pedicle(double u, double y, double z) {
    double level = 0.3 * body.h();
    return Solid.capsule(u, y, z, pedicleX, 0.6 * body.b(), level, pedicleX, archY, level, pedicle);
  }

  /** The plate behind the canal, and the strut that joins it to the pedicle. */
  private double lamina(double u, double y, double z) {
    double plate =
        Math.max(
            Math.max(
                Math.abs(u - 0.55 * canalWidth) - 0.75 * canalWidth,
                Math.abs(y - back - lamina) - lamina),
            Math.abs(z + 0.35 * body.h()) - laminaHeight);
    double root =
        Solid.capsule(
            u,
            y,
            z,
            pedicleX,
            archY,
            0,
            0.8 * canalWidth,
            back + lamina,
            -0.2 * body.h(),
            lamina + 0.8);
    return Math.min(plate, root);
  }

  /** A plate that leans downwards. */
  private double spinous(double u, double y, double z) {
    double dy = y - back - 0.5 * spinousLength;
    double dz = z + 0.35 * body.h() + 0.5 * spinousLength * dropSine;
    double along = dropCosine * dy - dropSine * dz;
    double across = dropSine * dy + dropCosine * dz;
    return Math.max(
        Math.max(u - spinousThickness, Math.abs(along) - 0.5 * spinousLength - 2),
        Math.abs(across) - spinousHeight);
  }

  private double transverse(double u, double y, double z) {
    double root = 0.2 * body.h();
    return Solid.capsule(u, y, z, pedicleX, archY, root, tipX, tipY, root + tipUp, transverse);
  }

  private double facets(double u, double y, double z) {
    double upper =
        Solid.capsule(
            u,
            y,
            z,
            pedicleX + 2,
            body.b() + 1.2 * canalDepth,
            0,
            pedicleX + 4,
            body.b() + 1.3 * canalDepth,
            upperFacetZ,
            facet);
    double lower =
        Solid.capsule(
            u,
            y,
            z,
            0.75 * canalWidth,
            back,
            -0.3 * body.h(),
            0.7 * canalWidth,
            back,
            lowerFacetZ,
            facet);
    return Math.min(upper, lower);
  }
}
