package dev.lss.core.ct;

import dev.lss.api.Notice;
import dev.lss.api.VertebraMeasurement;
import java.util.ArrayList;
import java.util.List;

/** Looks at what was segmented and says what is doubtful about it. Changes nothing. */
final class ResultChecks {

  /**
   * Whole lumbar vertebrae of adults measure about 25 to 90 cm³; beyond this something is wrong.
   */
  private static final double SMALLEST_MM3 = 15_000;

  private static final double LARGEST_MM3 = 130_000;

  private ResultChecks() {}

  static List<Notice> of(List<LocatedVertebra> located, List<VertebraMeasurement> found) {
    List<Notice> notices = new ArrayList<>();
    if (found.isEmpty()) {
      notices.add(
          new Notice("NOTHING_FOUND", "no lumbar vertebra was found; all labels are background"));
    }
    for (LocatedVertebra vertebra : located) {
      if (vertebra.level().isLumbar()
          && found.stream().noneMatch(m -> m.level() == vertebra.level())) {
        notices.add(
            new Notice(
                "VERTEBRA_NOT_SEGMENTED",
                vertebra.level() + " was located, but nothing of it could be segmented"));
      }
    }
    for (VertebraMeasurement m : found) {
      if (m.touchesBorder()) {
        notices.add(
            new Notice(
                "PARTIAL_FOV",
                m.level() + " touches the border of the image: part of it may be out of view"));
      } else if (m.volumeMm3() < SMALLEST_MM3 || m.volumeMm3() > LARGEST_MM3) {
        notices.add(
            new Notice(
                "IMPLAUSIBLE_VOLUME",
                m.level()
                    + " measures "
                    + Math.round(m.volumeMm3() / 1000)
                    + " cm³, which is unlikely for a whole lumbar vertebra"));
      }
    }
    for (int n = 1; n < found.size(); n++) {
      if (found.get(n).centroidMm().z() >= found.get(n - 1).centroidMm().z()) {
        notices.add(
            new Notice(
                "LABEL_ORDER",
                "%s does not lie below %s"
                    .formatted(found.get(n).level(), found.get(n - 1).level())));
      }
    }
    return notices;
  }
}
