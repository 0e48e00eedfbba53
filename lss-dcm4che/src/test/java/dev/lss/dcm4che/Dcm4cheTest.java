package dev.lss.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.SegmentationResult;
import dev.lss.dicom.Dicom;
import dev.lss.dicom.DicomOptions;
import dev.lss.dicom.DicomReport;
import dev.lss.dicom.DicomSegmentation;
import dev.lss.dicom.DicomSeries;
import dev.lss.dicom.SegmentationOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.Tag;
import org.dcm4che3.data.UID;
import org.dcm4che3.data.VR;
import org.junit.jupiter.api.Test;

/** What crosses the bridge is what the files hold. */
class Dcm4cheTest {

  private static DicomSeries only(List<DicomSeries> series) {
    assertThat(series).hasSize(1);
    return series.get(0);
  }

  @Test
  void attributes_give_the_volume_of_their_files() throws Exception {
    DicomSeries bridged = only(Dcm4che.scan(RealSeries.images(), DicomOptions.defaults()).series());

    DicomSeries read = only(Dicom.scan(RealSeries.folder()).series());
    assertThat(bridged.geometry()).isEqualTo(read.geometry());
    assertThat(bridged.read().series().volume().toArray())
        .isEqualTo(read.read().series().volume().toArray());
  }

  @Test
  void deflated_attributes_are_read() throws Exception {
    List<Dcm4che.Instance> plain = RealSeries.images();
    Attributes image = new Attributes(plain.get(0).dataSet());
    short[] values = new short[512 * 512];
    for (int n = 0; n < values.length; n++) {
      values[n] = (short) (n % 1000);
    }
    image.setInt(Tag.BitsAllocated, VR.US, 16);
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(values);
    image.setBytes(Tag.PixelData, VR.OW, bytes.array());

    List<Dcm4che.Instance> deflated =
        List.of(new Dcm4che.Instance(image, UID.DeflatedExplicitVRLittleEndian));
    float[] read =
        only(Dcm4che.scan(deflated, DicomOptions.defaults()).series())
            .read()
            .series()
            .volume()
            .toArray();

    assertThat(read).hasSize(values.length);
    assertThat(read[1] - read[0]).isEqualTo((float) image.getDouble(Tag.RescaleSlope, 1));
  }

  @Test
  void segmentation_and_report_arrive_attribute_by_attribute() throws Exception {
    DicomSeries series = only(Dcm4che.scan(RealSeries.images(), DicomOptions.defaults()).series());
    SegmentationResult result = RealSeries.segment(series.read().series().volume());
    SegmentationOptions options = SegmentationOptions.defaults();
    DicomSegmentation seg = DicomSegmentation.of(series, result, options).orElseThrow();

    Attributes segmentation = Dcm4che.of(seg);
    Attributes report = Dcm4che.of(DicomReport.of(series, result, seg, options).orElseThrow());

    Attributes image = RealSeries.images().get(0).dataSet();
    for (Attributes made : List.of(segmentation, report)) {
      assertThat(made.getString(Tag.PatientID)).isEqualTo(image.getString(Tag.PatientID));
      assertThat(made.getString(Tag.StudyInstanceUID))
          .isEqualTo(image.getString(Tag.StudyInstanceUID));
    }
    assertThat(segmentation.getString(Tag.FrameOfReferenceUID))
        .isEqualTo(image.getString(Tag.FrameOfReferenceUID));
    int frames = segmentation.getInt(Tag.NumberOfFrames, 0);
    assertThat(segmentation.getSequence(Tag.PerFrameFunctionalGroupsSequence)).hasSize(frames);
    assertThat(bits(segmentation.getBytes(Tag.PixelData))).isEqualTo(result.labels().count(23));
    assertThat(report.getSequence(Tag.ContentSequence)).hasSizeGreaterThan(5);
  }

  private static long bits(byte[] bytes) {
    long count = 0;
    for (byte b : bytes) {
      count += Integer.bitCount(b & 0xff);
    }
    return count;
  }
}
