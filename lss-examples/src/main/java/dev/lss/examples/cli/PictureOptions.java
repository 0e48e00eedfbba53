package dev.lss.examples.cli;

import dev.lss.api.image.PictureView;
import dev.lss.api.image.PictureView.Direction;
import dev.lss.core.raster.PixelSize;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * What a picture does not say itself: its scale, {@code --spacing S} or {@code --spacing X,Y} in mm
 * per pixel, and, for tasks of the patient's own space, how it lies there.
 */
final class PictureOptions {

  private static final String HOW =
      "give --spacing S (mm per pixel) and either --view axial --left-is left|right or --view"
          + " sagittal --left-is anterior|posterior [--head up|down]";

  /** The plane of a picture. */
  enum View {
    AXIAL,
    SAGITTAL
  }

  /** What lies at the left edge of a picture. */
  enum Edge {
    LEFT(Direction.LEFT),
    RIGHT(Direction.RIGHT),
    ANTERIOR(Direction.ANTERIOR),
    POSTERIOR(Direction.POSTERIOR);

    private final Direction direction;

    Edge(Direction direction) {
      this.direction = direction;
    }
  }

  /** Where the head lies in a sagittal picture. */
  enum Head {
    UP,
    DOWN
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--spacing",
      paramLabel = "S|X,Y",
      converter = Converter.class,
      description =
          "Pictures only: mm per pixel, across and down if they differ. Without it lengths are in"
              + " pixels.")
  private @Nullable PixelSize pixelSize;

  @Option(
      names = "--view",
      paramLabel = "PLANE",
      description =
          "Pictures of MR tasks: axial (its top to the front) or sagittal; needs --spacing and"
              + " --left-is.")
  private @Nullable View view;

  @Option(
      names = "--left-is",
      paramLabel = "SIDE",
      description =
          "What lies at the picture's left edge: the patient's left or right (axial; right is"
              + " what radiologists are used to), anterior or posterior (sagittal).")
  private @Nullable Edge leftIs;

  @Option(
      names = "--head",
      paramLabel = "up|down",
      description = "Where the head lies in a sagittal picture. Default: up.")
  private @Nullable Head head;

  /** Returns the scale; empty when none was given. */
  Optional<PixelSize> pixelSize() {
    return Optional.ofNullable(pixelSize);
  }

  /**
   * Returns how a picture lies in the patient; empty when it was not said.
   *
   * @throws ParameterException when it was said in part
   */
  Optional<PictureView> view() {
    if (view == null && leftIs == null && head == null) {
      return Optional.empty();
    }
    boolean axial = view == View.AXIAL;
    boolean sideways = leftIs == Edge.LEFT || leftIs == Edge.RIGHT;
    if (view == null || leftIs == null || axial != sideways || (axial && head != null)) {
      throw new ParameterException(spec.commandLine(), "how the picture lies is not clear: " + HOW);
    }
    return Optional.of(
        axial
            ? PictureView.axial(leftIs.direction)
            : PictureView.sagittal(leftIs.direction, head != Head.DOWN));
  }

  /** Refuses the options for images that bring what they say, and their absence where needed. */
  void check(List<SeriesFile> files) {
    if (pixelSize != null && files.stream().noneMatch(SeriesFile::isAnyPicture)) {
      throw new ParameterException(
          spec.commandLine(), "--spacing is for pictures; a NIfTI image has its own spacing");
    }
    Optional<SeriesFile> placed = files.stream().filter(SeriesFile::isPlacedPicture).findFirst();
    Optional<PictureView> said = view();
    if (placed.isPresent() && (said.isEmpty() || pixelSize == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "nothing in %s says how it lies in the patient: %s".formatted(placed.get().path(), HOW));
    }
    if (placed.isEmpty() && said.isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "--view, --left-is and --head are for pictures of tasks that look at patients, such as"
              + " mr-muscle");
    }
  }

  /** Reads one or two positive numbers. */
  static final class Converter implements ITypeConverter<PixelSize> {
    @Override
    public PixelSize convert(String text) {
      String[] parts = text.split(",", -1);
      try {
        double columnMm = Double.parseDouble(parts[0]);
        double rowMm = parts.length == 1 ? columnMm : Double.parseDouble(parts[1]);
        if (parts.length <= 2) {
          return new PixelSize(columnMm, rowMm);
        }
      } catch (IllegalArgumentException e) {
        throw refusal(text);
      }
      throw refusal(text);
    }

    private static TypeConversionException refusal(String text) {
      return new TypeConversionException(
          "wanted mm per pixel as S or X,Y, positive, was \"%s\"".formatted(text));
    }
  }
}
