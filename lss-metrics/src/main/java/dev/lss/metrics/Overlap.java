package dev.lss.metrics;

import java.util.Collection;

/**
 * How two masks overlap, from four counts of voxels. Immutable.
 *
 * <p>Each measure is one formula of the counts; the table says what it is when a mask is empty. R
 * is the reference, P the prediction, N all voxels of the grid.
 *
 * <table>
 * <caption>Values for empty masks</caption>
 * <tr><th>measure</th><th>both empty</th><th>R empty</th><th>P empty</th></tr>
 * <tr><td>Dice, IoU</td><td>NaN, or 1 by policy</td><td>0</td><td>0</td></tr>
 * <tr><td>precision</td><td>NaN</td><td>0</td><td>NaN</td></tr>
 * <tr><td>recall</td><td>NaN</td><td>NaN</td><td>0</td></tr>
 * <tr><td>specificity</td><td>1</td><td>TN/N</td><td>1</td></tr>
 * <tr><td>accuracy</td><td>1</td><td>TN/N</td><td>TN/N</td></tr>
 * <tr><td>relative volume error</td><td>NaN</td><td>NaN</td><td>-1</td></tr>
 * <tr><td>volume error</td><td>0</td><td>volume of P</td><td>-volume of R</td></tr>
 * <tr><td>volume similarity</td><td>NaN</td><td>0</td><td>0</td></tr>
 * </table>
 *
 * @param truePositives voxels in both masks
 * @param falsePositives voxels in the prediction alone
 * @param falseNegatives voxels in the reference alone
 * @param trueNegatives voxels in neither; grows with the field of view
 * @param voxelVolumeMm3 volume of one voxel in mm³; NaN when the grid has no millimetre scale
 * @param emptyPolicy what Dice and IoU are when both masks are empty
 */
public record Overlap(
    long truePositives,
    long falsePositives,
    long falseNegatives,
    long trueNegatives,
    double voxelVolumeMm3,
    EmptyPolicy emptyPolicy) {

  /** Refuses negative counts and a voxel volume that is neither positive nor NaN. */
  public Overlap {
    if (truePositives < 0 || falsePositives < 0 || falseNegatives < 0 || trueNegatives < 0) {
      throw new IllegalArgumentException(
          "counts must be at least 0, were TP %s, FP %s, FN %s, TN %s"
              .formatted(truePositives, falsePositives, falseNegatives, trueNegatives));
    }
    if (voxelVolumeMm3 <= 0 || voxelVolumeMm3 == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("voxelVolumeMm3 must be positive, was " + voxelVolumeMm3);
    }
  }

  /** Returns the number of voxels of the grid. */
  public long voxels() {
    return truePositives + falsePositives + falseNegatives + trueNegatives;
  }

  /** Returns whether neither mask has a voxel. */
  public boolean bothEmpty() {
    return truePositives + falsePositives + falseNegatives == 0;
  }

  /** Returns Dice's coefficient, 2TP / (2TP + FP + FN), in [0, 1] (Dice 1945). */
  public double dice() {
    return orPolicy(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
  }

  /** Returns intersection over union, TP / (TP + FP + FN), in [0, 1] (Jaccard 1912). */
  public double iou() {
    return orPolicy(truePositives, truePositives + falsePositives + falseNegatives);
  }

  private double orPolicy(long part, long whole) {
    return bothEmpty() && emptyPolicy == EmptyPolicy.PERFECT_WHEN_BOTH_EMPTY
        ? 1
        : share(part, whole);
  }

  /** Returns the share of the prediction that is right, TP / (TP + FP), in [0, 1]. */
  public double precision() {
    return share(truePositives, truePositives + falsePositives);
  }

  /** Returns the share of the reference that was found, TP / (TP + FN), in [0, 1]; sensitivity. */
  public double recall() {
    return share(truePositives, truePositives + falseNegatives);
  }

  /**
   * Returns the share of the reference's outside that was left out, TN / (TN + FP), in [0, 1]. It
   * grows with the field of view: report it with {@link #voxels}.
   */
  public double specificity() {
    return share(trueNegatives, trueNegatives + falsePositives);
  }

  /**
   * Returns the share of voxels that agree, (TP + TN) / N, in [0, 1]. It grows with the field of
   * view: report it with {@link #voxels}.
   */
  public double accuracy() {
    return share(truePositives + trueNegatives, voxels());
  }

  /** Returns (FP - FN) / (TP + FN), the signed error as a share of the reference's volume. */
  public double relativeVolumeError() {
    return share(falsePositives - falseNegatives, truePositives + falseNegatives);
  }

  /** Returns the prediction's volume minus the reference's, (FP - FN) times voxel volume, mm³. */
  public double volumeErrorMm3() {
    return (falsePositives - falseNegatives) * voxelVolumeMm3;
  }

  /**
   * Returns 1 - |FP - FN| / (2TP + FP + FN), in [0, 1]: 1 for equal volumes wherever they lie, and
   * never below Dice.
   */
  public double volumeSimilarity() {
    return 1
        - share(
            Math.abs(falsePositives - falseNegatives),
            2 * truePositives + falsePositives + falseNegatives);
  }

  private static double share(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }

  /**
   * Returns Dice's coefficient of the summed counts, of several labels or several cases; large
   * structures weigh more than in a mean. NaN, or 1 by policy, when all are empty or none is given.
   *
   * @throws IllegalArgumentException when the policies differ
   */
  public static double pooledDice(Collection<Overlap> overlaps, EmptyPolicy emptyPolicy) {
    long tp = 0;
    long fp = 0;
    long fn = 0;
    for (Overlap overlap : overlaps) {
      if (overlap.emptyPolicy != emptyPolicy) {
        throw new IllegalArgumentException(
            "cannot pool %s with %s".formatted(overlap.emptyPolicy, emptyPolicy));
      }
      tp += overlap.truePositives;
      fp += overlap.falsePositives;
      fn += overlap.falseNegatives;
    }
    return new Overlap(tp, fp, fn, 0, Double.NaN, emptyPolicy).dice();
  }
}
