package dev.lss.core.raster;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.SourceRef;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import dev.lss.core.io.DataFiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The frames of an ultrasound clip: the pages of one file, or the pictures of one folder in the
 * order of their names, where numbers count as numbers ({@code f2.png} before {@code f10.png}).
 * Frames are decoded when they are asked for; the first one says how many of 16 bits are used, and
 * one of another size comes with a notice. A file with one page is a clip of one frame. Not
 * thread-safe; close it.
 */
public final class RasterClip implements Closeable {

  private static final Pattern ENDING = Pattern.compile(".*\\.(png|jpe?g|tiff?)");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|[^0-9]+");

  private final List<Path> files;
  private final Optional<RasterFile> pages;
  private final Optional<SourceRef> source;
  private final Optional<PixelSize> pixelSize;
  private Optional<First> first = Optional.empty();

  private RasterClip(
      List<Path> files,
      Optional<RasterFile> pages,
      Optional<SourceRef> source,
      Optional<PixelSize> pixelSize) {
    this.files = files;
    this.pages = pages;
    this.source = source;
    this.pixelSize = pixelSize;
  }

  /**
   * Opens a file or a folder; its first frame is decoded, so that what is no picture is refused
   * here.
   *
   * @param path a PNG, JPEG or TIFF file, or a folder of such files
   * @param pixelSize the scale; empty when it is not known
   * @throws InvalidStudyException {@code NOT_A_PICTURE}, {@code NO_PICTURES}, {@code CORRUPT},
   *     {@code TRUNCATED}, {@code TOO_MANY_PIXELS}, {@code TOO_LARGE_A_FILE}, {@code
   *     UNSUPPORTED_PIXELS}
   * @throws dev.lss.api.ResourceException when a frame does not fit into the heap
   * @throws IOException when a file is missing or may not be read
   */
  public static RasterClip open(Path path, Optional<PixelSize> pixelSize) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(RasterFault.nameOf(path));
    }
    if (Files.isDirectory(path)) {
      return new RasterClip(pictures(path), Optional.empty(), Optional.empty(), pixelSize);
    }
    RasterFile file = RasterFile.open(path);
    try {
      return new RasterClip(
          List.of(path), Optional.of(file), Optional.of(file.source()), pixelSize);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static List<Path> pictures(Path folder) throws IOException {
    List<Path> pictures =
        DataFiles.list(folder).stream()
            .filter(
                file -> ENDING.matcher(RasterFault.nameOf(file).toLowerCase(Locale.ROOT)).matches())
            .sorted(Comparator.comparing(RasterFault::nameOf, RasterClip::compareNames))
            .toList();
    if (pictures.isEmpty()) {
      throw RasterFault.of("NO_PICTURES", folder, "the folder holds no PNG, JPEG or TIFF file");
    }
    return pictures;
  }

  static int compareNames(String a, String b) {
    Matcher left = NUMBER.matcher(a);
    Matcher right = NUMBER.matcher(b);
    while (left.find() && right.find()) {
      boolean numbers = isNumber(left.group()) && isNumber(right.group());
      int order =
          numbers
              ? new BigInteger(left.group()).compareTo(new BigInteger(right.group()))
              : left.group().compareTo(right.group());
      if (order != 0) {
        return order;
      }
    }
    return a.compareTo(b);
  }

  private static boolean isNumber(String text) {
    return text.charAt(0) >= '0' && text.charAt(0) <= '9';
  }

  /** Returns the number of frames, at least 1. */
  public int size() {
    return pages.isPresent() ? pages.get().pages() : files.size();
  }

  /** Returns whether this is one picture: a file of one page. */
  public boolean isSingle() {
    return pages.isPresent() && pages.get().pages() == 1;
  }

  /**
   * Decodes one frame.
   *
   * @param index which one, from 0
   * @throws InvalidStudyException as {@link #open}; {@code SEVERAL_PAGES} when a file of a folder
   *     has several
   * @throws UncheckedIOException when a file cannot be read any more
   */
  public RasterImage frame(int index) {
    if (first.isEmpty()) {
      Decoded decoded = decode(0, () -> 0);
      first = Optional.of(new First(decoded.page()));
      if (index == 0) {
        return image(decoded, List.of());
      }
    }
    First reference = first.orElseThrow();
    Decoded decoded = decode(index, reference::usedBits);
    boolean same =
        decoded.page().columns() == reference.columns()
            && decoded.page().rows() == reference.rows();
    return image(decoded, same ? List.of() : List.of(RasterNotices.OTHER_SIZE));
  }

  /** A frame's pixels and the hash of its file. */
  private record Decoded(RasterFile.Page page, SourceRef source) {}

  /** What the other frames are held against. */
  private record First(int columns, int rows, int usedBits) {

    First(RasterFile.Page page) {
      this(page.columns(), page.rows(), page.usedBits());
    }
  }

  private Decoded decode(int index, IntSupplier usualBits) {
    if (pages.isPresent()) {
      return new Decoded(pages.get().page(index, usualBits), source.orElseThrow());
    }
    Path path = files.get(index);
    try (RasterFile file = RasterFile.open(path)) {
      if (file.pages() > 1) {
        throw RasterFault.of(
            "SEVERAL_PAGES", path, "a file in a folder is one frame, has " + file.pages());
      }
      return new Decoded(file.page(0, usualBits), file.source());
    } catch (IOException e) {
      throw new UncheckedIOException(RasterFault.nameOf(path) + " cannot be read", e);
    }
  }

  private RasterImage image(Decoded decoded, List<Notice> more) {
    RasterFile.Page page = decoded.page();
    GridGeometry plane =
        pixelSize.isPresent()
            ? pixelSize.get().plane(page.columns(), page.rows())
            : GridGeometry.uncalibratedPlane(page.columns(), page.rows());
    List<Notice> notices = new ArrayList<>(page.notices());
    notices.addAll(more);
    return new RasterImage(Volume.wrap(plane, page.grey()), decoded.source(), notices);
  }

  @Override
  public void close() throws IOException {
    if (pages.isPresent()) {
      pages.get().close();
    }
  }
}
