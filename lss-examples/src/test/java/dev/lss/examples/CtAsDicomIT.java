package dev.lss.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.SeriesRole;
import dev.lss.api.Tasks;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.Segmenters;
import dev.lss.core.image.Orient;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.phantom.LumbarPhantom;
import dev.lss.dicom.Dicom;
import dev.lss.dicom.DicomSeries;
import dev.lss.dicom.data.DataSetWriter;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.data.Uids;
import dev.lss.dicom.data.Vr;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A CT gives the same labels as a volume in memory or NIfTI and as a DICOM series. */
class CtAsDicomIT {

  private static final int INTERCEPT = -2048;

  @TempDir private Path folder;

  @Test
  void the_abdomen_gives_the_labels_of_its_nifti() throws IOException {
    Path file = RealData.path("ct/abdomen_3mm/ct.nii.gz");
    assertSameLabels(Orient.to(Nifti.read(file).volume(), AnatomicalCode.LPS));
  }

  @Test
  void a_phantom_gives_the_labels_that_it_has_in_memory() throws IOException {
    Volume ct = LumbarPhantom.demo().ct();
    float[] whole = VoxelArrays.samples(ct).clone();
    for (int n = 0; n < whole.length; n++) {
      whole[n] = Math.round(whole[n]);
    }
    assertSameLabels(Orient.to(Volume.wrap(ct.geometry(), whole), AnatomicalCode.LPS));
  }

  private void assertSameLabels(Volume ct) throws IOException {
    write(ct);
    DicomSeries series = Dicom.scan(folder).byRole(SeriesRole.CT).get(0);
    DicomSeries.Image image = series.read();
    assertThat(image.notices()).isEmpty();
    try (LumbarSegmenter segmenter = Segmenters.forTask(Tasks.CT_VERTEBRAE).build()) {
      SegmentationResult ofVolume = segmenter.segment(LumbarStudy.ofCt(ct));
      SegmentationResult ofSeries = segmenter.segment(LumbarStudy.of(image.series()));

      assertThat(ofVolume.foundAnything()).isTrue();
      assertThat(ofSeries.labels().geometry().sameAs(ct.geometry(), 1e-4)).isTrue();
      assertThat(ofSeries.labels().toArray()).isEqualTo(ofVolume.labels().toArray());
      assertThat(ofSeries.notices()).isEqualTo(ofVolume.notices());
    }
  }

  /** Slices from the feet up, as a scanner stores an axial series. */
  private void write(Volume ct) throws IOException {
    float[] samples = VoxelArrays.samples(ct);
    Extents e = ct.extents();
    int frame = e.i() * e.j();
    for (int k = 0; k < e.k(); k++) {
      ByteBuffer pixels = ByteBuffer.allocate(2 * frame).order(ByteOrder.LITTLE_ENDIAN);
      for (int n = 0; n < frame; n++) {
        pixels.putShort((short) (samples[k * frame + n] - INTERCEPT));
      }
      NewDataSet data = slice(ct, k);
      data.bulk(Tag.PIXEL_DATA, Vr.OW, 2L * frame, out -> out.write(pixels.array()));
      try (OutputStream out = Files.newOutputStream(folder.resolve(k + ".dcm"))) {
        DataSetWriter.write(data, StandardCharsets.ISO_8859_1, out);
      }
    }
  }

  private static NewDataSet slice(Volume ct, int k) {
    Vector3 at = ct.geometry().toWorldMm(new Vector3(0, 0, k));
    Vector3 row = ct.geometry().affine().columnI();
    Vector3 column = ct.geometry().affine().columnJ();
    Vector3 across = row.times(1 / row.norm());
    Vector3 down = column.times(1 / column.norm());
    return new NewDataSet()
        .text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "AXIAL")
        .text(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2")
        .text(Tag.SOP_INSTANCE_UID, Uids.ofName("slice " + k))
        .text(Tag.STUDY_INSTANCE_UID, Uids.ofName("study"))
        .text(Tag.SERIES_INSTANCE_UID, Uids.ofName("series"))
        .text(Tag.FRAME_OF_REFERENCE_UID, Uids.ofName("frame of reference"))
        .text(Tag.MODALITY, "CT")
        .integers(Tag.INSTANCE_NUMBER, k + 1)
        .decimals(Tag.IMAGE_POSITION_PATIENT, at.x(), at.y(), at.z())
        .decimals(
            Tag.IMAGE_ORIENTATION_PATIENT,
            across.x(),
            across.y(),
            across.z(),
            down.x(),
            down.y(),
            down.z())
        .decimals(Tag.PIXEL_SPACING, column.norm(), row.norm())
        .decimals(Tag.SLICE_THICKNESS, ct.geometry().affine().columnK().norm())
        .integers(Tag.SAMPLES_PER_PIXEL, 1)
        .text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
        .integers(Tag.ROWS, ct.extents().j())
        .integers(Tag.COLUMNS, ct.extents().i())
        .integers(Tag.BITS_ALLOCATED, 16)
        .integers(Tag.BITS_STORED, 16)
        .integers(Tag.HIGH_BIT, 15)
        .integers(Tag.PIXEL_REPRESENTATION, 0)
        .decimals(Tag.RESCALE_INTERCEPT, INTERCEPT)
        .decimals(Tag.RESCALE_SLOPE, 1)
        .text(Tag.RESCALE_TYPE, "HU");
  }
}
