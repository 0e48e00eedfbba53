package dev.lss.api.anatomy;

import java.util.Optional;

/**
 * The levels of the spine that LSS names, in cranio-caudal order, with the label ids of the VerSe
 * data sets (Sekuboyina et al. 2021) and their SNOMED CT codes (DICOM CID 7603).
 */
public enum VertebraLevel {
  /** Eleventh thoracic vertebra. */
  T11(18, "", "Eleventh thoracic"),
  /** Twelfth thoracic vertebra. */
  T12(19, "23215003", "Twelfth thoracic"),
  /** Thirteenth thoracic vertebra, which few people have. */
  T13(28, "", "Thirteenth thoracic"),
  /** First lumbar vertebra. */
  L1(20, "66794005", "First lumbar"),
  /** Second lumbar vertebra. */
  L2(21, "14293000", "Second lumbar"),
  /** Third lumbar vertebra. */
  L3(22, "36470004", "Third lumbar"),
  /** Fourth lumbar vertebra. */
  L4(23, "11994002", "Fourth lumbar"),
  /** Fifth lumbar vertebra. */
  L5(24, "49668003", "Fifth lumbar"),
  /** Sixth lumbar vertebra, which few people have. */
  L6(25, "", "Sixth lumbar");

  private final int verseId;
  private final String snomedCode;
  private final String ordinalName;

  VertebraLevel(int verseId, String snomedCode, String ordinalName) {
    this.verseId = verseId;
    this.snomedCode = snomedCode;
    this.ordinalName = ordinalName;
  }

  /**
   * Returns the label value of this level in the VerSe numbering: L1 to L6 are 20 to 25, T13 is 28.
   */
  public int verseId() {
    return verseId;
  }

  /** Returns whether the level is one of L1 to L6. */
  public boolean isLumbar() {
    return compareTo(L1) >= 0;
  }

  /** Returns the SNOMED CT concept of this level; empty where no verified code exists. */
  public Optional<CodedConcept> code() {
    return snomedCode.isEmpty()
        ? Optional.empty()
        : Optional.of(new CodedConcept("SCT", snomedCode, ordinalName + " vertebra"));
  }

  /** Returns the level with this VerSe id, or empty. */
  public static Optional<VertebraLevel> ofVerseId(int verseId) {
    for (VertebraLevel level : values()) {
      if (level.verseId == verseId) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
