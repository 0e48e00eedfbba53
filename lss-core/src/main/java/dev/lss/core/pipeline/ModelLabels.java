package dev.lss.core.pipeline;

import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.core.nnunet.NnUnetDataset;
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
   * Returns a structure for each label that the model may write, named as in dataset.json; a name
   * that is the key of known anatomy is that. Where two regions write one value it is the later.
   */
  static LabelTable table(NnUnetDataset dataset) {
    Map<Integer, String> names = new TreeMap<>();
    int region = 0;
    for (NnUnetDataset.Label label : dataset.labels()) {
      if (label.values().stream().anyMatch(value -> value != 0)) {
        names.put(
            dataset.hasRegions()
                ? dataset.regionsClassOrder().get(region++)
                : label.values().get(0),
            label.name());
      }
    }
    return table(names);
  }

  /**
   * Returns a structure for each label value, named so; a name that is the key of known anatomy is
   * that.
   */
  static LabelTable table(Map<Integer, String> names) {
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
