package dev.lss.dicom.derived;

import dev.lss.dicom.data.DataSet;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.DicomFile;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.data.Uids;
import dev.lss.dicom.series.Slice;
import dev.lss.dicom.series.Stack;
import dev.lss.dicom.series.StackReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an object that is made of a series repeats of it: patient, study and frame of reference, as
 * they are written there, and what its instances are called. Immutable.
 *
 * <p>Texts are copied byte by byte and the character set with them. Our own texts are written in
 * it, or in ASCII where it is not one that is known whole.
 */
public final class SourceHeader {

  /** Must be there, with a value or without. */
  private static final List<Tag> ALWAYS =
      List.of(
          Tag.PATIENT_NAME,
          Tag.PATIENT_ID,
          Tag.PATIENT_BIRTH_DATE,
          Tag.PATIENT_SEX,
          Tag.STUDY_DATE,
          Tag.STUDY_TIME,
          Tag.ACCESSION_NUMBER,
          Tag.REFERRING_PHYSICIAN_NAME,
          Tag.STUDY_ID);

  /** Are repeated where the series has them: archives compare them. */
  private static final List<Tag> WHERE_THERE =
      List.of(
          Tag.ISSUER_OF_PATIENT_ID,
          Tag.PATIENT_BIRTH_TIME,
          Tag.OTHER_PATIENT_IDS,
          Tag.OTHER_PATIENT_NAMES,
          Tag.ETHNIC_GROUP,
          Tag.PATIENT_COMMENTS,
          Tag.STUDY_DESCRIPTION,
          Tag.PATIENT_AGE,
          Tag.PATIENT_SIZE,
          Tag.PATIENT_WEIGHT);

  /**
   * An instance of the series, or one frame of it.
   *
   * @param sopClassUid its SOP class
   * @param sopInstanceUid its identifier
   * @param frame number of the frame from 1, of an image of several; empty otherwise
   */
  public record Instance(String sopClassUid, String sopInstanceUid, OptionalInt frame) {

    /** Returns the item of a sequence that refers to it. */
    public NewDataSet item() {
      NewDataSet item = whole();
      frame.ifPresent(number -> item.integers(Tag.REFERENCED_FRAME_NUMBER, number));
      return item;
    }

    /** Returns the item of a sequence that refers to all its frames. */
    public NewDataSet whole() {
      return new NewDataSet()
          .text(Tag.REFERENCED_SOP_CLASS_UID, sopClassUid)
          .text(Tag.REFERENCED_SOP_INSTANCE_UID, sopInstanceUid);
    }
  }

  private final DataSet first;
  private final Map<Tag, String> uids;
  private final List<Instance> instances;
  private final Optional<DataSet> lossy;
  private final Charset charset;
  private final List<String> charsetTerms;

  private SourceHeader(
      DataSet first, Map<Tag, String> uids, List<Instance> instances, Optional<DataSet> lossy) {
    this.first = first;
    this.uids = uids;
    this.instances = List.copyOf(instances);
    this.lossy = lossy;
    List<String> named = first.texts(Tag.SPECIFIC_CHARACTER_SET);
    boolean isUtf8 = named.isEmpty() ? isAscii(first) : named.equals(List.of("ISO_IR 192"));
    this.charset = isUtf8 ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
    this.charsetTerms = isUtf8 ? List.of("ISO_IR 192") : named;
  }

  /**
   * Reads the attributes of the first instance again, now with those of the patient.
   *
   * @param makesUids whether identifiers that the series lacks are made; they follow from the bytes
   *     of its files, so that all that is made of one series agrees
   * @throws dev.lss.api.InvalidStudyException {@code NO_IDENTIFIERS} when one is missing or none
   *     and none may be made
   */
  public static SourceHeader of(Stack stack, boolean makesUids) throws IOException {
    DicomFile file = DicomFile.readWithPatient(stack.first().file().source());
    List<Instance> instances = new ArrayList<>();
    for (Slice slice : stack.slices()) {
      instance(slice).ifPresent(instances::add);
    }
    boolean isWhole = instances.size() == stack.slices().size();
    List<String> missing = new ArrayList<>();
    Map<Tag, String> uids = new LinkedHashMap<>();
    String hash = "";
    List<Tag> needed = new ArrayList<>(List.of(Tag.STUDY_INSTANCE_UID, Tag.SERIES_INSTANCE_UID));
    if (stack.view() == null) { // a picture has no place in the patient
      needed.add(Tag.FRAME_OF_REFERENCE_UID);
    }
    for (Tag tag : needed) {
      String uid = file.data().text(tag).orElse("");
      if (!Uids.isOne(uid)) {
        missing.add(tag.toString());
        hash = hash.isEmpty() && makesUids ? new StackReader(stack).source().sha256() : hash;
        uid = makesUids ? Uids.ofName(hash + tag) : "";
      }
      uids.put(tag, uid);
    }
    if (!makesUids && (!missing.isEmpty() || !isWhole)) {
      throw DicomFault.of(
          "NO_IDENTIFIERS",
          Stack.subject(stack.first()),
          "its identifiers %sare empty, so nothing can refer to it; allow new ones, or export it again"
              .formatted(missing.isEmpty() ? "of instances " : String.join(" ", missing) + " "));
    }
    return new SourceHeader(
        file.data(),
        uids,
        isWhole ? instances : List.of(),
        stack.slices().stream()
            .map(slice -> slice.file().data())
            .filter(data -> data.text(Tag.LOSSY_IMAGE_COMPRESSION).orElse("").equals("01"))
            .findFirst());
  }

