package dev.lss.core.io;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * What a file is, told by its first bytes whatever its name: the kinds that people give where an
 * image, a model or a table is wanted, so that a refusal can say what the file is and what to do
 * with it.
 */
public enum FileKind {
  /** No byte at all. */
  EMPTY("an empty file", "copy or download it again"),
  /** Nothing but zeros, as far as was looked. */
  ZEROS("nothing but zeros, as a download that was cut off leaves it", "get the file again"),
  /** DICOM, with or without its preamble. */
  DICOM("a DICOM file", "convert its series to NIfTI, for example with dcm2niix -z y FOLDER"),
  /** NIfTI-1 or NIfTI-2 in one file. */
  NIFTI("a NIfTI file", "give it where an image is wanted"),
  /** NIfTI header without its voxels. */
  NIFTI_PAIR(
      "the header of a NIfTI pair, whose voxels lie in the .img beside it",
      "convert the pair to one file, for example with nibabel or fslchfiletype NIFTI_GZ"),
  /** Analyze 7.5. */
  ANALYZE(
      "an Analyze 7.5 header, which does not say where left and right are",
      "convert the scanner's DICOM files to NIfTI instead"),
  /** NRRD, attached or detached. */
  NRRD("an NRRD file", "give it where an image is wanted"),
  /** MetaImage, .mha or .mhd. */
  META_IMAGE("a MetaImage file (.mha, .mhd)", "give it where an image is wanted"),
  /** FreeSurfer's MGH and MGZ. */
  MGH("a FreeSurfer file (.mgh, .mgz)", "convert it with mri_convert IN.mgz OUT.nii.gz"),
  /** MATLAB, all versions. */
  MATLAB("a MATLAB file", "write the array with niftiwrite, orientation included"),
  /** HDF5, which MINC 2, NetCDF 4 and others use. */
  HDF5("an HDF5 file", "convert it to NIfTI; for MINC, with mnc2nii"),
  /** NetCDF 3, MINC 1. */
  NETCDF("a NetCDF file", "convert it to NIfTI; for MINC, with mnc2nii"),
  /** NumPy array. */
  NUMPY("a NumPy array, which knows no geometry", "save it as NIfTI with its affine (nibabel)"),
  /** Python pickle. */
  PICKLE(
      "a Python pickle",
      "a pickle is a program; a checkpoint of PyTorch before 1.6 becomes a zip when a newer one"
          + " loads and saves it"),
  /** Philips PAR/REC. */
  PAR_REC("a Philips PAR file", "convert it with dcm2niix"),
  /** Pointer left by Git LFS. */
  GIT_LFS("a pointer of Git LFS, not the file itself", "fetch the file with git lfs pull"),
  /** Web page. */
  HTML(
      "a web page, probably what a server answered instead of the file",
      "download the file again, signed in if the site wants it"),
  /** XML. */
  XML("an XML file", "give the image that it belongs to"),
  /** JSON. */
  JSON("a JSON file", "give the image that it belongs to"),
  /** PNG, APNG. */
  PNG("a PNG picture", "give it to a task that takes pictures"),
  /** JPEG. */
  JPEG("a JPEG picture", "give it to a task that takes pictures"),
  /** TIFF. */
  TIFF("a TIFF picture", "give it to a task that takes pictures"),
  /** JPEG 2000. */
  JPEG_2000("a JPEG 2000 picture", "save it as PNG"),
  /** GIF. */
  GIF("a GIF picture", "save it as PNG, each frame of a clip as a file of its own in one folder"),
  /** BMP. */
  BMP("a BMP picture", "save it as PNG"),
  /** WebP. */
  WEBP("a WebP picture", "save it as PNG"),
  /** AVI. */
  AVI("a video (AVI)", "save its frames as PNG files in one folder, ffmpeg -i FILE f%04d.png"),
  /** MP4, MOV, HEIC. */
  MP4(
      "a video or picture in an MP4 container",
      "save its frames as PNG files in one folder, ffmpeg -i FILE f%04d.png"),
  /** PDF. */
  PDF("a PDF document", "give the image itself"),
  /** Zip, of any content. */
  ZIP("a zip archive", "unpack it and give the file inside"),
  /** Tar. */
  TAR("a tar archive", "unpack it and give the file inside"),
  /** 7-Zip, RAR. */
  ARCHIVE("a 7-Zip or RAR archive", "unpack it and give the file inside"),
  /** bzip2, xz, Zstandard. */
  OTHER_PACKED("packed with bzip2, xz or Zstandard", "unpack it, or pack it with gzip instead"),
  /** gzip whose content was not looked at, or is damaged. */
  GZIP("packed with gzip", "unpack it with gunzip"),
  /** gzip inside gzip. */
  DOUBLE_GZIP("packed with gzip twice", "unpack it once with gunzip"),
  /** Companion file that macOS writes beside a file. */
  APPLE_DOUBLE(
      "a companion file of macOS (._ in front of its name), which holds no image",
      "give the file without ._"),
  /** Folder view of macOS. */
  DS_STORE("a folder view of macOS (.DS_Store)", "give an image file"),
  /** Anything else. */
  UNKNOWN("of no kind that is known here", "give a file of a kind that is read");

