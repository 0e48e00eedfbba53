package dev.lss.api.anatomy;

import java.util.Optional;

/**
 * The muscles beside the lumbar spine that LSS names, from the back to the front, with the codes of
 * DICOM's context groups 3031 and 7192 where those have one.
 */
public enum Muscle {
  /** Multifidus, beside the spinous processes. */
  MULTIFIDUS("multifidus", "MDC", "7:508", "Musculi multifidii"),
  /** Erector spinae: iliocostalis and longissimus together. */
  ERECTOR_SPINAE("erector-spinae", "SCT", "44947003", "Erector spinae muscle"),
  /** Psoas major, beside the vertebral bodies. No code of it was verified. */
  PSOAS_MAJOR("psoas-major", "", "", ""),
  /** Quadratus lumborum, between the lowest rib and the iliac crest. */
  QUADRATUS_LUMBORUM("quadratus-lumborum", "MDC", "7:576", "Musculus quadratus lumborum"),
  /** Erector spinae and transversospinales together, as other programs mark them. */
  DEEP_BACK("deep-back", "SCT", "244849004", "Deep muscle of back"),
  /** Iliacus and psoas together, as other programs mark them. */
  ILIOPSOAS("iliopsoas", "SCT", "68455001", "Iliopsoas muscle");

  private final String key;
  private final String scheme;
  private final String code;
  private final String meaning;

  Muscle(String key, String scheme, String code, String meaning) {
    this.key = key;
    this.scheme = scheme;
    this.code = code;
    this.meaning = meaning;
  }

  /** Returns the word in keys, such as {@code erector-spinae}. */
  public String key() {
    return key;
  }

  /** Returns the name for people, such as {@code erector spinae}. */
  public String displayName() {
    return key.replace('-', ' ');
  }

  /** Returns the coded concept, without a side; empty where no verified code exists. */
  public Optional<CodedConcept> code() {
    return code.isEmpty() ? Optional.empty() : Optional.of(new CodedConcept(scheme, code, meaning));
  }
}
