package dev.lss.examples.cli;

import dev.lss.api.KnownLevel;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code LEVEL} or {@code LEVEL@x,y,z}, the point in LPS mm. */
final class LevelConverter implements ITypeConverter<KnownLevel> {

  @Override
  public KnownLevel convert(String text) {
    String[] parts = text.split("@", -1);
    try {
      VertebraLevel level = VertebraLevel.valueOf(parts[0]);
      if (parts.length == 1) {
        return KnownLevel.lowest(level);
      }
      String[] point = parts[1].split(",", -1);
      if (parts.length == 2 && point.length == 3) {
        return KnownLevel.at(level, Vector3.of(axis -> Double.parseDouble(point[axis])));
      }
    } catch (IllegalArgumentException e) {
      throw refusal(text);
    }
    throw refusal(text);
  }

  private static TypeConversionException refusal(String text) {
    return new TypeConversionException(
        "wanted a level such as L5, or L5@x,y,z with a point in LPS mm, was \"%s\""
            .formatted(text));
  }
}
