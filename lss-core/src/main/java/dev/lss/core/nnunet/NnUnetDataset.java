package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * nnU-Net's {@code dataset.json}: channels and labels, in file order. Immutable.
 *
 * @param channelNames names of the image channels, channel 0 first
 * @param labels background first where it is; without the ignore label
 * @param regionsClassOrder label value that each region writes, in the order of the heads; a later
 *     one overwrites an earlier one; empty when labels exclude each other
 * @param fileEnding ending of image files; {@code .nii.gz} when the file does not say
 */
public record NnUnetDataset(
    List<String> channelNames,
    List<Label> labels,
    List<Integer> regionsClassOrder,
    String fileEnding) {

  private static final int MOST_CHANNELS = 1000;
  private static final String FILE_ENDING = ".nii.gz";

  /**
   * A label or region.
   *
   * @param name its name
   * @param values label values that make it up; more than one for a region
   */
  public record Label(String name, List<Integer> values) {

    /** Copies the values. */
    public Label {
      values = List.copyOf(values);
    }

    boolean isBackground() {
      return values.stream().allMatch(v -> v == 0);
    }
  }

  /** Copies the lists. */
  public NnUnetDataset {
    channelNames = List.copyOf(channelNames);
    labels = List.copyOf(labels);
    regionsClassOrder = List.copyOf(regionsClassOrder);
  }

  /**
   * Reads the file.
   *
   * @throws IOException when the file cannot be read
   * @throws ModelException {@code NNUNET_FOLDER} when it is damaged
   */
  public static NnUnetDataset read(Path path) throws IOException {
    JsonPlace root = JsonPlace.read(path);
    refuseVersion1(root);
    List<Label> labels = labels(root.at("labels"));
    boolean regions = labels.stream().anyMatch(label -> label.values().size() > 1);
    List<Integer> order = regions ? regionOrder(root, labels) : List.of();
    if (!regions) {
      requireConsecutive(root.at("labels"), labels);
    }
    return new NnUnetDataset(
        channels(root.has("channel_names") ? root.at("channel_names") : root.at("modality")),
        labels,
        order,
        root.find("file_ending").map(JsonPlace::text).orElse(FILE_ENDING));
  }

  /** Returns whether each head is a region of its own, told by a sigmoid. */
  public boolean hasRegions() {
    return !regionsClassOrder.isEmpty();
  }

  /** Returns the channels of the network's output. */
  public int heads() {
    return hasRegions() ? regionsClassOrder.size() : labels.size();
  }

  /** Returns all label values but background, ascending: the channels that a cascade adds. */
  public List<Integer> foreground() {
    TreeSet<Integer> values = new TreeSet<>();
    labels.forEach(label -> values.addAll(label.values()));
    values.remove(0);
    return List.copyOf(values);
  }

  /** nnU-Net v1 has labels the other way round: {"0": "background"}. */
  private static void refuseVersion1(JsonPlace root) {
    for (JsonPlace label : root.at("labels").values()) {
      if (label.isText() && !label.isWholeNumber()) {
        throw label.wrong(
            "labels map names to numbers; numbers to names are nnU-Net v1: train or convert with v2");
      }
    }
  }

  private static List<String> channels(JsonPlace names) {
    List<String> channels = new ArrayList<>();
    int count = names.fields().size();
    if (count < 1 || count > MOST_CHANNELS) {
      throw names.wrong("wanted 1 to %d channels, found %d".formatted(MOST_CHANNELS, count));
    }
    for (int c = 0; c < count; c++) {
      channels.add(names.at(String.valueOf(c)).text());
    }
    return channels;
  }

  private static List<Label> labels(JsonPlace place) {
    List<Label> labels = new ArrayList<>();
    for (String name : place.fields()) {
      if (name.equals("ignore")) {
        continue;
      }
      JsonPlace value = place.at(name);
      labels.add(
          new Label(
              name,
              value.isArray()
                  ? value.items().stream().map(v -> v.integerOrText(0, 65535)).toList()
                  : List.of(value.integerOrText(0, 65535))));
    }
    if (labels.size() < 2) {
      throw place.wanted("background and at least one label");
    }
    return labels;
  }

  /** The largest head names the label, so labels are 0, 1, 2, ... without gaps. */
  private static void requireConsecutive(JsonPlace place, List<Label> labels) {
    List<Integer> values =
        labels.stream().flatMap(label -> label.values().stream()).sorted().toList();
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != i || values.size() != labels.size()) {
        throw place.wrong("labels must be 0, 1, 2, ... without gaps, were " + some(values));
      }
    }
  }

  private static List<Integer> regionOrder(JsonPlace root, List<Label> labels) {
    List<Integer> order =
        root.at("regions_class_order").items().stream()
            .map(v -> v.integerOrText(1, 65535))
            .toList();
    long regions = labels.stream().filter(label -> !label.isBackground()).count();
    if (order.size() != regions) {
      throw root.at("regions_class_order")
          .wrong(
              "wanted one value for each of %d regions, found %s".formatted(regions, some(order)));
    }
    return order;
  }

  private static String some(List<Integer> values) {
    return values.size() <= 20
        ? values.toString()
        : values.subList(0, 20) + " and %d more".formatted(values.size() - 20);
  }
}
