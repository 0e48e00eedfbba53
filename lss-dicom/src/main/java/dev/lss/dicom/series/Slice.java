package dev.lss.dicom.series;

import dev.lss.api.image.Vector3;
import dev.lss.dicom.data.DataSet;
import dev.lss.dicom.data.DicomFile;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.pixel.Frames;
import dev.lss.dicom.pixel.PixelFormat;
import dev.lss.dicom.pixel.Rescale;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** One picture with what says where it lies and what it shows. Immutable. */
public final class Slice {

  /**
   * Enhanced CT and MR, legacy converted, Enhanced US Volume, and segmentations: functional groups
   * place frames.
   */
  private static final Set<String> ENHANCED =
      Set.of(
          "1.2.840.10008.5.1.4.1.1.2.1",
          "1.2.840.10008.5.1.4.1.1.2.2",
          "1.2.840.10008.5.1.4.1.1.4.1",
          "1.2.840.10008.5.1.4.1.1.4.4",
          "1.2.840.10008.5.1.4.1.1.6.2",
          "1.2.840.10008.5.1.4.1.1.66.4",
          "1.2.840.10008.5.1.4.1.1.66.7");

  private final DicomFile file;
  private final PixelFormat format;
  private final int frame;
  private final boolean isEnhanced;
  private final FrameAttributes attributes;
  private final List<String> imageType;
  private final Contrast contrast;

  private Slice(DicomFile file, PixelFormat format, int frame, boolean isEnhanced) {
    DataSet data = file.data();
    this.file = file;
    this.format = format;
    this.frame = frame;
    this.isEnhanced = isEnhanced;
    this.attributes = new FrameAttributes(data, frame, isEnhanced);
    this.imageType = imageType();
    this.contrast =
        Contrast.of(
            imageType,
            data.text(Tag.COMPLEX_IMAGE_COMPONENT).orElse(""),
            data.text(Tag.SERIES_DESCRIPTION).orElse(""));
  }

  /**
   * Returns the pictures of a file.
   *
   * @throws dev.lss.api.InvalidStudyException when its pixels are damaged or not there
   */
  public static List<Slice> of(DicomFile file) throws IOException {
    PixelFormat format = Frames.of(file).format();
    boolean enhanced = ENHANCED.contains(sopClass(file));
    List<Slice> slices = new ArrayList<>();
    for (int frame = 0; frame < format.frames(); frame++) {
      slices.add(new Slice(file, format, frame, enhanced));
    }
    return slices;
  }

  /** Returns the SOP class, from the file meta information where the data set has none. */
  public static String sopClass(DicomFile file) {
    return file.data()
        .text(Tag.SOP_CLASS_UID)
        .or(() -> file.meta().text(Tag.MEDIA_STORAGE_SOP_CLASS_UID))
        .orElse("");
  }

