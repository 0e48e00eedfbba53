package dev.lss.dicom.data;

import dev.lss.api.InvalidStudyException;
import java.util.Locale;

/** Makes the errors of this module: a code, what it is about, what is wrong. No value is shown. */
public final class DicomFault {

  private DicomFault() {}

  /** Returns the error with the subject, a file or a series, in front. */
  public static InvalidStudyException of(String code, String subject, String what) {
    return new InvalidStudyException(code, subject + ": " + what);
  }

  /** Returns the error with the failure that caused it. */
  public static InvalidStudyException of(
      String code, String subject, String what, Throwable cause) {
    return new InvalidStudyException(code, subject + ": " + what, cause);
  }

  /** Returns how DICOM writes a tag, {@code (gggg,eeee)}. */
  static String tag(int tag) {
    return String.format(Locale.ROOT, "(%04X,%04X)", tag >>> 16, tag & 0xffff);
  }
}
