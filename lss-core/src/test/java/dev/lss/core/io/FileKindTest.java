package dev.lss.core.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FileKindTest {

  @TempDir Path dir;

  private static byte[] bytes(String latin) {
    return latin.getBytes(ISO_8859_1);
  }

  /** A file of zeros with a text somewhere. */
  private static byte[] at(int length, int offset, String text) {
    byte[] file = new byte[length];
    System.arraycopy(bytes(text), 0, file, offset, text.length());
    return file;
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version https://git-lfs.github.com/spec/v1| GIT_LFS",
        "<!DOCTYPE html>| HTML",
        "<html lang=\"en\">| HTML",
        "<?xml version='1.0'?><a/>| XML",
        "<?xml version='1.0'?><!DOCTYPE html><html>| HTML",
        "{\"a\": 1}| JSON",
        "NRRD0005| NRRD",
        "ObjectType = Image| META_IMAGE",
        "NDims = 3| META_IMAGE",
        "MATLAB 5.0 MAT-file| MATLAB",
        "%PDF-1.7| PDF",
        "GIF89a| GIF",
        "Rar!| ARCHIVE",
        "BZh9| OTHER_PACKED",
        "RIFF....WEBP| WEBP",
        "RIFF....AVI | AVI",
        "....ftypisom| MP4",
        "# === DATA DESCRIPTION FILE ====| PAR_REC",
        "label,x,y| UNKNOWN"
      })
  void texts_and_magics_are_recognised(String head, FileKind kind) {
    assertThat(FileKind.of(bytes(head))).isEqualTo(kind);
    assertThat(FileKind.of(bytes(head + "\n and more"))).isEqualTo(kind);
  }

  @Test
  void binary_files_are_recognised() {
    assertThat(FileKind.of(at(200, 128, "DICM"))).isEqualTo(FileKind.DICOM);
    assertThat(FileKind.of(bytes("\b\0\5\0\n\0\0\0ISO_IR"))).isEqualTo(FileKind.UNKNOWN);
    assertThat(FileKind.of(bytes("\b\0\5\0CS\n\0ISO_IR"))).isEqualTo(FileKind.DICOM);
    assertThat(FileKind.of(at(352, 344, "n+1\0"))).isEqualTo(FileKind.NIFTI);
    assertThat(FileKind.of(at(544, 4, "n+2\0\r\n\32\n"))).isEqualTo(FileKind.NIFTI);
    assertThat(FileKind.of(at(348, 344, "ni1\0"))).isEqualTo(FileKind.NIFTI_PAIR);
    assertThat(FileKind.of(at(300, 257, "ustar"))).isEqualTo(FileKind.TAR);
    assertThat(FileKind.of(bytes("\u0089PNG\r\n\32\n"))).isEqualTo(FileKind.PNG);
    assertThat(FileKind.of(bytes("\u00ff\u00d8\u00ff\u00e0"))).isEqualTo(FileKind.JPEG);
    assertThat(FileKind.of(bytes("II*\0"))).isEqualTo(FileKind.TIFF);
    assertThat(FileKind.of(bytes("\u0089HDF\r\n\32\n"))).isEqualTo(FileKind.HDF5);
    assertThat(FileKind.of(bytes("\u0093NUMPY\1\0"))).isEqualTo(FileKind.NUMPY);
    assertThat(FileKind.of(bytes("\u0080\2}q"))).isEqualTo(FileKind.PICKLE);
    assertThat(FileKind.of(bytes("PK\3\4"))).isEqualTo(FileKind.ZIP);
    assertThat(FileKind.of(bytes("\0\5\26\7\0\2\0\0"))).isEqualTo(FileKind.APPLE_DOUBLE);
    assertThat(FileKind.of(bytes("\0\0\0\1Bud1"))).isEqualTo(FileKind.DS_STORE);
    assertThat(FileKind.of(new byte[0])).isEqualTo(FileKind.EMPTY);
    assertThat(FileKind.of(new byte[4096])).isEqualTo(FileKind.ZEROS);
  }

  @Test
  void an_analyze_header_and_a_freesurfer_volume_are_recognised() {
    byte[] analyze = new byte[348];
    analyze[0] = 0x5c;
    analyze[1] = 1;
    analyze[40] = 4;
    assertThat(FileKind.of(analyze)).isEqualTo(FileKind.ANALYZE);

    byte[] mgh = new byte[284];
    for (int n = 0; n < 5; n++) {
      mgh[4 * n + 3] = 1;
    }
    assertThat(FileKind.of(mgh)).isEqualTo(FileKind.MGH);
  }

  @Test
  void gzip_is_looked_into() throws IOException {
    assertThat(FileKind.of(gzip(at(352, 344, "n+1\0")))).isEqualTo(FileKind.NIFTI);
    assertThat(FileKind.of(gzip(gzip(new byte[9])))).isEqualTo(FileKind.DOUBLE_GZIP);
    assertThat(FileKind.of(gzip(new byte[0]))).isEqualTo(FileKind.GZIP);
    byte[] cut = Arrays.copyOf(gzip(at(352, 344, "n+1\0")), 15);
    assertThat(FileKind.of(cut)).isIn(FileKind.GZIP, FileKind.UNKNOWN, FileKind.ZEROS);
  }

  @ParameterizedTest
  @EnumSource
  void every_kind_says_what_it_is_and_what_to_do(FileKind kind) {
    assertThat(kind.sentence()).contains("; ").hasSizeLessThan(200).doesNotEndWith(".");
  }

  @Test
  void what_systems_leave_in_folders_is_no_data() throws IOException {
    for (String name :
        new String[] {
          "._a.png", ".DS_Store", "Thumbs.db", "desktop.ini", ".hidden.png", "b.png", "a.png"
        }) {
      Files.write(dir.resolve(name), new byte[1]);
    }
    Files.createDirectory(dir.resolve("folder.png"));

    assertThat(DataFiles.list(dir))
        .extracting(p -> p.getFileName().toString())
        .containsExactly("a.png", "b.png");
    assertThat(DataFiles.isLitter("__MACOSX")).isTrue();
    assertThat(DataFiles.isLitter(".hidden.png")).isFalse();
  }
}
