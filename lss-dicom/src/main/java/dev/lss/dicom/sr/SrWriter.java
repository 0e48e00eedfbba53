package dev.lss.dicom.sr;

import dev.lss.api.Measurement;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.anatomy.CodedConcept;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.data.Uids;
import dev.lss.dicom.derived.Algorithm;
import dev.lss.dicom.derived.Anatomy;
import dev.lss.dicom.derived.LevelDoubt;
import dev.lss.dicom.derived.NewObject;
import dev.lss.dicom.derived.SourceHeader;
import dev.lss.dicom.sr.ContentItems.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the data set of a report (PS3.3 A.35.13, Comprehensive 3D SR; PS3.16 TID 1500): unverified,
 * preliminary, one group for each structure that was measured, notices as comments.
 */
public final class SrWriter {

  /** Comprehensive 3D SR Storage. */
  public static final String COMPREHENSIVE_3D = "1.2.840.10008.5.1.4.1.1.88.34";

  /** CID 100. */
  private static final Map<String, CodedConcept> PROCEDURES =
      Map.of(
          "CT", new CodedConcept("LN", "25045-6", "CT unspecified body region"),
          "MR", new CodedConcept("LN", "25056-3", "MRI unspecified body region"));

  private static final CodedConcept IMAGING = Terms.sct("363679005", "Imaging procedure");

  private static final String NOT_A_DEVICE =
      "Not a medical device. For research only; not for diagnosis or treatment.";

  private static final int SERIES_NUMBER = 9500;
  private static final int LARGEST_SERIES_NUMBER = 1_000_000;

  private final SourceHeader header;
  private final String modality;
  private final SegmentationResult result;
  private final Algorithm algorithm;
  private final Optional<Evidence> evidence;

  /**
   * The segmentation that the report refers to.
   *
   * @param sopClassUid its SOP class
   * @param sopInstanceUid its identifier
   * @param seriesInstanceUid identifier of its series
   * @param segments its segments
   */
  public record Evidence(
      String sopClassUid, String sopInstanceUid, String seriesInstanceUid, List<Found> segments) {

    /** Copies the list. */
    public Evidence {
      segments = List.copyOf(segments);
    }
  }

  /**
   * A segment.
   *
   * @param number its number
   * @param anatomy what it is
   * @param trackingUid what segmentation and report call it by
   */
  public record Found(int number, Anatomy anatomy, String trackingUid) {}

  /**
   * Prepares a report.
   *
   * @param modality of the series
   * @param evidence the segmentation of the result; empty for a picture, which has none
   */
  public SrWriter(
      SourceHeader header,
      String modality,
      SegmentationResult result,
      Optional<Evidence> evidence) {
    this.header = header;
    this.modality = modality;
    this.result = result;
    this.algorithm = Algorithm.of(result.task(), result.provenance());
    this.evidence = evidence;
  }

  /** Returns whether there is anything that a report can say of a result. */
  public static boolean canSay(SegmentationResult result) {
    return result.measurements().all().stream().anyMatch(m -> AllTerms.of(m).isPresent());
  }

  /** Returns the whole data set. */
  public NewDataSet dataSet(NewObject object) {
    NewDataSet data = new NewDataSet();
    header.putInto(data);
    int number = header.seriesNumber().orElse(0);
    boolean isUsual = number >= 0 && number < LARGEST_SERIES_NUMBER;
    object.putInto(
        data, "SR", SERIES_NUMBER + (isUsual ? number : 0), "LSS measurements", algorithm);
    data.items(Tag.REFERENCED_PERFORMED_PROCEDURE_STEP, List.of())
        .items(Tag.PERFORMED_PROCEDURE_CODE, List.of())
        .text(Tag.COMPLETION_FLAG, "PARTIAL")
        .text(Tag.VERIFICATION_FLAG, "UNVERIFIED")
        .text(Tag.PRELIMINARY_FLAG, "PRELIMINARY")
        .items(
            Tag.CODING_SCHEME_IDENTIFICATION,
            new NewDataSet()
                .text(Tag.CODING_SCHEME_DESIGNATOR, Terms.PRIVATE)
                .text(Tag.CODING_SCHEME_NAME, "Codes of LSS")
                .text(Tag.CODING_SCHEME_ORGANIZATION, "LSS"));
    List<NewDataSet> series = series();
    if (!series.isEmpty()) {
      data.items(
          Tag.EVIDENCE,
          new NewDataSet()
              .items(Tag.REFERENCED_SERIES, series)
              .text(Tag.STUDY_INSTANCE_UID, header.studyInstanceUid()));
    }
    data.text(Tag.VALUE_TYPE, "CONTAINER")
        .text(Tag.CONTINUITY_OF_CONTENT, "SEPARATE")
        .items(Tag.CONCEPT_NAME_CODE, Anatomy.item(Terms.IMAGING_MEASUREMENT_REPORT));
    ContentItems.byTemplate(data, "1500");
    return ContentItems.with(data, content());
  }

