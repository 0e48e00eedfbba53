package dev.lss.dicom.derived;

import dev.lss.api.Provenance;
import dev.lss.api.anatomy.CodedConcept;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import java.util.ArrayList;
import java.util.List;

/**
 * Which program, with which model, made a result. Immutable.
 *
 * @param name id of the model, or of the task where no model ran
 * @param version version of the model, or of LSS
 * @param software LSS with its version, then id, version and SHA-256 of each model
 * @param isLearned whether a network ran
 */
public record Algorithm(String name, String version, List<String> software, boolean isLearned) {

  private static final CodedConcept LEARNED =
      new CodedConcept("DCM", "123110", "Artificial Intelligence");

  /** Copies the list. */
  public Algorithm {
    software = List.copyOf(software);
  }

  /** Returns what a provenance names; of several models the last, which gave the labels. */
  public static Algorithm of(String task, Provenance provenance) {
    List<String> software = new ArrayList<>();
    software.add(fitting("LSS " + provenance.library()));
    for (Provenance.ModelRef model : provenance.models()) {
      software.add(fitting(model.id() + " " + model.version()));
      software.add(fitting(model.sha256()));
    }
    if (provenance.models().isEmpty()) {
      return new Algorithm(fitting(task), fitting(provenance.library()), software, false);
    }
    Provenance.ModelRef last = provenance.models().get(provenance.models().size() - 1);
    return new Algorithm(fitting(last.id()), fitting(last.version()), software, true);
  }

  private static String fitting(String text) {
    return NewDataSet.fitting(Tag.SOFTWARE_VERSIONS, text);
  }

  /** Returns the item of an algorithm identification sequence (PS3.3 table 10-19). */
  public NewDataSet item() {
    NewDataSet item =
        new NewDataSet()
            .text(Tag.ALGORITHM_SOURCE, software.get(0))
            .text(Tag.ALGORITHM_NAME, name)
            .text(Tag.ALGORITHM_VERSION, version);
    return item.items(Tag.ALGORITHM_FAMILY_CODE, Anatomy.item(LEARNED));
  }
}
