package dev.lss.core.nifti;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The header fields that LSS reads or writes, with their places in NIfTI-1 (348 bytes) and NIfTI-2
 * (540 bytes). Every other field is ignored when read and zero when written: several are free text
 * in which other programs leave names.
 */
enum HeaderField {
  DIM(8, 40, Kind.INT16, 16, Kind.INT64),
  INTENT_CODE(1, 68, Kind.INT16, 504, Kind.INT32),
  DATATYPE(1, 70, Kind.INT16, 12, Kind.INT16),
  BITPIX(1, 72, Kind.INT16, 14, Kind.INT16),
  PIXDIM(8, 76, Kind.FLOAT32, 104, Kind.FLOAT64),
  VOX_OFFSET(1, 108, Kind.FLOAT32, 168, Kind.INT64),
  SCL_SLOPE(1, 112, Kind.FLOAT32, 176, Kind.FLOAT64),
  SCL_INTER(1, 116, Kind.FLOAT32, 184, Kind.FLOAT64),
  XYZT_UNITS(1, 123, Kind.INT8, 500, Kind.INT32),
  QFORM_CODE(1, 252, Kind.INT16, 344, Kind.INT32),
  SFORM_CODE(1, 254, Kind.INT16, 348, Kind.INT32),
  QUATERN(3, 256, Kind.FLOAT32, 352, Kind.FLOAT64),
  QOFFSET(3, 268, Kind.FLOAT32, 376, Kind.FLOAT64),
  SROW(12, 280, Kind.FLOAT32, 400, Kind.FLOAT64);

  /** How a number is stored. */
  private enum Kind {
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FLOAT32(4),
    FLOAT64(8);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }
  }

  private final int count;
  private final int offset1;
  private final Kind kind1;
  private final int offset2;
  private final Kind kind2;

  HeaderField(int count, int offset1, Kind kind1, int offset2, Kind kind2) {
    this.count = count;
    this.offset1 = offset1;
    this.kind1 = kind1;
    this.offset2 = offset2;
    this.kind2 = kind2;
  }

  /** Returns the byte offset of element {@code index}. */
  int offset(NiftiVersion version, int index) {
    return version == NiftiVersion.NIFTI_1
        ? offset1 + index * kind1.bytes
        : offset2 + index * kind2.bytes;
  }

  /** Reads an element; integers beyond 2^53 lose their last bits, which no legal header has. */
  double get(ByteBuffer header, NiftiVersion version, int index) {
    int at = offset(version, index);
    return switch (kind(version)) {
      case INT8 -> header.get(at);
      case INT16 -> header.getShort(at);
      case INT32 -> header.getInt(at);
      case INT64 -> header.getLong(at);
      case FLOAT32 -> header.getFloat(at);
      case FLOAT64 -> header.getDouble(at);
    };
  }

  /** Writes an element. */
  void put(ByteBuffer header, NiftiVersion version, int index, double value) {
    int at = offset(version, index);
    switch (kind(version)) {
      case INT8 -> header.put(at, (byte) value);
      case INT16 -> header.putShort(at, (short) value);
      case INT32 -> header.putInt(at, (int) value);
      case INT64 -> header.putLong(at, (long) value);
      case FLOAT32 -> header.putFloat(at, (float) value);
      case FLOAT64 -> header.putDouble(at, value);
    }
  }

  /** Copies all elements bit for bit between headers of one version and byte order. */
  void copy(ByteBuffer from, ByteBuffer to, NiftiVersion version) {
    int at = offset(version, 0);
    int end = offset(version, count);
    for (int n = at; n < end; n++) {
      to.put(n, from.get(n));
    }
  }

  private Kind kind(NiftiVersion version) {
    return version == NiftiVersion.NIFTI_1 ? kind1 : kind2;
  }

  /** Returns the name in the NIfTI standard, with its offset, for messages. */
  String at(NiftiVersion version, int index) {
    String name = name().toLowerCase(Locale.ROOT);
    return name + (count > 1 ? "[" + index + "]" : "") + " at byte " + offset(version, index);
  }
}
