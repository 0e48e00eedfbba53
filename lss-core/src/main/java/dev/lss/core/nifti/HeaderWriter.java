package dev.lss.core.nifti;

import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.Unshear;
import dev.lss.core.io.LssVersion;
import dev.lss.core.voxel.VoxelType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes headers: on the grid of a file that was read, or from a geometry alone. */
final class HeaderWriter {

  private static final int INTENT_LABEL = 1002;
  private static final int SCANNER_ANATOMICAL = 1;
  private static final int MILLIMETRES = 2;
  private static final int DESCRIP_1 = 148;
  private static final int DESCRIP_2 = 240;
  private static final int DESCRIP_BYTES = 80;

  private final NiftiVersion version;
  private final ByteBuffer header;

  private HeaderWriter(NiftiVersion version, ByteOrder order) {
    this.version = version;
    header = ByteBuffer.allocate(version.smallestVoxelOffset()).order(order);
    header.putInt(0, version.headerBytes());
    header.put(version.magicOffset(), version.magic());
  }

  /** Returns a header with the source's shape, units and transforms bit for bit, and no text. */
  static ByteBuffer labelsLike(NiftiHeader source, VoxelType type) {
    var writer = new HeaderWriter(source.version(), source.bytes().order());
    for (HeaderField field :
        new HeaderField[] {
          HeaderField.DIM,
          HeaderField.PIXDIM,
          HeaderField.XYZT_UNITS,
          HeaderField.QFORM_CODE,
          HeaderField.SFORM_CODE,
          HeaderField.QUATERN,
          HeaderField.QOFFSET,
          HeaderField.SROW
        }) {
      field.copy(source.bytes(), writer.header, writer.version);
    }
    if (HeaderField.DIM.get(source.bytes(), source.version(), 4) > 1) {
      writer.put(HeaderField.DIM, 0, 3); // one volume of several: its labels are one volume
    }
    for (int n = (int) writer.get(HeaderField.DIM, 0) + 1; n < 8; n++) {
      writer.put(HeaderField.DIM, n, 1);
    }
    writer.voxels(type);
    writer.put(HeaderField.INTENT_CODE, 0, INTENT_LABEL);
    return writer.header;
  }

  /** Returns a header for a grid without a source; its transforms are in float32. */
  static ByteBuffer of(GridGeometry grid, VoxelType type, boolean labels) {
    Extents e = grid.extents();
    boolean small = Math.max(e.i(), Math.max(e.j(), e.k())) <= Short.MAX_VALUE;
    var writer =
        new HeaderWriter(
            small ? NiftiVersion.NIFTI_1 : NiftiVersion.NIFTI_2, ByteOrder.LITTLE_ENDIAN);
    writer.put(HeaderField.DIM, 0, 3);
    for (int n = 1; n < 8; n++) {
      writer.put(HeaderField.DIM, n, n <= 3 ? e.get(n - 1) : 1);
      writer.put(HeaderField.PIXDIM, n, n <= 3 ? grid.spacingMm().get(n - 1) : 1);
    }
    writer.put(HeaderField.XYZT_UNITS, 0, MILLIMETRES);
    writer.transforms(grid);
    writer.voxels(type);
    writer.put(HeaderField.INTENT_CODE, 0, labels ? INTENT_LABEL : 0);
    return writer.header;
  }

  private void transforms(GridGeometry grid) {
    Affine lps = grid.affine();
    Vector3[] ras = new Vector3[4];
    for (int n = 0; n < 4; n++) {
      Vector3 v = n < 3 ? lps.column(n) : lps.origin();
      ras[n] = new Vector3(0 - v.x(), 0 - v.y(), v.z());
      for (int row = 0; row < 3; row++) {
        put(HeaderField.SROW, 4 * row + n, ras[n].get(row));
      }
    }
    put(HeaderField.SFORM_CODE, 0, SCANNER_ANATOMICAL);
    put(HeaderField.PIXDIM, 0, 1);
    if (Unshear.isSheared(grid)) {
      return; // a quaternion cannot say it
    }
    double side = lps.determinant() < 0 ? -1 : 1;
    double[] bcd =
        Quaternion.of(
            ras[0].times(1 / ras[0].norm()),
            ras[1].times(1 / ras[1].norm()),
            ras[2].times(side / ras[2].norm()));
    for (int n = 0; n < 3; n++) {
      put(HeaderField.QUATERN, n, bcd[n]);
      put(HeaderField.QOFFSET, n, ras[3].get(n));
    }
    put(HeaderField.PIXDIM, 0, side);
    put(HeaderField.QFORM_CODE, 0, SCANNER_ANATOMICAL);
  }

  private void voxels(VoxelType type) {
    put(HeaderField.DATATYPE, 0, NiftiType.codeOf(type));
    put(HeaderField.BITPIX, 0, 8 * type.bytes());
    put(HeaderField.VOX_OFFSET, 0, version.smallestVoxelOffset());
    put(HeaderField.SCL_SLOPE, 0, 1);
    byte[] tool = ("LSS " + LssVersion.get()).getBytes(StandardCharsets.US_ASCII);
    int at = version == NiftiVersion.NIFTI_1 ? DESCRIP_1 : DESCRIP_2;
    header.put(at, tool, 0, Math.min(tool.length, DESCRIP_BYTES - 1));
  }

  private double get(HeaderField field, int index) {
    return field.get(header, version, index);
  }

  private void put(HeaderField field, int index, double value) {
    field.put(header, version, index, value);
  }
}