  private static Optional<Instance> instance(Slice slice) {
    DicomFile file = slice.file();
    String uid =
        file.data()
            .text(Tag.SOP_INSTANCE_UID)
            .or(() -> file.meta().text(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID))
            .orElse("");
    String sopClass = Slice.sopClass(file);
    OptionalInt frame =
        slice.format().frames() > 1 || file.data().has(Tag.NUMBER_OF_FRAMES)
            ? OptionalInt.of(slice.frame() + 1)
            : OptionalInt.empty();
    return Uids.isOne(uid) && Uids.isOne(sopClass)
        ? Optional.of(new Instance(sopClass, uid, frame))
        : Optional.empty();
  }

  private static boolean isAscii(DataSet data) {
    List<Tag> copied = new ArrayList<>(ALWAYS);
    copied.addAll(WHERE_THERE);
    for (Tag tag : copied) {
      for (byte letter : data.raw(tag)) {
        if (letter < 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Sets the attributes of patient and study. */
  public void putInto(NewDataSet data) {
    if (!charsetTerms.isEmpty()) {
      data.text(Tag.SPECIFIC_CHARACTER_SET, charsetTerms.toArray(String[]::new));
    }
    ALWAYS.forEach(tag -> data.copyOrEmpty(first, tag));
    WHERE_THERE.forEach(tag -> data.copy(first, tag));
    data.text(Tag.STUDY_INSTANCE_UID, studyInstanceUid());
  }

  /** Sets the frame of reference, of what has a place in the patient. */
  public void putFrameOfReferenceInto(NewDataSet data) {
    data.text(Tag.FRAME_OF_REFERENCE_UID, frameOfReferenceUid())
        .copyOrEmpty(first, Tag.POSITION_REFERENCE_INDICATOR);
  }

  /** Sets whether, and how, an image of the series was compressed with losses. */
  public void putLossInto(NewDataSet data) {
    data.text(Tag.LOSSY_IMAGE_COMPRESSION, lossy.isPresent() ? "01" : "00");
    lossy.ifPresent(
        from -> {
          data.copy(from, Tag.LOSSY_IMAGE_COMPRESSION_RATIO);
          data.copy(from, Tag.LOSSY_IMAGE_COMPRESSION_METHOD);
        });
  }

  /** Returns the character set in which texts of ours are to be written. */
  public Charset charset() {
    return charset;
  }

  /** Returns the identifier of the study. */
  public String studyInstanceUid() {
    return uid(Tag.STUDY_INSTANCE_UID);
  }

  /** Returns the identifier of the series. */
  public String seriesInstanceUid() {
    return uid(Tag.SERIES_INSTANCE_UID);
  }

  /** Returns the identifier of the frame of reference; empty for a picture. */
  public String frameOfReferenceUid() {
    return uid(Tag.FRAME_OF_REFERENCE_UID);
  }

  /** Returns the number of the series; empty when it has none. */
  public OptionalInt seriesNumber() {
    return first.integer(Tag.SERIES_NUMBER);
  }

  /** Returns the instance of each slice in order; empty when their identifiers were missing. */
  public List<Instance> instances() {
    return instances;
  }

  /** Returns the item that names the series and its instances, each once. */
  public NewDataSet referencedSeries() {
    Map<String, Instance> once = new LinkedHashMap<>();
    instances.forEach(instance -> once.putIfAbsent(instance.sopInstanceUid(), instance));
    return new NewDataSet()
        .text(Tag.SERIES_INSTANCE_UID, seriesInstanceUid())
        .items(Tag.REFERENCED_INSTANCES, once.values().stream().map(Instance::whole).toList());
  }

  private String uid(Tag tag) {
    return uids.getOrDefault(tag, "");
  }
}
