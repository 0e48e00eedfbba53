package dev.lss.core.volume;

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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads NRRD (versions 1 to 5, https://teem.sourceforge.net/nrrd/format.html): one scalar volume in
 * a space of the patient, raw or gzip, in one file or with its voxels in a second one beside it.
 * Directions and origin are those that ITK reads: LPS as stored, RAS with the signs changed. A file
 * that names no patient space does not say where left is, and is refused; so is LAS, of which ITK
 * reads the mirror image (its first axis changes sign, not its second).
 */
final class NrrdFile {

  private static final int LARGEST_HEADER = 1 << 20;

  /** Signs that make a space LPS. */
  private static final Map<String, Vector3> SPACES =
      Map.of(
          "left-posterior-superior", new Vector3(1, 1, 1),
          "lps", new Vector3(1, 1, 1),
          "right-anterior-superior", new Vector3(-1, -1, 1),
          "ras", new Vector3(-1, -1, 1));

  private static final Map<String, VoxelType> TYPES = types();

  private NrrdFile() {}

  private static Map<String, VoxelType> types() {
    Map<String, VoxelType> types = new HashMap<>();
    names(types, VoxelType.INT8, "signed char, int8, int8_t");
    names(types, VoxelType.UINT8, "uchar, unsigned char, uint8, uint8_t");
    names(
        types, VoxelType.INT16, "short, short int, signed short, signed short int, int16, int16_t");
    names(types, VoxelType.UINT16, "ushort, unsigned short, unsigned short int, uint16, uint16_t");
    names(types, VoxelType.INT32, "int, signed int, int32, int32_t");
    names(types, VoxelType.UINT32, "uint, unsigned int, uint32, uint32_t");
    names(
        types,
        VoxelType.INT64,
        "longlong, long long, long long int, signed long long, signed long long int, int64,"
            + " int64_t");
    names(
        types,
        VoxelType.UINT64,
        "ulonglong, unsigned long long, unsigned long long int, uint64, uint64_t");
    names(types, VoxelType.FLOAT32, "float");
    names(types, VoxelType.FLOAT64, "double");
    return Map.copyOf(types);
  }

  private static void names(Map<String, VoxelType> types, VoxelType type, String names) {
    for (String name : names.split(", ", -1)) {
      types.put(name, type);
    }
  }

  static StoredVolume read(Path path, VoxelInput in) throws IOException {
    TextHeader header = header(in);
    if (header.integers(1, "dimension")[0] != 3) {
      throw header.wrong(
          "BAD_DIMENSION",
          "one volume of single numbers has 3 axes; choose one channel or time point, or convert",
          "dimension");
    }
    long[] sizes = header.integers(3, "sizes");
    Extents extents = VoxelLayout.extents(in.file(), sizes[0], sizes[1], sizes[2]);
    VoxelType type = header.oneOf(TYPES, "UNSUPPORTED_TYPE", "type");
    ByteOrder order =
        type.bytes() == 1
            ? ByteOrder.LITTLE_ENDIAN
            : header.oneOf(
                Map.of("little", ByteOrder.LITTLE_ENDIAN, "big", ByteOrder.BIG_ENDIAN),
                "BAD_HEADER",
                "endian");
    VoxelLayout layout = new VoxelLayout(extents, type, order, 1, 0);
    GridGeometry grid = grid(header, extents);
    return new StoredVolume(grid, layout, data(path, in, header, layout), List.of());
  }

  /** Reads the fields up to the empty line, or to the end of a header without voxels. */
  private static TextHeader header(VoxelInput in) throws IOException {
    TextHeader header = new TextHeader(in.file());
    in.readLine(); // the magic, by which the file was recognised
    for (int line = 2; ; line++) {
      if (in.position() > LARGEST_HEADER) {
        throw VoxelFault.of("BAD_HEADER", in.file(), "the header has more than 1 MiB");
      }
      if (in.position() == in.fileBytes() && header.find("data file", "datafile").isPresent()) {
        return header;
      }
      String text = in.readLine();
      if (text.isEmpty()) {
        return header;
      }
      int colon = text.indexOf(':');
      if (text.startsWith("#") || (colon >= 0 && text.startsWith(":=", colon))) {
        continue; // a comment, or a free text, in which others leave names
      }
      if (colon < 1) {
        throw VoxelFault.of(
            "BAD_HEADER", in.file(), "line %s of the header is no field".formatted(line));
      }
      header.add(
          text.substring(0, colon).strip().toLowerCase(Locale.ROOT),
          text.substring(colon + 1).strip(),
          line);
    }
  }

  private static GridGeometry grid(TextHeader header, Extents extents) {
    if (header.find("space").isEmpty()) {
      throw VoxelFault.of(
          "NO_ORIENTATION",
          header.file(),
          "the header has no \"space\": it does not say where left and right are; write it with"
              + " space and space directions");
    }
    if (Set.of("las", "left-anterior-superior")
        .contains(header.require("space").toLowerCase(Locale.ROOT))) {
      throw header.wrong(
          "NO_ORIENTATION",
          "programs do not agree which side is left in this space; write it as RAS or LPS",
          "space");
    }
    Vector3 sign = header.oneOf(SPACES, "NO_ORIENTATION", "space");
    String units = header.find("space units").orElse("mm").replaceAll("[\"\\s]|mm|millimeter", "");
    if (!units.isEmpty()) {
      throw header.wrong("UNSUPPORTED_UNITS", "lengths are read in mm", "space units");
    }
    Vector3[] columns = header.vectors(3, "space directions");
    Vector3 origin =
        header.find("space origin").isPresent()
            ? header.vectors(1, "space origin")[0]
            : new Vector3(0, 0, 0);
    for (int axis = 0; axis < 3; axis++) {
      columns[axis] = signed(columns[axis], sign);
    }
    Affine affine =
        VoxelGrid.affine(
            header.file(),
            header.at("space directions") + " and " + header.at("space origin"),
            columns,
            signed(origin, sign));
    return GridGeometry.of(extents, affine);
  }

  private static Vector3 signed(Vector3 v, Vector3 sign) {
    return new Vector3(v.x() * sign.x(), v.y() * sign.y(), v.z() * sign.z());
  }

  private static VoxelInput data(Path path, VoxelInput in, TextHeader header, VoxelLayout layout)
      throws IOException {
    String encoding = header.require("encoding").toLowerCase(Locale.ROOT);
    boolean gzip = Set.of("gzip", "gz").contains(encoding);
    if (!gzip && !encoding.equals("raw")) {
      throw header.wrong(
          "UNSUPPORTED_HEADER", "raw and gzip are read; write it again so", "encoding");
    }
    VoxelInput data =
        header.find("data file", "datafile").isPresent()
            ? StoredVolume.beside(
                path,
                header.require("data file", "datafile"),
                header.at("data file", "datafile"),
                in)
            : in;
    try {
      long lines = skip(header, 0, "line skip", "lineskip");
      for (long n = 0; n < lines; n++) {
        data.readLine();
      }
      long bytes = skip(header, gzip ? 0 : -1, "byte skip", "byteskip");
      if (gzip) {
        data.gunzip();
      }
      long begin = bytes < 0 ? data.fileBytes() - layout.bytes() : data.position() + bytes;
      data.requireLength(layout.bytes(), Math.max(begin, 0));
      data.skipTo(begin, "bytes before the voxels");
      return data;
    } catch (IOException | RuntimeException e) {
      data.close();
      throw e;
    }
  }

  private static long skip(TextHeader header, int least, String... names) {
    long skip = header.find(names).isPresent() ? header.integers(1, names)[0] : 0;
    if (skip < least || skip > LARGEST_HEADER) {
      throw header.wrong("BAD_HEADER", "a number from %s to 2^20".formatted(least), names);
    }
    return skip;
  }
}
