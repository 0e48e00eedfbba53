package dev.lss.core.ct;

import dev.lss.api.Notice;
import java.util.ArrayList;
import java.util.List;

/** What is doubtful about the levels of a chain, as notices. The naming itself is never changed. */
final class LevelNotices {

  private LevelNotices() {}

  static List<Notice> of(SpineChain chain, LevelNaming naming) {
    List<Notice> notices = new ArrayList<>();
    if (!naming.anchored()) {
      notices.add(
          new Notice(
              "LEVELS_WITHOUT_ANCHOR",
              "neither the sacrum nor the twelfth thoracic vertebra with its ribs was recognised; the"
                  + " levels are in order without gaps, but all may be shifted by one"));
    }
    for (LevelNaming.Doubt doubt : naming.doubts()) {
      notices.add(of(doubt));
    }
    if (chain.rival()) {
      notices.add(
          new Notice(
              "SECOND_SPINE",
              "a second row of vertebra-like structures was seen beside the one that was used"));
    }
    return notices;
  }

  static Notice of(LevelNaming.Doubt doubt) {
    return switch (doubt) {
      case AMBIGUOUS ->
          new Notice("LEVELS_AMBIGUOUS", "another assignment of levels is nearly as likely");
      case SACRUM_MISMATCH ->
          new Notice(
              "LEVEL_CONFLICT",
              "a sacrum lies directly below a vertebra that is not named L5; the levels are"
                  + " doubtful");
      case FOUR_LUMBAR ->
          new Notice(
              "TRANSITIONAL_VERTEBRA",
              "the spine looks as if it had four lumbar vertebrae; the levels are doubtful");
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
