package dev.lss.dicom.sr;

import dev.lss.api.anatomy.CodedConcept;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.derived.Anatomy;
import java.util.List;

/** Items of the tree of a report (PS3.3 C.17.3 and C.18). Pure functions. */
final class ContentItems {

  /** How an item belongs to the one above it. */
  enum Relation {
    CONTAINS,
    HAS_OBS_CONTEXT,
    HAS_CONCEPT_MOD;

    private String term() {
      return name().replace('_', ' ');
    }
  }

  private ContentItems() {}

  static NewDataSet code(Relation relation, CodedConcept name, CodedConcept value) {
    return item(relation, "CODE", name).items(Tag.CONCEPT_CODE, Anatomy.item(value));
  }

  static NewDataSet text(Relation relation, CodedConcept name, String text) {
    return item(relation, "TEXT", name)
        .text(Tag.TEXT_VALUE, NewDataSet.fitting(Tag.TEXT_VALUE, text));
  }

  static NewDataSet uid(Relation relation, CodedConcept name, String uid) {
    return item(relation, "UIDREF", name).text(Tag.UID, uid);
  }

  /** Returns an item that refers to an image or to segments of one. */
  static NewDataSet image(CodedConcept name, NewDataSet reference) {
    return item(Relation.CONTAINS, "IMAGE", name).items(Tag.REFERENCED_SOP, reference);
  }

  /** Returns an item without a name that refers to an image, as an image library has them. */
  static NewDataSet image(NewDataSet reference) {
    return new NewDataSet()
        .text(Tag.RELATIONSHIP_TYPE, Relation.CONTAINS.term())
        .text(Tag.VALUE_TYPE, "IMAGE")
        .items(Tag.REFERENCED_SOP, reference);
  }

  static NewDataSet container(CodedConcept name, List<NewDataSet> children) {
    return with(
        item(Relation.CONTAINS, "CONTAINER", name).text(Tag.CONTINUITY_OF_CONTENT, "SEPARATE"),
        children);
  }

  /**
   * Returns a number. Where 16 letters do not hold it, all its bits stand beside them (PS3.3 table
   * C.18.1-1).
   */
  static NewDataSet number(CodedConcept name, double value, CodedConcept unit) {
    String decimal = NewDataSet.decimal(value);
    NewDataSet measured =
        new NewDataSet()
            .items(Tag.MEASUREMENT_UNITS_CODE, Anatomy.item(unit))
            .text(Tag.NUMERIC_VALUE, decimal);
    if (Double.parseDouble(decimal) != value) {
      measured.binary64(Tag.FLOATING_POINT_VALUE, value);
    }
    return item(Relation.CONTAINS, "NUM", name).items(Tag.MEASURED_VALUE, measured);
  }

  static NewDataSet with(NewDataSet item, List<NewDataSet> children) {
    return item.items(Tag.CONTENT, children);
  }

  /** Names the template of DCMR by which a container is filled. */
  static NewDataSet byTemplate(NewDataSet container, String identifier) {
    return container.items(
        Tag.CONTENT_TEMPLATE,
        new NewDataSet()
            .text(Tag.MAPPING_RESOURCE, "DCMR")
            .text(Tag.TEMPLATE_IDENTIFIER, identifier));
  }

  private static NewDataSet item(Relation relation, String type, CodedConcept name) {
    return new NewDataSet()
        .text(Tag.RELATIONSHIP_TYPE, relation.term())
        .text(Tag.VALUE_TYPE, type)
        .items(Tag.CONCEPT_NAME_CODE, Anatomy.item(name));
  }
}
