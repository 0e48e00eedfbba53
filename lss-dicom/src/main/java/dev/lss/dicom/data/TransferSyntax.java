package dev.lss.dicom.data;

import java.nio.ByteOrder;

/**
 * How a data set and its pixels are written (PS3.5 annex A). Immutable.
 *
 * @param uid as the file says it
 * @param isExplicit whether attributes carry their representation
 * @param order order of the bytes
 * @param isDeflated whether the data set is packed
 * @param codec how the pixels are packed
 */
public record TransferSyntax(
    String uid, boolean isExplicit, ByteOrder order, boolean isDeflated, Codec codec) {

  /** How pixels are packed. */
  public enum Codec {
    /** Not at all. */
    NATIVE,
    /** RLE Lossless, PackBits by byte plane. */
    RLE,
    /** JPEG: baseline, extended and lossless. */
    JPEG,
    /** JPEG-LS. */
    JPEG_LS,
    /** JPEG 2000. */
    JPEG_2000,
    /** Deflated Image Frame Compression, as segmentations have it. */
    DEFLATED_FRAMES,
    /** In a way that is not read. */
    OTHER
  }

  static final String IMPLICIT_UID = "1.2.840.10008.1.2";
  static final String EXPLICIT_UID = "1.2.840.10008.1.2.1";
  private static final String STANDARD = "1.2.840.10008.1.2.";

  static final TransferSyntax IMPLICIT = little(IMPLICIT_UID, false, Codec.NATIVE);
  static final TransferSyntax EXPLICIT = little(EXPLICIT_UID, true, Codec.NATIVE);

  private static TransferSyntax little(String uid, boolean explicit, Codec codec) {
    return new TransferSyntax(uid, explicit, ByteOrder.LITTLE_ENDIAN, false, codec);
  }

  /**
   * Returns the syntax of a UID. Those of the standard that are not read as pixels can be read as
   * attributes, because all of them are explicit and little endian.
   *
   * @throws dev.lss.api.InvalidStudyException {@code UNSUPPORTED_TRANSFER_SYNTAX} for all others
   */
  static TransferSyntax of(String uid, String file) {
    return switch (uid) {
      case IMPLICIT_UID -> IMPLICIT;
      case EXPLICIT_UID -> EXPLICIT;
      case STANDARD + "2" ->
          new TransferSyntax(uid, true, ByteOrder.BIG_ENDIAN, false, Codec.NATIVE);
      case STANDARD + "1.99" ->
          new TransferSyntax(uid, true, ByteOrder.LITTLE_ENDIAN, true, Codec.NATIVE);
      case STANDARD + "5" -> little(uid, true, Codec.RLE);
      case STANDARD + "4.50", STANDARD + "4.51", STANDARD + "4.57", STANDARD + "4.70" ->
          little(uid, true, Codec.JPEG);
      case STANDARD + "4.80", STANDARD + "4.81" -> little(uid, true, Codec.JPEG_LS);
      case STANDARD + "4.90", STANDARD + "4.91" -> little(uid, true, Codec.JPEG_2000);
      case STANDARD + "8.1" -> little(uid, true, Codec.DEFLATED_FRAMES);
      default -> {
        if (!uid.startsWith(STANDARD)) {
          throw unsupported(uid, file);
        }
        yield little(uid, true, Codec.OTHER);
      }
    };
  }

  /** Returns the error that names a syntax which is not read. */
  public static dev.lss.api.InvalidStudyException unsupported(String uid, String file) {
    String shown = uid.matches("[0-9.]{1,64}") ? uid : "that is no UID";
    return DicomFault.of(
        "UNSUPPORTED_TRANSFER_SYNTAX",
        file,
        "its pixels are in transfer syntax %s; convert it to Explicit VR Little Endian"
            .formatted(shown));
  }
}
