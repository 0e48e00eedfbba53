package dev.lss.core.raster;

import dev.lss.api.Notice;

/** What may be doubtful about a picture that was read. */
final class RasterNotices {

  static final Notice ANIMATED =
      new Notice(
          "ANIMATED_PICTURE",
          "the PNG is animated and only its first picture was read; for a clip, give a folder of"
              + " single frames");
  static final Notice REORIENTED =
      new Notice(
          "PICTURE_REORIENTED",
          "the picture says that it is to be shown rotated or mirrored; so it was read, and its"
              + " labels lie on what is shown");
  static final Notice TWELVE_BITS =
      new Notice(
          "TWELVE_BITS_USED",
          "no value of the 16-bit picture is above 4095; it was taken for one of 12 bits");
  static final Notice OTHER_SIZE =
      new Notice(
          "FRAME_SIZE_DIFFERS",
          "a frame has another size than the first one of its clip; it was read in its own size");

  private RasterNotices() {}
}
