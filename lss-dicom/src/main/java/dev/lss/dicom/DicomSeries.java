package dev.lss.dicom;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import dev.lss.dicom.series.Roles;
import dev.lss.dicom.series.Stack;
import dev.lss.dicom.series.StackReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A DICOM series, or the part of one that makes one volume, one picture or one clip. Its pixels are
 * read when they are asked for. Immutable.
 */
public final class DicomSeries {

  /** What the pictures of a series are together. */
  public enum Kind {
    /** Parallel slices at equal distances, placed in the patient. */
    VOLUME,
    /** One picture without a place in the patient. */
    PICTURE,
    /** Pictures one after the other in time. */
    CLIP
  }

  /**
   * A series with its voxels.
   *
   * @param series the image, with its role, a name where there are several parts, and the SHA-256
   *     of its files in the order of the slices
   * @param notices what is doubtful about it
   */
  public record Image(Series series, List<Notice> notices) {

    /** Copies the list. */
    public Image {
      Objects.requireNonNull(series, "series");
      notices = List.copyOf(notices);
    }
  }

  private final Stack stack;

  DicomSeries(Stack stack) {
    this.stack = stack;
  }

  /** Returns the slices, for what is made of the series. */
  Stack stack() {
    return stack;
  }

  /** Returns the modality, such as CT, MR or US; empty when the file does not say it. */
  public String modality() {
    return stack.first().modality();
  }

  /** Returns the number of the series at the scanner. */
  public OptionalInt number() {
    return Roles.seriesNumber(stack.first());
  }

  /** Returns what the pictures are together. */
  public Kind kind() {
    if (stack.view() == null) {
      return Kind.VOLUME;
    }
    return stack.slices().size() == 1 ? Kind.PICTURE : Kind.CLIP;
  }

  /**
   * Returns what the series shows: CT and ultrasound by their modality, parts of a Dixon
   * acquisition by the type of the image, T1, T2 and STIR by the description or the times of the
   * sequence. Empty when nothing of it is sure; then say the role at {@link #read(SeriesRole)}.
   */
  public Optional<SeriesRole> role() {
    return Roles.of(stack.first());
  }

  /** Returns what tells it from other parts of its series, such as {@code echo 2}; often empty. */
  public String part() {
    return stack.label();
  }

  /** Returns how many slices, or pictures of a clip, there are; at least 1. */
  public int pictures() {
    return stack.slices().size();
  }

  /** Returns why the series cannot be read; empty when it can, as far as was looked. */
  public Optional<InvalidStudyException> problem() {
    return stack.trouble();
  }

  /** Returns what is doubtful about place and number of the slices. */
  public List<Notice> notices() {
    return stack.notices();
  }

  /**
   * Returns where the voxels lie.
   *
   * @throws InvalidStudyException the {@link #problem()}
   */
  public GridGeometry geometry() {
    problem()
        .ifPresent(
            e -> {
              throw e;
            });
    return stack.view() == null
        ? Objects.requireNonNull(stack.placement()).grid()
        : stack.view().grid();
  }

  /**
   * Reads the voxels: values of the scanner after rescaling, HU of a CT; of ultrasound grey values
   * from 0 to 255.
   *
   * @throws InvalidStudyException when it has a problem, is a clip, or {@code UNKNOWN_ROLE} when
   *     nothing says what it shows
   * @throws IOException when a file cannot be read any more
   */
  public Image read() throws IOException {
    return read(
        role()
            .orElseThrow(
                () ->
                    new InvalidStudyException(
                        "UNKNOWN_ROLE",
                        Stack.subject(stack.first()) + ": nothing says what it shows; name it")));
  }

  /** Reads the voxels as {@link #read()}, as a series of a role that the caller knows. */
  public Image read(SeriesRole role) throws IOException {
    geometry();
    if (kind() == Kind.CLIP) {
      throw new InvalidStudyException(
          "SEVERAL_PAGES",
          "%s: it is a clip of %s pictures; ask for one"
              .formatted(Stack.subject(stack.first()), pictures()));
    }
    return image(role, 0);
  }

  /**
   * Reads one picture of a clip.
   *
   * @param index which one, from 0
   * @throws IndexOutOfBoundsException when there is no such picture
   */
  public Image readPicture(SeriesRole role, int index) throws IOException {
    geometry();
    Objects.checkIndex(index, kind() == Kind.VOLUME ? 0 : pictures());
    return image(role, index);
  }

  private Image image(SeriesRole role, int index) throws IOException {
    StackReader reader = new StackReader(stack);
    Volume volume = kind() == Kind.VOLUME ? reader.volume() : reader.plane(index);
    Series series = Series.of(role, volume).withSource(reader.source());
    List<Notice> all = new ArrayList<>(stack.notices());
    all.addAll(reader.notices());
    return new Image(part().isEmpty() ? series : series.withName(part()), all);
  }

  /** Returns modality, number, role, part and grid, for people; names no patient. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(modality().isEmpty() ? "image" : modality());
    number().ifPresent(n -> text.append(", series ").append(n));
    role().ifPresent(r -> text.append(", ").append(r));
    if (!part().isEmpty()) {
      text.append(", ").append(part());
    }
    text.append(
        switch (kind()) {
          case VOLUME -> ", %s slice(s)".formatted(pictures());
          case PICTURE -> ", picture";
          case CLIP -> ", clip of %s pictures".formatted(pictures());
        });
    return text.toString();
  }
}
