package dev.lss.dicom.sr;

import dev.lss.api.anatomy.CodedConcept;

/**
 * The codes of reports. Each is in a context group of DICOM (PS3.16), which the comments name; what
 * has no code there has one of the private scheme {@link #PRIVATE}.
 */
final class Terms {

  /** Scheme of codes that no public terminology has. */
  static final String PRIVATE = "99LSS";

  static final CodedConcept IMAGING_MEASUREMENT_REPORT =
      dcm("126000", "Imaging Measurement Report");
  static final CodedConcept LANGUAGE = dcm("121049", "Language of Content Item and Descendants");
  static final CodedConcept ENGLISH =
      new CodedConcept("RFC5646", "en-US", "English (United States)");
  static final CodedConcept OBSERVER_TYPE = dcm("121005", "Observer Type");
  static final CodedConcept DEVICE = dcm("121007", "Device");
  static final CodedConcept DEVICE_UID = dcm("121012", "Device Observer UID");
  static final CodedConcept DEVICE_NAME = dcm("121013", "Device Observer Name");
  static final CodedConcept DEVICE_MANUFACTURER = dcm("121014", "Device Observer Manufacturer");
  static final CodedConcept DEVICE_MODEL = dcm("121015", "Device Observer Model Name");
  static final CodedConcept PROCEDURE_REPORTED = dcm("121058", "Procedure reported");
  static final CodedConcept IMAGE_LIBRARY = dcm("111028", "Image Library");
  static final CodedConcept IMAGE_LIBRARY_GROUP = dcm("126200", "Image Library Group");
  static final CodedConcept IMAGING_MEASUREMENTS = dcm("126010", "Imaging Measurements");
  static final CodedConcept MEASUREMENT_GROUP = dcm("125007", "Measurement Group");
  static final CodedConcept QUALITATIVE_EVALUATIONS =
      new CodedConcept("UMLS", "C0034375", "Qualitative Evaluations");
  static final CodedConcept COMMENT = dcm("121106", "Comment");
  static final CodedConcept TRACKING_IDENTIFIER = dcm("112039", "Tracking Identifier");
  static final CodedConcept TRACKING_UID = dcm("112040", "Tracking Unique Identifier");
  static final CodedConcept FINDING = dcm("121071", "Finding");
  static final CodedConcept FINDING_SITE = sct("363698007", "Finding Site");
  static final CodedConcept LATERALITY = sct("272741003", "Laterality");
  static final CodedConcept REFERENCED_SEGMENT = dcm("121191", "Referenced Segment");
  static final CodedConcept SOURCE_SERIES = dcm("121232", "Source series for segmentation");
  static final CodedConcept SOURCE_OF_MEASUREMENT = dcm("121112", "Source of Measurement");
  static final CodedConcept DERIVATION = dcm("121401", "Derivation");
  static final CodedConcept MEASUREMENT_METHOD = sct("370129005", "Measurement Method");
  static final CodedConcept ALGORITHM_NAME = dcm("111001", "Algorithm Name");
  static final CodedConcept ALGORITHM_PARAMETERS = dcm("111002", "Algorithm Parameters");
  static final CodedConcept ALGORITHM_VERSION = dcm("111003", "Algorithm Version");

  // Statistics: CID 7464 and 7465.
  static final CodedConcept MEAN = sct("373098007", "Mean");
  static final CodedConcept MEDIAN = sct("373099004", "Median");
  static final CodedConcept STANDARD_DEVIATION = sct("386136009", "Standard Deviation");
  static final CodedConcept MINIMUM = sct("255605001", "Minimum");
  static final CodedConcept MAXIMUM = sct("56851009", "Maximum");
  static final CodedConcept PERCENTILE_5 = sct("371888009", "5th Percentile Value of population");
  static final CodedConcept PERCENTILE_95 = sct("371889001", "95th Percentile Value of population");

  private Terms() {}

  static CodedConcept dcm(String value, String meaning) {
    return new CodedConcept("DCM", value, meaning);
  }

  static CodedConcept sct(String value, String meaning) {
    return new CodedConcept("SCT", value, meaning);
  }

  static CodedConcept ucum(String value, String meaning) {
    return new CodedConcept("UCUM", value, meaning);
  }
}
