package dev.lss.dicom.sr;

import dev.lss.api.anatomy.CodedConcept;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.derived.Algorithm;
import dev.lss.dicom.sr.ContentItems.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was measured on one structure, as a report says it: TID 1411 with the segment that was
 * measured, TID 1501 with the picture where there is no segment. Immutable.
 *
 * @param trackingId its name
 * @param trackingUid what segmentation and report call it by
 * @param finding what it is, no surer than it is known
 * @param site where it is
 * @param laterality which side of the patient; empty for what is in the middle
 * @param subject what was measured
 * @param quantities the numbers
 * @param remarks what a reader of them must know
 */
record Group(
    String trackingId,
    String trackingUid,
    CodedConcept finding,
    CodedConcept site,
    Optional<CodedConcept> laterality,
    Subject subject,
    List<Quantity> quantities,
    List<String> remarks) {

  /** What was measured. */
  sealed interface Subject permits OfSegment, OfImage {}

  /**
   * A segment.
   *
   * @param sopClassUid SOP class of the segmentation
   * @param sopInstanceUid its identifier
   * @param number number of the segment
   * @param seriesInstanceUid the series that was segmented
   */
  record OfSegment(String sopClassUid, String sopInstanceUid, int number, String seriesInstanceUid)
      implements Subject {}

  /**
   * A picture.
   *
   * @param reference the item that refers to it
   */
  record OfImage(NewDataSet reference) implements Subject {}

  /** Copies the lists. */
  Group {
    quantities = List.copyOf(quantities);
    remarks = List.copyOf(remarks);
  }

  NewDataSet item(Algorithm algorithm) {
    List<NewDataSet> items = new ArrayList<>();
    items.add(ContentItems.text(Relation.HAS_OBS_CONTEXT, Terms.TRACKING_IDENTIFIER, trackingId));
    items.add(ContentItems.uid(Relation.HAS_OBS_CONTEXT, Terms.TRACKING_UID, trackingUid));
    items.add(ContentItems.code(Relation.CONTAINS, Terms.FINDING, finding));
    if (subject instanceof OfSegment segment) {
      NewDataSet reference =
          new NewDataSet()
              .text(Tag.REFERENCED_SOP_CLASS_UID, segment.sopClassUid())
              .text(Tag.REFERENCED_SOP_INSTANCE_UID, segment.sopInstanceUid())
              .integers(Tag.REFERENCED_SEGMENT_NUMBER, segment.number());
      items.add(ContentItems.image(Terms.REFERENCED_SEGMENT, reference));
      items.add(
          ContentItems.uid(Relation.CONTAINS, Terms.SOURCE_SERIES, segment.seriesInstanceUid()));
    } else if (subject instanceof OfImage image) {
      items.add(ContentItems.image(Terms.SOURCE_OF_MEASUREMENT, image.reference()));
    }
    NewDataSet where = ContentItems.code(Relation.HAS_CONCEPT_MOD, Terms.FINDING_SITE, site);
    laterality.ifPresent(
        side ->
            ContentItems.with(
                where,
                List.of(ContentItems.code(Relation.HAS_CONCEPT_MOD, Terms.LATERALITY, side))));
    items.add(where);
    quantities.forEach(quantity -> items.add(item(quantity, algorithm)));
    remarks.forEach(
        remark -> items.add(ContentItems.text(Relation.CONTAINS, Terms.COMMENT, remark)));
    String template = subject instanceof OfSegment ? "1411" : "1501";
    return ContentItems.byTemplate(
        ContentItems.container(Terms.MEASUREMENT_GROUP, items), template);
  }

  private static NewDataSet item(Quantity quantity, Algorithm algorithm) {
    List<NewDataSet> modifiers = new ArrayList<>();
    quantity
        .derivation()
        .ifPresent(
            statistic ->
                modifiers.add(
                    ContentItems.code(Relation.HAS_CONCEPT_MOD, Terms.DERIVATION, statistic)));
    quantity
        .method()
        .ifPresent(
            how ->
                modifiers.add(
                    ContentItems.code(Relation.HAS_CONCEPT_MOD, Terms.MEASUREMENT_METHOD, how)));
    quantity
        .site()
        .ifPresent(
            part ->
                modifiers.add(
                    ContentItems.code(Relation.HAS_CONCEPT_MOD, Terms.FINDING_SITE, part)));
    modifiers.add(
        ContentItems.text(Relation.HAS_CONCEPT_MOD, Terms.ALGORITHM_NAME, algorithm.name()));
    modifiers.add(
        ContentItems.text(Relation.HAS_CONCEPT_MOD, Terms.ALGORITHM_VERSION, algorithm.version()));
    modifiers.add(
        ContentItems.text(
            Relation.HAS_CONCEPT_MOD,
            Terms.ALGORITHM_PARAMETERS,
            String.join("; ", algorithm.software())));
    return ContentItems.with(
        ContentItems.number(quantity.concept(), quantity.value(), quantity.unit()), modifiers);
  }
}
