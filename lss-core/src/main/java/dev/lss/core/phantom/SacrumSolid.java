package dev.lss.core.phantom;

import static dev.lss.core.phantom.PhantomParameter.CANAL_HALF_DEPTH_MM;
import static dev.lss.core.phantom.PhantomParameter.CANAL_HALF_WIDTH_MM;

/**
 * A sacrum: the first sacral body, two wings, a bulk below, and the upper articular processes.
 * Local axes as in {@link BodySize}, from the centre of the first sacral body. Immutable.
 */
final class SacrumSolid implements Solid {

  private static final double FACET_RADIUS_MM = 5;

  private final BodySize body;
  private final double canalWidth;
  private final double canalDepth;

  SacrumSolid(BodySize body, PhantomParameters p) {
    this.body = body;
    canalWidth = p.get(CANAL_HALF_WIDTH_MM);
    canalDepth = p.get(CANAL_HALF_DEPTH_MM);
  }

  @Override
  public double distance(double x, double y, double z) {
    double u = Math.abs(x);
    double wing = Solid.ellipsoid(u - body.a() - 8, y - 8, z + 20, 26, 20, 34);
    double bulk = Solid.ellipsoid(x, y - 12, z + 50, 30, 13, 45);
    double facet =
        Solid.capsule(
            u,
            y,
            z,
            canalWidth + 5,
            body.b() + canalDepth,
            0,
            canalWidth + 7,
            body.b() + 1.2 * canalDepth,
            body.h() + 0.5 * body.disc() + 4,
            FACET_RADIUS_MM);
    return Math.min(Math.min(body.distance(x, y, z), wing), Math.min(bulk, facet));
  }
}