  private List<String> imageType() {
    for (Tag group : new Tag[] {Tag.MR_IMAGE_FRAME_TYPE, Tag.CT_IMAGE_FRAME_TYPE}) {
      List<String> found = attributes.of(group, Tag.FRAME_TYPE).texts(Tag.FRAME_TYPE);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return file.data().texts(Tag.IMAGE_TYPE);
  }

  public DicomFile file() {
    return file;
  }

  /** Returns which picture of the file it is, from 0. */
  public int frame() {
    return frame;
  }

  public PixelFormat format() {
    return format;
  }

  boolean isEnhanced() {
    return isEnhanced;
  }

  Contrast contrast() {
    return contrast;
  }

  /** Returns whether all slices lie beside each other in one picture, as Siemens stores series. */
  boolean isMosaic() {
    return imageType.contains("MOSAIC");
  }

  boolean isLocalizer() {
    return imageType.contains("LOCALIZER");
  }

  public String modality() {
    return text(Tag.MODALITY);
  }

  /** Returns the text of an attribute at the top of the data set, empty when it has none. */
  String text(Tag tag) {
    return file.data().text(tag).orElse("");
  }

  OptionalInt instanceNumber() {
    return file.data().integer(Tag.INSTANCE_NUMBER);
  }

  /** Returns the centre of the first pixel; none or not three numbers when it is not known. */
  public double[] position() {
    return attributes.numbers(Tag.PLANE_POSITION, Tag.IMAGE_POSITION_PATIENT);
  }

  /** Returns the directions of rows and columns, six cosines; none when they are not known. */
  public double[] orientation() {
    return attributes.numbers(Tag.PLANE_ORIENTATION, Tag.IMAGE_ORIENTATION_PATIENT);
  }

  /** Returns the distance of two rows, then of two columns, in mm; none when not known. */
  public double[] pixelSpacing() {
    return attributes.numbers(Tag.PIXEL_MEASURES, Tag.PIXEL_SPACING);
  }

  /** Returns the step of a single slice: the distance to a next one, else its thickness. */
  public OptionalDouble thicknessMm() {
    for (Tag tag : new Tag[] {Tag.SPACING_BETWEEN_SLICES, Tag.SLICE_THICKNESS}) {
      OptionalDouble mm = attributes.number(Tag.PIXEL_MEASURES, tag);
      if (mm.isPresent() && Math.abs(mm.getAsDouble()) > 0 && Double.isFinite(mm.getAsDouble())) {
        return OptionalDouble.of(Math.abs(mm.getAsDouble()));
      }
    }
    return OptionalDouble.empty();
  }

  boolean hasPlace() {
    return position().length > 0 && orientation().length > 0;
  }

  /** Returns the position along a direction, in mm. */
  public double along(Vector3 normal) {
    double[] p = position();
    return normal.dot(new Vector3(p[0], p[1], p[2]));
  }

  /** Returns how stored numbers become values; empty when the image does not say it. */
  public Optional<Rescale> rescale() {
    return Rescale.of(
        attributes.of(Tag.PIXEL_VALUE_TRANSFORMATION, Tag.RESCALE_SLOPE), format, file.name());
  }

  /** Returns what tells apart pictures of one place, in the order in which it is looked at. */
  List<String> discriminators() {
    return List.of(
        String.join("\\", imageType) + "/" + text(Tag.COMPLEX_IMAGE_COMPONENT),
        text(Tag.ECHO_NUMBERS)
            + "/"
            + text(Tag.ECHO_TIME)
            + "/"
            + attributes.of(Tag.MR_ECHO, Tag.EFFECTIVE_ECHO_TIME).number(Tag.EFFECTIVE_ECHO_TIME),
        text(Tag.TEMPORAL_POSITION_IDENTIFIER)
            + "/"
            + attributes
                .of(Tag.FRAME_CONTENT, Tag.TEMPORAL_POSITION_INDEX)
                .number(Tag.TEMPORAL_POSITION_INDEX),
        text(Tag.ACQUISITION_NUMBER),
        text(Tag.TRIGGER_TIME),
        file.data().number(Tag.DIFFUSION_B_VALUE)
            + "/"
            + Arrays.toString(file.data().numbers(Tag.DIFFUSION_GRADIENT_ORIENTATION)),
        text(Tag.CONTRAST_BOLUS_AGENT),
        text(Tag.CONVOLUTION_KERNEL));
  }

  /** What each of {@link #discriminators()} is called. */
  static final List<String> DISCRIMINATOR_NAMES =
      List.of("kind", "echo", "time", "acquisition", "trigger", "b value", "contrast", "kernel");

  /** Returns what must be equal in one volume. */
  String hardKey() {
    return String.join(
        "\n",
        text(Tag.PATIENT_ID),
        text(Tag.STUDY_INSTANCE_UID),
        text(Tag.SERIES_INSTANCE_UID),
        text(Tag.FRAME_OF_REFERENCE_UID),
        modality(),
        String.valueOf(isEnhanced),
        attributes.of(Tag.FRAME_CONTENT, Tag.STACK_ID).text(Tag.STACK_ID).orElse(""),
        String.valueOf(format.rows()),
        String.valueOf(format.columns()),
        String.valueOf(format.photometric()));
  }

  /** Returns what says whose examination it is; never for a message. */
  public String patientKey() {
    return text(Tag.PATIENT_ID) + "\n" + text(Tag.STUDY_INSTANCE_UID);
  }

  /** Returns what says which series of which study it belongs to. */
  String seriesKey() {
    return String.join(
        "\n", text(Tag.PATIENT_ID), text(Tag.STUDY_INSTANCE_UID), text(Tag.SERIES_INSTANCE_UID));
  }
}
