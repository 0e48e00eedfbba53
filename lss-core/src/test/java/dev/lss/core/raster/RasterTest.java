package dev.lss.core.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferUShort;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RasterTest {

  @TempDir private Path folder;

  private Path write(BufferedImage picture, String format) throws IOException {
    Path file = folder.resolve("picture." + format);
    assertThat(ImageIO.write(picture, format, file.toFile())).isTrue();
    return file;
  }

  private static float[] grey(Path file) throws IOException {
    return VoxelArrays.samples(Rasters.read(file, Optional.empty()).plane());
  }

  private static BufferedImage picture(int type, int... argb) {
    BufferedImage picture = new BufferedImage(argb.length, 1, type);
    for (int x = 0; x < argb.length; x++) {
      picture.setRGB(x, 0, argb[x]);
    }
    return picture;
  }

  private static BufferedImage ramp() {
    BufferedImage picture = new BufferedImage(256, 2, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 0; x < 256; x++) {
      picture.getRaster().setSample(x, 0, 0, x);
      picture.getRaster().setSample(x, 1, 0, 255 - x);
    }
    return picture;
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "tiff"})
  void grey_values_of_8_bits_stay_as_they_are(String format) throws IOException {
    float[] grey = grey(write(ramp(), format));

    for (int x = 0; x < 256; x++) {
      assertThat(grey[x]).isEqualTo(x);
      assertThat(grey[256 + x]).isEqualTo(255 - x);
    }
  }

  @Test
  void a_jpeg_is_read_to_a_few_grey_values() throws IOException {
    float[] grey = grey(write(ramp(), "jpeg"));

    for (int x = 0; x < 256; x++) {
      assertThat((double) grey[x]).isEqualTo(x, within(40.0));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "tiff"})
  void grey_values_of_16_bits_are_scaled_linearly_to_255(String format) throws IOException {
    BufferedImage picture = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    short[] stored = ((DataBufferUShort) picture.getRaster().getDataBuffer()).getData();
    stored[0] = 0;
    stored[1] = (short) 32768;
    stored[2] = (short) 65535;

    float[] grey = grey(write(picture, format));

    assertThat(grey[0]).isZero();
    assertThat((double) grey[1]).isEqualTo(32768 * 255 / 65535.0, within(1e-4));
    assertThat(grey[2]).isEqualTo(255);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "tiff"})
  void colours_become_luma_by_rec_601(String format) throws IOException {
    float[] grey =
        grey(
            write(
                picture(
                    BufferedImage.TYPE_INT_RGB, 0xff0000, 0x00ff00, 0x0000ff, 0x777777, 0x102030),
                format));

    assertThat((double) grey[0]).isEqualTo(0.299 * 255, within(1e-4));
    assertThat((double) grey[1]).isEqualTo(0.587 * 255, within(1e-4));
    assertThat((double) grey[2]).isEqualTo(0.114 * 255, within(1e-4));
    assertThat(grey[3]).isEqualTo(0x77);
    assertThat((double) grey[4]).isEqualTo(0.299 * 16 + 0.587 * 32 + 0.114 * 48, within(1e-4));
  }

  @Test
  void what_is_transparent_lies_on_black() throws IOException {
    BufferedImage picture =
        picture(BufferedImage.TYPE_INT_ARGB, 0xffc8c8c8, 0x80c8c8c8, 0x00c8c8c8);

    float[] grey = grey(write(picture, "png"));

    assertThat(grey[0]).isEqualTo(200);
    assertThat((double) grey[1]).isEqualTo(200 * 128 / 255.0, within(1e-3));
    assertThat(grey[2]).isZero();
  }

  @Test
  void indexed_pixels_take_the_colour_of_their_palette() throws IOException {
    byte[] red = {10, (byte) 200, (byte) 255};
    byte[] green = {10, (byte) 200, 0};
    byte[] blue = {10, (byte) 200, 0};
    BufferedImage picture =
        new BufferedImage(
            3, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(2, 3, red, green, blue));
    for (int x = 0; x < 3; x++) {
      picture.getRaster().setSample(x, 0, 0, x);
    }

    float[] grey = grey(write(picture, "png"));

    assertThat(grey[0]).isEqualTo(10);
    assertThat(grey[1]).isEqualTo(200);
    assertThat((double) grey[2]).isEqualTo(0.299 * 255, within(1e-4));
  }

  @Test
  void black_and_white_is_0_and_255() throws IOException {
    BufferedImage picture = picture(BufferedImage.TYPE_BYTE_BINARY, 0xffffff, 0, 0xffffff);

    assertThat(grey(write(picture, "png"))).containsExactly(255, 0, 255);
  }

  @Test
  void a_pixel_size_makes_a_calibrated_plane_and_none_an_uncalibrated_one() throws IOException {
    Path file = write(ramp(), "png");

    GridGeometry scaled =
        Rasters.read(file, Optional.of(new PixelSize(0.06, 0.05))).plane().geometry();

    assertThat(scaled).isEqualTo(GridGeometry.imagePlane(256, 2, 0.06, 0.05));
    assertThat(Rasters.read(file, Optional.empty()).plane().geometry().calibrated()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, -1", "NaN, 1", "1, Infinity"})
  void a_pixel_size_that_is_not_positive_is_refused(double column, double row) {
    assertThatIllegalArgumentException().isThrownBy(() -> new PixelSize(column, row));
  }

  @Test
  void labels_are_written_and_read_without_loss() throws IOException {
    GridGeometry plane = GridGeometry.uncalibratedPlane(4, 2);
    LabelVolume labels = LabelVolume.wrap(plane, new short[] {0, 1, 2, 3, 255, 0, 1, 0});
    Path file = folder.resolve("labels.png");

    Rasters.writeLabels(file, labels);

    assertThat(VoxelArrays.labels(Rasters.readLabels(file, Optional.empty())))
        .containsExactly(0, 1, 2, 3, 255, 0, 1, 0);
  }

  @Test
  void a_label_above_255_fits_into_no_picture() {
    LabelVolume labels = LabelVolume.wrap(GridGeometry.uncalibratedPlane(1, 1), new short[] {256});

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rasters.writeLabels(folder.resolve("labels.png"), labels));
  }

  @Test
  void the_pages_of_a_tiff_are_the_frames_of_a_clip() throws IOException {
    Path file = folder.resolve("clip.tif");
    writePages(file, 3);

    try (RasterClip clip = RasterClip.open(file, Optional.empty())) {
      assertThat(clip.size()).isEqualTo(3);
      assertThat(clip.isSingle()).isFalse();
      assertThat(clip.frame(2).plane().get(0, 0, 0)).isEqualTo(20);
      assertThat(clip.frame(0).plane().get(0, 0, 0)).isZero();
    }
    assertRefused(file, "SEVERAL_PAGES", "has 3");
  }

  private static void writePages(Path file, int pages) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (int page = 0; page < pages; page++) {
        BufferedImage picture = new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setSample(0, 0, 0, 10 * page);
        writer.writeToSequence(new IIOImage(picture, null, null), null);
      }
      writer.endWriteSequence();
    }
    writer.dispose();
  }

  @Test
  void the_pictures_of_a_folder_are_frames_in_the_order_of_their_numbers() throws IOException {
    for (int n : new int[] {10, 9, 1}) {
      BufferedImage picture = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
      picture.getRaster().setSample(0, 0, 0, n);
      ImageIO.write(picture, "png", folder.resolve("f" + n + ".PNG").toFile());
    }
    Files.writeString(folder.resolve("notes.txt"), "not a frame");

    try (RasterClip clip = RasterClip.open(folder, Optional.empty())) {
      assertThat(clip.size()).isEqualTo(3);
      assertThat(clip.frame(0).plane().get(0, 0, 0)).isEqualTo(1);
      assertThat(clip.frame(1).plane().get(0, 0, 0)).isEqualTo(9);
      assertThat(clip.frame(2).plane().get(0, 0, 0)).isEqualTo(10);
    }
  }

  private static void assertRefused(Path file, String code, String words) {
    assertThatThrownBy(() -> Rasters.read(file, Optional.empty()))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining(words)
        .hasMessageStartingWith(file.getFileName().toString())
        .extracting("code")
        .isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 12, 1, 100, 30, 9})
  void a_png_without_its_last_bytes_is_truncated_or_damaged(int missing) throws IOException {
    byte[] png = Files.readAllBytes(write(ramp(), "png"));
    Path file = Files.write(folder.resolve("cut.png"), Arrays.copyOf(png, png.length - missing));

    assertThatThrownBy(() -> Rasters.read(file, Optional.empty()))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isIn("TRUNCATED", "CORRUPT");
  }

  @Test
  void a_png_with_a_changed_byte_is_damaged() throws IOException {
    byte[] png = Files.readAllBytes(write(ramp(), "png"));
    png[png.length / 2] ^= 1;

    assertRefused(Files.write(folder.resolve("bad.png"), png), "CORRUPT", "checksum");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "tiff"})
  void half_a_picture_is_refused(String format) throws IOException {
    byte[] bytes = Files.readAllBytes(write(ramp(), format));
    Path file = Files.write(folder.resolve("half"), Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(() -> Rasters.read(file, Optional.empty()))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isIn("TRUNCATED", "CORRUPT");
  }

  @Test
  void a_picture_of_30000_by_30000_is_refused_by_its_header() throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(30_000).putInt(30_000).put((byte) 8);
    chunk(png, "IHDR", header.array());
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflate = new DeflaterOutputStream(data)) {
      deflate.write(new byte[1 << 20]);
    }
    chunk(png, "IDAT", data.toByteArray());
    chunk(png, "IEND", new byte[0]);

    assertRefused(
        Files.write(folder.resolve("bomb.png"), png.toByteArray()),
        "TOO_MANY_PIXELS",
        "30000 x 30000");
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.write(ByteBuffer.allocate(4).putInt(data.length).array());
    out.write(name);
    out.write(data);
    out.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  @Test
  void a_text_with_the_name_of_a_picture_is_none() throws IOException {
    assertRefused(
        Files.writeString(folder.resolve("text.png"), "This is a text."),
        "NOT_A_PICTURE",
        "begins like no PNG");
  }

  @Test
  void an_empty_file_is_no_picture() throws IOException {
    assertRefused(Files.createFile(folder.resolve("empty.png")), "NOT_A_PICTURE", "empty");
  }

  @Test
  void a_folder_without_pictures_is_no_clip() {
    assertThatThrownBy(() -> RasterClip.open(folder, Optional.empty()))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo("NO_PICTURES");
  }

  @Test
  void a_tiff_whose_pages_form_a_circle_is_refused() throws IOException {
    byte[] tiff = {'I', 'I', 42, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 0};

    assertRefused(Files.write(folder.resolve("circle.tif"), tiff), "CORRUPT", "circle");
  }

  @Test
  void a_tiff_that_ends_in_its_list_of_pages_is_truncated() throws IOException {
    byte[] tiff = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 9};

    assertRefused(Files.write(folder.resolve("cut.tif"), tiff), "TRUNCATED", "list of its pages");
  }

  @Test
  void a_tiff_of_real_numbers_is_not_supported() throws IOException {
    Volume plane = Volume.wrap(GridGeometry.uncalibratedPlane(2, 1), new float[] {0.5f, 1});
    Path file = folder.resolve("float.tif");
    Files.write(file, FloatTiff.of(plane));

    assertRefused(file, "UNSUPPORTED_PIXELS", "not stored as 1 to 16 bits");
  }

  @Test
  void a_missing_file_is_an_io_error_without_its_folder() {
    assertThatThrownBy(() -> Rasters.read(folder.resolve("nothing.png"), Optional.empty()))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage("nothing.png");
  }
}
