package dev.lss.dicom.data;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Finds out where the data set of a file begins and how it is written (PS3.10 section 7). A file
 * without preamble and file meta information is recognised by its first attribute.
 */
final class FileReader {

  private static final int PREAMBLE = 128;

  private FileReader() {}

  static DicomFile read(ByteSource source, boolean keepsPatient) throws IOException {
    try (ByteSource.Opened in = source.open()) {
      Cursor cursor = new Cursor(source, in, 0);
      boolean hasPreamble = hasPreamble(cursor);
      cursor.moveTo(hasPreamble ? PREAMBLE + 4 : 0);
      if (hasPreamble && cursor.remaining() == 0) {
        throw DicomFault.of("TRUNCATED", source.name(), "it ends behind its preamble");
      }
      if (!hasPreamble && !beginsLikeOne(cursor)) {
        throw DicomFault.of("NOT_DICOM", source.name(), "it is no DICOM file");
      }
      DataSetReader reader = new DataSetReader(cursor, keepsPatient);
      DataSet meta = reader.meta();
      Optional<String> uid = meta.text(Tag.TRANSFER_SYNTAX_UID);
      TransferSyntax syntax =
          uid.isPresent() ? TransferSyntax.of(uid.get(), source.name()) : guess(cursor);
      DataSet data =
          syntax.isDeflated() ? inflate(cursor, syntax, keepsPatient) : reader.all(syntax);
      return new DicomFile(source, meta, syntax, data);
    }
  }

  private static DataSet inflate(Cursor packed, TransferSyntax syntax, boolean keepsPatient)
      throws IOException {
    var inflated = new Inflation.Deflated(packed.source(), packed.position());
    try (ByteSource.Opened in = inflated.open()) {
      return new DataSetReader(new Cursor(inflated, in, 0), keepsPatient).all(syntax);
    }
  }

  private static boolean hasPreamble(Cursor cursor) throws IOException {
    if (cursor.remaining() < PREAMBLE + 4) {
      return false;
    }
    cursor.moveTo(PREAMBLE);
    return cursor.u8() == 'D' && cursor.u8() == 'I' && cursor.u8() == 'C' && cursor.u8() == 'M';
  }

  /** Returns whether the first attribute is one of those with which data sets begin. */
  private static boolean beginsLikeOne(Cursor cursor) throws IOException {
    if (cursor.remaining() < 8) {
      return false;
    }
    int tag = cursor.tag(ByteOrder.LITTLE_ENDIAN);
    int group = tag >>> 16;
    int element = tag & 0xffff;
    boolean hasVr = Vr.of(cursor.u8(), cursor.u8()).isPresent();
    cursor.moveTo(4);
    long length = cursor.u32(ByteOrder.LITTLE_ENDIAN);
    cursor.moveTo(0);
    return (group == 2 || group == 8) && element <= 0x70 && (hasVr || length <= cursor.length());
  }

  /** Returns explicit where the first attribute carries a representation, else implicit. */
  private static TransferSyntax guess(Cursor cursor) throws IOException {
    if (cursor.remaining() < 8) {
      throw DicomFault.of("TRUNCATED", cursor.name(), "it has no data set");
    }
    long at = cursor.position();
    cursor.moveTo(at + 4);
    boolean hasVr = Vr.of(cursor.u8(), cursor.u8()).isPresent();
    cursor.moveTo(at);
    return hasVr ? TransferSyntax.EXPLICIT : TransferSyntax.IMPLICIT;
  }
}
