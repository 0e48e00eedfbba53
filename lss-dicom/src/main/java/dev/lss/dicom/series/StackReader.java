package dev.lss.dicom.series;

import dev.lss.api.Notice;
import dev.lss.api.ResourceException;
import dev.lss.api.SourceRef;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import dev.lss.dicom.data.ByteSource;
import dev.lss.dicom.data.DicomFile;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.pixel.Frame;
import dev.lss.dicom.pixel.Frames;
import dev.lss.dicom.pixel.Photometric;
import dev.lss.dicom.pixel.PixelFormat;
import dev.lss.dicom.pixel.Rescale;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the pixels of a stack: decode, drop what is padding, rescale slice by slice. No window is
 * ever applied. Not thread-safe.
 */
public final class StackReader {

  private static final float AIR_HU = -1024;
  private static final int CHUNK = 1 << 16;

  private final Stack stack;
  private final List<Notice> notices = new ArrayList<>();
  private final Map<DicomFile, Frames> opened = new LinkedHashMap<>();
  private long padding;
  private boolean isDifferent;
  private boolean lacksUnits;
  private boolean isInverted;

  /** Creates a reader of a stack without trouble. */
  public StackReader(Stack stack) {
    this.stack = stack;
  }

  /** Returns what was doubtful in the pixels that were read. */
  public List<Notice> notices() {
    return List.copyOf(notices);
  }

  /** Reads a volume. */
  public Volume volume() throws IOException {
    Placement placement = Objects.requireNonNull(stack.placement());
    GridGeometry grid = placement.grid();
    refuseTooLarge(grid);
    int plane = grid.extents().i() * grid.extents().j();
    float[] samples = new float[grid.extents().voxels()];
    for (int k = 0; k < stack.slices().size(); k++) {
      float[] values = values(stack.slices().get(k));
      if (!placement.shifts().isEmpty()) {
        values = moved(values, grid.extents().i(), placement.shifts().get(k));
      }
      System.arraycopy(values, 0, samples, k * plane, plane);
    }
    fillPadding(samples);
    tell();
    return Volume.wrap(grid, samples);
  }

  /** Reads the shown part of a picture, as grey values from 0 to 255. */
  public Volume plane(int index) throws IOException {
    PlaneView view = Objects.requireNonNull(stack.view());
    Slice slice = stack.slices().get(index);
    Frame frame = frames(slice).frame(slice.frame());
    PixelFormat format = slice.format();
    double largest = Math.pow(2, format.bitsStored()) - 1;
    double smallest = format.isSigned() ? -Math.pow(2, format.bitsStored() - 1) : 0;
    float[] samples = new float[view.columns() * view.rows()];
    for (int y = 0; y < view.rows(); y++) {
      for (int x = 0; x < view.columns(); x++) {
        int at = (view.y0() + y) * format.columns() + view.x0() + x;
        float value;
        if (frame.isColored()) {
          value = frame.brightness()[at];
        } else {
          long stored = format.isSigned() ? frame.values()[at] : frame.values()[at] & 0xffffffffL;
          value = (float) ((stored - smallest) * 255 / largest);
        }
        samples[y * view.columns() + x] =
            format.photometric() == Photometric.MONOCHROME1 ? 255 - value : value;
      }
    }
    isDifferent |= frame.isDifferent();
    tell();
    return Volume.wrap(view.grid(), samples);
  }

  private Frames frames(Slice slice) throws IOException {
    Frames known = opened.get(slice.file());
    if (known == null) {
      known = Frames.of(slice.file());
      opened.put(slice.file(), known);
    }
    return known;
  }

  private void refuseTooLarge(GridGeometry grid) {
    long heap = Runtime.getRuntime().maxMemory();
    long needed = 4L * grid.extents().voxels();
    if (2 * needed > heap) {
      throw new ResourceException(
          "TOO_LARGE",
          "%s: %s voxels need twice %s MB, the heap has %s MB"
              .formatted(Stack.subject(stack.first()), grid.extents(), needed >> 20, heap >> 20));
    }
  }

  /** Returns the values of a slice; NaN marks padding. */
  private float[] values(Slice slice) throws IOException {
    Frame frame = frames(slice).frame(slice.frame());
    isDifferent |= frame.isDifferent();
    if (frame.isColored()) {
      return frame.brightness();
    }
    boolean isCt = slice.modality().equals("CT");
    Optional<Rescale> said = slice.rescale();
    lacksUnits |= isCt && said.isEmpty();
    Rescale rescale = said.orElse(Rescale.IDENTITY);
    PixelFormat format = slice.format();
    boolean inverts = format.photometric() == Photometric.MONOCHROME1 && !isCt;
    isInverted |= inverts;
    long sum = format.isSigned() ? -1 : (1L << format.bitsStored()) - 1;
    long[] pad = paddingRange(slice);
    float[] values = new float[frame.values().length];
    for (int n = 0; n < values.length; n++) {
      int number = frame.values()[n];
      long stored = format.isSigned() ? number : number & 0xffffffffL;
      if (stored >= pad[0] && stored <= pad[1]) {
        values[n] = Float.NaN;
        padding++;
      } else {
        values[n] = rescale.apply(inverts ? sum - stored : stored);
      }
    }
    return values;
  }