  /** Every instance that the report refers to, by series. */
  private List<NewDataSet> series() {
    List<NewDataSet> all = new ArrayList<>();
    List<NewDataSet> images = images();
    if (!images.isEmpty()) {
      all.add(referenced(header.seriesInstanceUid(), images));
    }
    evidence.ifPresent(
        seg ->
            all.add(
                referenced(
                    seg.seriesInstanceUid(),
                    List.of(
                        new NewDataSet()
                            .text(Tag.REFERENCED_SOP_CLASS_UID, seg.sopClassUid())
                            .text(Tag.REFERENCED_SOP_INSTANCE_UID, seg.sopInstanceUid())))));
    return all;
  }

  private static NewDataSet referenced(String seriesInstanceUid, List<NewDataSet> instances) {
    return new NewDataSet()
        .items(Tag.REFERENCED_SOP, instances)
        .text(Tag.SERIES_INSTANCE_UID, seriesInstanceUid);
  }

  /** The instances of the series, each once. */
  private List<NewDataSet> images() {
    Map<String, NewDataSet> once = new LinkedHashMap<>();
    header.instances().forEach(i -> once.putIfAbsent(i.sopInstanceUid(), i.whole()));
    return List.copyOf(once.values());
  }

  private List<NewDataSet> content() {
    String library = algorithm.software().get(0);
    List<NewDataSet> items = new ArrayList<>();
    items.add(ContentItems.code(Relation.HAS_CONCEPT_MOD, Terms.LANGUAGE, Terms.ENGLISH));
    Relation observer = Relation.HAS_OBS_CONTEXT;
    items.add(ContentItems.code(observer, Terms.OBSERVER_TYPE, Terms.DEVICE));
    items.add(ContentItems.uid(observer, Terms.DEVICE_UID, Uids.ofName(library)));
    items.add(ContentItems.text(observer, Terms.DEVICE_NAME, "LSS"));
    items.add(ContentItems.text(observer, Terms.DEVICE_MANUFACTURER, "LSS"));
    items.add(ContentItems.text(observer, Terms.DEVICE_MODEL, library));
    items.add(
        ContentItems.code(
            Relation.HAS_CONCEPT_MOD,
            Terms.PROCEDURE_REPORTED,
            PROCEDURES.getOrDefault(modality, IMAGING)));
    List<NewDataSet> images = images().stream().map(ContentItems::image).toList();
    if (!images.isEmpty()) {
      NewDataSet group = ContentItems.container(Terms.IMAGE_LIBRARY_GROUP, images);
      items.add(ContentItems.container(Terms.IMAGE_LIBRARY, List.of(group)));
    }
    items.add(
        ContentItems.container(
            Terms.IMAGING_MEASUREMENTS,
            groups().stream().map(group -> group.item(algorithm)).toList()));
    items.add(ContentItems.container(Terms.QUALITATIVE_EVALUATIONS, comments()));
    return items;
  }

  private List<NewDataSet> comments() {
    List<String> comments = new ArrayList<>(List.of(NOT_A_DEVICE));
    result.notices().stream().map(Notice::message).distinct().forEach(comments::add);
    return comments.stream()
        .map(comment -> ContentItems.text(Relation.CONTAINS, Terms.COMMENT, comment))
        .toList();
  }

  private List<Group> groups() {
    LevelDoubt levels = LevelDoubt.of(result);
    List<Group> groups = new ArrayList<>();
    for (Measurement measured : result.measurements().all()) {
      AllTerms.of(measured).ifPresent(terms -> groups.add(group(terms, measured, levels)));
    }
    return groups;
  }

  private <M extends Measurement> Group group(
      ReportTerms<M> terms, Measurement measured, LevelDoubt levels) {
    M mine = terms.type().cast(measured);
    Optional<String> doubt = levels.reason(measured.structure());
    Anatomy anatomy =
        doubt.isPresent() ? levels.anatomyOf(measured.structure()) : terms.anatomy(mine);
    Optional<Found> segment =
        evidence.flatMap(
            seg ->
                seg.segments().stream()
                    .filter(s -> s.anatomy().structure().equals(measured.structure()))
                    .findFirst());
    List<String> remarks = new ArrayList<>();
    doubt.ifPresent(remarks::add);
    remarks.addAll(terms.remarks(mine));
    return new Group(
        anatomy.label(),
        segment.map(Found::trackingUid).orElseGet(Uids::random),
        anatomy.type(),
        doubt.isPresent() ? anatomy.type() : terms.site(mine),
        anatomy.laterality(),
        subject(measured, segment),
        terms.quantities(mine),
        remarks);
  }

  private Group.Subject subject(Measurement measured, Optional<Found> segment) {
    if (evidence.isPresent()) {
      Evidence seg = evidence.get();
      if (segment.isEmpty()) {
        throw new IllegalArgumentException(
            measured.structure().key() + " was measured and is no segment of the segmentation");
      }
      return new Group.OfSegment(
          seg.sopClassUid(),
          seg.sopInstanceUid(),
          segment.get().number(),
          header.seriesInstanceUid());
    }
    return new Group.OfImage(header.instances().get(0).item());
  }
}
