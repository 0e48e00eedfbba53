package dev.lss.dicom;

import dev.lss.api.Provenance;
import dev.lss.api.SegmentationResult;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.dicom.data.DataSetWriter;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.data.Uids;
import dev.lss.dicom.data.Vr;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Series in every orientation with labels that have another shape in each slice and no symmetry, so
 * that nothing can be swapped or mirrored unnoticed. {@link #main} writes them for other programs.
 */
public final class SegExamples {

  /** No multiple of 8 pixels a slice, so that bits of frames share bytes. */
  static final int COLUMNS = 13;

  static final int ROWS = 7;
  static final double ROW_MM = 0.75;
  static final double COLUMN_MM = 0.4375;

  private SegExamples() {}

  /**
   * One series.
   *
   * @param name what it is called
   * @param row direction of growing columns
   * @param column direction of growing rows
   * @param step from one file to the next
   * @param slices how many
   * @param isEnhanced whether all are frames of one Enhanced MR image
   */
  record Example(
      String name, Vector3 row, Vector3 column, Vector3 step, int slices, boolean isEnhanced) {

    @Override
    public String toString() {
      return name;
    }
  }

  /** Returns all orientations along the patient's axes, then oblique ones, then special cases. */
  static List<Example> all() {
    List<Example> all = new ArrayList<>();
    for (int axis = 0; axis < 3; axis++) {
      for (int other = 1; other < 3; other++) {
        for (int signs = 0; signs < 8; signs++) {
          Vector3 row = unit(axis, (signs & 1) == 0 ? 1 : -1);
          Vector3 column = unit((axis + other) % 3, (signs & 2) == 0 ? 1 : -1);
          Vector3 step = row.cross(column).times((signs & 4) == 0 ? 2.5 : -2.5);
          all.add(
              new Example(
                  "axes-%s%s%s".formatted(axis, other, signs), row, column, step, 5, false));
        }
      }
    }
    Random random = new Random(4);
    for (int n = 0; n < 6; n++) {
      Vector3 row = normal(random);
      Vector3 column = row.cross(normal(random));
      column = column.times(1 / column.norm());
      Vector3 step = row.cross(column).times(n % 2 == 0 ? 1.1 : -3);
      all.add(new Example("oblique-" + n, row, column, step, 6, false));
    }
    Vector3 x = unit(0, 1);
    Vector3 y = unit(1, 1);
    Vector3 z = unit(2, 1);
    all.add(new Example("sagittal", y, z.times(-1), x.times(-4), 5, false));
    all.add(new Example("single-slice", x, y, z.times(5), 1, false));
    all.add(new Example("enhanced", x, y, z.times(-2), 6, true));
    all.add(
        new Example(
            "enhanced-oblique",
            x.times(0.8).plus(y.times(0.6)),
            z,
            y.times(0.8).minus(x.times(0.6)).times(2),
            4,
            true));
    return all;
  }

  private static Vector3 unit(int axis, double sign) {
    return new Vector3(0, 0, 0).with(axis, sign);
  }

  private static Vector3 normal(Random random) {
    Vector3 v = new Vector3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian());
    return v.times(1 / v.norm());
  }

  /** Writes the files of a series, the first one at a place that is not round. */
  static void write(Example example, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<NewDataSet> groups = new ArrayList<>();
    byte[] pixels = new byte[2 * COLUMNS * ROWS * example.slices()];
    for (int n = 0; n < pixels.length / 2; n++) {
      pixels[2 * n] = (byte) (n * 7);
      pixels[2 * n + 1] = (byte) (n % 11);
    }
    int frame = 2 * COLUMNS * ROWS;
    for (int n = 0; n < example.slices(); n++) {
      Vector3 at = new Vector3(-71.25, 33.4, -812.0625).plus(example.step().times(n));
      NewDataSet position =
          new NewDataSet().decimals(Tag.IMAGE_POSITION_PATIENT, at.x(), at.y(), at.z());
      if (example.isEnhanced()) {
        groups.add(
            new NewDataSet()
                .items(Tag.PLANE_POSITION, position)
                .items(
                    Tag.FRAME_CONTENT,
                    new NewDataSet().integers(Tag.DIMENSION_INDEX_VALUES, n + 1)));
      } else {
        NewDataSet data = image(example, "1.2.840.10008.5.1.4.1.1.4", n);
        geometry(example, data);
        data.decimals(Tag.IMAGE_POSITION_PATIENT, at.x(), at.y(), at.z());
        int from = n * frame;
        data.bulk(Tag.PIXEL_DATA, Vr.OW, frame, out -> out.write(pixels, from, frame));
        save(data, folder.resolve("%s.dcm".formatted(n)));
      }
    }
    if (example.isEnhanced()) {
      NewDataSet data = image(example, "1.2.840.10008.5.1.4.1.1.4.1", 0);
      data.integers(Tag.NUMBER_OF_FRAMES, example.slices())
          .items(Tag.SHARED_FUNCTIONAL_GROUPS, shared(example))
          .items(Tag.PER_FRAME_FUNCTIONAL_GROUPS, groups)
          .bulk(Tag.PIXEL_DATA, Vr.OW, pixels.length, out -> out.write(pixels));
      save(data, folder.resolve("all.dcm"));
    }
  }

  private static NewDataSet shared(Example example) {
    return new NewDataSet()
        .items(
            Tag.PLANE_ORIENTATION,
            new NewDataSet().decimals(Tag.IMAGE_ORIENTATION_PATIENT, orientation(example)))
        .items(
            Tag.PIXEL_MEASURES,
            new NewDataSet()
                .decimals(Tag.PIXEL_SPACING, ROW_MM, COLUMN_MM)
                .decimals(Tag.SLICE_THICKNESS, example.step().norm()));
  }

  private static void geometry(Example example, NewDataSet data) {
    data.decimals(Tag.IMAGE_ORIENTATION_PATIENT, orientation(example))
        .decimals(Tag.PIXEL_SPACING, ROW_MM, COLUMN_MM)
        .decimals(Tag.SLICE_THICKNESS, example.step().norm());
  }

  private static double[] orientation(Example example) {
    Vector3 row = example.row();
    Vector3 column = example.column();
    return new double[] {row.x(), row.y(), row.z(), column.x(), column.y(), column.z()};
  }

  private static NewDataSet image(Example example, String sopClass, int number) {
    return new NewDataSet()
        .text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 100")
        .text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "M")
        .text(Tag.SOP_CLASS_UID, sopClass)
        .text(Tag.SOP_INSTANCE_UID, Uids.ofName(example.name() + number))
        .text(Tag.MODALITY, "MR")
        .text(Tag.SERIES_DESCRIPTION, "T2 " + example.name())
        .text(Tag.MANUFACTURER, "Example")
        .text(Tag.PATIENT_NAME, "Müller^Jörg")
        .text(Tag.PATIENT_ID, "4711")
        .text(Tag.PATIENT_BIRTH_DATE, "19600229")
        .text(Tag.PATIENT_SEX, "O")
        .text(Tag.PATIENT_AGE, "066Y")
        .text(Tag.STUDY_DATE, "20260301")
        .text(Tag.STUDY_TIME, "101112")
        .text(Tag.STUDY_ID, "17")
        .text(Tag.STUDY_DESCRIPTION, "LWS")
        .text(Tag.ACCESSION_NUMBER, "A-1")
        .text(Tag.REFERRING_PHYSICIAN_NAME)
        .text(Tag.STUDY_INSTANCE_UID, Uids.ofName("study"))
        .text(Tag.SERIES_INSTANCE_UID, Uids.ofName(example.name()))
        .text(Tag.FRAME_OF_REFERENCE_UID, Uids.ofName("frame of reference"))
        .text(Tag.POSITION_REFERENCE_INDICATOR, "XY")
        .integers(Tag.SERIES_NUMBER, 4)
        .integers(Tag.INSTANCE_NUMBER, number + 1)
        .integers(Tag.SAMPLES_PER_PIXEL, 1)
        .text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
        .integers(Tag.ROWS, ROWS)
        .integers(Tag.COLUMNS, COLUMNS)
        .integers(Tag.BITS_ALLOCATED, 16)
        .integers(Tag.BITS_STORED, 16)
        .integers(Tag.HIGH_BIT, 15)
        .integers(Tag.PIXEL_REPRESENTATION, 0);
  }

  private static void save(NewDataSet data, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      DataSetWriter.write(data, StandardCharsets.ISO_8859_1, out);
    }
  }

  /**
   * Returns labels of a grid: L1 is a staircase that grows with the slice, L4 a corner that
   * wanders, and the muscle a few voxels at random; the last slice but one holds none of L1.
   */
  static LabelVolume labels(GridGeometry grid) {
    Extents e = grid.extents();
    short[] labels = new short[e.voxels()];
    Random random = new Random(8);
    for (int k = 0; k < e.k(); k++) {
      for (int j = 0; j < e.j(); j++) {
        for (int i = 0; i < e.i(); i++) {
          int at = i + e.i() * (j + e.j() * k);
          if (random.nextInt(9) == 0) {
            labels[at] = 7;
          } else if (i >= 1 && i <= 2 + j + k % 4 && j < 4 && (k != e.k() - 2 || k == 0)) {
            labels[at] = 20;
          } else if (i > 6 + k % 3 && j > 2 + k % 2) {
            labels[at] = 23;
          }
        }
      }
    }
    return LabelVolume.wrap(grid, labels);
  }

  /** Returns labels as the result of a network. */
  static SegmentationResult result(LabelVolume labels) {
    LabelTable table =
        new LabelTable(
            List.of(
                entry(7, "muscle/multifidus/left", 0xE6A23C),
                entry(20, "vertebra/L1", 0xE6A23C),
                entry(21, "vertebra/L2", 0x4FA3E3),
                entry(23, "vertebra/L4", 0x4FA3E3)));
    Provenance provenance =
        Provenance.builder("0.1.0")
            .models(List.of(new Provenance.ModelRef("example-spine", "1.2.0", "ab".repeat(32))))
            .build();
    return SegmentationResult.builder("ct-vertebrae", labels, table, provenance).build();
  }

  private static LabelTable.Entry entry(int value, String key, int rgb) {
    return new LabelTable.Entry(value, Structure.parse(key), rgb);
  }

  /** Reads the only series of a folder. */
  static DicomSeries series(Path folder) throws IOException {
    List<DicomSeries> all = Dicom.scan(folder).series();
    if (all.size() != 1) {
      throw new IllegalStateException(folder + " holds " + all.size() + " series");
    }
    return all.get(0);
  }

  /** Writes a segmentation. */
  static void write(DicomSegmentation segmentation, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      segmentation.writeTo(out);
    }
  }

  /**
   * Writes, for every example and every folder of real slices that is named, a folder with {@code
   * source}, {@code binary.dcm}, {@code labelmap.dcm} and {@code labels.nii}.
   *
   * @param args the folder, then folders with one series each
   */
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    for (Example example : all()) {
      write(example, root.resolve(example.name()).resolve("source"));
      export(root.resolve(example.name()), root.resolve(example.name()).resolve("source"));
    }
    for (int n = 1; n < args.length; n++) {
      Path folder = Files.createDirectories(root.resolve("real-" + n));
      Files.writeString(folder.resolve("source.txt"), Path.of(args[n]).toRealPath().toString());
      export(folder, Path.of(args[n]));
    }
  }

  private static void export(Path folder, Path source) throws IOException {
    DicomSeries series = series(source);
    LabelVolume labels = labels(series.geometry());
    SegmentationResult result = result(labels);
    SegmentationOptions options = SegmentationOptions.defaults();
    write(
        DicomSegmentation.of(series, result, options).orElseThrow(), folder.resolve("binary.dcm"));
    write(
        DicomSegmentation.of(series, result, options.withLabelmap()).orElseThrow(),
        folder.resolve("labelmap.dcm"));
    Files.write(folder.resolve("labels.nii"), nifti(labels));
  }

  /** Returns labels as the plainest NIfTI-1 file: unsigned shorts and an sform. */
  private static byte[] nifti(LabelVolume labels) {
    Extents e = labels.extents();
    ByteBuffer file = ByteBuffer.allocate(352 + 2 * e.voxels()).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0, 348);
    short[] dim = {3, (short) e.i(), (short) e.j(), (short) e.k(), 1, 1, 1, 1};
    for (int n = 0; n < dim.length; n++) {
      file.putShort(40 + 2 * n, dim[n]).putFloat(76 + 4 * n, 1);
    }
    file.putShort(70, (short) 512).putShort(72, (short) 16); // uint16
    file.putFloat(108, 352).put(123, (byte) 2).putShort(254, (short) 1); // offset, mm, sform
    double[][] matrix = labels.geometry().affine().rasMatrix();
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 4; column++) {
        file.putFloat(280 + 16 * row + 4 * column, (float) matrix[row][column]);
      }
    }
    file.position(344);
    file.put("n+1\0".getBytes(StandardCharsets.US_ASCII)).position(352);
    file.asShortBuffer().put(labels.toArray());
    return file.array();
  }
}
