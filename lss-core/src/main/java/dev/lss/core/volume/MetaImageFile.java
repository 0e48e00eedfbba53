package dev.lss.core.volume;

import dev.lss.api.Notice;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.core.voxel.VoxelFault;
import dev.lss.core.voxel.VoxelGrid;
import dev.lss.core.voxel.VoxelInput;
import dev.lss.core.voxel.VoxelLayout;
import dev.lss.core.voxel.VoxelType;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads MetaImage (https://itk.org/Wiki/MetaIO/Documentation): one scalar volume, raw or zlib, in
 * one file (.mha) or with its voxels in a second one beside it (.mhd). As in ITK, {@code
 * TransformMatrix} holds the direction of one axis after the other in LPS, {@code Offset} is the
 * centre of the first voxel, {@code AnatomicalOrientation} is a comment, and a negative spacing
 * reverses its axis. A file without a matrix does not say where left is, and is refused.
 */
final class MetaImageFile {

  private static final int LARGEST_HEADER = 1 << 20;
  private static final double SPACING_TOLERANCE = 1e-3;
  private static final String[] MATRIX = {"TransformMatrix", "Rotation", "Orientation"};
  private static final String[] ORIGIN = {"Offset", "Position", "Origin"};
  private static final String[] SPACING = {"ElementSpacing", "ElementSize"};
  private static final String[] BIG_ENDIAN = {"BinaryDataByteOrderMSB", "ElementByteOrderMSB"};
  private static final String DATA = "ElementDataFile";

  private static final Map<String, VoxelType> TYPES =
      Map.ofEntries(
          Map.entry("met_char", VoxelType.INT8),
          Map.entry("met_uchar", VoxelType.UINT8),
          Map.entry("met_short", VoxelType.INT16),
          Map.entry("met_ushort", VoxelType.UINT16),
          Map.entry("met_int", VoxelType.INT32),
          Map.entry("met_uint", VoxelType.UINT32),
          Map.entry("met_long", VoxelType.INT32),
          Map.entry("met_ulong", VoxelType.UINT32),
          Map.entry("met_long_long", VoxelType.INT64),
          Map.entry("met_ulong_long", VoxelType.UINT64),
          Map.entry("met_float", VoxelType.FLOAT32),
          Map.entry("met_double", VoxelType.FLOAT64));

  private MetaImageFile() {}

  static StoredVolume read(Path path, VoxelInput in) throws IOException {
    TextHeader header = header(in);
    requireOne(header, "image", "ObjectType");
    requireOne(header, "1", "ElementNumberOfChannels");
    requireOne(header, "true", "BinaryData");
    if (header.integers(1, "NDims")[0] != 3) {
      throw header.wrong(
          "BAD_DIMENSION", "a volume has 3 axes; choose one time point, or convert", "NDims");
    }
    long[] sizes = header.integers(3, "DimSize");
    Extents extents = VoxelLayout.extents(in.file(), sizes[0], sizes[1], sizes[2]);
    VoxelLayout layout =
        new VoxelLayout(
            extents,
            header.oneOf(TYPES, "UNSUPPORTED_TYPE", "ElementType"),
            flag(header, BIG_ENDIAN) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
            1,
            0);
    List<Notice> notices = new ArrayList<>();
    GridGeometry grid = grid(header, extents, notices);
    return new StoredVolume(grid, layout, data(path, in, header, layout), notices);
  }

  /** Reads the fields up to the one that says where the voxels are, which is the last. */
  private static TextHeader header(VoxelInput in) throws IOException {
    TextHeader header = new TextHeader(in.file());
    for (int line = 1; header.find(DATA).isEmpty(); line++) {
      if (in.position() > LARGEST_HEADER) {
        throw VoxelFault.of("BAD_HEADER", in.file(), "the header has more than 1 MiB");
      }
      String text = in.readLine();
      int equals = text.indexOf('=');
      if (equals < 1) {
        if (text.isBlank()) {
          continue;
        }
        throw VoxelFault.of(
            "BAD_HEADER", in.file(), "line %s of the header is no field".formatted(line));
      }
      header.add(text.substring(0, equals).strip(), text.substring(equals + 1).strip(), line);
    }
    return header;
  }

  private static void requireOne(TextHeader header, String wanted, String name) {
    if (!header.find(name).orElse(wanted).toLowerCase(Locale.ROOT).equals(wanted)) {
      throw header.wrong("UNSUPPORTED_HEADER", "only %s is read".formatted(wanted), name);
    }
  }

  private static boolean flag(TextHeader header, String... names) {
    return header.find(names).isPresent()
        && header.oneOf(
            Map.of("true", true, "false", false, "1", true, "0", false), "BAD_HEADER", names);
  }

  private static GridGeometry grid(TextHeader header, Extents extents, List<Notice> notices) {
    if (header.find(MATRIX).isEmpty()) {
      throw VoxelFault.of(
          "NO_ORIENTATION",
          header.file(),
          "the header has no TransformMatrix: it does not say where left and right are; write it"
              + " with a direction, as SimpleITK does");
    }
    double[] matrix = header.numbers(9, MATRIX);
    double[] spacing = header.numbers(3, SPACING);
    double[] origin =
        header.find(ORIGIN).isPresent() ? header.numbers(3, ORIGIN) : new double[] {0, 0, 0};
    Vector3[] columns = new Vector3[3];
    for (int axis = 0; axis < 3; axis++) {
      Vector3 direction = new Vector3(matrix[3 * axis], matrix[3 * axis + 1], matrix[3 * axis + 2]);
      if (!(Math.abs(direction.norm() - 1) <= SPACING_TOLERANCE)) {
        throw header.wrong(
            "BAD_AFFINE", "every three numbers must be a vector of length 1", MATRIX);
      }
      columns[axis] = direction.times(spacing[axis]);
      if (spacing[axis] < 0) {
        notices.add(
            new Notice(
                "NEGATIVE_SPACING",
                "the spacing of axis " + axis + " is negative; it was reversed"));
      }
    }
    Affine affine =
        VoxelGrid.affine(
            header.file(),
            header.at(MATRIX) + " and " + header.at(SPACING) + " and " + header.at(ORIGIN),
            columns,
            new Vector3(origin[0], origin[1], origin[2]));
    return GridGeometry.of(
        extents,
        affine,
        new Vector3(Math.abs(spacing[0]), Math.abs(spacing[1]), Math.abs(spacing[2])));
  }

  private static VoxelInput data(Path path, VoxelInput in, TextHeader header, VoxelLayout layout)
      throws IOException {
    boolean packed = flag(header, "CompressedData");
    String name = header.require(DATA);
    long skip = header.find("HeaderSize").isPresent() ? header.integers(1, "HeaderSize")[0] : 0;
    if (skip < -1 || skip > LARGEST_HEADER || (packed && skip != 0)) {
      throw header.wrong(
          "BAD_HEADER", "a number from -1 to 2^20, and 0 where voxels are packed", "HeaderSize");
    }
    VoxelInput data =
        name.equalsIgnoreCase("LOCAL") ? in : StoredVolume.beside(path, name, header.at(DATA), in);
    try {
      if (packed) {
        data.inflate();
      }
      long begin = skip < 0 ? data.fileBytes() - layout.bytes() : data.position() + skip;
      data.requireLength(layout.bytes(), Math.max(begin, 0));
      data.skipTo(begin, "bytes before the voxels");
      return data;
    } catch (IOException | RuntimeException e) {
      data.close();
      throw e;
    }
  }
}
