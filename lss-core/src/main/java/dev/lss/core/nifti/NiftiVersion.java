package dev.lss.core.nifti;

import java.nio.charset.StandardCharsets;

/** The two versions of the format; they differ in the widths of their header fields. */
enum NiftiVersion {
  /** 16-bit extents and 32-bit geometry, header of 348 bytes. */
  NIFTI_1(348, 344, "n+1\0", "ni1\0"),
  /** 64-bit extents and geometry, header of 540 bytes. */
  NIFTI_2(540, 4, "n+2\0\r\n\032\n", "ni2\0\r\n\032\n");

  private final int headerBytes;
  private final int magicOffset;
  private final String magic;
  private final String pairMagic;

  NiftiVersion(int headerBytes, int magicOffset, String magic, String pairMagic) {
    this.headerBytes = headerBytes;
    this.magicOffset = magicOffset;
    this.magic = magic;
    this.pairMagic = pairMagic;
  }

  int headerBytes() {
    return headerBytes;
  }

  int magicOffset() {
    return magicOffset;
  }

  /** Returns the magic of a single file. */
  byte[] magic() {
    return magic.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns the magic of a header whose voxels lie in a second file. */
  byte[] pairMagic() {
    return pairMagic.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns where the voxels begin at the earliest: behind the header and the extension flag. */
  int smallestVoxelOffset() {
    return headerBytes + 4;
  }
}
