package dev.lss.core.volume;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.SourceRef;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.model.ModelDescription;
import dev.lss.core.io.DataFiles;
import dev.lss.core.io.FileKind;
import dev.lss.core.io.NonFiniteRule;
import dev.lss.core.io.VolumeSize;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.nifti.NiftiHeader;
import dev.lss.core.nifti.NiftiImage;
import dev.lss.core.nifti.NiftiLabels;
import dev.lss.core.voxel.NonFinite;
import dev.lss.core.voxel.VoxelFault;
import dev.lss.core.voxel.VoxelInput;
import dev.lss.core.voxel.VoxelReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads a volume from any file that can be read, whatever its name: NIfTI (.nii, .nii.gz), NRRD
 * (.nrrd, .nhdr) and MetaImage (.mha, .mhd). What is something else is refused with what it is and
 * what to do. Thread-safe, no state.
 */
public final class VolumeFiles {

  private static final int MOST_LOOKED_AT = 50;

  private VolumeFiles() {}

  /**
   * Reads an image of one volume as float32. Voxels that are NaN or infinite become the smallest
   * finite value, with the notice {@code NON_FINITE_VOXELS}.
   *
   * @throws InvalidStudyException when the file cannot be used: {@code NOT_A_VOLUME_FILE} when it
   *     is of another kind, {@code NOT_A_FILE} for a folder, else as {@link Nifti#read(Path)}
   * @throws dev.lss.api.ResourceException when it is too large for the heap
   * @throws IOException when the file is missing or may not be read; names no folder
   */
  public static VolumeImage read(Path path) throws IOException {
    return read(path, NonFiniteRule.SMALLEST);
  }

  /**
   * Reads an image of one volume as float32.
   *
   * @param rule what voxels become that are NaN or infinite
   * @throws InvalidStudyException as {@link #read(Path)}
   * @throws dev.lss.api.ResourceException when it is too large for the heap
   * @throws IOException when the file is missing or may not be read; names no folder
   */
  public static VolumeImage read(Path path, NonFiniteRule rule) throws IOException {
    try (VoxelInput in = open(path)) {
      FileKind kind = kind(path, in);
      if (kind == FileKind.NIFTI) {
        NiftiImage image = Nifti.read(path, rule);
        return new VolumeImage(
            image.volume(), Optional.of(image.header()), image.source(), image.notices());
      }
      try (StoredVolume stored = stored(kind, path, in)) {
        stored.data().refuseEmptyOrTrap(stored.layout().bytes());
        VoxelReader voxels = new VoxelReader(stored.data(), stored.layout());
        if (voxels.keepsStored()) {
          Volume volume = voxels.stored(stored.grid());
          SourceRef source = stored.data().finish();
          return new VolumeImage(volume, Optional.empty(), source, stored.notices());
        }
        float[] samples = voxels.samples();
        SourceRef source = stored.data().finish();
        List<Notice> notices = new ArrayList<>(stored.notices());
        NonFinite.replace(in.file(), samples, rule, 0).ifPresent(notices::add);
        return new VolumeImage(
            Volume.wrap(stored.grid(), samples), Optional.empty(), source, notices);
      }
    }
  }

  /**
   * Reads the header of an image alone, and says where its voxels will lie and what they will take.
   *
   * @throws InvalidStudyException as {@link #read(Path)}
   * @throws IOException when the file is missing or may not be read; names no folder
   */
  public static VolumeSize size(Path path) throws IOException {
    try (VoxelInput in = open(path)) {
      FileKind kind = kind(path, in);
      if (kind == FileKind.NIFTI) {
        return Nifti.size(path);
      }
      try (StoredVolume stored = stored(kind, path, in)) {
        stored.data().refuseEmptyOrTrap(stored.layout().bytes());
        return new VolumeSize(
            stored.grid(), new VoxelReader(stored.data(), stored.layout()).heapBytes());
      }
    }
  }

  /** Returns how a model's images were read when it was trained: nnU-Net's, or ours. */
  public static NonFiniteRule nonFiniteRule(ModelDescription model) {
    return model.lastStage().trainer().isPresent()
        ? NonFiniteRule.STORED_ZERO
        : NonFiniteRule.SMALLEST;
  }