  /** How many bytes are looked at. */
  public static final int BYTES = 512;

  private static final Pattern DICOM_WITHOUT_PREAMBLE =
      Pattern.compile(
          "[\\x02\\x08]\\x00[\\x00-\\x20]\\x00(UL|OB|UI|CS|DA|TM|LO|SH|PN).*", Pattern.DOTALL);
  private static final Pattern META_IMAGE_HEADER =
      Pattern.compile(
          "(?s)\\s*(ObjectType\\s*=\\s*Image|Comment\\s*=.*\\nObjectType\\s*=|NDims\\s*=).*");

  private final String what;
  private final String advice;

  FileKind(String what, String advice) {
    this.what = what;
    this.advice = advice;
  }

  /** Returns what the file is, to follow "the file is". */
  public String what() {
    return what;
  }

  /** Returns what to do, as an imperative. */
  public String advice() {
    return advice;
  }

  /** Returns both as a clause: what it is; what to do. */
  public String sentence() {
    return what + "; " + advice;
  }

  /**
   * Returns the kind of a file, and of its content where it is packed with gzip.
   *
   * @throws IOException when it cannot be read
   */
  public static FileKind of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in.readNBytes(1 << 16));
    }
  }

  /** Returns the kind of a file that begins so, and of its content where it is gzip. */
  public static FileKind of(byte[] head) {
    if (isGzip(head)) {
      byte[] content = inflated(head);
      if (isGzip(content)) {
        return DOUBLE_GZIP;
      }
      return content.length == 0 ? GZIP : plain(content).orElse(UNKNOWN);
    }
    return plain(head).orElse(UNKNOWN);
  }

  /** Returns whether the first bytes are gzip's. */
  public static boolean isGzip(byte[] head) {
    return startsWith(head, "\u001f\u008b");
  }

  private static byte[] inflated(byte[] head) {
    byte[] content = new byte[BYTES];
    int n = 0;
    try (GunzipStream in = new GunzipStream(new ByteArrayInputStream(head))) {
      while (n < BYTES) {
        int more = in.read(content, n, BYTES - n);
        if (more < 0) {
          break;
        }
        n += more;
      }
    } catch (ZipException | EOFException e) {
      // what came before the damage is enough
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
    return Arrays.copyOf(content, n);
  }

  private static Optional<FileKind> plain(byte[] head) {
    if (head.length == 0) {
      return Optional.of(EMPTY);
    }
    Optional<FileKind> binary = binary(head);
    return binary.isPresent() ? binary : text(head);
  }

  private static Optional<FileKind> binary(byte[] head) {
    if (contains(head, 128, "DICM") || DICOM_WITHOUT_PREAMBLE.matcher(latin(head)).matches()) {
      return Optional.of(DICOM);
    }
    if (contains(head, 344, "n+1\0") || contains(head, 4, "n+2\0\r\n\u001a\n")) {
      return Optional.of(NIFTI);
    }
    if (contains(head, 344, "ni1\0") || contains(head, 4, "ni2\0\r\n\u001a\n")) {
      return Optional.of(NIFTI_PAIR);
    }
    if (isAnalyze(head)) {
      return Optional.of(ANALYZE);
    }
    if (startsWith(head, "\0\0\0\1Bud1")) {
      return Optional.of(DS_STORE);
    }
    if (isMgh(head)) {
      return Optional.of(MGH);
    }
    if (startsWith(head, "RIFF")) {
      return contains(head, 8, "WEBP") ? Optional.of(WEBP) : Optional.of(AVI);
    }
    return firstBytes(head).or(() -> isZero(head) ? Optional.of(ZEROS) : Optional.empty());
  }

  private static Optional<FileKind> firstBytes(byte[] head) {
    Object[][] magics = {
      {"\u0089HDF\r\n\u001a\n", HDF5},
      {"CDF\1", NETCDF},
      {"CDF\2", NETCDF},
      {"MATLAB ", MATLAB},
      {"\u0093NUMPY", NUMPY},
      {"NRRD000", NRRD},
      {"\u0089PNG\r\n\u001a\n", PNG},
      {"\u00ff\u00d8\u00ff", JPEG},
      {"II*\0", TIFF},
      {"MM\0*", TIFF},
      {"II+\0", TIFF},
      {"\0\0\0\u000cjP  ", JPEG_2000},
      {"\u00ffO\u00ffQ", JPEG_2000},
      {"GIF8", GIF},
      {"%PDF", PDF},
      {"PK\3\4", ZIP},
      {"PK\5\6", ZIP},
      {"7z\u00bc\u00af'\u001c", ARCHIVE},
      {"Rar!", ARCHIVE},
      {"BZh", OTHER_PACKED},
      {"\u00fd7zXZ", OTHER_PACKED},
      {"(\u00b5/\u00fd", OTHER_PACKED},
      {"\0\5\26\7", APPLE_DOUBLE},
      {"\0\5\26\0", APPLE_DOUBLE},
      {"# === DATA DESCRIPTION FILE", PAR_REC},
      {"version https://git-lfs", GIT_LFS},
      {"\u0080\2", PICKLE},
      {"\u0080\3", PICKLE},
      {"\u0080\4", PICKLE},
      {"\u0080\5", PICKLE},
    };
    for (Object[] magic : magics) {
      if (startsWith(head, (String) magic[0])) {
        return Optional.of((FileKind) magic[1]);
      }
    }
    if (startsWith(head, "BM") && contains(head, 6, "\0\0\0\0")) {
      return Optional.of(BMP);
    }
    if (contains(head, 4, "ftyp")) {
      return Optional.of(MP4);
    }
    return contains(head, 257, "ustar") ? Optional.of(TAR) : Optional.empty();
  }

  private static Optional<FileKind> text(byte[] head) {
    String text = latin(head);
    if (META_IMAGE_HEADER.matcher(text).matches()) {
      return Optional.of(META_IMAGE);
    }
    String start =
        text.replaceFirst("^(\u00ef\u00bb\u00bf)?\\s+|^\u00ef\u00bb\u00bf", "")
            .toLowerCase(Locale.ROOT);
    if (start.startsWith("<!doctype html")
        || start.startsWith("<html")
        || start.startsWith("<head")) {
      return Optional.of(HTML);
    }
    if (start.startsWith("<?xml")) {
      return start.contains("<html") ? Optional.of(HTML) : Optional.of(XML);
    }
    return start.startsWith("{") ? Optional.of(JSON) : Optional.empty();
  }

  /** Analyze: 348 bytes of header, 16384 or 0 at byte 32, and 'r' at byte 38 or 1 to 7 axes. */
  private static boolean isAnalyze(byte[] head) {
    if (head.length < 348) {
      return false;
    }
    boolean little = head[0] == 0x5c && head[1] == 1 && head[2] == 0 && head[3] == 0;
    boolean big = head[0] == 0 && head[1] == 0 && head[2] == 1 && head[3] == 0x5c;
    int axes = little ? head[40] + 256 * head[41] : head[41] + 256 * head[40];
    return (little || big) && axes >= 1 && axes <= 7 && head[344] == 0;
  }

  /**
   * MGH: version 1, then four sizes of 1 to 65535 and a type of 0 to 4, all 32 bits, big end first.
   */
  private static boolean isMgh(byte[] head) {
    if (!startsWith(head, "\0\0\0\1") || head.length < 284) {
      return false;
    }
    for (int n = 1; n <= 4; n++) {
      if (head[4 * n] != 0 || head[4 * n + 1] != 0 || (head[4 * n + 2] | head[4 * n + 3]) == 0) {
        return false;
      }
    }
    return head[20] == 0 && head[21] == 0 && head[22] == 0 && head[23] >= 0 && head[23] <= 10;
  }

  private static boolean isZero(byte[] head) {
    for (byte value : head) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWith(byte[] head, String magic) {
    return contains(head, 0, magic);
  }

  private static boolean contains(byte[] head, int at, String magic) {
    if (head.length < at + magic.length()) {
      return false;
    }
    for (int n = 0; n < magic.length(); n++) {
      if ((head[at + n] & 0xff) != magic.charAt(n)) {
        return false;
      }
    }
    return true;
  }

  private static String latin(byte[] head) {
    return new String(head, 0, Math.min(head.length, BYTES), StandardCharsets.ISO_8859_1);
  }
}
