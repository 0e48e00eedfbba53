package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.dicom.data.DataSetWriter;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.data.Uids;
import dev.lss.dicom.data.Vr;
import dev.lss.testkit.RealData;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The task us-fascia on the command line; drawn pictures are 400 x 300 pixels. */
class UltrasoundCommandTest {

  private static final String REAL = "us/aponeurosis/00061_image.png";

  @TempDir private Path folder;

  private Path draw(String name, IntBinaryOperator grey) throws IOException {
    BufferedImage picture = new BufferedImage(400, 300, BufferedImage.TYPE_BYTE_GRAY);
    for (int j = 0; j < 300; j++) {
      for (int i = 0; i < 400; i++) {
        picture.getRaster().setSample(i, j, 0, grey.applyAsInt(i, j));
      }
    }
    Path file = folder.resolve(name);
    ImageIO.write(picture, "png", file.toFile());
    return file;
  }

  /** Two level layers of 10 and 20 rows. */
  private Path mask(String name) throws IOException {
    return draw(name, (i, j) -> (j >= 60 && j < 70) || (j >= 150 && j < 170) ? 255 : 0);
  }

  private Path speckle(String name) throws IOException {
    Random random = new Random(2);
    int[] last = new int[1];
    return draw(
        name,
        (i, j) -> {
          last[0] = i % 3 == 0 ? 40 + random.nextInt(60) : last[0];
          return last[0];
        });
  }

