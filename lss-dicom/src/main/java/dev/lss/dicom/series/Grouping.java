package dev.lss.dicom.series;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.Vector3;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.pixel.Frame;
import dev.lss.dicom.pixel.Frames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sorts pictures into stacks.
 *
 * <p>Never in one volume: other patients, studies, series, frames of reference, kinds of image,
 * sizes, pixel spacings (by more than 1e-4 mm) and orientations (by more than 1e-3). Then the parts
 * of a Dixon acquisition are told apart, and where several pictures lie in one place, echoes, times
 * and so on, in the order of {@link Slice#discriminators}. Equal pictures in one place are one.
 */
public final class Grouping {

  private static final double SPACING_MM = 1e-4;
  private static final double SAME_DIRECTION = 1e-4;
  private static final double NEARLY_SAME_DIRECTION = 1e-3;
  private static final double SAME_PLACE_MM = 0.01;
  private static final int MOST_LOCALIZERS = 3;

  private final SeriesOptions options;
  private final List<Stack> stacks = new ArrayList<>();

  private Grouping(SeriesOptions options) {
    this.options = options;
  }

  /** Returns the stacks of pictures, in the order in which their first ones came. */
  public static List<Stack> of(List<Slice> slices, SeriesOptions options) {
    Grouping grouping = new Grouping(options);
    Map<String, List<Slice>> bySeries = new LinkedHashMap<>();
    slices.forEach(s -> bySeries.computeIfAbsent(s.seriesKey(), k -> new ArrayList<>()).add(s));
    bySeries.values().forEach(grouping::series);
    return grouping.stacks;
  }

  private void series(List<Slice> slices) {
    int before = stacks.size();
    Map<String, List<Slice>> byKey = new LinkedHashMap<>();
    slices.forEach(s -> byKey.computeIfAbsent(s.hardKey(), k -> new ArrayList<>()).add(s));
    byKey.values().forEach(this::alike);
    List<Stack> made = List.copyOf(stacks.subList(before, stacks.size()));
    boolean isMixed = byKey.size() > 1 || hasSeveralSpacings(made);
    for (int n = 0; n < made.size(); n++) {
      stacks.set(before + n, withCounts(made.get(n), slices, made, isMixed));
    }
  }

  private record Broken(List<Slice> slices, InvalidStudyException reason) {}

  /** Slices that agree in everything but places, directions and spacings. */
  private void alike(List<Slice> slices) {
    Slice first = slices.get(0);
    boolean isUltrasound = first.modality().equals("US") && !first.isEnhanced();
    boolean mustBePlaced =
        first.isEnhanced() || first.modality().equals("CT") || first.modality().equals("MR");
    List<Slice> placed = new ArrayList<>();
    List<Slice> planes = new ArrayList<>();
    Map<String, Broken> broken = new LinkedHashMap<>();
    for (Slice slice : slices) {
      if (isUltrasound || (!mustBePlaced && !slice.hasPlace())) {
        planes.add(slice);
        continue;
      }
      try {
        Placement.check(slice);
        placed.add(slice);
      } catch (InvalidStudyException e) {
        String key = slice.file().name() + e.code();
        broken.computeIfAbsent(key, k -> new Broken(new ArrayList<>(), e)).slices().add(slice);
      }
    }
    broken.values().forEach(b -> stacks.add(Stack.broken(b.slices(), b.reason())));
    planes(planes);
    volumes(placed);
  }

  private void planes(List<Slice> slices) {
    Map<String, List<Slice>> byFile = new LinkedHashMap<>();
    slices.forEach(s -> byFile.computeIfAbsent(s.file().name(), k -> new ArrayList<>()).add(s));
    for (List<Slice> file : byFile.values()) {
      List<PlaneView> views = PlaneView.of(file.get(0));
      for (int n = 0; n < views.size(); n++) {
        List<Notice> notices = new ArrayList<>();
        if (!views.get(n).isCalibrated()) {
          notices.add(
              new Notice(
                  "UNCALIBRATED",
                  Stack.subject(file.get(0)) + ": the scale is not known; lengths are in pixels"));
        }
        String label = views.size() == 1 ? "" : "region " + (n + 1);
        stacks.add(new Stack(label, file, null, views.get(n), notices, null));
      }
    }
  }

  private void volumes(List<Slice> slices) {
    List<List<Slice>> clusters = new ArrayList<>();
    for (Slice slice : slices) {
      clusters.stream()
          .filter(c -> isNear(c.get(0), slice, NEARLY_SAME_DIRECTION))
          .findFirst()
          .orElseGet(
              () -> {
                List<Slice> fresh = new ArrayList<>();
                clusters.add(fresh);
                return fresh;
              })
          .add(slice);
    }
    int localizers = 0;
    if (clusters.size() > 1) {
      List<List<Slice>> kept =
          clusters.stream()
              .filter(c -> c.size() > MOST_LOCALIZERS || !c.stream().allMatch(Slice::isLocalizer))
              .toList();
      if (!kept.isEmpty()) {
        localizers =
            clusters.stream().mapToInt(List::size).sum() - kept.stream().mapToInt(List::size).sum();
        clusters.retainAll(kept);
      }
    }
    for (List<Slice> cluster : clusters) {
      List<Notice> notices = new ArrayList<>();
      String subject = Stack.subject(cluster.get(0));
      if (localizers > 0) {
        notices.add(
            new Notice(
                "LOCALIZER_LEFT_OUT",
                "%s: %s localizer(s) in other directions were left out"
                    .formatted(subject, localizers)));
      }
      if (!cluster.stream().allMatch(s -> isNear(cluster.get(0), s, SAME_DIRECTION))) {
        notices.add(
            new Notice(
                "ORIENTATION_VARIES",
                subject + ": directions of its slices differ by up to 0.001; the first was used"));
      }
      contrasts(cluster, notices);
    }
  }

  private static boolean isNear(Slice one, Slice other, double tolerance) {
    return largestDifference(one.pixelSpacing(), other.pixelSpacing()) <= SPACING_MM
        && largestDifference(one.orientation(), other.orientation()) <= tolerance;
  }

  private static double largestDifference(double[] one, double[] other) {
    double worst = 0;
    for (int n = 0; n < one.length; n++) {
      worst = Math.max(worst, Math.abs(one[n] - other[n]));
    }
    return worst;
  }

  private void contrasts(List<Slice> slices, List<Notice> notices) {
    Map<Contrast, List<Slice>> byContrast = new LinkedHashMap<>();
    slices.forEach(s -> byContrast.computeIfAbsent(s.contrast(), k -> new ArrayList<>()).add(s));
    for (List<Slice> same : byContrast.values()) {
      Vector3 normal = Placement.normal(same.get(0).orientation());
      List<Slice> sorted = new ArrayList<>(same);
      sorted.sort(
          Comparator.comparingDouble((Slice s) -> s.along(normal))
              .thenComparingInt(s -> s.instanceNumber().orElse(0)));
      split(sorted, normal, "", notices);
    }
  }

  /** Splits while several slices lie in one place and something tells them apart. */
  private void split(List<Slice> sorted, Vector3 normal, String label, List<Notice> notices) {
    int shared = shared(sorted, normal);
    for (int key = 0; shared > 0 && key < Slice.DISCRIMINATOR_NAMES.size(); key++) {
      int at = key;
      Map<String, List<Slice>> parts = new LinkedHashMap<>();
      sorted.forEach(
          s -> parts.computeIfAbsent(s.discriminators().get(at), k -> new ArrayList<>()).add(s));
      int left = parts.values().stream().mapToInt(part -> shared(part, normal)).sum();
      if (parts.size() > 1 && left < shared) {
        int number = 1;
        for (List<Slice> part : parts.values()) {
          String name = Slice.DISCRIMINATOR_NAMES.get(key) + " " + number++;
          split(part, normal, label.isEmpty() ? name : label + ", " + name, notices);
        }
        return;
      }
    }
    stacks.add(stack(sorted, normal, label, notices));
  }

  private static int shared(List<Slice> sorted, Vector3 normal) {
    int count = 0;
    for (int n = 1; n < sorted.size(); n++) {
      if (isSamePlace(sorted.get(n - 1), sorted.get(n), normal)) {
        count++;
      }
    }
    return count;
  }

  private static boolean isSamePlace(Slice one, Slice other, Vector3 normal) {
    return Math.abs(other.along(normal) - one.along(normal)) < SAME_PLACE_MM;
  }

  private Stack stack(
      List<Slice> sorted, Vector3 normal, String label, List<Notice> seriesNotices) {
    String subject = Stack.subject(sorted.get(0));
    List<Notice> notices = new ArrayList<>(seriesNotices);
    try {
      List<Slice> unique = withoutDuplicates(subject, sorted, normal);
      if (unique.size() < sorted.size()) {
        notices.add(
            new Notice(
                "DUPLICATE_LEFT_OUT",
                "%s: %s slice(s) are copies of another and were left out"
                    .formatted(subject, sorted.size() - unique.size())));
      }
      Placement placement = Placement.of(subject, unique, options);
      notices.addAll(placement.notices());
      return new Stack(label, unique, placement, null, notices, null);
    } catch (InvalidStudyException e) {
      return new Stack(label, sorted, null, null, notices, e);
    }
  }

  private static List<Slice> withoutDuplicates(String subject, List<Slice> sorted, Vector3 normal) {
    List<Slice> unique = new ArrayList<>();
    for (Slice slice : sorted) {
      Slice last = unique.isEmpty() ? slice : unique.get(unique.size() - 1);
      if (unique.isEmpty() || !isSamePlace(last, slice, normal)) {
        unique.add(slice);
      } else if (!isSamePicture(last, slice)) {
        throw DicomFault.of(
            "AMBIGUOUS_DUPLICATE",
            subject,
            "two different slices lie in one place, and nothing tells them apart");
      }
    }
    return unique;
  }

  private static boolean isSamePicture(Slice one, Slice other) {
    try {
      Frame a = Frames.of(one.file()).frame(one.frame());
      Frame b = Frames.of(other.file()).frame(other.frame());
      return Arrays.equals(a.values(), b.values())
          && Arrays.equals(a.brightness(), b.brightness())
          && one.text(Tag.RESCALE_SLOPE).equals(other.text(Tag.RESCALE_SLOPE))
          && one.text(Tag.RESCALE_INTERCEPT).equals(other.text(Tag.RESCALE_INTERCEPT));
    } catch (IOException e) {
      throw DicomFault.of("UNREADABLE", other.file().name(), "it changed while it was read", e);
    }
  }

  private static boolean hasSeveralSpacings(List<Stack> made) {
    return made.stream()
        .anyMatch(
            s ->
                s.placement() != null
                    && made.get(0).first().hasPlace()
                    && !isNear(made.get(0).first(), s.first(), NEARLY_SAME_DIRECTION));
  }

  /** Adds what counts say: slices lost at an end leave no gap. */
  private static Stack withCounts(
      Stack stack, List<Slice> series, List<Stack> siblings, boolean isMixed) {
    if (stack.view() != null) {
      return stack;
    }
    List<Notice> notices = new ArrayList<>(stack.notices());
    if (isMixed) {
      notices.add(
          new Notice(
              "SERIES_SPLIT",
              Stack.subject(stack.first())
                  + ": slices of its series differ in size, spacing, direction or frame of"
                  + " reference; this is one part"));
    }
    String hint = stack.placement() == null ? "" : missingHint(stack, series, siblings);
    if (!hint.isEmpty()) {
      notices.add(new Notice("POSSIBLY_INCOMPLETE", Stack.subject(stack.first()) + ": " + hint));
    }
    if (stack.slices().stream().anyMatch(s -> s.text(Tag.SERIES_INSTANCE_UID).isEmpty())) {
      notices.add(
          new Notice(
              "EMPTY_UIDS",
              Stack.subject(stack.first())
                  + ": identifiers are empty, so nothing that is made of it can refer to it"));
    }
    return new Stack(
        stack.label(), stack.slices(), stack.placement(), null, notices, stack.problem());
  }

  private static String missingHint(Stack stack, List<Slice> series, List<Stack> siblings) {
    Slice first = stack.first();
    int declared = first.file().data().integer(Tag.IMAGES_IN_ACQUISITION).orElse(0);
    if (declared > series.size()) {
      return "its acquisition has %s images, %s are there".formatted(declared, series.size());
    }
    int slices = first.file().data().integer(Tag.NUMBER_OF_SLICES).orElse(0);
    if (slices > stack.slices().size()) {
      return "it has %s slices, %s are there".formatted(slices, stack.slices().size());
    }
    Set<Integer> numbers = new TreeSet<>();
    Set<String> files = new LinkedHashSet<>();
    for (Slice slice : series) {
      files.add(slice.file().name());
      slice.instanceNumber().ifPresent(numbers::add);
    }
    if (numbers.size() == files.size() && numbers.size() > 1) {
      TreeSet<Integer> sorted = new TreeSet<>(numbers);
      int span = sorted.last() - sorted.first() + 1;
      if (span > numbers.size() && span < 2 * numbers.size()) {
        return "%s of the instance numbers %s to %s are not there"
            .formatted(span - numbers.size(), sorted.first(), sorted.last());
      }
    }
    int most =
        siblings.stream()
            .filter(s -> s.first().contrast().role().isPresent())
            .mapToInt(s -> s.slices().size())
            .max()
            .orElse(0);
    return first.contrast().role().isPresent() && most > stack.slices().size()
        ? "a sibling has %s slices, this one %s".formatted(most, stack.slices().size())
        : "";
  }
}
