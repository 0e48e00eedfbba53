package dev.lss.examples.evaluate;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One structure and its labels in either map; several labels count as one. Immutable.
 *
 * @param name its key, such as {@code vertebra/L3}, or the label value when it has no key
 * @param reference its labels in the reference; empty when the reference has none
 * @param prediction its labels in the prediction; empty when the prediction has none
 */
record LabelMatch(String name, SortedSet<Integer> reference, SortedSet<Integer> prediction) {

  private static final Pattern VERTEBRA = Pattern.compile("vertebra/([CTLS])(\\d+)");

  /** Copies the sets; refuses labels that no map can hold. */
  LabelMatch {
    reference = Collections.unmodifiableSortedSet(new TreeSet<>(reference));
    prediction = Collections.unmodifiableSortedSet(new TreeSet<>(prediction));
    for (SortedSet<Integer> labels : List.of(reference, prediction)) {
      if (!labels.isEmpty() && (labels.first() < 1 || labels.last() > 65535)) {
        throw new IllegalArgumentException("a label lies in 1 to 65535, was in " + labels);
      }
    }
  }

  static LabelMatch of(String name, Collection<Integer> reference, Collection<Integer> prediction) {
    return new LabelMatch(name, new TreeSet<>(reference), new TreeSet<>(prediction));
  }

  /** Returns labels as tables have them, such as {@code 31+32}. */
  static String text(SortedSet<Integer> labels) {
    return labels.stream().map(String::valueOf).collect(Collectors.joining("+"));
  }

  /** Returns whether its name is that of a vertebra. */
  boolean isVertebra() {
    return name.startsWith("vertebra/");
  }

  /**
   * Returns which vertebra it is, as the number that VerSe gives it: C1 to C7 are 1 to 7, T1 to T12
   * are 8 to 19, L1 to L6 are 20 to 25, S1 is 26, and T13, where there is one, is 28; empty for any
   * other name.
   */
  OptionalInt level() {
    Matcher matcher = VERTEBRA.matcher(name);
    if (!matcher.matches() || matcher.group(2).length() > 2) {
      return OptionalInt.empty();
    }
    int number = Integer.parseInt(matcher.group(2));
    return switch (matcher.group(1)) {
      case "C" -> level(number, 7, 0);
      case "T" -> number == 13 ? OptionalInt.of(28) : level(number, 12, 7);
      case "L" -> level(number, 6, 19);
      default -> level(number, 1, 25);
    };
  }

  private static OptionalInt level(int number, int last, int before) {
    return number >= 1 && number <= last ? OptionalInt.of(before + number) : OptionalInt.empty();
  }
}
