package dev.lss.core.spine;

import dev.lss.api.image.LabelVolume;
import dev.lss.core.task.Numbering;
import dev.lss.spi.VoxelArrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How other programs number spines.
 *
 * @param name to choose it by
 * @param values ours, by theirs
 */
record SpineNumbering(String name, Map<Integer, Integer> values) implements Numbering {

  private static final int T11 = 18;
  private static final int T12 = 19;
  private static final int L1 = 20;
  private static final int L5 = 24;
  private static final int L6 = 25;
  private static final int T13 = 28;

  SpineNumbering {
    values = Map.copyOf(values);
  }

  /** Returns SPINEPS, TotalSpineSeg and SPIDER. */
  static List<Numbering> all() {
    return List.of(spineps(), totalSpineSeg(), spider());
  }

  /** The instance mask: VerSe ids, discs 100 and endplates 200 above them. */
  private static SpineNumbering spineps() {
    Map<Integer, Integer> values = new LinkedHashMap<>();
    values.put(SpineLabels.SACRUM, SpineLabels.SACRUM);
    values.put(SpineLabels.CANAL, SpineLabels.CANAL);
    for (int vertebra : new int[] {T11, T12, T13, L1, 21, 22, 23, L5, L6}) {
      values.put(vertebra, vertebra);
      values.put(SpineLabels.DISC + vertebra, SpineLabels.DISC + vertebra);
    }
    return new SpineNumbering("SPINEPS", values);
  }

  /** The second step: T1 is 21, L1 is 41, a disc 70 and the number of the vertebra above. */
  private static SpineNumbering totalSpineSeg() {
    Map<Integer, Integer> values = new LinkedHashMap<>();
    values.put(2, SpineLabels.CANAL);
    values.put(50, SpineLabels.SACRUM);
    values.put(31, T11);
    values.put(32, T12);
    values.put(90, SpineLabels.DISC + T11);
    values.put(91, SpineLabels.DISC + T12);
    for (int n = 0; n < 6; n++) {
      values.put(41 + n, L1 + n);
    }
    for (int n = 0; n < 5; n++) {
      values.put(92 + n, SpineLabels.DISC + L1 + n); // 96, below L5, where there is an L6
    }
    values.put(100, SpineLabels.DISC + L5);
    return new SpineNumbering("TotalSpineSeg", values);
  }

  /** Counted from the lowest lumbar vertebra up, which is taken to be L5. */
  private static SpineNumbering spider() {
    Map<Integer, Integer> values = new LinkedHashMap<>();
    values.put(100, SpineLabels.CANAL);
    for (int n = 0; n <= L5 - T11; n++) {
      values.put(1 + n, L5 - n);
      values.put(201 + n, SpineLabels.DISC + L5 - n);
    }
    return new SpineNumbering("SPIDER", values);
  }

  @Override
  public LabelVolume renumber(LabelVolume labels) {
    short[] ours = new short[1 << Short.SIZE];
    values.forEach((their, our) -> ours[their] = our.shortValue());
    short[] theirs = VoxelArrays.labels(labels);
    if (values.get(100) != null && values.get(46) != null && labels.count(46) > 0) {
      ours[100] = (short) (SpineLabels.DISC + L6); // the lowest disc, below L6
    }
    short[] renumbered = new short[theirs.length];
    for (int n = 0; n < renumbered.length; n++) {
      renumbered[n] = ours[Short.toUnsignedInt(theirs[n])];
    }
    return LabelVolume.wrap(labels.geometry(), renumbered);
  }
}
