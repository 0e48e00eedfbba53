package dev.lss.core.voxel;

import dev.lss.api.InvalidStudyException;
import java.nio.file.Path;

/** Words the refusals: the file's name without its folder, then what is wrong and where. */
public final class VoxelFault {

  private static final int LONGEST_TEXT = 60;

  private VoxelFault() {}

  /** Returns the error about a file. */
  public static InvalidStudyException of(String code, String file, String reason) {
    return new InvalidStudyException(code, file + ": " + reason);
  }

  /** Returns the error with the failure that caused it. */
  public static InvalidStudyException of(String code, String file, String reason, Throwable cause) {
    return new InvalidStudyException(code, file + ": " + reason, cause);
  }

  /** Returns the last part of a path; a folder's name may be a patient's. */
  public static String nameOf(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  /** Returns text of a file in a form that may be shown: printable, in quotes, not too long. */
  public static String shown(String text) {
    String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
    return "\""
        + (clean.length() > LONGEST_TEXT ? clean.substring(0, LONGEST_TEXT) + "..." : clean)
        + "\"";
  }
}
