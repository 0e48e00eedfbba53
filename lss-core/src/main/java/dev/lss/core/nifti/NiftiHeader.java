package dev.lss.core.nifti;

import dev.lss.api.image.GridGeometry;
import java.nio.ByteBuffer;

/**
 * The header of a NIfTI file that was read: enough to write labels onto the same grid so that every
 * other program sees them in the same place. Immutable.
 */
public final class NiftiHeader {

  private final NiftiVersion version;
  private final GridGeometry geometry;
  private final ByteBuffer bytes;

  NiftiHeader(NiftiVersion version, GridGeometry geometry, ByteBuffer bytes) {
    this.version = version;
    this.geometry = geometry;
    this.bytes = bytes;
  }

  /** Returns the version of the file. */
  NiftiVersion version() {
    return version;
  }

  /** Returns the grid, in LPS mm. */
  public GridGeometry geometry() {
    return geometry;
  }

  /** Returns the code that says what the quaternion's space is; 0 when it is not used. */
  int qformCode() {
    return (int) HeaderField.QFORM_CODE.get(bytes, version, 0);
  }

  /** Returns the code that says what the affine's space is; 0 when it is not used. */
  int sformCode() {
    return (int) HeaderField.SFORM_CODE.get(bytes, version, 0);
  }

  /** Returns the header's bytes in the file's byte order; to be read by absolute position only. */
  ByteBuffer bytes() {
    return bytes;
  }
}
