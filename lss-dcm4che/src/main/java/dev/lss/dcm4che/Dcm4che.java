package dev.lss.dcm4che;

import dev.lss.dicom.Dicom;
import dev.lss.dicom.DicomOptions;
import dev.lss.dicom.DicomReport;
import dev.lss.dicom.DicomScan;
import dev.lss.dicom.DicomSegmentation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.UID;
import org.dcm4che3.io.DicomInputStream;
import org.dcm4che3.io.DicomOutputStream;

/**
 * Between {@code Attributes} and studies and results of LSS. What crosses is a DICOM file in
 * memory, so that both sides read and write by their own rules. Thread-safe, no state.
 */
public final class Dcm4che {

  /**
   * An image of dcm4che.
   *
   * @param dataSet its attributes with the pixels, which may lie in a file ({@code BulkData}) or in
   *     fragments; it is not changed
   * @param transferSyntaxUid how the pixels are written, as the file or the presentation context
   *     says
   */
  public record Instance(Attributes dataSet, String transferSyntaxUid) {

    /** Refuses null. */
    public Instance {
      Objects.requireNonNull(dataSet, "dataSet");
      Objects.requireNonNull(transferSyntaxUid, "transferSyntaxUid");
    }
  }

  private Dcm4che() {}

  /**
   * Finds the series among images. Messages call them by their place in the list, from 1.
   *
   * @throws dev.lss.api.InvalidStudyException when nothing can be used
   * @throws IOException when pixels that lie in a file cannot be read
   */
  public static DicomScan scan(List<Instance> instances, DicomOptions options) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (Instance instance : instances) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      Attributes meta = instance.dataSet().createFileMetaInformation(instance.transferSyntaxUid());
      try (DicomOutputStream out = new DicomOutputStream(file, UID.ExplicitVRLittleEndian)) {
        out.writeDataset(meta, instance.dataSet());
        out.finish(); // ends a deflated data set
      }
      files.add(file.toByteArray());
    }
    return Dicom.scanInMemory(files, options);
  }

  /** Returns a segmentation as attributes, with all pixels; Explicit VR Little Endian. */
  public static Attributes of(DicomSegmentation segmentation) throws IOException {
    return read(segmentation::writeTo);
  }

  /** Returns a report as attributes. */
  public static Attributes of(DicomReport report) throws IOException {
    return read(report::writeTo);
  }

  private interface Written {
    void to(OutputStream out) throws IOException;
  }

  private static Attributes read(Written object) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    object.to(file);
    try (var in = new DicomInputStream(new ByteArrayInputStream(file.toByteArray()))) {
      return in.readDataset();
    }
  }
}
