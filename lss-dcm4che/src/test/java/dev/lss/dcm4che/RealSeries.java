package dev.lss.dcm4che;

import dev.lss.api.CancellationToken;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Measurements;
import dev.lss.api.ProgressListener;
import dev.lss.api.Provenance;
import dev.lss.api.SegmentationResult;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dcm4che3.io.DicomInputStream;
import org.junit.jupiter.api.Assumptions;

/**
 * A CT in JPEG 2000, which dcm4che-core alone cannot decode, and a segmenter that looks for bone.
 */
final class RealSeries {

  static final float BONE_HU = 200;

  private RealSeries() {}

  static Path folder() {
    Path folder = Path.of(System.getProperty("lss.data", ""), "ct", "abdomen_dicom_uids");
    if (System.getenv("CI") == null) {
      Assumptions.assumeTrue(Files.isDirectory(folder), "no real images in " + folder);
    }
    return folder;
  }

  /** Returns the images as dcm4che reads them. */
  static List<Dcm4che.Instance> images() throws IOException {
    List<Dcm4che.Instance> images = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder())) {
      for (Path file : files.sorted().toList()) {
        try (DicomInputStream in = new DicomInputStream(file.toFile())) {
          images.add(new Dcm4che.Instance(in.readDataset(), in.getTransferSyntax()));
        }
      }
    }
    return images;
  }

  /** Finds "L4" in what is brighter than bone, of which the part left of the middle is taken. */
  static SegmentationResult segment(Volume ct) {
    float[] hu = ct.toArray();
    short[] labels = new short[hu.length];
    int count = 0;
    for (int n = 0; n < labels.length; n++) {
      if (hu[n] > BONE_HU && n % ct.extents().i() < ct.extents().i() / 2) {
        labels[n] = 23;
        count++;
      }
    }
    VertebraMeasurement l4 =
        VertebraMeasurement.builder(VertebraLevel.L4, count, new Vector3(0, 0, 0)).build();
    return SegmentationResult.builder(
            "ct-vertebrae",
            LabelVolume.wrap(ct.geometry(), labels),
            LabelTable.lumbarVertebrae(),
            Provenance.builder("0.1.0").build())
        .measurements(Measurements.copyOf(List.of(l4)))
        .build();
  }

  static final class BoneSegmenter implements LumbarSegmenter {

    @Override
    public SegmentationResult segment(
        LumbarStudy study, ProgressListener progress, CancellationToken cancellation) {
      return RealSeries.segment(study.reference().volume());
    }

    @Override
    public void close() {
      // nothing is held
    }
  }
}
