package dev.lss.core.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LssException;
import dev.lss.api.Notice;
import dev.lss.api.image.Extents;
import dev.lss.spi.VoxelArrays;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferUShort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures that are stored otherwise than they are meant: read as meant, or with a notice. */
class PictureKindsTest {

  @TempDir Path folder;

  private static byte[] encoded(BufferedImage picture, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(picture, format, out)).isTrue();
    return out.toByteArray();
  }

  private static BufferedImage grey(int columns, int rows, int... values) {
    BufferedImage picture = new BufferedImage(columns, rows, BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setPixels(0, 0, columns, rows, values);
    return picture;
  }

  private static BufferedImage sixteen(int... values) {
    BufferedImage picture = new BufferedImage(values.length, 1, BufferedImage.TYPE_USHORT_GRAY);
    short[] data = ((DataBufferUShort) picture.getRaster().getDataBuffer()).getData();
    for (int n = 0; n < values.length; n++) {
      data[n] = (short) values[n];
    }
    return picture;
  }

  /** Puts a chunk behind a PNG's header. */
  private static byte[] withChunk(byte[] png, String type, byte[] data) {
    int headerEnd = 8 + 12 + 13;
    CRC32 crc = new CRC32();
    crc.update(type.getBytes(StandardCharsets.US_ASCII));
    crc.update(data);
    ByteBuffer out = ByteBuffer.allocate(png.length + data.length + 12);
    out.put(png, 0, headerEnd).putInt(data.length);
    out.put(type.getBytes(StandardCharsets.US_ASCII)).put(data).putInt((int) crc.getValue());
    return out.put(png, headerEnd, png.length - headerEnd).array();
  }

  /** The smallest Exif: a TIFF header and one entry. */
  private static byte[] exif(int orientation, ByteOrder order) {
    ByteBuffer tiff = ByteBuffer.allocate(26).order(order);
    tiff.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M')).put(tiff.get(0));
    tiff.putShort((short) 42).putInt(8).putShort((short) 1);
    tiff.putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return tiff.array();
  }

  private RasterImage read(String name, byte[] bytes) throws IOException {
    return Rasters.read(Files.write(folder.resolve(name), bytes), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3, 2, 1 2 3 4 5 6",
    "2, 3, 2, 3 2 1 6 5 4",
    "3, 3, 2, 6 5 4 3 2 1",
    "4, 3, 2, 4 5 6 1 2 3",
    "5, 2, 3, 1 4 2 5 3 6",
    "6, 2, 3, 4 1 5 2 6 3",
    "7, 2, 3, 6 3 5 2 4 1",
    "8, 2, 3, 3 6 2 5 1 4"
  })
  void the_orientation_in_exif_is_obeyed_as_pillow_does(
      int orientation, int columns, int rows, String pixels) throws IOException {
    byte[] png = encoded(grey(3, 2, 1, 2, 3, 4, 5, 6), "png");

    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      RasterImage image = read("x.png", withChunk(png, "eXIf", exif(orientation, order)));

      assertThat(image.plane().extents()).isEqualTo(new Extents(columns, rows, 1));
      assertThat(VoxelArrays.samples(image.plane())).containsExactly(floats(pixels));
      assertThat(image.notices())
          .extracting(Notice::code)
          .isEqualTo(orientation == 1 ? List.of() : List.of("PICTURE_REORIENTED"));
    }
  }

  private static float[] floats(String text) {
    String[] words = text.split(" ", -1);
    float[] values = new float[words.length];
    for (int n = 0; n < values.length; n++) {
      values[n] = Float.parseFloat(words[n]);
    }
    return values;
  }

  @Test
  void the_orientation_of_a_jpeg_lies_in_its_second_segment() throws IOException {
    byte[] jpeg = encoded(grey(32, 16, new int[512]), "jpeg");
    byte[] exif = exif(6, ByteOrder.BIG_ENDIAN);
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + exif.length + 10);
    out.put(jpeg, 0, 2).putShort((short) 0xffe1).putShort((short) (exif.length + 8));
    out.put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1)).put(exif);
    out.put(jpeg, 2, jpeg.length - 2);

    assertThat(read("x.jpg", out.array()).plane().extents()).isEqualTo(new Extents(16, 32, 1));
  }

  @Test
  void the_orientation_of_a_tiff_is_a_field_of_its_page() throws IOException {
    byte[] tiff = encoded(grey(3, 2, 1, 2, 3, 4, 5, 6), "tiff");
    ByteBuffer bytes =
        ByteBuffer.wrap(tiff)
            .order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int at = bytes.getInt(4) + 2;
    // Java writes no orientation: its field PlanarConfiguration or any SHORT of value 1 becomes
    // one.
    int entries = bytes.getShort(at - 2);
    int resolutionUnit = -1;
    for (int n = 0; n < entries; n++) {
      int tag = bytes.getShort(at + 12 * n);
      resolutionUnit = tag == 296 || tag == 284 ? at + 12 * n : resolutionUnit;
    }
    if (resolutionUnit < 0) {
      resolutionUnit = at + 12 * (entries - 1);
    }
    bytes.putShort(resolutionUnit, (short) 0x112).putShort(resolutionUnit + 2, (short) 3);
    bytes.putInt(resolutionUnit + 4, 1).putShort(resolutionUnit + 8, (short) 3);

    assertThat(VoxelArrays.samples(read("x.tif", tiff).plane())).containsExactly(6, 5, 4, 3, 2, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 77})
  void an_orientation_that_does_not_exist_or_is_damaged_is_upright(int orientation)
      throws IOException {
    byte[] png = encoded(grey(3, 2, 1, 2, 3, 4, 5, 6), "png");
    byte[] exif = exif(orientation, ByteOrder.LITTLE_ENDIAN);

    assertThat(read("x.png", withChunk(png, "eXIf", exif)).notices()).isEmpty();
    assertThat(read("y.png", withChunk(png, "eXIf", Arrays.copyOf(exif, 9))).notices()).isEmpty();
  }

  @Test
  void twelve_bits_in_sixteen_are_scaled_as_twelve_and_told() throws IOException {
    RasterImage image = read("x.png", encoded(sixteen(0, 2048, 4095), "png"));

    assertThat(VoxelArrays.samples(image.plane())).containsExactly(0, 2048 * (255f / 4095), 255);
    assertThat(image.notices()).extracting(Notice::code).containsExactly("TWELVE_BITS_USED");
  }

  @Test
  void sixteen_bits_and_what_a_png_says_itself_need_no_notice() throws IOException {
    RasterImage full = read("x.png", encoded(sixteen(0, 4096, 65535), "png"));
    assertThat(VoxelArrays.samples(full.plane())).endsWith(255);
    assertThat(full.notices()).isEmpty();

    RasterImage ten =
        read("y.png", withChunk(encoded(sixteen(0, 1023), "png"), "sBIT", new byte[] {10}));
    assertThat(VoxelArrays.samples(ten.plane())).containsExactly(0, 255);
    assertThat(ten.notices()).isEmpty();
  }

  @Test
  void the_frames_of_a_clip_are_scaled_like_its_first_one() throws IOException {
    Path clip = Files.createDirectory(folder.resolve("clip"));
    Files.write(clip.resolve("f1.png"), encoded(sixteen(0, 60_000), "png"));
    Files.write(clip.resolve("f2.png"), encoded(sixteen(0, 4000), "png"));
    Files.write(clip.resolve("f3.png"), encoded(sixteen(0, 65_535), "png"));

    try (RasterClip frames = RasterClip.open(clip, Optional.empty())) {
      assertThat(VoxelArrays.samples(frames.frame(1).plane()))
          .containsExactly(0, 4000 * (255f / 65_535));
      assertThat(frames.frame(1).notices()).isEmpty();
      assertThat(VoxelArrays.samples(frames.frame(2).plane())).containsExactly(0, 255);
    }
  }

  @Test
  void an_animated_png_says_that_only_its_first_picture_was_read() throws IOException {
    byte[] png = encoded(grey(2, 1, 5, 7), "png");

    RasterImage image = read("x.png", withChunk(png, "acTL", new byte[8]));

    assertThat(VoxelArrays.samples(image.plane())).containsExactly(5, 7);
    assertThat(image.notices()).extracting(Notice::code).containsExactly("ANIMATED_PICTURE");
  }

  @Test
  void a_frame_of_another_size_is_read_in_its_own_and_told() throws IOException {
    Path clip = Files.createDirectory(folder.resolve("clip"));
    Files.write(clip.resolve("f1.png"), encoded(grey(2, 1, 5, 7), "png"));
    Files.write(clip.resolve("f2.png"), encoded(grey(1, 2, 5, 7), "png"));
    Files.write(clip.resolve("f3.png"), encoded(grey(2, 1, 8, 9), "png"));

    try (RasterClip frames = RasterClip.open(clip, Optional.empty())) {
      RasterImage second = frames.frame(1);
      assertThat(second.plane().extents()).isEqualTo(new Extents(1, 2, 1));
      assertThat(second.notices()).extracting(Notice::code).containsExactly("FRAME_SIZE_DIFFERS");
      assertThat(frames.frame(2).notices()).isEmpty();
    }
  }

  @Test
  void what_systems_leave_in_a_folder_is_no_frame() throws IOException {
    Path clip = Files.createDirectory(folder.resolve("clip"));
    Files.write(clip.resolve("f1.png"), encoded(grey(2, 1, 5, 7), "png"));
    Files.write(clip.resolve("._f1.png"), new byte[] {0, 5, 22, 7});
    Files.write(clip.resolve(".hidden.png"), new byte[1]);
    Files.write(clip.resolve("Thumbs.db"), new byte[1]);
    Files.write(clip.resolve("١.png"), encoded(grey(2, 1, 8, 9), "png"));
    Files.write(clip.resolve("٢.png"), encoded(grey(2, 1, 8, 9), "png"));

    try (RasterClip frames = RasterClip.open(clip, Optional.empty())) {
      assertThat(frames.size()).isEqualTo(3);
    }
  }

  private static void assertRefusedSoon(Path file, String code, String words) {
    Assertions.assertTimeout(
        Duration.ofSeconds(2),
        () ->
            assertThatThrownBy(() -> Rasters.read(file, Optional.empty()))
                .isInstanceOf(InvalidStudyException.class)
                .hasMessageContaining(words)
                .extracting(e -> ((LssException) e).code())
                .isEqualTo(code));
  }

  @Test
  void a_jpeg_of_a_thousand_scans_is_refused_at_once() throws Exception {
    Path file = Path.of(PictureKindsTest.class.getResource("thousand-scans.jpg").toURI());

    assertRefusedSoon(file, "TOO_MANY_SCANS", "has 1006 scans of 16000000");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MAX_VALUE, 1 << 30, 1 << 20})
  void a_tiff_field_with_more_values_than_its_file_is_refused(int count) throws IOException {
    byte[] tiff = encoded(grey(3, 2, 1, 2, 3, 4, 5, 6), "tiff");
    ByteBuffer bytes =
        ByteBuffer.wrap(tiff)
            .order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int at = bytes.getInt(4) + 2;
    int entries = bytes.getShort(at - 2);
    for (int n = 0; n < entries; n++) {
      byte[] changed = tiff.clone();
      ByteBuffer.wrap(changed).order(bytes.order()).putInt(at + 12 * n + 4, count);
      assertRefusedSoon(
          Files.write(folder.resolve("x.tif"), changed), "CORRUPT", "more than the file holds");
    }
  }

  @Test
  void files_of_other_kinds_are_named() throws IOException {
    byte[] dicom = new byte[200];
    System.arraycopy("DICM".getBytes(StandardCharsets.US_ASCII), 0, dicom, 128, 4);

    assertRefusedSoon(
        Files.write(folder.resolve("x.png"), dicom), "NOT_A_PICTURE", "it is a DICOM file");
    assertRefusedSoon(
        Files.writeString(folder.resolve("y.png"), "GIF89a and more"),
        "NOT_A_PICTURE",
        "save it as PNG");
  }
}