  private JsonNode result() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/result.json").toFile());
  }

  private Cli run(String command, Path input, Object... more) {
    Object[] words = new Object[7 + more.length];
    Object[] first = {
      command, "--task", "us-fascia", "--input", input, "--out", folder.resolve("out")
    };
    System.arraycopy(first, 0, words, 0, first.length);
    System.arraycopy(more, 0, words, first.length, more.length);
    return Cli.run(words);
  }

  @Test
  void a_mask_is_measured_in_millimetres_with_a_spacing() throws IOException {
    Cli run = run("measure", speckle("us.png"), "--labels", mask("m.png"), "--spacing", "0.1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode fascia = result().at("/measurements/fascia");
    assertThat(fascia).hasSize(2);
    assertThat(fascia.at("/0/key").asText()).isEqualTo("fascia/thoracolumbar/1");
    assertThat(fascia.at("/0/thicknessMm/mean").asDouble()).isEqualTo(1, within(0.01));
    assertThat(fascia.at("/1/thicknessMm/mean").asDouble()).isEqualTo(2, within(0.01));
    assertThat(fascia.at("/1/thicknessMm/sd").asDouble()).isLessThan(0.02);
    assertThat(fascia.at("/0/depthMm").asDouble()).isEqualTo(6.5, within(0.3));
    assertThat(fascia.at("/0/angleDeg").asDouble()).isEqualTo(0, within(0.2));
    assertThat(fascia.at("/0/echoIntensity").asDouble()).isEqualTo(70, within(3.0));
    assertThat(fascia.at("/0/echoRatio").asDouble()).isEqualTo(1, within(0.05));
    assertThat(fascia.at("/0/fragments").asInt()).isEqualTo(1);
    for (String name : new String[] {"thickness", "length", "depth", "profile"}) {
      assertThat(fascia.get(0).get(name + "Mm").isNull()).as(name).isFalse();
      assertThat(fascia.get(0).get(name + "Px").isNull()).as(name).isTrue();
    }
    assertThat(result().at("/labels/0/volumeMm3").isNull()).isTrue();
    assertThat(folder.resolve("out/overlay.png")).exists();
    assertThat(run.out()).contains("thickness (mm)");
  }

  @Test
  void two_spacings_are_across_and_down() throws IOException {
    run("measure", speckle("us.png"), "--labels", mask("m.png"), "--spacing", "0.2,0.05");

    JsonNode layer = result().at("/measurements/fascia/0");
    assertThat(layer.at("/thicknessMm/mean").asDouble()).isEqualTo(0.5, within(0.01));
    assertThat(layer.at("/lengthMm").asDouble()).isEqualTo(80, within(0.5));
  }

  @Test
  void without_a_spacing_every_length_is_in_pixels_and_a_notice_says_so() throws IOException {
    Cli run = run("measure", speckle("us.png"), "--labels", mask("m.png"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode layer = result().at("/measurements/fascia/0");
    assertThat(layer.at("/thicknessPx/mean").asDouble()).isEqualTo(10, within(0.1));
    layer
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (name.endsWith("Mm")) {
                assertThat(layer.get(name).isNull()).as(name).isTrue();
              }
            });
    assertThat(result().at("/notices").findValuesAsText("code")).containsExactly("UNCALIBRATED");
  }

  @Test
  void an_empty_mask_is_nothing_found() throws IOException {
    Cli run = run("measure", speckle("us.png"), "--labels", draw("none.png", (i, j) -> 0));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(result().at("/notices").findValuesAsText("code")).contains("NOTHING_FOUND");
  }

  @Test
  void clips_are_measured_frame_by_frame() throws IOException {
    Files.createDirectories(folder.resolve("images"));
    Files.createDirectories(folder.resolve("masks"));
    for (int f = 1; f <= 3; f++) {
      speckle("images/" + f + ".png");
      mask("masks/" + f + ".png");
    }

    Cli run =
        run(
            "measure",
            folder.resolve("images"),
            "--labels",
            folder.resolve("masks"),
            "--spacing",
            0.1);

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode measurements = result().path("measurements");
    assertThat(measurements.path("frames")).hasSize(3);
    assertThat(measurements.at("/frames/2/fascia")).hasSize(2);
    assertThat(measurements.at("/summary/frames").asInt()).isEqualTo(3);
    assertThat(measurements.at("/summary/framesWithFascia").asInt()).isEqualTo(3);
    assertThat(measurements.at("/summary/fascia/1/thicknessMm/mean").asDouble())
        .isEqualTo(2, within(0.01));
    assertThat(measurements.at("/summary/fascia/1/thicknessPx").isNull()).isTrue();
  }

  @Test
  void a_mask_of_another_size_is_bad_input() throws IOException {
    Path small = folder.resolve("small.png");
    ImageIO.write(new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY), "png", small.toFile());

    Cli run = run("measure", speckle("us.png"), "--labels", small);

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("[GRID_MISMATCH]");
  }

  @Test
  void a_real_image_is_segmented_and_its_labels_measure_the_same() throws IOException {
    Path image = RealData.path(REAL);
    Cli run = run("segment", image, "--spacing", "0.1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode segmented = result().at("/measurements/fascia");
    assertThat(segmented.size()).isBetween(2, 6);
    assertThat(result().at("/provenance/models/0/id").asText()).isEqualTo("us-fascia");
    BufferedImage labels = ImageIO.read(folder.resolve("out/labels.png").toFile());
    assertThat(labels.getWidth()).isEqualTo(512);
    assertThat(labels.getHeight()).isEqualTo(417);
    assertThat(folder.resolve("out/overlay.png")).exists();
    Path kept = Files.copy(folder.resolve("out/labels.png"), folder.resolve("kept.png"));

    run("measure", image, "--labels", kept, "--spacing", "0.1");

    assertThat(result().at("/measurements/fascia")).isEqualTo(segmented);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 20", "1.2, -30", "3, 10", "5, 0"})
  void a_drawn_layer_is_as_thick_through_the_network(double thickness, double tilt)
      throws IOException {
    Random random = new Random(4);
    double slope = Math.tan(Math.toRadians(tilt));
    double half = thickness / 0.1 / Math.cos(Math.toRadians(tilt)) / 2;
    Path image =
        draw(
            "layer.png",
            (i, j) -> {
              double away = Math.abs(j - 150 - slope * (i - 200));
              double share = Math.min(1, Math.max(0, half - away + 0.5));
              return (int) Math.round(40 + 150 * share + 20 * random.nextDouble());
            });

    Cli run = run("segment", image, "--spacing", "0.1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode fascia = result().at("/measurements/fascia");
    assertThat(fascia).hasSize(1);
    assertThat(fascia.at("/0/thicknessMm/mean").asDouble()).isEqualTo(thickness, within(0.1));
    assertThat(fascia.at("/0/angleDeg").asDouble()).isEqualTo(tilt, within(1.0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--step-size=0.5", "--no-mirroring", "--exact"})
  void options_of_tiles_are_refused_where_there_are_none(String option) throws IOException {
    Cli run = run("segment", RealData.path("us/aponeurosis/00061_image.png"), option);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains(option.replaceAll("=.*", ""), "in tiles", "us-fascia");
  }

  @Test
  void a_folder_of_real_images_is_a_clip() throws IOException {
    Path clip = Files.createDirectories(folder.resolve("clip"));
    for (int f = 61; f <= 63; f++) {
      Files.copy(RealData.path("us/aponeurosis/000" + f + "_image.png"), clip.resolve(f + ".png"));
    }

    Cli run = run("segment", clip, "--spacing", "0.1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("3 frames");
    DemoCommandTest.assertSumsToTotal(result().path("timingsMs"));
    assertThat(folder.resolve("out/labels/0000.png")).exists();
    assertThat(folder.resolve("out/labels/0002.png")).exists();
    assertThat(folder.resolve("out/labels/0003.png")).doesNotExist();
    assertThat(result().at("/measurements/frames")).hasSize(3);
    assertThat(result().at("/measurements/summary/frames").asInt()).isEqualTo(3);
    assertThat(result().at("/labels/0/key").asText()).isEqualTo("fascia/thoracolumbar");
  }

  /** The real images as a multi-frame ultrasound object, three frames in one file. */
  private static void writeClip(List<Path> pictures, Path file) throws IOException {
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    BufferedImage image = ImageIO.read(pictures.get(0).toFile());
    for (Path picture : pictures) {
      image = ImageIO.read(picture.toFile());
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          pixels.write(image.getRaster().getSample(x, y, 0));
        }
      }
    }
    NewDataSet data =
        new NewDataSet()
            .text(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.3.1")
            .text(Tag.SOP_INSTANCE_UID, Uids.ofName("clip"))
            .text(Tag.STUDY_INSTANCE_UID, Uids.ofName("study"))
            .text(Tag.SERIES_INSTANCE_UID, Uids.ofName("series"))
            .text(Tag.MODALITY, "US")
            .integers(Tag.NUMBER_OF_FRAMES, pictures.size())
            .integers(Tag.SAMPLES_PER_PIXEL, 1)
            .text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
            .integers(Tag.ROWS, image.getHeight())
            .integers(Tag.COLUMNS, image.getWidth())
            .integers(Tag.BITS_ALLOCATED, 8)
            .integers(Tag.BITS_STORED, 8)
            .integers(Tag.HIGH_BIT, 7)
            .integers(Tag.PIXEL_REPRESENTATION, 0)
            .bulk(Tag.PIXEL_DATA, Vr.OB, pixels.size(), pixels::writeTo);
    try (OutputStream out = Files.newOutputStream(file)) {
      DataSetWriter.write(data, StandardCharsets.ISO_8859_1, out);
    }
  }

  @Test
  void a_clip_in_dicom_gives_the_labels_of_its_pictures() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    for (int f = 61; f <= 63; f++) {
      BufferedImage whole =
          ImageIO.read(RealData.path("us/aponeurosis/000" + f + "_image.png").toFile());
      ImageIO.write(
          whole.getSubimage(0, 0, 440, 400), "png", pictures.resolve(f + ".png").toFile());
    }
    Path clip = Files.createDirectories(folder.resolve("dicom")).resolve("clip.dcm");
    try (var files = Files.list(pictures)) {
      writeClip(files.sorted().toList(), clip);
    }
    assertThat(run("segment", pictures).exitCode()).isZero();
    List<byte[]> expected = new ArrayList<>();
    for (int f = 0; f < 3; f++) {
      expected.add(Files.readAllBytes(folder.resolve("out/labels/000" + f + ".png")));
    }

    Cli run = run("segment", clip);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("3 frames");
    assertThat(result().at("/measurements/frames")).hasSize(3);
    assertThat(result().at("/notices").findValuesAsText("code")).contains("SERIES_CHOSEN");
    for (int f = 0; f < 3; f++) {
      assertThat(folder.resolve("out/labels/000" + f + ".png")).hasBinaryContent(expected.get(f));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mr-spine/sagittal_spider/images/10008_12.png",
        "mr-spine/sagittal_spider/images/10019_9.png",
        "mr-spine/sagittal_mit/images/1.png"
      })
  void a_slice_of_mr_gives_an_empty_result_with_notices(String file) throws IOException {
    Cli run = run("segment", RealData.path(file));

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(result().at("/labels")).isEmpty();
    assertThat(result().at("/notices").findValuesAsText("code"))
        .contains("NOT_ULTRASOUND", "NOTHING_FOUND");
  }

  @Test
  void a_blank_gives_an_empty_result() throws IOException {
    assertThat(run("segment", draw("blank.png", (i, j) -> 90)).exitCode()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "text.png, [NOT_A_PICTURE]",
    "empty.png, [NOT_A_PICTURE]",
    "nothing.png, [NO_SUCH_FILE]",
    "cut.png, [TRUNCATED]",
    "folder, [NO_PICTURES]"
  })
  void what_is_no_picture_is_bad_input_and_nothing_is_written(String name, String code)
      throws IOException {
    Files.writeString(folder.resolve("text.png"), "This is a text.");
    Files.createFile(folder.resolve("empty.png"));
    Files.createDirectories(folder.resolve("folder"));
    byte[] png = Files.readAllBytes(speckle("whole.png"));
    Files.write(folder.resolve("cut.png"), Arrays.copyOf(png, png.length - 9));

    Cli run = run("segment", folder.resolve(name));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains(code);
    assertThat(run.err().lines()).hasSize(2);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "a", "0.1,0.1,0.1", "0.1,", "NaN"})
  void a_spacing_that_is_none_is_usage(String spacing) throws IOException {
    Cli run = run("segment", speckle("us.png"), "--spacing", spacing);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--spacing", "positive");
  }

  @Test
  void a_spacing_for_a_nifti_image_is_usage() {
    Cli run =
        Cli.run(
            "segment",
            "--task",
            "ct-vertebrae",
            "--input",
            "a.nii",
            "--out",
            folder,
            "--spacing",
            "1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--spacing is for pictures");
  }

  @Test
  void two_masks_are_compared_by_what_is_not_black() throws IOException {
    Path grey = draw("grey.png", (i, j) -> j >= 60 && j < 80 ? 255 : 0);
    Path ones = draw("ones.png", (i, j) -> j >= 70 && j < 90 ? 1 : 0);

    Cli run =
        Cli.run(
            "evaluate",
            "--reference",
            grey,
            "--prediction",
            ones,
            "--overlap-only",
            "--out",
            folder.resolve("out"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Files.readString(folder.resolve("out/evaluation.csv"))).contains("0.5");
  }

  @Test
  void distances_of_masks_are_refused_because_they_have_no_scale() throws IOException {
    Path mask = mask("m.png");

    Cli run = Cli.run("evaluate", "--reference", mask, "--prediction", mask);

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("[UNCALIBRATED]", "overlap alone");
  }
}
