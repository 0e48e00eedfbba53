package dev.lss.examples.cli;

import dev.lss.api.SeriesRole;
import dev.lss.core.task.SeriesNeed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * One input with the role that it has in the study. Immutable.
 *
 * @param role what it shows
 * @param isPicture whether it is a picture or a clip, and neither a volume file nor DICOM
 * @param path the file, or the folder of a clip
 */
record SeriesFile(SeriesRole role, boolean isPicture, Path path) {

  /**
   * Returns the inputs in the order in which they were given: those with a role in front have that
   * one, the others the roles that are left, in the order of the needs. Several may have one role;
   * which of them is looked at is for the task.
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
      input.role().ifPresent(key -> open.removeIf(need -> need.role().key().equals(key)));
    }
    List<SeriesFile> files = new ArrayList<>();
    for (InputFile input : inputs) {
      if (input.role().isPresent()) {
        files.add(named(input, new SeriesRole(input.role().get()), needs, reference, task, line));
      } else if (open.isEmpty()) {
        throw new ParameterException(line, takes(task, needs) + ", was given " + inputs.size());
      } else {
        SeriesNeed need = open.remove(0);
        files.add(of(need.role(), Optional.of(need.kind()), input.path()));
      }
    }
    for (SeriesNeed need : open) {
      if (!need.optional()) {
        throw new ParameterException(
            line, "%s; %s is missing".formatted(takes(task, needs), need.role()));
      }
    }
    if (reference.isPresent()
        && files.stream().noneMatch(file -> file.role().equals(reference.get()))) {
      throw new ParameterException(
          line, "--reference %s: no input has that role".formatted(reference.get()));
    }
    return files;
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
    return of(role, need.map(SeriesNeed::kind), input.path());
  }

  private static SeriesFile of(SeriesRole role, Optional<SeriesNeed.Kind> kind, Path path) {
    if (DicomInput.isOne(path)) {
      return new SeriesFile(role, false, path);
    }
    boolean picture =
        switch (kind.orElse(SeriesNeed.Kind.VOLUME)) {
          case PICTURE -> true;
          case VOLUME -> false;
          case ANY -> Files.isDirectory(path) || PictureFile.isOne(path);
        };
    return new SeriesFile(role, picture, path);
  }

  private static String takes(String task, List<SeriesNeed> needs) {
    List<String> roles = needs.stream().map(SeriesFile::words).toList();
    return roles.size() == 1
        ? "the task %s takes one image, %s".formatted(task, roles.get(0))
        : "the task %s takes the images %s".formatted(task, String.join(", ", roles));
  }

  private static String words(SeriesNeed need) {
    return need.optional() ? need.role() + " (optional)" : need.role().toString();
  }
}
