package dev.lss.metrics;

/**
 * How far the surfaces of two masks lie apart, in mm. Immutable.
 *
 * <p>All figures come from the two lists of distances, of each surface's points to the other
 * surface. Names follow Metrics Reloaded (Maier-Hein et al., Nature Methods 2024); papers mix ASSD
 * and MASD, so report which.
 *
 * <table>
 * <caption>Values for empty masks</caption>
 * <tr><th>measure</th><th>both empty</th><th>one empty</th></tr>
 * <tr><td>Hausdorff distance and percentiles, ASSD, MASD</td><td>NaN, or 0 by policy</td>
 *     <td>+infinity</td></tr>
 * <tr><td>surface Dice</td><td>NaN, or 1 by policy</td><td>0</td></tr>
 * <tr><td>directed mean, percentile and share, from the empty side</td><td>NaN</td><td>NaN</td></tr>
 * <tr><td>directed mean, percentile from the other side</td><td>NaN</td><td>+infinity</td></tr>
 * </table>
 *
 * @param referenceToPrediction from the reference's surface to the prediction's
 * @param predictionToReference from the prediction's surface to the reference's
 * @param convention what counts as surface; figures of two conventions must not be compared
 * @param emptyPolicy what the symmetric figures are when both masks are empty
 */
public record SurfaceDistances(
    DirectedDistances referenceToPrediction,
    DirectedDistances predictionToReference,
    SurfaceConvention convention,
    EmptyPolicy emptyPolicy) {

  /** Returns whether neither mask has a voxel. */
  public boolean bothEmpty() {
    return referenceToPrediction.points() == 0 && predictionToReference.points() == 0;
  }

  private boolean oneEmpty() {
    return (referenceToPrediction.points() == 0) != (predictionToReference.points() == 0);
  }

  private double orEmpty(double perfect, double worst, double value) {
    if (bothEmpty()) {
      return emptyPolicy == EmptyPolicy.PERFECT_WHEN_BOTH_EMPTY ? perfect : Double.NaN;
    }
    return oneEmpty() ? worst : value;
  }

  private double distanceOrEmpty(double value) {
    return orEmpty(0, Double.POSITIVE_INFINITY, value);
  }

  /** Returns the Hausdorff distance, the largest of all distances, in mm. */
  public double hausdorffMm() {
    return percentileMm(100);
  }

  /** Returns the Hausdorff distance of 95 percent, in mm. */
  public double hausdorff95Mm() {
    return percentileMm(95);
  }

  /**
   * Returns the larger of the two directed percentiles, in mm.
   *
   * @param percent more than 0, at most 100
   */
  public double percentileMm(double percent) {
    return distanceOrEmpty(
        Math.max(
            referenceToPrediction.percentileMm(percent),
            predictionToReference.percentileMm(percent)));
  }

  /**
   * Returns the percentile of the distances of both surfaces together, in mm, as medpy's {@code
   * hd95} does on edge voxels. At most {@link #percentileMm}: where one surface has a spur the
   * other dilutes it.
   *
   * @param percent more than 0, at most 100
   */
  public double pooledPercentileMm(double percent) {
    return distanceOrEmpty(
        referenceToPrediction.pooledWith(predictionToReference).percentileMm(percent));
  }

  /**
   * Returns the average symmetric surface distance in mm: the weighted mean over the points of both
   * surfaces together.
   */
  public double assdMm() {
    return distanceOrEmpty(
        (referenceToPrediction.weightedSum() + predictionToReference.weightedSum())
            / totalWeight());
  }

  /** Returns the mean of the two directed mean distances, in mm. */
  public double masdMm() {
    return distanceOrEmpty((referenceToPrediction.meanMm() + predictionToReference.meanMm()) / 2);
  }

  /**
   * Returns the normalised surface Dice, in [0, 1]: the share of both surfaces together that lies
   * at most {@code toleranceMm} from the other, or a millionth more (Nikolov et al., arXiv
   * 1809.04430, without the millionth). Report the tolerance with it.
   */
  public double surfaceDice(double toleranceMm) {
    return orEmpty(
        1,
        0,
        (referenceToPrediction.weightWithin(toleranceMm)
                + predictionToReference.weightWithin(toleranceMm))
            / totalWeight());
  }

  private double totalWeight() {
    return referenceToPrediction.totalWeight() + predictionToReference.totalWeight();
  }
}
