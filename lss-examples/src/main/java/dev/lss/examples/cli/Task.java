package dev.lss.examples.cli;

import dev.lss.api.SeriesRole;
import dev.lss.api.anatomy.LabelTable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What can be asked of the command line. */
@SuppressWarnings("ImmutableEnumChecker") // SeriesRole is a record of one string
enum Task {
  /** Whole lumbar vertebrae on CT. */
  CT_VERTEBRAE("ct-vertebrae", SeriesRole.CT),

  /** Layers of fascia in ultrasound pictures and clips. */
  US_FASCIA("us-fascia", SeriesRole.ULTRASOUND);

  private final String id;
  private final SeriesRole role;

  Task(String id, SeriesRole role) {
    this.id = id;
    this.role = role;
  }

  /** Returns the name on the command line, which is also the id of the bundled model. */
  String id() {
    return id;
  }

  /** Returns the series that the task needs. */
  SeriesRole role() {
    return role;
  }

  /** Returns whether the task takes pictures (PNG, JPEG, TIFF) and not NIfTI. */
  boolean takesPictures() {
    return this == US_FASCIA;
  }

  /**
   * Returns the one image that the task takes.
   *
   * @throws ParameterException when there are several, or one in another role
   */
  Path onlyInput(List<InputFile> inputs, CommandLine line) {
    if (inputs.size() != 1) {
      throw new ParameterException(
          line, "the task %s takes one image, %s, was given %d".formatted(id, role, inputs.size()));
    }
    InputFile input = inputs.get(0);
    if (input.role().isPresent() && !input.role().get().equals(role.key())) {
      throw new ParameterException(
          line,
          "the task %s takes the role %s, was given %s".formatted(id, role, input.role().get()));
    }
    return input.path();
  }

  /** Returns what the label values of the task stand for. */
  LabelTable labels() {
    return this == US_FASCIA ? LabelTable.fascia() : LabelTable.lumbarVertebrae();
  }

  /** Returns the task of this id if it is one that takes pictures. */
  static Optional<Task> ofPictures(String id) {
    return Arrays.stream(values())
        .filter(task -> task.id.equals(id) && task.takesPictures())
        .findFirst();
  }

  /** Reads a task by its id. */
  static final class Converter implements ITypeConverter<Task> {
    @Override
    public Task convert(String id) {
      return Arrays.stream(values())
          .filter(task -> task.id.equals(id))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "there is no task \"%s\"; the tasks are: %s"
                          .formatted(
                              id,
                              String.join(", ", Arrays.stream(values()).map(Task::id).toList()))));
    }
  }
}
