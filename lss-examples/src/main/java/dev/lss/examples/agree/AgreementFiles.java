package dev.lss.examples.agree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of an agreement: the pictures of each comparison and, last, {@value #MAIN}. */
public final class AgreementFiles {

  /** The file that says that the others are complete. */
  public static final String MAIN = "agreement.json";

  /** Matches the names of all other files. */
  public static final String NAMES = "bland-altman-[0-9]+\\.(svg|pdf|png)";

  private AgreementFiles() {}

  /** Returns the files by name, in the order in which they are to be written. */
  public static Map<String, byte[]> of(Agreement agreement, Labels labels) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<List<String>> plots = new ArrayList<>();
    for (Comparison comparison : agreement.comparisons()) {
      String name = "bland-altman-" + (plots.size() + 1);
      Map<String, byte[]> pictures = BlandAltmanPlot.files(name, comparison, labels);
      plots.add(List.copyOf(pictures.keySet()));
      files.putAll(pictures);
    }
    files.put(MAIN, AgreementJson.write(agreement, plots));
    return files;
  }
}
