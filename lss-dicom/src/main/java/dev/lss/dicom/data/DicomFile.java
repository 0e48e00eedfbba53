package dev.lss.dicom.data;

import java.io.IOException;

/**
 * One DICOM file: its attributes, with the pixels left where they are. Immutable.
 *
 * @param source where it came from
 * @param meta the file meta information, group 0002; empty when the file has none
 * @param syntax how data set and pixels are written
 * @param data the data set
 */
public record DicomFile(ByteSource source, DataSet meta, TransferSyntax syntax, DataSet data) {

  /**
   * Reads the attributes, without those that say whose examination it is.
   *
   * @throws dev.lss.api.InvalidStudyException when it is no DICOM, damaged, or beyond a limit
   * @throws IOException when it cannot be read at all
   */
  public static DicomFile read(ByteSource source) throws IOException {
    return FileReader.read(source, false);
  }

  /** Reads the attributes with those of the patient, which what is made of the file repeats. */
  public static DicomFile readWithPatient(ByteSource source) throws IOException {
    return FileReader.read(source, true);
  }

  /** Returns what messages call it. */
  public String name() {
    return source.name();
  }
}
