package dev.lss.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of real images that tests read and the repository does not hold. Where it is missing
 * the test is reported as skipped, but fails when {@code CI=true}: a build server must not pass by
 * not looking.
 */
public final class RealData {

  private RealData() {}

  /** Returns the path of a real image, such as {@code ct/abdomen_3mm/ct.nii.gz}. */
  public static Path path(String relative) {
    return existing("lss.data", relative);
  }

  /** Returns the path of a file of reference results. */
  public static Path golden(String relative) {
    return existing("lss.golden", relative);
  }

  private static Path existing(String property, String relative) {
    String folder = System.getProperty(property, "");
    Path path = Path.of(folder, relative);
    boolean exists = !folder.isEmpty() && Files.exists(path);
    if (!exists && "true".equals(System.getenv("CI"))) {
      throw new AssertionError(
          relative + " is missing from the folder in the system property " + property);
    }
    assumeTrue(exists, relative + " is not in the folder of the system property " + property);
    return path;
  }
}
