package dev.lss.core.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LssException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any number in a header, and any packing around it: read, or refused quickly with its place. */
class NiftiLimitsTest {

  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir Path folder;

  private static void readOrRefuse(Path file) throws IOException {
    try {
      assertThat(Nifti.read(file).volume().extents().voxels()).isPositive();
    } catch (LssException e) {
      assertThat(e.getMessage()).startsWith(file.getFileName() + ": ");
    }
    try {
      assertThat(Nifti.readLabels(file).labels().extents().voxels()).isPositive();
    } catch (LssException e) {
      assertThat(e.code()).isNotEmpty();
    }
  }

  private static void assertRefused(Path file, String code, String message) {
    Assertions.assertTimeout(
        SOON,
        () ->
            assertThatThrownBy(() -> Nifti.read(file))
                .isInstanceOf(InvalidStudyException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((LssException) e).code())
                .isEqualTo(code));
  }

  @ParameterizedTest
  @EnumSource
  void every_number_of_the_header_may_be_anything(NiftiVersion version) throws Exception {
    byte[] valid = NiftiBytes.of(version, ByteOrder.LITTLE_ENDIAN).toArray();
    byte[] qform = NiftiBytes.of(version, ByteOrder.LITTLE_ENDIAN).qform(1, 0, 0, 0).toArray();
    long[] patterns = {
      0,
      -1,
      1,
      Integer.MAX_VALUE,
      Integer.MIN_VALUE,
      1L << 40,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      Double.doubleToLongBits(Double.NaN),
      Double.doubleToLongBits(1e300),
      Double.doubleToLongBits(-1e300),
      Float.floatToIntBits(Float.NaN),
      Float.floatToIntBits(1e38f),
      Float.floatToIntBits(1e-45f),
      Double.doubleToLongBits(Double.NEGATIVE_INFINITY)
    };
    for (byte[] base : new byte[][] {valid, qform}) {
      for (HeaderField field : HeaderField.values()) {
        int count = field == HeaderField.SROW ? 12 : field.name().matches("DIM|PIXDIM") ? 8 : 1;
        for (int n = 0; n < count; n++) {
          int at = field.offset(version, n);
          for (long pattern : patterns) {
            byte[] changed = base.clone();
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(at, pattern);
            Path file = Files.write(folder.resolve("x.nii"), changed);
            Assertions.assertTimeout(SOON, () -> readOrRefuse(file), "byte " + at + " " + pattern);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-column.nii", "tiny-column.nii.gz"})
  void a_subnormal_affine_is_refused_with_its_place(String name) throws Exception {
    assertRefused(
        Path.of(NiftiLimitsTest.class.getResource(name).toURI()),
        "BAD_AFFINE",
        "srow[0] at byte 400");
  }

  @Test
  void ten_thousand_empty_gzip_members_are_passed_over() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int n = 0; n < 10_000; n++) {
      bytes.writeBytes(NiftiBytes.gzip(new byte[0]));
    }
    bytes.writeBytes(NiftiBytes.gzip(NiftiBytes.valid().toArray()));
    Path file = Files.write(folder.resolve("members.nii.gz"), bytes.toByteArray());

    Assertions.assertTimeout(
        SOON, () -> assertThat(Nifti.read(file).volume().extents().voxels()).isEqualTo(120));
  }

  @Test
  void what_lies_before_the_voxels_counts_as_inflated_too() throws Exception {
    byte[] far =
        NiftiBytes.of(NiftiVersion.NIFTI_2, ByteOrder.LITTLE_ENDIAN)
            .with(HeaderField.VOX_OFFSET, 0, 1L << 31)
            .toArray();
    assertRefused(zeros("far.nii.gz", far, 100), "BAD_OFFSET", "vox_offset at byte 168");

    byte[] near =
        NiftiBytes.of(NiftiVersion.NIFTI_2, ByteOrder.LITTLE_ENDIAN)
            .with(HeaderField.VOX_OFFSET, 0, 1 << 25)
            .toArray();
    assertRefused(zeros("near.nii.gz", near, 32), "INFLATE_LIMIT", "33554672, more than 1000 to 1");
  }

  @Test
  void a_label_map_whose_stream_goes_on_is_refused() throws Exception {
    Path file = zeros("labels.nii.gz", NiftiBytes.valid().toArray(), 100);

    Assertions.assertTimeout(
        SOON,
        () ->
            assertThatThrownBy(() -> Nifti.readLabels(file))
                .hasMessageContaining("goes on behind the voxels"));
  }

  @Test
  void a_plain_file_of_gigabytes_behind_its_voxels_is_refused() throws Exception {
    Path file = Files.write(folder.resolve("sparse.nii"), NiftiBytes.valid().toArray());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), 3L << 30);
    }

    assertRefused(file, "TRAILING_BYTES", "592 bytes are declared, the file has 3221225473");
  }

  @Test
  void later_volumes_of_a_packed_series_do_not_count_as_a_tail() throws Exception {
    byte[] series =
        NiftiBytes.valid().with(HeaderField.DIM, 0, 4).with(HeaderField.DIM, 4, 1000).toArray();
    byte[] whole = new byte[352 + 240 * 1000];
    System.arraycopy(series, 0, whole, 0, series.length);
    Path file = Files.write(folder.resolve("series.nii.gz"), NiftiBytes.gzip(whole));

    assertThat(Nifti.read(file, 0).volume().extents().voxels()).isEqualTo(120);
    assertThat(Nifti.read(file, 999).volume().extents().voxels()).isEqualTo(120);
  }

  @Test
  void an_analyze_header_a_pair_and_a_twice_packed_file_are_answered() throws Exception {
    byte[] analyze = NiftiBytes.valid().text(344, "\0\0\0\0").toArray();
    Path file = Files.write(folder.resolve("a.hdr"), analyze);
    assertRefused(file, "NOT_NIFTI", "Analyze 7.5");

    Path twice =
        Files.write(
            folder.resolve("b.nii.gz"),
            NiftiBytes.gzip(NiftiBytes.gzip(NiftiBytes.valid().toArray())));
    assertRefused(twice, "NOT_NIFTI", "packed with gzip twice");
  }

  /** Writes a header and so many MiB of zeros, packed. */
  private Path zeros(String name, byte[] head, int mebibytes) throws IOException {
    Path file = folder.resolve(name);
    byte[] zeros = new byte[1 << 20];
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), 1 << 16)) {
      out.write(head);
      for (int n = 0; n < mebibytes; n++) {
        out.write(zeros);
      }
    }
    return file;
  }
}
