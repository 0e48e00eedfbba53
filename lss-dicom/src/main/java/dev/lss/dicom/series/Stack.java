package dev.lss.dicom.series;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Slices that make one image, or were meant to. Immutable.
 *
 * @param label what tells it from other stacks of its series, empty when nothing has to
 * @param slices in order; at least one
 * @param placement where a volume lies; null for pictures and where there is a problem
 * @param view the part of the picture that is shown; null for a volume
 * @param notices what is doubtful
 * @param problem why it cannot be read; null when it can
 */
public record Stack(
    String label,
    List<Slice> slices,
    @Nullable Placement placement,
    @Nullable PlaneView view,
    List<Notice> notices,
    @Nullable InvalidStudyException problem) {

  /** Copies the lists. */
  public Stack {
    slices = List.copyOf(slices);
    notices = List.copyOf(notices);
  }

  static Stack broken(List<Slice> slices, InvalidStudyException problem) {
    return new Stack("", slices, null, null, List.of(), problem);
  }

  /** Returns the first slice. */
  public Slice first() {
    return slices.get(0);
  }

  /** Returns why it cannot be read; empty when it can. */
  public Optional<InvalidStudyException> trouble() {
    return Optional.ofNullable(problem);
  }

  /** Returns what messages call a series that begins with a slice: no name and no description. */
  public static String subject(Slice first) {
    String number = first.text(dev.lss.dicom.data.Tag.SERIES_NUMBER);
    String shown = number.matches("\\d{1,6}") ? " " + number : "";
    String modality = first.modality().matches("[A-Z]{2,6}") ? first.modality() + " " : "";
    return "%sseries%s beginning with %s".formatted(modality, shown, first.file().name());
  }
}
