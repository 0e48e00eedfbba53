package dev.lss.core.nifti;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Extents;
import dev.lss.core.io.FileKind;
import dev.lss.core.voxel.VoxelFault;
import dev.lss.core.voxel.VoxelInput;
import dev.lss.core.voxel.VoxelLayout;
import dev.lss.core.voxel.VoxelType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads the header and holds it against itself and against the length of the file, before anything
 * is allocated for the voxels.
 */
final class HeaderReader {

  private static final long LARGEST_OFFSET = 1 << 26;

  private final String file;
  private final NiftiVersion version;
  private final ByteBuffer header;

  private HeaderReader(String file, NiftiVersion version, ByteBuffer header) {
    this.file = file;
    this.version = version;
    this.header = header;
  }

  /**
   * What a header says about its voxels.
   *
   * @param voxels one volume
   * @param volumes number of volumes, more than 1 for a time series or a set of channels
   * @param offset first byte of the voxels
   */
  record Layout(VoxelLayout voxels, long volumes, long offset) {

    Extents extents() {
      return voxels.extents();
    }

    /** Returns where a volume begins; for the number of volumes, where the last one ends. */
    long begin(long volume) {
      return offset + volume * voxels.bytes();
    }
  }

  /** Reads the first 348 or 540 bytes, and leaves the input behind them. */
  static HeaderReader read(VoxelInput in) throws IOException {
    byte[] bytes = new byte[NiftiVersion.NIFTI_2.headerBytes()];
    in.readFully(bytes, 0, 4, "header");
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (header.getInt(0) != 348 && header.getInt(0) != 540) {
      header.order(ByteOrder.BIG_ENDIAN);
    }
    NiftiVersion version =
        switch (header.getInt(0)) {
          case 348 -> NiftiVersion.NIFTI_1;
          case 540 -> NiftiVersion.NIFTI_2;
          default ->
              throw VoxelFault.of(
                  "NOT_NIFTI",
                  in.file(),
                  "not a NIfTI file (sizeof_hdr at byte 0 must be 348 or 540, was %s): it is %s"
                      .formatted(Integer.reverseBytes(header.getInt(0)), in.kind().sentence()));
        };
    in.readFully(bytes, 4, version.headerBytes() - 4, "header");
    var reader = new HeaderReader(in.file(), version, header);
    reader.checkMagic(in.kind());
    return reader;
  }

  NiftiVersion version() {
    return version;
  }

  ByteBuffer bytes() {
    return header;
  }

  private void checkMagic(FileKind kind) {
    int at = version.magicOffset();
    byte[] magic = new byte[version.magic().length];
    header.get(at, magic);
    if (Arrays.equals(magic, version.pairMagic())) {
      throw fault(
          "UNSUPPORTED_PAIR",
          "a header whose voxels lie in a second file (.hdr and .img); convert it to one .nii");
    }
    if (!Arrays.equals(magic, version.magic())) {
      throw fault(
          "NOT_NIFTI",
          "not a NIfTI file (no magic at byte %s): it is %s".formatted(at, kind.sentence()));
    }
  }

  /** Reads and checks everything about the voxels. */
  Layout layout(VoxelInput in) {
    long[] dim = dimensions();
    VoxelType type = type();
    long volumes = dim[4];
    long bytes;
    try {
      bytes = Math.multiplyExact(Math.multiplyExact(dim[1], dim[2]), dim[3]);
      bytes = Math.multiplyExact(Math.multiplyExact(bytes, volumes), type.bytes());
    } catch (ArithmeticException e) {
      throw fault("BAD_DIMENSION", "the product of the dimensions overflows, dim is " + text(dim));
    }
    double offset = field(HeaderField.VOX_OFFSET, 0);
    if (!(offset >= version.smallestVoxelOffset() && offset <= LARGEST_OFFSET)
        || offset != Math.rint(offset)) {
      throw fault(
          "BAD_OFFSET",
          HeaderField.VOX_OFFSET.at(version, 0)
              + (" must be an integer in [" + version.smallestVoxelOffset() + ", 2^26], was ")
              + offset);
    }
    in.requireLength(bytes, (long) offset);
    Extents extents = VoxelLayout.extents(file, dim[1], dim[2], dim[3]);
    double[] rescale = rescale();
    return new Layout(
        new VoxelLayout(extents, type, header.order(), rescale[0], rescale[1]),
        volumes,
        (long) offset);
  }

  /** Returns dim[0..7] with 1 for what is absent. */
  private long[] dimensions() {
    double count = field(HeaderField.DIM, 0);
    if (!(count >= 1 && count <= 7)) {
      throw fault(
          "BAD_DIMENSION",
          HeaderField.DIM.at(version, 0) + " must lie in [1, 7], was " + (long) count);
    }
    long[] dim = {(long) count, 1, 1, 1, 1, 1, 1, 1};
    for (int n = 1; n <= count; n++) {
      dim[n] = (long) field(HeaderField.DIM, n);
      if (dim[n] < 1) {
        throw fault(
            "BAD_DIMENSION", HeaderField.DIM.at(version, n) + " must be at least 1, was " + dim[n]);
      }
      if (n > 4 && dim[n] > 1) {
        throw fault(
            "BAD_DIMENSION",
            "more than four dimensions (vectors, tensors) are not an image, dim is " + text(dim));
      }
    }
    return dim;
  }

  private VoxelType type() {
    int code = (int) field(HeaderField.DATATYPE, 0) & 0xFFFF;
    VoxelType type =
        NiftiType.ofCode(code)
            .orElseThrow(
                () ->
                    fault(
                        "UNSUPPORTED_TYPE",
                        HeaderField.DATATYPE.at(version, 0)
                            + (" is " + code + " (" + NiftiType.nameOf(code) + "); ")
                            + "LSS reads integers of 8 to 64 bits, float32 and float64"));
    int bits = (int) field(HeaderField.BITPIX, 0);
    if (bits != 8 * type.bytes()) {
      throw fault(
          "BAD_BITPIX",
          HeaderField.BITPIX.at(version, 0)
              + (" must be " + 8 * type.bytes() + " for " + type + ", was " + bits));
    }
    return type;
  }

  /** Returns slope and inter; a slope of 0 or NaN means that values are stored as they are. */
  private double[] rescale() {
    double slope = field(HeaderField.SCL_SLOPE, 0);
    double inter = field(HeaderField.SCL_INTER, 0);
    if (slope == 0 || !Double.isFinite(slope)) {
      return new double[] {1, 0};
    }
    if (!Double.isFinite(inter)) {
      throw fault(
          "BAD_RESCALE", HeaderField.SCL_INTER.at(version, 0) + " must be finite, was " + inter);
    }
    return new double[] {slope, inter};
  }

  private double field(HeaderField field, int index) {
    return field.get(header, version, index);
  }

  private InvalidStudyException fault(String code, String reason) {
    return VoxelFault.of(code, file, reason);
  }

  private static String text(long[] dim) {
    return Arrays.toString(dim);
  }
}