  /** Returns the smallest and largest stored number that is no image (PS3.3 C.7.5.1.1.2). */
  private static long[] paddingRange(Slice slice) {
    OptionalInt value = slice.file().data().integer(Tag.PIXEL_PADDING_VALUE);
    if (value.isEmpty()) {
      return new long[] {1, 0};
    }
    OptionalInt limit = slice.file().data().integer(Tag.PIXEL_PADDING_RANGE_LIMIT);
    long one = signed(slice, value.getAsInt());
    long other = signed(slice, limit.orElse(value.getAsInt()));
    return new long[] {Math.min(one, other), Math.max(one, other)};
  }

  /** The implicit syntaxes do not say whether the number has a sign; it has that of the pixels. */
  private static long signed(Slice slice, int value) {
    return slice.format().isSigned() ? (short) value : value & 0xffff;
  }

  private void fillPadding(float[] samples) {
    float fill = Float.POSITIVE_INFINITY;
    for (float sample : samples) {
      if (sample < fill) {
        fill = sample;
      }
    }
    if (stack.first().modality().equals("CT")) {
      fill = AIR_HU;
    } else if (fill == Float.POSITIVE_INFINITY) {
      fill = 0;
    }
    for (int n = 0; n < samples.length; n++) {
      if (Float.isNaN(samples[n])) {
        samples[n] = fill;
      }
    }
  }

  /** Moves a slice onto the normal through the first one; NaN where it does not reach. */
  private static float[] moved(float[] values, int columns, double[] shift) {
    int rows = values.length / columns;
    float[] moved = new float[values.length];
    for (int j = 0; j < rows; j++) {
      for (int i = 0; i < columns; i++) {
        double x = i - shift[0];
        double y = j - shift[1];
        int x0 = (int) Math.floor(x);
        int y0 = (int) Math.floor(y);
        double fx = x - x0;
        double fy = y - y0;
        int x1 = fx < 1e-9 ? x0 : x0 + 1;
        int y1 = fy < 1e-9 ? y0 : y0 + 1;
        if (x0 < 0 || y0 < 0 || x1 >= columns || y1 >= rows) {
          moved[j * columns + i] = Float.NaN;
          continue;
        }
        double upper = values[y0 * columns + x0] * (1 - fx) + values[y0 * columns + x1] * fx;
        double lower = values[y1 * columns + x0] * (1 - fx) + values[y1 * columns + x1] * fx;
        moved[j * columns + i] = (float) (upper * (1 - fy) + lower * fy);
      }
    }
    return moved;
  }

  private void tell() {
    notices.clear();
    String subject = Stack.subject(stack.first());
    if (padding > 0) {
      notices.add(
          new Notice(
              "PADDING_REPLACED",
              "%s: %s voxels are padding; they became %s"
                  .formatted(
                      subject,
                      padding,
                      stack.first().modality().equals("CT") ? "-1024 HU" : "the smallest value")));
    }
    if (isDifferent) {
      notices.add(
          new Notice(
              "CODESTREAM_DIFFERS",
              subject + ": codestream and attributes differ in precision or sign"));
    }
    if (lacksUnits) {
      notices.add(new Notice("RESCALE_MISSING", subject + ": nothing says that its values are HU"));
    }
    if (isInverted) {
      notices.add(
          new Notice("INVERTED", subject + ": its smallest value is white; values were inverted"));
    }
  }

  /** Returns the SHA-256 of all files, one after the other in the order of the slices. */
  public SourceRef source() throws IOException {
    return hash(stack.slices().stream().map(s -> s.file().source()).distinct().toList());
  }

  /** Returns the SHA-256 of files, one after the other. */
  public static SourceRef hash(List<ByteSource> files) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    byte[] chunk = new byte[CHUNK];
    for (ByteSource source : files) {
      try (ByteSource.Opened in = source.open()) {
        for (long at = 0; at < in.length(); at += chunk.length) {
          int count = (int) Math.min(chunk.length, in.length() - at);
          in.read(at, chunk, 0, count);
          digest.update(chunk, 0, count);
        }
      }
    }
    return new SourceRef(HexFormat.of().formatHex(digest.digest()));
  }
}
