package dev.lss.dicom.seg;

import dev.lss.api.anatomy.CodedConcept;
import dev.lss.api.anatomy.Structure;
import dev.lss.dicom.data.DataSet;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.derived.Anatomy;
import java.util.Optional;

/**
 * A segment that a file describes. Immutable.
 *
 * @param number its number
 * @param name what the file calls it; may be empty
 * @param structure what its codes stand for; empty when they are not known
 * @param hasBadCode whether its code has a check digit that is wrong
 */
record SegInfo(int number, String name, Optional<Structure> structure, boolean hasBadCode) {

  /** CID 7151: what a label map calls the pixels of no segment. */
  private static final String BACKGROUND = "125040";

  static SegInfo of(DataSet item) {
    String name = item.text(Tag.SEGMENT_LABEL).orElse("").replaceAll("\\p{Cntrl}", " ").strip();
    Optional<DataSet> type = item.item(Tag.SEGMENTED_PROPERTY_TYPE_CODE);
    Optional<CodedConcept> code = type.flatMap(SegInfo::code);
    Optional<CodedConcept> side =
        type.flatMap(t -> t.item(Tag.SEGMENTED_PROPERTY_TYPE_MODIFIER_CODE)).flatMap(SegInfo::code);
    return new SegInfo(
        item.integer(Tag.SEGMENT_NUMBER).orElse(-1),
        name,
        code.flatMap(known -> Anatomy.find(known, side, name)),
        code.filter(c -> c.scheme().equals("SCT") && !Verhoeff.isValid(c.value())).isPresent());
  }

  /** Returns whether an item describes the background of a label map. */
  static boolean isBackground(DataSet item) {
    return item.item(Tag.SEGMENTED_PROPERTY_TYPE_CODE)
        .flatMap(SegInfo::code)
        .filter(code -> code.scheme().equals("DCM") && code.value().equals(BACKGROUND))
        .isPresent();
  }

  /** Returns whether its name says that its level is not sure. */
  boolean isOfDoubtfulLevel() {
    return Anatomy.saysNotSure(name);
  }

  private static Optional<CodedConcept> code(DataSet item) {
    Optional<String> value = item.text(Tag.CODE_VALUE);
    Optional<String> scheme = item.text(Tag.CODING_SCHEME_DESIGNATOR);
    if (value.isEmpty() || scheme.isEmpty()) {
      return Optional.empty();
    }
    String meaning = item.text(Tag.CODE_MEANING).orElse("without meaning");
    return Optional.of(new CodedConcept(scheme.get(), value.get(), meaning));
  }
}
