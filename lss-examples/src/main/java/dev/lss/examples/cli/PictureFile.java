package dev.lss.examples.cli;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.io.FileKind;
import dev.lss.core.raster.PixelSize;
import dev.lss.core.raster.RasterClip;
import dev.lss.core.raster.RasterImage;
import dev.lss.core.raster.Rasters;
import dev.lss.core.volume.VolumeLabels;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Pictures and clips on the command line; every failure is one of the input. */
final class PictureFile {

  private static final Set<FileKind> KINDS = Set.of(FileKind.PNG, FileKind.JPEG, FileKind.TIFF);

  private PictureFile() {}

  /** Opens a picture or a clip. */
  static RasterClip open(Path path, Optional<PixelSize> pixelSize) {
    if (!Files.exists(path)) {
      throw new InvalidStudyException("NO_SUCH_FILE", "there is no file or folder " + path);
    }
    try {
      return RasterClip.open(path, pixelSize);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  static InvalidStudyException unreadable(Path path, IOException e) {
    return new InvalidStudyException(
        "UNREADABLE", "%s cannot be read: %s".formatted(path, e.getMessage()), e);
  }

  /** Returns whether a file is a picture, by its first bytes. */
  static boolean isOne(Path file) {
    try {
      return Files.isRegularFile(file) && KINDS.contains(FileKind.of(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Reads a mask: 1 where the picture is not black. */
  static LabelVolume readMask(Path file) {
    try (RasterClip picture = open(file, Optional.empty())) {
      if (!picture.isSingle()) {
        throw new InvalidStudyException(
            "SEVERAL_PAGES", "a label picture has one page, %s has more".formatted(file));
      }
      return marked(picture.frame(0).plane());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Reads a label picture, whose grey values are the labels, onto the grid of the slice that it was
   * made for.
   *
   * @throws InvalidStudyException {@code GRID_MISMATCH} when it has another size
   */
  static VolumeLabels readLabels(Path file, GridGeometry slice) {
    try (RasterClip clip = open(file, Optional.empty())) {
      if (!clip.isSingle()) {
        throw new InvalidStudyException(
            "SEVERAL_PAGES", "a label picture has one page, %s has more".formatted(file));
      }
      LabelVolume labels = Rasters.readLabels(file, Optional.empty());
      if (!labels.extents().equals(slice.extents())) {
        throw new InvalidStudyException(
            "GRID_MISMATCH",
            "a label picture has the size of its image: the image has %s, the labels have %s"
                .formatted(slice.extents(), labels.extents()));
      }
      return new VolumeLabels(
          LabelVolume.wrap(slice, VoxelArrays.labels(labels)),
          Optional.empty(),
          clip.frame(0).source(),
          List.of());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Returns 1 where a picture is not black, on the grid of the picture that it was made for when
   * both have one size: pixels decide, and the scale in the file of a mask says nothing.
   */
  static LabelVolume markedOnto(GridGeometry grid, Volume mask) {
    LabelVolume marked = marked(mask);
    return marked.extents().equals(grid.extents())
        ? LabelVolume.wrap(grid, VoxelArrays.labels(marked))
        : marked;
  }

  /** Returns 1 where a picture is not black. */
  static LabelVolume marked(Volume picture) {
    float[] grey = VoxelArrays.samples(picture);
    short[] labels = new short[grey.length];
    for (int n = 0; n < labels.length; n++) {
      labels[n] = (short) (grey[n] > 0 ? 1 : 0);
    }
    return LabelVolume.wrap(picture.geometry(), labels);
  }

  /** Returns a picture as a series. */
  static Series series(SeriesRole role, RasterImage picture) {
    return Series.of(role, picture.plane()).withSource(picture.source());
  }
}
