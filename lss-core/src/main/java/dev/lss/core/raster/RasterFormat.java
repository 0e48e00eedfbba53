package dev.lss.core.raster;

import java.util.Optional;

/** The file formats that are read, told by their first bytes whatever the file's name. */
enum RasterFormat {
  /** Portable Network Graphics. */
  PNG("png"),
  /** JPEG, baseline and progressive. */
  JPEG("jpeg"),
  /** TIFF, one page or several. */
  TIFF("tiff");

  static final int MAGIC_BYTES = 8;

  private static final byte[] PNG_MAGIC = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private final String imageIoName;

  RasterFormat(String imageIoName) {
    this.imageIoName = imageIoName;
  }

  /** Returns what ImageIO calls the format. */
  String imageIoName() {
    return imageIoName;
  }

  /** Returns the format of a file that begins so; empty when it is none of these. */
  static Optional<RasterFormat> of(byte[] head) {
    if (startsWith(head, PNG_MAGIC)) {
      return Optional.of(PNG);
    }
    if (startsWith(head, new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff})) {
      return Optional.of(JPEG);
    }
    boolean tiff =
        startsWith(head, new byte[] {'I', 'I', 42, 0})
            || startsWith(head, new byte[] {'M', 'M', 0, 42});
    return tiff ? Optional.of(TIFF) : Optional.empty();
  }

  private static boolean startsWith(byte[] head, byte[] magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int n = 0; n < magic.length; n++) {
      if (head[n] != magic[n]) {
        return false;
      }
    }
    return true;
  }
}
