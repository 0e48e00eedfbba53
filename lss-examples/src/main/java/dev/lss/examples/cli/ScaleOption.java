package dev.lss.examples.cli;

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

/** The scale of a picture, {@code --spacing S} or {@code --spacing X,Y} in mm per pixel. */
final class ScaleOption {

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

  /** Returns the scale; empty when none was given. */
  Optional<PixelSize> pixelSize() {
    return Optional.ofNullable(pixelSize);
  }

  /** Refuses the option for images that all bring their own scale. */
  void requirePictures(List<SeriesFile> files) {
    if (pixelSize != null && files.stream().noneMatch(SeriesFile::isPicture)) {
      throw new ParameterException(
          spec.commandLine(), "--spacing is for pictures; a NIfTI image has its own spacing");
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
