package dev.lss.core.ct;

import dev.lss.api.Notice;
import dev.lss.api.anatomy.VertebraLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is doubtful about the levels of a chain, as notices. The naming itself is never changed. */
final class LevelNotices {

  private LevelNotices() {}

  static List<Notice> of(SpineChain chain, LevelNaming naming) {
    List<Notice> notices = new ArrayList<>();
    for (LevelNaming.Doubt doubt : naming.doubts()) {
      notices.add(of(doubt, naming));
    }
    for (int n = naming.missed().size() - 1; n >= 0; n--) {
      Optional<VertebraLevel> upper = naming.levels().get(n + 1).labelled();
      Optional<VertebraLevel> lower = naming.levels().get(n).labelled();
      if (naming.missed().get(n) > 0 && upper.isPresent() && lower.isPresent()) {
        notices.add(
            new Notice(
                "VERTEBRA_MISSING",
                "between %s and %s there is room for %s, which was not found"
                    .formatted(
                        upper.get(),
                        lower.get(),
                        naming.missed().get(n) == 1
                            ? "one more vertebra"
                            : naming.missed().get(n) + " more vertebrae")));
      }
    }
    if (chain.rival()) {
      notices.add(
          new Notice(
              "SECOND_SPINE",
              "a second row of vertebra-like structures was seen beside the one that was used"));
    }
    return notices;
  }

  private static Notice unsure(LevelNaming naming) {
    return naming.anchored()
        ? new Notice(
            "LEVELS_AMBIGUOUS",
            "another assignment of levels is nearly as likely; these are right with a probability of"
                + probability(naming))
        : new Notice(
            "LEVELS_WITHOUT_ANCHOR",
            "neither the sacrum below the lowest vertebra nor the twelfth thoracic vertebra with its"
                + " ribs was recognised; the levels are in order, but all may be shifted, and are right"
                + " with a probability of"
                + probability(naming));
  }

  private static String probability(LevelNaming naming) {
    return String.format(Locale.ROOT, " %.2f", naming.probability());
  }

  static Notice of(LevelNaming.Doubt doubt, LevelNaming naming) {
    return switch (doubt) {
      case UNSURE -> unsure(naming);
      case SACRUM_MISMATCH ->
          new Notice(
              "LEVEL_CONFLICT",
              "a sacrum seems to lie directly below a vertebra that is not named L5; the levels are"
                  + " doubtful");
      case NOT_TWELVE_THORACIC ->
          new Notice(
              "TRANSITIONAL_VERTEBRA",
              "the spine looks as if it had not twelve thoracic vertebrae; the levels are doubtful");
      case SIX_LUMBAR ->
          new Notice(
              "TRANSITIONAL_VERTEBRA",
              "the spine looks as if it had six lumbar vertebrae; the levels are doubtful");
      case NO_SURE_LUMBAR ->
          new Notice(
              "NO_SURE_LUMBAR",
              "vertebrae were seen, but that any of them is lumbar is no more likely than that none"
                  + " is");
    };
  }
}