  /**
   * Reads a label map. Its values must be integers from 0 to 65535.
   *
   * @throws InvalidStudyException as {@link #read(Path)}; {@code BAD_LABELS}
   * @throws dev.lss.api.ResourceException when it is too large for the heap
   * @throws IOException when the file is missing or may not be read; names no folder
   */
  public static VolumeLabels readLabels(Path path) throws IOException {
    try (VoxelInput in = open(path)) {
      FileKind kind = kind(path, in);
      if (kind == FileKind.NIFTI) {
        NiftiLabels labels = Nifti.readLabels(path);
        return new VolumeLabels(
            labels.labels(), Optional.of(labels.header()), labels.source(), labels.notices());
      }
      try (StoredVolume stored = stored(kind, path, in)) {
        short[] labels = new VoxelReader(stored.data(), stored.layout()).labels();
        SourceRef source = stored.data().finish();
        return new VolumeLabels(
            LabelVolume.wrap(stored.grid(), labels), Optional.empty(), source, stored.notices());
      }
    }
  }

  /**
   * Writes labels as NIfTI onto the grid of an image that was read: with the transforms of its
   * header bit for bit where it came from NIfTI, else with a header made from the grid.
   *
   * @param path a name that ends in .nii or .nii.gz
   * @throws IllegalArgumentException when the labels lie on another grid
   */
  public static void writeLabels(Path path, LabelVolume labels, VolumeImage image)
      throws IOException {
    Optional<NiftiHeader> header = image.niftiHeader();
    if (header.isPresent()) {
      Nifti.writeLabels(path, labels, header.get());
      return;
    }
    if (!labels.geometry().sameAs(image.volume().geometry(), GridGeometry.SAME_VOXELS)) {
      throw new IllegalArgumentException(
          "the labels (%s) do not lie on the image's grid (%s)"
              .formatted(labels.geometry().describe(), image.volume().geometry().describe()));
    }
    Nifti.writeLabels(path, labels);
  }

  private static VoxelInput open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(VoxelFault.nameOf(path));
    }
    if (Files.isDirectory(path)) {
      throw VoxelFault.of("NOT_A_FILE", VoxelFault.nameOf(path), folderAdvice(path));
    }
    return VoxelInput.open(path);
  }

  private static FileKind kind(Path path, VoxelInput in) {
    FileKind kind = VoxelFault.nameOf(path).startsWith("._") ? FileKind.APPLE_DOUBLE : in.kind();
    boolean readable =
        kind == FileKind.NIFTI
            || (!in.startsAsGzip() && (kind == FileKind.NRRD || kind == FileKind.META_IMAGE));
    if (!readable) {
      throw VoxelFault.of(
          "NOT_A_VOLUME_FILE",
          in.file(),
          "it is no NIfTI, NRRD or MetaImage file, but " + described(path, in, kind));
    }
    return kind;
  }

  private static String described(Path path, VoxelInput in, FileKind kind) {
    String name = VoxelFault.nameOf(path).toLowerCase(Locale.ROOT);
    if (kind == FileKind.NRRD || kind == FileKind.META_IMAGE) {
      return kind.what() + " packed with gzip; unpack it with gunzip";
    }
    if (kind == FileKind.UNKNOWN && (name.endsWith(".img") || name.endsWith(".raw"))) {
      return "voxels whose header lies in another file (.hdr, .mhd, .nhdr); give that one";
    }
    return kind.sentence() + (in.startsAsGzip() && kind != FileKind.GZIP ? " (inside gzip)" : "");
  }

  /** Looks at some files of a folder; names none, because names may be patients'. */
  private static String folderAdvice(Path folder) throws IOException {
    int dicom = 0;
    int volumes = 0;
    for (Path file : some(folder)) {
      FileKind kind = FileKind.of(file);
      dicom += kind == FileKind.DICOM ? 1 : 0;
      volumes +=
          kind == FileKind.NIFTI || kind == FileKind.NRRD || kind == FileKind.META_IMAGE ? 1 : 0;
    }
    if (dicom > 0) {
      return "a folder of DICOM files; convert the series to one file, for example with"
          + " dcm2niix -z y FOLDER";
    }
    return volumes > 0
        ? "a folder; the input is one of the files in it"
        : "a folder without a volume; the input is one file (.nii.gz, .nrrd, .mha)";
  }

  private static List<Path> some(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder, 3)) {
      all.filter(DataFiles::isData)
          .filter(Files::isRegularFile)
          .filter(Files::isReadable)
          .limit(MOST_LOOKED_AT)
          .forEach(files::add);
    } catch (UncheckedIOException e) {
      return files; // a folder inside that may not be read
    }
    return files;
  }

  private static StoredVolume stored(FileKind kind, Path path, VoxelInput in) throws IOException {
    return kind == FileKind.NRRD ? NrrdFile.read(path, in) : MetaImageFile.read(path, in);
  }
}
