package dev.lss.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.Segmenters;
import dev.lss.core.inference.Arithmetic;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.nnunet.NnUnetModel;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Results folders run as they are, against the label maps that nnU-Net 2.8.1 (PyTorch 2.9.1, CPU)
 * gave for them; lss_training/peers/nnunet_references.py wrote both.
 */
class NnUnetParityIT {

  private static Path references() {
    try {
      return Path.of(NnUnetParityIT.class.getResource("/nnunet-references").toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Arguments> cases() throws IOException {
    JsonNode all = new ObjectMapper().readTree(references().resolve("references.json").toFile());
    return StreamSupport.stream(all.get("cases").spliterator(), false)
        .flatMap(
            one ->
                Stream.of(Arithmetic.values())
                    .map(how -> Arguments.of(one.get("name").asText(), how, one)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void labels_are_those_of_nnunet(String name, Arithmetic arithmetic, JsonNode one)
      throws IOException {
    byte[] expected = expected(name);
    JsonNode options = one.get("options");
    NnUnetModel model =
        NnUnetModel.read(
            references().resolve(one.get("folder").asText()),
            NnUnetModel.Choice.DEFAULT.withFolds(texts(options.path("folds"))));
    RuntimeOptions how =
        RuntimeOptions.builder()
            .threads(2)
            .arithmetic(arithmetic)
            .mirroring(options.path("mirroring").asBoolean(true))
            .tileStep(options.path("step").asDouble(0.5))
            .build();
    List<SeriesRole> roles = model.description().lastStage().roles();
    List<Volume> channels = channels(one.get("channels"));
    List<Series> series = new ArrayList<>();
    for (int c = 0; c < roles.size(); c++) {
      series.add(Series.of(roles.get(c), channels.get(c)));
    }

    short[] actual;
    try (LumbarSegmenter segmenter = Segmenters.forModel(model).options(how).build()) {
      LabelVolume labels = segmenter.segment(LumbarStudy.of(series)).labels();
      actual = VoxelArrays.labels(labels);
    }

    assertThat(actual).hasSameSizeAs(expected);
    double least =
        arithmetic == Arithmetic.FP32 && !one.get("trained").asBoolean() ? 0.999 : 0.9999;
    assertThat(equalShare(actual, expected)).isGreaterThanOrEqualTo(least);
    for (int label = 0; label < 256; label++) {
      if (count(expected, label) >= 1000) {
        assertThat(dice(actual, expected, label)).as("label " + label).isGreaterThan(0.999);
      }
    }
  }

  private static List<String> texts(JsonNode names) {
    List<String> texts = new ArrayList<>();
    names.forEach(name -> texts.add(name.asText()));
    return texts;
  }

  private static byte[] expected(String name) throws IOException {
    try (InputStream packed = Files.newInputStream(references().resolve(name + ".labels.gz"));
        InputStream labels = new GZIPInputStream(packed)) {
      return labels.readAllBytes();
    }
  }

  /** Every channel lies on the grid of the first. */
  private static List<Volume> channels(JsonNode recipes) throws IOException {
    List<Volume> channels = new ArrayList<>();
    for (JsonNode recipe : recipes) {
      Volume made = image(recipe);
      GridGeometry grid = channels.isEmpty() ? made.geometry() : channels.get(0).geometry();
      channels.add(Volume.wrap(grid, VoxelArrays.samples(made)));
    }
    return channels;
  }

  private static Volume image(JsonNode recipe) throws IOException {
    if (recipe.has("stack")) {
      return stack(recipe);
    }
    Volume stored = Nifti.read(RealData.path(recipe.get("image").asText())).volume();
    return recipe.has("pad") ? padded(stored, recipe.get("pad").asInt()) : stored;
  }

  private static Volume stack(JsonNode recipe) throws IOException {
    List<Raster> slices = new ArrayList<>();
    for (JsonNode number : recipe.get("numbers")) {
      Path picture = RealData.path(recipe.get("stack").asText() + "/" + number.asText() + ".png");
      slices.add(ImageIO.read(picture.toFile()).getRaster());
    }
    int width = slices.get(0).getWidth();
    int height = slices.get(0).getHeight();
    float[] samples = new float[width * height * slices.size()];
    int n = 0;
    for (Raster slice : slices) {
      for (int j = 0; j < height; j++) {
        for (int i = 0; i < width; i++) {
          samples[n++] = slice.getSample(i, j, 0);
        }
      }
    }
    JsonNode mm = recipe.get("spacing");
    return Volume.wrap(
        GridGeometry.ofSpacing(
            new Extents(width, height, slices.size()),
            new Vector3(mm.get(0).asDouble(), mm.get(1).asDouble(), mm.get(2).asDouble())),
        samples);
  }

  /** The grid's origin is of no matter to nnU-Net. */
  private static Volume padded(Volume stored, int by) {
    Extents inner = stored.geometry().extents();
    Extents outer = new Extents(inner.i() + 2 * by, inner.j() + 2 * by, inner.k() + 2 * by);
    float[] samples = new float[outer.voxels()];
    for (int k = 0; k < inner.k(); k++) {
      for (int j = 0; j < inner.j(); j++) {
        System.arraycopy(
            VoxelArrays.samples(stored),
            (k * inner.j() + j) * inner.i(),
            samples,
            ((k + by) * outer.j() + j + by) * outer.i() + by,
            inner.i());
      }
    }
    return Volume.wrap(GridGeometry.ofSpacing(outer, stored.geometry().spacingMm()), samples);
  }

  private static double equalShare(short[] actual, byte[] expected) {
    int equal = 0;
    for (int n = 0; n < actual.length; n++) {
      equal += actual[n] == (expected[n] & 0xff) ? 1 : 0;
    }
    return equal / (double) actual.length;
  }

  private static int count(byte[] labels, int label) {
    int count = 0;
    for (byte one : labels) {
      count += (one & 0xff) == label ? 1 : 0;
    }
    return count;
  }

  private static double dice(short[] actual, byte[] expected, int label) {
    int both = 0;
    int sum = 0;
    for (int n = 0; n < actual.length; n++) {
      boolean a = actual[n] == label;
      boolean b = (expected[n] & 0xff) == label;
      both += a && b ? 1 : 0;
      sum += (a ? 1 : 0) + (b ? 1 : 0);
    }
    return 2.0 * both / sum;
  }
}
