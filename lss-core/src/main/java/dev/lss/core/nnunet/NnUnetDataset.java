package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.model.StageOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * nnU-Net's {@code dataset.json}. Immutable.
 *
 * @param channels roles of the image channels, channel 0 first, as the file names them; where
 *     several have one name, as when all are called after their normalisation, the second is {@code
 *     NAME 2} and so on
 * @param output labels by value, or regions in the order of the file, without background and
 *     without the ignore label
 */
record NnUnetDataset(List<SeriesRole> channels, StageOutput output) {

  static final int MOST_CHANNELS = 1000;

  /** A name and the label values that make it up; more than one for a region. */
  private record Entry(String name, List<Integer> values) {

    boolean isBackground() {
      return values.stream().allMatch(v -> v == 0);
    }
  }

  /** Copies the list. */
  NnUnetDataset {
    channels = List.copyOf(channels);
  }

  /**
   * Reads the file.
   *
   * @throws IOException when the file cannot be read
   * @throws ModelException {@code NNUNET_FOLDER} when it is damaged
   */
  static NnUnetDataset read(Path path) throws IOException {
    JsonPlace root = JsonPlace.read(path);
    JsonPlace labels = root.at("labels");
    refuseVersion1(labels);
    List<Entry> entries = entries(labels);
    boolean regions = entries.stream().anyMatch(entry -> entry.values().size() > 1);
    return new NnUnetDataset(
        channels(root.has("channel_names") ? root.at("channel_names") : root.at("modality")),
        regions ? regions(root, entries) : labels(labels, entries));
  }

  /** nnU-Net v1 has labels the other way round: {"0": "background"}. */
  private static void refuseVersion1(JsonPlace labels) {
    for (JsonPlace label : labels.values()) {
      if (label.isText() && !label.isWholeNumber()) {
        throw label.wrong(
            "labels map names to numbers; numbers to names are nnU-Net v1: train or convert with v2");
      }
    }
  }

  private static List<SeriesRole> channels(JsonPlace names) {
    int count = names.fields().size();
    if (count < 1 || count > MOST_CHANNELS) {
      throw names.wrong("wanted 1 to %s channels, found %s".formatted(MOST_CHANNELS, count));
    }
    List<String> given = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      given.add(names.at(String.valueOf(c)).text());
    }
    return names.build(() -> different(given).stream().map(SeriesRole::new).toList());
  }

  private static Set<String> different(List<String> names) {
    Set<String> taken = new HashSet<>(names);
    Set<String> different = new LinkedHashSet<>();
    Map<String, Integer> last = new HashMap<>();
    for (String name : names) {
      String free = name;
      while (!different.add(free)) {
        free = name + " " + last.merge(name, 2, (n, start) -> n + 1);
        if (taken.contains(free)) {
          free = name; // another channel has that name: the next number
        }
      }
    }
    return different;
  }

  private static List<Entry> entries(JsonPlace place) {
    List<Entry> entries = new ArrayList<>();
    for (String name : place.fields()) {
      if (name.equals("ignore")) {
        continue;
      }
      JsonPlace value = place.at(name);
      List<Integer> values =
          (value.isArray() ? value.items() : List.of(value))
              .stream().map(v -> v.integerOrText(0, 65535)).toList();
      if (values.isEmpty()) {
        throw value.wanted("at least one label value");
      }
      entries.add(new Entry(name, values));
    }
    if (entries.size() < 2) {
      throw place.wanted("background and at least one label");
    }
    return entries;
  }

  /** The largest head names the label, so labels are 0, 1, 2, ... without gaps. */
  private static StageOutput labels(JsonPlace place, List<Entry> entries) {
    List<Entry> ascending = new ArrayList<>(entries);
    ascending.sort(Comparator.comparingInt(entry -> entry.values().get(0)));
    List<Integer> values = ascending.stream().map(entry -> entry.values().get(0)).toList();
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != i) {
        throw place.wrong(
            "labels must be 0, 1, 2, ... without gaps, were " + StoredZip.shown(values.toString()));
      }
    }
    return new StageOutput.Softmax(
        ascending.stream()
            .skip(1)
            .map(entry -> new StageOutput.Label(entry.values().get(0), entry.name()))
            .toList());
  }

  /** Each region has a head of its own and writes the value that regions_class_order gives it. */
  private static StageOutput regions(JsonPlace root, List<Entry> entries) {
    JsonPlace place = root.at("regions_class_order");
    List<Integer> order = place.items().stream().map(v -> v.integerOrText(1, 65535)).toList();
    List<Entry> found = entries.stream().filter(entry -> !entry.isBackground()).toList();
    if (order.size() != found.size()) {
      throw place.wrong(
          "wanted one value for each of %s regions, found %s"
              .formatted(found.size(), StoredZip.shown(order.toString())));
    }
    List<StageOutput.Region> regions = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      regions.add(new StageOutput.Region(found.get(i).name(), found.get(i).values(), order.get(i)));
    }
    return new StageOutput.SigmoidRegions(regions);
  }
}
