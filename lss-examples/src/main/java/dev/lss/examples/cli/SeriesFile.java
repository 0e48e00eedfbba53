package dev.lss.examples.cli;

import dev.lss.api.SeriesRole;
import dev.lss.core.task.SeriesNeed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * One input with the role that it has in the study. Immutable.
 *
 * @param role what it shows
 * @param form what kind of file it is
 * @param anyRole whether nobody said the role and the task takes one of several: DICOM may then say
 *     a better one, and hold several series
 * @param path the file, or the folder of a clip
 */
record SeriesFile(SeriesRole role, Form form, boolean anyRole, Path path) {

  /** What kind of file an input is. */
  enum Form {
    /** A volume file or DICOM. */
    VOLUME,
    /** A picture or a clip without a place in the patient. */
    PICTURE,
    /** A picture that is one slice in the patient. */
    PLACED_PICTURE
  }

  /** Short names of roles, in lower case. */
  private static final Map<String, SeriesRole> ALIASES =
      Map.of(
          "water", SeriesRole.DIXON_WATER,
          "fat", SeriesRole.DIXON_FAT,
          "in", SeriesRole.IN_PHASE,
          "opp", SeriesRole.OPPOSED_PHASE,
          "ff", SeriesRole.FAT_FRACTION);

  /** Returns whether it is a picture or a clip without a place in the patient. */
  boolean isPicture() {
    return form == Form.PICTURE;
  }

  /** Returns whether it is a picture that is one slice in the patient. */
  boolean isPlacedPicture() {
    return form == Form.PLACED_PICTURE;
  }

  /** Returns whether it is a picture or a clip, and neither a volume file nor DICOM. */
  boolean isAnyPicture() {
    return form != Form.VOLUME;
  }

  /**
   * Returns the inputs in the order in which they were given: those with a role in front have that
   * one, the others the roles that are left, in the order of the needs. Several may have one role;
   * which of them is looked at is for the task. Of a task that takes one of several, one input may
   * come without a role.
   *
   * @param inputs what was given
   * @param needs what the task takes
   * @param reference a role that may be given though the task does not take it
   * @param task the task's id, for messages
   * @throws ParameterException when an input is left over, one that is needed is missing, a role is
   *     not known or none has that of the reference
   */
  static List<SeriesFile> assign(
      List<InputFile> inputs,
      List<SeriesNeed> needs,
      Optional<SeriesRole> reference,
      String task,
      CommandLine line) {
    List<SeriesNeed> open = new ArrayList<>(needs);
    for (InputFile input : inputs) {
      input.role().ifPresent(key -> open.removeIf(need -> need.role().equals(role(key, needs))));
    }
    List<SeriesFile> files = new ArrayList<>();
    for (InputFile input : inputs) {
      if (input.role().isPresent()) {
        SeriesRole role = role(input.role().get(), needs);
        files.add(named(input, role, needs, reference, task, line));
      } else if (open.isEmpty()) {
        throw new ParameterException(line, takes(task, needs) + ", was given " + inputs.size());
      } else {
        SeriesNeed need = next(open);
        open.removeIf(other -> other.equals(need) || (need.alternative() && other.alternative()));
        files.add(of(need.role(), Optional.of(need.kind()), need.alternative(), input.path()));
      }
    }
    for (SeriesNeed need : open) {
      if (!need.optional()) {
        throw new ParameterException(
            line, "%s; %s is missing".formatted(takes(task, needs), need.role()));
      }
    }
    if (reference.isPresent()
        && files.stream()
            .noneMatch(file -> file.anyRole() || file.role().equals(reference.get()))) {
      throw new ParameterException(
          line, "--reference %s: no input has that role".formatted(reference.get()));
    }
    return files;
  }

  /** The role of the next input without one; of alternatives the one that says least. */
  private static SeriesNeed next(List<SeriesNeed> open) {
    SeriesNeed first = open.get(0);
    return first.alternative()
        ? open.stream().filter(need -> need.role().equals(SeriesRole.MR)).findFirst().orElse(first)
        : first;
  }

  /**
   * Returns the role that a key names: the task's of exactly that key, else one whatever the case
   * of the letters, else one by its short name, such as {@code water}; else the key itself.
   */
  static SeriesRole role(String key, List<SeriesNeed> needs) {
    SeriesRole exact = new SeriesRole(key);
    Optional<SeriesRole> alias = Optional.ofNullable(ALIASES.get(key.toLowerCase(Locale.ROOT)));
    List<SeriesRole> roles = needs.stream().map(SeriesNeed::role).toList();
    return Stream.of(
            roles.stream().filter(exact::equals),
            roles.stream().filter(role -> role.key().equalsIgnoreCase(key)),
            roles.stream().filter(role -> alias.equals(Optional.of(role))))
        .flatMap(found -> found)
        .findFirst()
        .orElse(exact);
  }

  private static SeriesFile named(
      InputFile input,
      SeriesRole role,
      List<SeriesNeed> needs,
      Optional<SeriesRole> reference,
      String task,
      CommandLine line) {
    Optional<SeriesNeed> need = needs.stream().filter(n -> n.role().equals(role)).findFirst();
    if (need.isEmpty() && !reference.equals(Optional.of(role))) {
      throw new ParameterException(
          line, "%s, was given the role %s".formatted(takes(task, needs), role));
    }
    return of(role, need.map(SeriesNeed::kind), false, input.path());
  }

  private static SeriesFile of(
      SeriesRole role, Optional<SeriesNeed.Kind> kind, boolean anyRole, Path path) {
    if (DicomInput.isOne(path)) {
      return new SeriesFile(role, Form.VOLUME, anyRole, path);
    }
    Form form =
        switch (kind.orElse(SeriesNeed.Kind.VOLUME)) {
          case PICTURE -> Form.PICTURE;
          case VOLUME -> Form.VOLUME;
          case VOLUME_OR_PLACED_PICTURE ->
              PictureFile.isOne(path) ? Form.PLACED_PICTURE : Form.VOLUME;
          case ANY ->
              Files.isDirectory(path) || PictureFile.isOne(path) ? Form.PICTURE : Form.VOLUME;
        };
    return new SeriesFile(role, form, anyRole, path);
  }

  private static String takes(String task, List<SeriesNeed> needs) {
    List<String> roles =
        needs.stream().filter(need -> !need.alternative()).map(SeriesFile::words).toList();
    List<String> oneOf =
        needs.stream().filter(SeriesNeed::alternative).map(need -> need.role().key()).toList();
    if (!oneOf.isEmpty()) {
      return "the task %s takes at least one of the images %s%s"
          .formatted(
              task,
              String.join(", ", oneOf),
              roles.isEmpty() ? "" : " and " + String.join(", ", roles));
    }
    return roles.size() == 1
        ? "the task %s takes one image, %s".formatted(task, roles.get(0))
        : "the task %s takes the images %s".formatted(task, String.join(", ", roles));
  }

  private static String words(SeriesNeed need) {
    return need.optional() ? need.role() + " (optional)" : need.role().toString();
  }
}
