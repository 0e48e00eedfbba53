package dev.lss.core.naming;

import dev.lss.api.image.Vector3;
import java.util.List;

/**
 * What is known of each body of a chain, as numbers about 0: its type, its pedicles, the steps to
 * its neighbours, and the same of four neighbours on either side. What is not known is 0, with a
 * flag that says so; so is what lies beyond the ends of the chain.
 *
 * <p>Of each body: 1; whether types are known; three type scores as log odds / 4; the share of its
 * pedicles found; half the distance between them, how far they lie behind and above the centre,
 * each as (mean over those found - usual) / scale. Of each step: 1; its length, (mm - 30) / 8; how
 * far it leads backwards as a share of its length. Ported from {@code naming/features.py} of the
 * training, which must give the same.
 */
final class BodyFeatures {

  private static final int REACH = 4;
  private static final int NODE = 9;
  private static final int STEP = 3;
  private static final int WINDOW = 2 * REACH + 1;

  /** Type scores are cut to [LEAST, 1 - LEAST]. */
  private static final double LEAST = 0.02;

  private static final double[] HALF_WIDTH = {13, 3};
  private static final double[] BEHIND = {23, 5};
  private static final double[] ABOVE = {4, 5};
  private static final double[] LENGTH = {30, 8};

  private BodyFeatures() {}

  /** Returns the features of each body. */
  static double[][] of(List<SpineBody> chain) {
    double[][] nodes = chain.stream().map(BodyFeatures::node).toArray(double[][]::new);
    double[][] features = new double[chain.size()][WINDOW * NODE + (WINDOW - 1) * STEP];
    for (int n = 0; n < features.length; n++) {
      for (int w = 0; w < WINDOW; w++) {
        int at = n + w - REACH;
        if (at >= 0 && at < nodes.length) {
          System.arraycopy(nodes[at], 0, features[n], w * NODE, NODE);
        }
        if (w < WINDOW - 1 && at >= 0 && at < nodes.length - 1) {
          double[] step = step(chain.get(at), chain.get(at + 1));
          System.arraycopy(step, 0, features[n], WINDOW * NODE + w * STEP, STEP);
        }
      }
    }
    return features;
  }

  private static double[] node(SpineBody body) {
    double[] node = new double[NODE];
    node[0] = 1;
    List<Double> types = body.types();
    if (!types.isEmpty()) {
      node[1] = 1;
      for (int t = 0; t < 3; t++) {
        double p = Math.min(Math.max(types.get(t), LEAST), 1 - LEAST);
        node[2 + t] = Math.log(p / (1 - p)) / 4;
      }
    }
    Vector3 sum = new Vector3(0, 0, 0);
    int found = 0;
    if (body.left().isPresent()) {
      sum = sum.plus(body.left().get().minus(body.centreMm()));
      found++;
    }
    if (body.right().isPresent()) {
      Vector3 apart = body.right().get().minus(body.centreMm());
      sum = sum.plus(new Vector3(-apart.x(), apart.y(), apart.z()));
      found++;
    }
    node[5] = found / 2.0;
    if (found > 0) {
      node[6] = (sum.x() / found - HALF_WIDTH[0]) / HALF_WIDTH[1];
      node[7] = (sum.y() / found - BEHIND[0]) / BEHIND[1];
      node[8] = (sum.z() / found - ABOVE[0]) / ABOVE[1];
    }
    return node;
  }

  private static double[] step(SpineBody upper, SpineBody lower) {
    Vector3 down = lower.centreMm().minus(upper.centreMm());
    double length = down.norm();
    return new double[] {1, (length - LENGTH[0]) / LENGTH[1], down.y() / length};
  }
}
