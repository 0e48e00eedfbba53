package dev.lss.core.volume;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LssException;
import dev.lss.api.Notice;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.Nifti;
import dev.lss.spi.VoxelArrays;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeFilesTest {

  private static final String NRRD =
      """
      NRRD0004
      type: short
      dimension: 3
      space: left-posterior-superior
      sizes: 2 1 1
      space directions: (1,0,0) (0,2,0) (0,0,3)
      endian: little
      encoding: raw
      space origin: (10,20,30)

      """;
  private static final String META =
      """
      ObjectType = Image
      NDims = 3
      BinaryData = True
      CompressedData = False
      TransformMatrix = 1 0 0 0 1 0 0 0 1
      Offset = 10 20 30
      ElementSpacing = 1 2 3
      DimSize = 2 1 1
      ElementType = MET_SHORT
      ElementDataFile = LOCAL
      """;
  private static final byte[] VOXELS = {5, 0, 7, 0};

  @TempDir Path dir;

  private static Path resources() throws URISyntaxException {
    return Path.of(VolumeFilesTest.class.getResource("expected.csv").toURI()).getParent();
  }

  static Stream<String> expected() throws Exception {
    return Files.readAllLines(resources().resolve("expected.csv")).stream().skip(1);
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  /** Header and voxels, one after the other. */
  private static byte[] file(String header, byte[] voxels) {
    byte[] head = header.getBytes(ISO_8859_1);
    byte[] all = Arrays.copyOf(head, head.length + voxels.length);
    System.arraycopy(voxels, 0, all, head.length, voxels.length);
    return all;
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(dir.resolve(name), bytes);
  }

  private void assertRefused(String header, String code, String message) throws IOException {
    assertRefused(write("case", file(header, VOXELS)), code, message);
  }

  private static void assertRefused(Path file, String code, String message) {
    assertThatThrownBy(() -> VolumeFiles.read(file))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageStartingWith(file.getFileName() + ": ")
        .hasMessageContaining(message)
        .hasMessageNotContaining(file.getParent().toString())
        .extracting(e -> ((LssException) e).code())
        .isEqualTo(code);
  }

  @ParameterizedTest
  @MethodSource("expected")
  void a_file_is_read_as_simpleitk_reads_it(String row) throws Exception {
    String[] cells = row.split(",", -1);
    double[] size = numbers(cells[1]);
    double[] spacing = numbers(cells[2]);
    double[] origin = numbers(cells[3]);
    double[] direction = numbers(cells[4]); // row after row

    VolumeImage image = VolumeFiles.read(resources().resolve(cells[0]));

    GridGeometry grid = image.volume().geometry();
    assertThat(grid.extents()).isEqualTo(new Extents((int) size[0], (int) size[1], (int) size[2]));
    for (int axis = 0; axis < 3; axis++) {
      assertThat(grid.spacingMm().get(axis)).isCloseTo(spacing[axis], within(1e-15 * 4));
      assertThat(grid.affine().origin().get(axis)).isEqualTo(origin[axis]);
      for (int world = 0; world < 3; world++) {
        assertThat(grid.affine().column(axis).get(world))
            .isCloseTo(direction[3 * world + axis] * spacing[axis], within(1e-15));
      }
    }
    assertThat(VoxelArrays.samples(image.volume())).containsExactly(floats(numbers(cells[5])));
    if (!cells[0].startsWith("float")) {
      assertThat(VolumeFiles.readLabels(resources().resolve(cells[0])).labels().geometry())
          .isEqualTo(grid);
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int n = 0; n < values.length; n++) {
      floats[n] = (float) values[n];
    }
    return floats;
  }

  @Test
  void nifti_comes_with_its_header_and_labels_get_its_transforms() throws IOException {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(2, 1, 1), new Vector3(1, 2, 3));
    Path file = dir.resolve("x.nii.gz");
    Nifti.write(file, Volume.wrap(grid, new float[] {5, 7}));

    VolumeImage image = VolumeFiles.read(file);
    VolumeFiles.writeLabels(
        dir.resolve("labels.nii"), LabelVolume.wrap(grid, new short[] {1, 2}), image);

    assertThat(image.niftiHeader()).isPresent();
    assertThat(VoxelArrays.samples(image.volume())).containsExactly(5, 7);
    VolumeLabels labels = VolumeFiles.readLabels(dir.resolve("labels.nii"));
    assertThat(VoxelArrays.labels(labels.labels())).containsExactly((short) 1, (short) 2);
    assertThat(labels.labels().geometry()).isEqualTo(image.volume().geometry());
  }

  @Test
  void labels_of_an_nrrd_image_are_written_on_its_grid() throws IOException {
    VolumeImage image = VolumeFiles.read(write("x.nrrd", file(NRRD, VOXELS)));
    Path target = dir.resolve("labels.nii.gz");

    VolumeFiles.writeLabels(
        target, LabelVolume.wrap(image.volume().geometry(), new short[] {3, 0}), image);

    assertThat(image.niftiHeader()).isEmpty();
    assertThat(
            VolumeFiles.readLabels(target)
                .labels()
                .geometry()
                .sameAs(image.volume().geometry(), 1e-5))
        .isTrue();
    GridGeometry other = GridGeometry.ofSpacing(new Extents(2, 1, 1), new Vector3(1, 2, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> VolumeFiles.writeLabels(target, LabelVolume.wrap(other, new short[2]), image))
        .withMessageContaining("do not lie on the image's grid");
  }

  @Test
  void the_source_of_two_files_is_the_hash_of_both() throws Exception {
    Path header = write("x.mhd", META.replace("LOCAL", "x.raw").getBytes(ISO_8859_1));
    write("x.raw", VOXELS);
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    sha.update(Files.readAllBytes(header));
    sha.update(VOXELS);

    assertThat(VolumeFiles.read(header).source().sha256())
        .isEqualTo(HexFormat.of().formatHex(sha.digest()));
  }

  @Test
  void a_negative_spacing_reverses_its_axis_and_is_told() throws IOException {
    VolumeImage image =
        VolumeFiles.read(
            write(
                "x.mha", file(META.replace("ElementSpacing = 1", "ElementSpacing = -1"), VOXELS)));

    assertThat(image.volume().geometry().affine())
        .isEqualTo(
            new Affine(
                new Vector3(-1, 0, 0),
                new Vector3(0, 2, 0),
                new Vector3(0, 0, 3),
                new Vector3(10, 20, 30)));
    assertThat(image.notices()).extracting(Notice::code).containsExactly("NEGATIVE_SPACING");
  }

  @Test
  void voxels_that_are_not_finite_are_replaced_and_told() throws IOException {
    byte[] nan = {0, 0, (byte) 0xc0, 0x7f, 0, 0, (byte) 0x80, (byte) 0xbf};

    VolumeImage image =
        VolumeFiles.read(write("x.nrrd", file(NRRD.replace("short", "float"), nan)));

    assertThat(VoxelArrays.samples(image.volume())).containsExactly(-1, -1);
    assertThat(image.notices()).extracting(Notice::code).containsExactly("NON_FINITE_VOXELS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "space: left-posterior-superior| x: y| NO_ORIENTATION| where left and right are",
        "space: left-posterior-superior| space: scanner-xyz| NO_ORIENTATION| space in line 4",
        "space: left-posterior-superior| space: LAS| NO_ORIENTATION| do not agree which side",
        "dimension: 3| dimension: 4| BAD_DIMENSION| dimension in line 3",
        "dimension: 3| dimension: 2| BAD_DIMENSION| has 3 axes",
        "dimension: 3| dimension: 99999999999999999999| BAD_HEADER| wanted 1 whole numbers",
        "type: short| type: block| UNSUPPORTED_TYPE| type in line 2",
        "type: short| x: y| BAD_HEADER| has no \"type\"",
        "sizes: 2 1 1| sizes: 2 1| BAD_HEADER| wanted 3 whole numbers",
        "sizes: 2 1 1| sizes: 0 1 1| BAD_DIMENSION| at least 1",
        "sizes: 2 1 1| sizes: -2 1 1| BAD_DIMENSION| at least 1",
        "sizes: 2 1 1| sizes: 2147483647 2147483647 2147483647| BAD_DIMENSION| product",
        "sizes: 2 1 1| sizes: 3 1 1| TRUNCATED| 6 bytes of voxels",
        "sizes: 2 1 1| sizes: 1000 1000 1000| TRUNCATED| 2000000000 bytes of voxels",
        "endian: little| x: y| BAD_HEADER| endian",
        "encoding: raw| encoding: bzip2| UNSUPPORTED_HEADER| raw and gzip are read",
        "encoding: raw| encoding: ascii| UNSUPPORTED_HEADER| encoding in line 8",
        "encoding: raw| encoding: gzip| CORRUPT_GZIP| damaged",
        "(1,0,0) (0,2,0) (0,0,3)| (1,0,0) (0,2,0)| BAD_HEADER| 3 vectors",
        "(1,0,0) (0,2,0) (0,0,3)| none (1,0,0) (0,2,0) (0,0,3)| BAD_HEADER| 3 vectors",
        "(1,0,0)| (0,0,0)| BAD_AFFINE| space directions in line 6",
        "(1,0,0)| (NaN,0,0)| BAD_HEADER| finite numbers",
        "(1,0,0)| (1e999,0,0)| BAD_HEADER| finite numbers",
        "(1,0,0)| (5e-324,0,0)| BAD_AFFINE| space directions in line 6",
        "(1,0,0)| (1e300,0,0)| BAD_AFFINE| space directions in line 6",
        "(1,0,0)| (1,1,0)| SHEARED_GRID| 45.0 degrees",
        "(10,20,30)| (1e10,0,0)| BAD_AFFINE| within 1.0E9 mm",
        "(10,20,30)| (10,20)| BAD_HEADER| space origin in line 9",
        "endian: little| endian: little~space units: \"m\" \"m\" \"m\"| UNSUPPORTED_UNITS| read in mm",
        "endian: little| endian: little~endian: big| BAD_HEADER| is there twice, again in line 8",
        "endian: little| endian little| BAD_HEADER| line 7 of the header is no field",
        "endian: little| endian: little~byte skip: -2| BAD_HEADER| byte skip",
        "endian: little| endian: little~byte skip: 1099511627776| BAD_HEADER| byte skip",
        "endian: little| endian: little~line skip: -1| BAD_HEADER| line skip",
        "endian: little| endian: little~data file: ../x.raw| BAD_HEADER| named without folder",
        "endian: little| endian: little~data file: /etc/passwd| BAD_HEADER| named without folder",
        "endian: little| endian: little~data file: none.raw| MISSING_VOXELS| is not beside it",
        "endian: little| endian: little~data file: x%03d.raw 1 9 1| UNSUPPORTED_HEADER| several"
      })
  void a_faulty_nrrd_is_refused_with_its_place(String find, String put, String code, String message)
      throws IOException {
    assertThat(NRRD).contains(find);
    assertRefused(NRRD.replace(find, put.replace("~", "\n")), code, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TransformMatrix = 1 0 0 0 1 0 0 0 1| X = 1| NO_ORIENTATION| where left and right are",
        "1 0 0 0 1 0 0 0 1| 1 0 0 0 1 0 0 0| BAD_HEADER| wanted 9 finite numbers",
        "1 0 0 0 1 0 0 0 1| 2 0 0 0 1 0 0 0 1| BAD_AFFINE| length 1",
        "1 0 0 0 1 0 0 0 1| 1 0 0 1 0 0 0 0 1| BAD_AFFINE| must be invertible",
        "1 0 0 0 1 0 0 0 1| 1 0 0 0.6 0.8 0 0 0 1| SHEARED_GRID| 36.9 degrees",
        "NDims = 3| NDims = 4| BAD_DIMENSION| NDims in line 2",
        "NDims = 3| NDims = 3~ElementNumberOfChannels = 3| UNSUPPORTED_HEADER| only 1 is read",
        "BinaryData = True| BinaryData = False| UNSUPPORTED_HEADER| only true is read",
        "ObjectType = Image| ObjectType = Image~ObjectType = Image| BAD_HEADER| twice",
        "DimSize = 2 1 1| DimSize = 2 1 0| BAD_DIMENSION| at least 1",
        "DimSize = 2 1 1| DimSize = 1099511627776 1099511627776 1| BAD_DIMENSION| product",
        "DimSize = 2 1 1| DimSize = 1099511627776 1 1| TOO_LARGE| ",
        "ElementSpacing = 1| ElementSpacing = 0| BAD_AFFINE| the step along axis 0",
        "ElementSpacing = 1| ElementSpacing = 4.9e-324| BAD_AFFINE| ElementSpacing in line 7",
        "ElementSpacing = 1| ElementSpacing = NaN| BAD_HEADER| finite",
        "Offset = 10| Offset = -1e300| BAD_AFFINE| within 1.0E9 mm",
        "MET_SHORT| MET_STRING| UNSUPPORTED_TYPE| known are met_char",
        "ElementType = MET_SHORT| x = y| BAD_HEADER| no \"ElementType\"",
        "CompressedData = False| CompressedData = maybe| BAD_HEADER| CompressedData in line 4",
        "CompressedData = False| CompressedData = True| CORRUPT_GZIP| damaged packed stream",
        "NDims = 3| NDims = 3~HeaderSize = -2| BAD_HEADER| HeaderSize",
        "NDims = 3| NDims = 3~HeaderSize = 2147483648| BAD_HEADER| HeaderSize",
        "NDims = 3| NDims = 3~HeaderSize = 1| TRUNCATED| 4 bytes of voxels",
        "LOCAL| LIST| UNSUPPORTED_HEADER| several files",
        "LOCAL| a/b.raw| BAD_HEADER| named without folder"
      })
  void a_faulty_metaimage_is_refused_with_its_place(
      String find, String put, String code, String message) throws IOException {
    assertThat(META).contains(find);
    String header = META.replace(find, put.replace("~", "\n"));
    if (code.equals("TOO_LARGE")) {
      Path file = write("case", file(header, VOXELS));
      assertThatThrownBy(() -> VolumeFiles.read(file))
          .isInstanceOf(LssException.class)
          .hasMessageContaining("1.5e9 voxels");
      return;
    }
    assertRefused(header, code, message == null ? "" : message);
  }

  @Test
  void headers_without_end_are_refused_before_they_are_all_read() throws IOException {
    StringBuilder fields = new StringBuilder(NRRD.substring(0, NRRD.length() - 1));
    for (int n = 0; n < 20_000; n++) {
      fields.append("field").append(n).append(": 1\n");
    }
    assertRefused(fields.toString(), "BAD_HEADER", "more than 10000 fields");
    assertRefused("NRRD0004\n" + "# comment\n".repeat(200_000), "BAD_HEADER", "more than 1 MiB");
    assertRefused("NRRD0004\n" + "x".repeat(100_000), "BAD_HEADER", "more than 65536 bytes");
    assertRefused("NRRD0004\ntype: short", "TRUNCATED", "inside its header");
    assertRefused("ObjectType = Image\n" + "Comment = x\n", "TRUNCATED", "inside its header");
  }

  @Test
  void what_is_packed_is_judged_by_what_the_header_needs() throws IOException {
    byte[] zeros = new byte[1 << 20];
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      for (int n = 0; n < 300; n++) {
        out.write(zeros);
      }
    }
    ByteArrayOutputStream zlib = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(zlib)) {
      for (int n = 0; n < 300; n++) {
        out.write(zeros);
      }
    }
    String packedNrrd = NRRD.replace("encoding: raw", "encoding: gzip");
    String packedMeta = META.replace("CompressedData = False", "CompressedData = True");

    assertRefused(
        write("a.nrrd", file(packedNrrd, gzip.toByteArray())), "INFLATE_LIMIT", "goes on");
    assertRefused(write("a.mha", file(packedMeta, zlib.toByteArray())), "INFLATE_LIMIT", "goes on");
    assertRefused(
        write("b.nrrd", file(packedNrrd.replace("2 1 1", "1024 1024 150"), gzip.toByteArray())),
        "INFLATE_LIMIT",
        "an empty image or a trap");
    assertRefused(
        write("c.mha", file(packedMeta.replace("2 1 1", "1024 1024 600"), zlib.toByteArray())),
        "TRUNCATED",
        "are declared");
  }

  @Test
  void a_link_beside_the_header_is_not_followed() throws IOException {
    Path secret = write("secret", VOXELS);
    Files.createSymbolicLink(dir.resolve("x.raw"), secret);

    assertRefused(
        write("x.mhd", META.replace("LOCAL", "x.raw").getBytes(ISO_8859_1)),
        "MISSING_VOXELS",
        "is not beside it");
  }

  @Test
  void labels_must_be_whole_numbers() throws IOException {
    Path file =
        write("x.nrrd", file(NRRD.replace("short", "float"), new byte[] {0, 0, 0, 63, 0, 0, 0, 0}));

    assertThatThrownBy(() -> VolumeFiles.readLabels(file))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("voxel (0, 0, 0) is 0.5");
  }

  @Test
  void a_missing_file_is_named_without_its_folder() {
    assertThatThrownBy(() -> VolumeFiles.read(dir.resolve("CANARY").resolve("ct.nrrd")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage("ct.nrrd");
  }

  @Test
  void files_of_other_kinds_are_answered_with_what_to_do() throws IOException {
    byte[] dicom = new byte[200];
    System.arraycopy("DICM".getBytes(ISO_8859_1), 0, dicom, 128, 4);

    assertRefused(write("IM0001", dicom), "NOT_A_VOLUME_FILE", "a DICOM file; convert its series");
    assertRefused(
        write("x.nii.gz", "version https://git-lfs.github.com/spec/v1\noid".getBytes(ISO_8859_1)),
        "NOT_A_VOLUME_FILE",
        "git lfs pull");
    assertRefused(
        write("y.nii.gz", "\n<!DOCTYPE html><html>".getBytes(ISO_8859_1)),
        "NOT_A_VOLUME_FILE",
        "a web page");
    assertRefused(write("z.nii", new byte[0]), "NOT_A_VOLUME_FILE", "an empty file");
    assertRefused(write("x.img", new byte[] {1, 2, 3}), "NOT_A_VOLUME_FILE", "give that one");
    assertRefused(
        write("._ct.nii.gz", new byte[] {0, 5, 22, 7}),
        "NOT_A_VOLUME_FILE",
        "give the file without ._");
    assertRefused(
        write("x.nrrd.gz", gzip(file(NRRD, VOXELS))), "NOT_A_VOLUME_FILE", "unpack it with gunzip");
    assertRefused(
        write("twice.nii.gz", gzip(gzip(new byte[400]))),
        "NOT_A_VOLUME_FILE",
        "packed with gzip twice");
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void a_folder_is_answered_by_what_lies_in_it() throws IOException {
    byte[] dicom = new byte[200];
    System.arraycopy("DICM".getBytes(ISO_8859_1), 0, dicom, 128, 4);
    Path series = Files.createDirectories(dir.resolve("study/series"));
    assertRefused(dir.resolve("study"), "NOT_A_FILE", "a folder without a volume");

    Files.write(series.resolve(".DS_Store"), new byte[10]);
    Files.write(series.resolve("IM1"), dicom);
    assertRefused(dir.resolve("study"), "NOT_A_FILE", "dcm2niix");

    Path volumes = Files.createDirectory(dir.resolve("volumes"));
    Files.write(volumes.resolve("a.nrrd"), file(NRRD, VOXELS));
    assertRefused(volumes, "NOT_A_FILE", "one of the files in it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw-nrrd.nrrd", "packed-nrrd.nrrd", "raw-mha.mha", "packed-mha.mha"})
  void a_file_cut_off_anywhere_is_refused_with_a_code(String name) throws Exception {
    byte[] whole = Files.readAllBytes(resources().resolve(name));
    for (int length = 0; length < whole.length; length++) {
      Path file = write("cut-" + name, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> VolumeFiles.read(file)).isInstanceOf(InvalidStudyException.class);
    }
  }

  @Test
  void numbers_at_their_limits_are_read_or_refused_quickly() throws Exception {
    List<String> extremes =
        List.of(
            "0",
            "-1",
            "1",
            "2147483647",
            "-2147483648",
            "1099511627776",
            "9223372036854775807",
            "9223372036854775808",
            "5e-324",
            "1e308",
            "-1e308",
            "NaN",
            "Infinity",
            "-inf",
            "0x10",
            "",
            "1e",
            "١",
            "99999999999999999999999999");
    for (String header : List.of(NRRD, META)) {
      String[] lines = header.split("\n", -1);
      for (int line = 1; line < lines.length; line++) {
        String[] words = lines[line].split("(?<=[ (),=])|(?=[ (),=])", -1);
        for (int word = 0; word < words.length; word++) {
          if (!words[word].matches("-?[0-9.]+")) {
            continue;
          }
          for (String extreme : extremes) {
            String[] changed = words.clone();
            changed[word] = extreme;
            String[] all = lines.clone();
            all[line] = String.join("", changed);
            Path file = write("extreme", file(String.join("\n", all), VOXELS));
            Assertions.assertTimeout(Duration.ofSeconds(2), () -> readOrRefuse(file));
          }
        }
      }
    }
  }

  private static void readOrRefuse(Path file) throws IOException {
    try {
      assertThat(VolumeFiles.read(file).volume().extents().voxels()).isPositive();
    } catch (LssException e) {
      assertThat(e.code()).isNotEmpty();
    }
  }
}
