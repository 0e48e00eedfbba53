package dev.lss.core.nifti;

import dev.lss.api.Notice;
import dev.lss.api.SourceRef;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.io.NonFiniteRule;
import dev.lss.core.io.VolumeSize;
import dev.lss.core.nifti.HeaderReader.Layout;
import dev.lss.core.voxel.NonFinite;
import dev.lss.core.voxel.VoxelFault;
import dev.lss.core.voxel.VoxelInput;
import dev.lss.core.voxel.VoxelReader;
import dev.lss.core.voxel.VoxelType;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and writes NIfTI-1 and NIfTI-2 files, plain or gzip, in either byte order.
 *
 * <p>A file that is damaged, unsupported, or does not say where its voxels lie is refused with an
 * {@link dev.lss.api.InvalidStudyException} that names file, field and value; a file that is
 * missing or may not be read is an {@link IOException}. Nothing is reoriented or resampled.
 * Thread-safe, no state.
 */
public final class Nifti {

  private Nifti() {}

  /**
   * Reads an image of one volume as float32. Voxels that are NaN or infinite become the smallest
   * finite value, with the notice {@code NON_FINITE_VOXELS}.
   *
   * @throws dev.lss.api.InvalidStudyException when the file cannot be used
   * @throws dev.lss.api.ResourceException when it is too large for the heap
   */
  public static NiftiImage read(Path path) throws IOException {
    return read(path, NonFiniteRule.SMALLEST);
  }

  /**
   * Reads an image of one volume as float32.
   *
   * @param rule what voxels become that are NaN or infinite
   * @throws dev.lss.api.InvalidStudyException when the file cannot be used
   * @throws dev.lss.api.ResourceException when it is too large for the heap
   */
  public static NiftiImage read(Path path, NonFiniteRule rule) throws IOException {
    try (VoxelInput in = open(path)) {
      var opened = Opened.of(in, -1);
      return image(in, opened, rule);
    }
  }

  /**
   * Reads one volume of a file of several, such as one time point or one Dixon channel.
   *
   * @param volume which one, from 0
   * @throws dev.lss.api.InvalidStudyException when the file cannot be used or has fewer volumes
   * @throws dev.lss.api.ResourceException when it is too large for the heap
   */
  public static NiftiImage read(Path path, int volume) throws IOException {
    if (volume < 0) {
      throw new IllegalArgumentException("volume must be at least 0, was " + volume);
    }
    try (VoxelInput in = open(path)) {
      return image(in, Opened.of(in, volume), NonFiniteRule.SMALLEST);
    }
  }

  /**
   * Reads the header of an image of one volume alone.
   *
   * @throws dev.lss.api.InvalidStudyException when the file cannot be used
   */
  public static VolumeSize size(Path path) throws IOException {
    try (VoxelInput in = open(path)) {
      Opened opened = Opened.of(in, -1);
      in.refuseEmptyOrTrap(opened.layout().begin(opened.layout().volumes()));
      long bytes = new VoxelReader(in, opened.layout().voxels()).heapBytes();
      return new VolumeSize(opened.header().geometry(), bytes);
    }
  }

  /**
   * Reads a label map. Its values must be integers from 0 to 65535, after slope and inter if the
   * header has such.
   *
   * @throws dev.lss.api.InvalidStudyException when the file cannot be used
   * @throws dev.lss.api.ResourceException when it is too large for the heap
   */
  public static NiftiLabels readLabels(Path path) throws IOException {
    try (VoxelInput in = open(path)) {
      var opened = Opened.of(in, -1);
      short[] labels = opened.voxels(in).labels();
      SourceRef source = opened.finish(in);
      GridGeometry grid = opened.header().geometry();
      return new NiftiLabels(
          LabelVolume.wrap(grid, labels), opened.header(), source, opened.notices());
    }
  }

  /**
   * Writes labels onto the grid of a file that was read: same version, byte order, shape, units,
   * and the same transforms bit for bit. The voxels are 8 bits wide, or 16 from label 256 on. No
   * text of the source is taken over. An older file is replaced only by a complete one.
   *
   * @throws IllegalArgumentException when the labels lie on another grid, by more than 1e-3 voxel
   */
  public static void writeLabels(Path path, LabelVolume labels, NiftiHeader source)
      throws IOException {
    requireSameGrid(labels.geometry(), source.geometry());
    VoxelType type = labelType(labels);
    write(path, HeaderWriter.labelsLike(source, type), type, labels);
  }

