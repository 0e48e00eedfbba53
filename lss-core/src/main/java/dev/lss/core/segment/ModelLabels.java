package dev.lss.core.segment;

import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.model.StageOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the labels of a model stand for. */
final class ModelLabels {

  /** Neighbouring values get hues far apart: the golden ratio of a turn. */
  private static final double HUE_STEP = (Math.sqrt(5) - 1) / 2;

  private ModelLabels() {}

  /**
   * Returns a structure for each label value that an output may write, named as the model names it;
   * a name that is the key of known anatomy is that. Where two regions write one value it is the
   * later.
   */
  static LabelTable of(StageOutput output) {
    Map<Integer, String> names = new TreeMap<>();
    if (output instanceof StageOutput.Softmax softmax) {
      softmax.labels().forEach(label -> names.put(label.value(), label.key()));
    } else if (output instanceof StageOutput.SigmoidRegions sigmoid) {
      sigmoid.regions().forEach(region -> names.put(region.writes(), region.key()));
    }
    List<LabelTable.Entry> entries = new ArrayList<>();
    names.forEach(
        (value, name) -> entries.add(new LabelTable.Entry(value, structure(name), rgb(value))));
    return new LabelTable(entries);
  }

  private static Structure structure(String name) {
    return Structure.parse(name.isBlank() ? "unnamed" : name);
  }

  private static int rgb(int value) {
    double hue = value * HUE_STEP % 1 * 6;
    return channel(hue + 4) << 16 | channel(hue + 2) << 8 | channel(hue);
  }

  /** A trapezoid over the circle of six hues: a third of it full, a third dark. */
  private static int channel(double hue) {
    double distance = Math.abs(hue % 6 - 3);
    return (int) Math.round(60 + 180 * Math.min(Math.max(distance - 1, 0), 1));
  }
}
