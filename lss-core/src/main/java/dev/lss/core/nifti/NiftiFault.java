package dev.lss.core.nifti;

import dev.lss.api.InvalidStudyException;
import java.nio.file.Path;

/** Words the refusals: the file's name without its folder, then what is wrong and where. */
final class NiftiFault {

  private NiftiFault() {}

  static InvalidStudyException of(String code, String file, String reason) {
    return new InvalidStudyException(code, file + ": " + reason);
  }

  static InvalidStudyException of(String code, String file, String reason, Throwable cause) {
    return new InvalidStudyException(code, file + ": " + reason, cause);
  }

  /** Returns the last part of a path; a folder's name may be a patient's. */
  static String nameOf(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