  /** Writes labels with a header made from their grid. */
  public static void writeLabels(Path path, LabelVolume labels) throws IOException {
    requirePatientSpace(labels.geometry());
    VoxelType type = labelType(labels);
    write(path, HeaderWriter.of(labels.geometry(), type, true), type, labels);
  }

  /** Writes an image as float32 with a header made from its grid. */
  public static void write(Path path, Volume volume) throws IOException {
    requirePatientSpace(volume.geometry());
    float[] samples = VoxelArrays.samples(volume);
    NiftiOutput.write(
        path,
        HeaderWriter.of(volume.geometry(), VoxelType.FLOAT32, false),
        VoxelType.FLOAT32,
        samples.length,
        (from, count, into) -> {
          for (int n = 0; n < count; n++) {
            into.putFloat(4 * n, samples[from + n]);
          }
        });
  }

  private static VoxelInput open(Path path) throws IOException {
    VoxelInput in = VoxelInput.open(path);
    try {
      in.gunzipIfPacked();
      return in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static NiftiImage image(VoxelInput in, Opened opened, NonFiniteRule rule)
      throws IOException {
    Layout layout = opened.layout();
    in.refuseEmptyOrTrap(layout.begin(layout.volumes()));
    VoxelReader voxels = opened.voxels(in);
    List<Notice> notices = new ArrayList<>(opened.notices());
    if (voxels.keepsStored()) {
      Volume volume = voxels.stored(opened.header().geometry());
      return new NiftiImage(volume, opened.header(), opened.finish(in), notices);
    }
    float[] samples = voxels.samples();
    SourceRef source = opened.finish(in);
    if (layout.voxels().canBeNonFinite()) {
      NonFinite.replace(in.file(), samples, rule, layout.voxels().inter()).ifPresent(notices::add);
    }
    return new NiftiImage(
        Volume.wrap(opened.header().geometry(), samples), opened.header(), source, notices);
  }

  /** A file whose header was checked; the input stands behind the header. */
  private record Opened(NiftiHeader header, Layout layout, int volume, List<Notice> notices) {

    /** Reads the header; {@code volume} -1 means the only one. */
    static Opened of(VoxelInput in, int volume) throws IOException {
      HeaderReader reader = HeaderReader.read(in);
      Layout layout = reader.layout(in);
      if (volume < 0 && layout.volumes() > 1) {
        throw VoxelFault.of(
            "SEVERAL_VOLUMES",
            in.file(),
            "the file holds " + layout.volumes() + " volumes (dim[4]); say which one");
      }
      if (volume >= layout.volumes()) {
        throw VoxelFault.of(
            "BAD_DIMENSION",
            in.file(),
            "volume " + volume + " was asked for, the file holds " + layout.volumes());
      }
      var placed = HeaderGeometry.of(in.file(), reader, layout.extents());
      var header = new NiftiHeader(reader.version(), placed.grid(), reader.bytes());
      return new Opened(header, layout, Math.max(volume, 0), placed.notices());
    }

    VoxelReader voxels(VoxelInput in) throws IOException {
      in.skipTo(layout.begin(volume), "extensions and earlier volumes");
      return new VoxelReader(in, layout.voxels());
    }

    SourceRef finish(VoxelInput in) throws IOException {
      in.skipTo(layout.begin(layout.volumes()), "later volumes");
      return in.finish();
    }
  }

  private static VoxelType labelType(LabelVolume labels) {
    int bits = 0;
    for (short label : VoxelArrays.labels(labels)) {
      bits |= label;
    }
    return (bits & 0xff00) == 0 ? VoxelType.UINT8 : VoxelType.UINT16;
  }

  private static void write(Path path, ByteBuffer header, VoxelType type, LabelVolume labels)
      throws IOException {
    short[] values = VoxelArrays.labels(labels);
    NiftiOutput.write(
        path,
        header,
        type,
        values.length,
        (from, count, into) -> {
          for (int n = 0; n < count; n++) {
            if (type == VoxelType.UINT8) {
              into.put(n, (byte) values[from + n]);
            } else {
              into.putShort(2 * n, values[from + n]);
            }
          }
        });
  }

  private static void requireSameGrid(GridGeometry labels, GridGeometry source) {
    if (!source.sameAs(labels, GridGeometry.SAME_VOXELS)) {
      throw new IllegalArgumentException(
          "the labels (%s) do not lie on the source's grid (%s)"
              .formatted(labels.describe(), source.describe()));
    }
  }

  private static void requirePatientSpace(GridGeometry grid) {
    if (grid.space() != GridGeometry.Space.PATIENT_LPS) {
      throw new IllegalArgumentException(
          "NIfTI holds images in patient space, was " + grid.describe());
    }
  }
}
