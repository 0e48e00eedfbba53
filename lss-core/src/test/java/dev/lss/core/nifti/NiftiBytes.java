package dev.lss.core.nifti;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * A small NIfTI file made byte by byte: 4 x 5 x 6 voxels of int16, all 1, identity sform in mm.
 * Tests break one thing in it.
 */
final class NiftiBytes {

  private final NiftiVersion version;
  private ByteBuffer bytes;

  private NiftiBytes(NiftiVersion version, ByteOrder order) {
    this.version = version;
    bytes = ByteBuffer.allocate(version.smallestVoxelOffset() + 240).order(order);
    bytes.putInt(0, version.headerBytes());
    bytes.put(version.magicOffset(), version.magic());
    double[] dim = {3, 4, 5, 6, 1, 1, 1, 1};
    for (int n = 0; n < 8; n++) {
      with(HeaderField.DIM, n, dim[n]).with(HeaderField.PIXDIM, n, 1);
    }
    with(HeaderField.DATATYPE, 0, 4).with(HeaderField.BITPIX, 0, 16);
    with(HeaderField.VOX_OFFSET, 0, version.smallestVoxelOffset());
    with(HeaderField.SCL_SLOPE, 0, 1).with(HeaderField.XYZT_UNITS, 0, 2);
    with(HeaderField.SFORM_CODE, 0, 1);
    affine(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
    for (int n = 0; n < 120; n++) {
      bytes.putShort(version.smallestVoxelOffset() + 2 * n, (short) 1);
    }
  }

  static NiftiBytes valid() {
    return of(NiftiVersion.NIFTI_1, ByteOrder.LITTLE_ENDIAN);
  }

  static NiftiBytes of(NiftiVersion version, ByteOrder order) {
    return new NiftiBytes(version, order);
  }

  NiftiBytes with(HeaderField field, int index, double value) {
    field.put(bytes, version, index, value);
    return this;
  }

  /** Sets the rows of the sform, in RAS. */
  NiftiBytes affine(double... rows) {
    for (int n = 0; n < 12; n++) {
      with(HeaderField.SROW, n, rows[n]);
    }
    return this;
  }

  /** Uses the qform instead of the sform. */
  NiftiBytes qform(double qfac, double b, double c, double d) {
    with(HeaderField.SFORM_CODE, 0, 0).with(HeaderField.QFORM_CODE, 0, 1);
    with(HeaderField.PIXDIM, 0, qfac);
    return with(HeaderField.QUATERN, 0, b)
        .with(HeaderField.QUATERN, 1, c)
        .with(HeaderField.QUATERN, 2, d);
  }

  NiftiBytes text(int offset, String text) {
    for (int n = 0; n < text.length(); n++) {
      bytes.put(offset + n, (byte) text.charAt(n));
    }
    return this;
  }

  /** Replaces the voxels; {@code bits} are their low bytes in the file's order. */
  NiftiBytes voxels(int datatype, int bytesEach, long... bits) {
    ByteBuffer old = bytes;
    bytes =
        ByteBuffer.allocate(version.smallestVoxelOffset() + bytesEach * bits.length)
            .order(old.order());
    bytes.put(0, old, 0, version.smallestVoxelOffset());
    for (int n = 0; n < bits.length; n++) {
      int at = version.smallestVoxelOffset() + bytesEach * n;
      switch (bytesEach) {
        case 1 -> bytes.put(at, (byte) bits[n]);
        case 2 -> bytes.putShort(at, (short) bits[n]);
        case 4 -> bytes.putInt(at, (int) bits[n]);
        default -> bytes.putLong(at, bits[n]);
      }
    }
    with(HeaderField.DIM, 1, bits.length).with(HeaderField.DIM, 2, 1).with(HeaderField.DIM, 3, 1);
    return with(HeaderField.DATATYPE, 0, datatype).with(HeaderField.BITPIX, 0, 8 * bytesEach);
  }

  byte[] toArray() {
    return bytes.array().clone();
  }

  Path write(Path folder) {
    return write(folder.resolve("case.nii"), toArray());
  }

  static Path write(Path file, byte[] content) {
    try {
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] content) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
