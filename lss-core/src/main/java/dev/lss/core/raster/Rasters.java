package dev.lss.core.raster;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Extents;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.io.AtomicFiles;
import dev.lss.spi.VoxelArrays;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads single pictures and label pictures, and writes labels. Thread-safe, no state. */
public final class Rasters {

  private static final int LARGEST_LABEL = 255;

  private Rasters() {}

  /**
   * Reads a picture of one page.
   *
   * @param file PNG, JPEG or TIFF
   * @param pixelSize the scale; empty when it is not known
   * @throws InvalidStudyException as {@link RasterClip#open}; {@code SEVERAL_PAGES}
   * @throws dev.lss.api.ResourceException when it does not fit into the heap
   * @throws IOException when the file is missing or may not be read
   */
  public static RasterImage read(Path file, Optional<PixelSize> pixelSize) throws IOException {
    if (Files.isDirectory(file)) {
      throw RasterFault.of("NOT_A_PICTURE", file, "a folder, not a picture");
    }
    try (RasterClip clip = RasterClip.open(file, pixelSize)) {
      if (!clip.isSingle()) {
        throw RasterFault.of(
            "SEVERAL_PAGES", file, "one picture is wanted, the file has " + clip.size());
      }
      return clip.frame(0);
    }
  }

  /**
   * Reads a label picture: the grey values are the labels, so 255 of a mask is label 255.
   *
   * @throws InvalidStudyException as {@link #read}; {@code NOT_LABELS} when a colour is no integer
   */
  public static LabelVolume readLabels(Path file, Optional<PixelSize> pixelSize)
      throws IOException {
    return labels(file, read(file, pixelSize));
  }

  /** Returns a picture's grey values as labels. */
  static LabelVolume labels(Path file, RasterImage picture) {
    float[] grey = VoxelArrays.samples(picture.plane());
    short[] labels = new short[grey.length];
    for (int n = 0; n < labels.length; n++) {
      labels[n] = (short) grey[n];
      if (labels[n] != grey[n]) {
        throw RasterFault.of("NOT_LABELS", file, "labels are whole grey values, found " + grey[n]);
      }
    }
    return LabelVolume.wrap(picture.plane().geometry(), labels);
  }

  /**
   * Writes labels as an 8-bit grey PNG of the same size, whole or not at all; the folder must
   * exist.
   *
   * @throws IllegalArgumentException when there is more than one plane or a label above 255
   */
  public static void writeLabels(Path file, LabelVolume labels) throws IOException {
    byte[] png = png(labels);
    AtomicFiles.write(file, out -> out.write(png));
  }

  private static byte[] png(LabelVolume labels) {
    Extents extents = labels.extents();
    if (extents.k() != 1) {
      throw new IllegalArgumentException("a picture has one plane, had " + extents);
    }
    BufferedImage picture =
        new BufferedImage(extents.i(), extents.j(), BufferedImage.TYPE_BYTE_GRAY);
    byte[] pixels = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
    for (int n = 0; n < pixels.length; n++) {
      int label = Short.toUnsignedInt(VoxelArrays.labels(labels)[n]);
      if (label > LARGEST_LABEL) {
        throw new IllegalArgumentException("labels of a picture are at most 255, found " + label);
      }
      pixels[n] = (byte) label;
    }
    return Png.bytes(picture);
  }
}
