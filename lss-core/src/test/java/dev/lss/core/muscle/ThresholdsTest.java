package dev.lss.core.muscle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.Nifti;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fat by brightness, against the golden file, scikit-learn and scikit-image on the same voxels. */
class ThresholdsTest {

  private static JsonNode golden() throws IOException {
    return new ObjectMapper()
        .readTree(RealData.golden("statistics.json").toFile())
        .get("muscle_and_thresholds");
  }

  /** What tools/oracles/muscles.py wrote. */
  static JsonNode oracles() throws IOException {
    try (InputStream in = ThresholdsTest.class.getResourceAsStream("oracles.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in)).get("dixon_axial_01");
    }
  }

  private static Brightness fatImage(int label) throws IOException {
    Volume fat = Nifti.read(RealData.path("mr-muscle/dixon_axial_01/fat.nii.gz")).volume();
    LabelVolume labels =
        Nifti.readLabels(RealData.path("mr-muscle/dixon_axial_01/labels_manual.nii.gz")).labels();
    short[] values = VoxelArrays.labels(labels);
    return Brightness.of(
        IntStream.range(0, values.length)
            .filter(n -> values[n] == label)
            .mapToDouble(n -> VoxelArrays.at(fat, n))
            .toArray());
  }

  /** Two triangles of counts about 60 and 170, spec/quantification-and-metrics.md E.3. */
  private static Brightness triangles() {
    return Brightness.of(
        IntStream.rangeClosed(0, 255)
            .flatMap(
                v ->
                    IntStream.generate(() -> v)
                        .limit(
                            Math.max(0, 600 - 20 * Math.abs(v - 60))
                                + Math.max(0, 150 - 5 * Math.abs(v - 170))))
            .asDoubleStream()
            .toArray());
  }

  @Test
  void of_equal_cuts_the_first_is_taken() {
    assertThat(triangles().total()).isEqualTo(22_500);
    assertThat(Otsu.exact(triangles())).isEqualTo(89);
  }

  @Test
  void two_triangles_are_two_clusters_and_two_components() {
    GaussianMixture mixture = GaussianMixture.fit(triangles(), 2);

    assertThat(KMeans.of(triangles(), 2).fat()).isEqualTo(0.2);
    assertThat(mixture.mean(0)).isCloseTo(60, within(1e-6));
    assertThat(mixture.mean(1)).isCloseTo(170, within(1e-6));
    assertThat(Math.sqrt(mixture.variance(1))).isCloseTo(12.24064, within(1e-4));
    assertThat(mixture.parts().fat()).isEqualTo(0.2);
    assertThat(mixture.converged()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void thresholds_are_those_of_the_golden_file(int label) throws IOException {
    JsonNode wanted = golden().get("dixon_axial_01").get("label_" + label).get("on_fat_image");
    Brightness fat = fatImage(label);

    // the golden file was made of doubles, the image holds floats
    assertThat(Otsu.exact(fat))
        .isCloseTo(wanted.get("otsu_exact").get("threshold").asDouble(), within(1e-4));
    assertThat(Otsu.parts(fat).fat())
        .isEqualTo(wanted.get("otsu_exact").get("fat_share").asDouble());
    assertThat(Otsu.binned(fat))
        .isCloseTo(wanted.get("otsu_256_bins").get("threshold").asDouble(), within(1e-4));
    for (int clusters = 2; clusters <= 3; clusters++) {
      Parts parts = KMeans.of(fat, clusters);
      JsonNode kmeans = wanted.get("kmeans_" + clusters);
      for (int c = 0; c < clusters; c++) {
        assertThat(parts.share(c)).isEqualTo(kmeans.get("shares").get(c).asDouble());
      }
      double within = kmeans.get("within_sum_of_squares").asDouble();
      assertThat(KMeans.within(fat, parts)).isCloseTo(within, within(1e-6 * within));
    }
    for (int components = 2; components <= 3; components++) {
      GaussianMixture mixture = GaussianMixture.fit(fat, components);
      JsonNode gmm = wanted.get("gmm_" + components);
      for (int c = 0; c < components; c++) {
        double mean = gmm.get("means").get(c).asDouble();
        assertThat(mixture.mean(c)).isCloseTo(mean, within(1e-4 * mean));
      }
      assertThat(mixture.parts().fat()).isEqualTo(gmm.get("hard_fat_fraction").asDouble());
      assertThat(mixture.weight(components - 1))
          .isCloseTo(gmm.get("soft_fat_fraction").asDouble(), within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void hard_shares_are_those_of_scikit_learn_and_scikit_image(int label) throws IOException {
    JsonNode wanted = oracles().get(String.valueOf(label)).get("fatImage");
    Brightness fat = fatImage(label);

    double threshold = Otsu.binned(fat);
    double above = 0;
    for (int n = 0; n < fat.size(); n++) {
      above += fat.value(n) > threshold ? fat.count(n) : 0;
    }
    assertThat(above / fat.total()).isEqualTo(wanted.get("otsu256").asDouble());
    for (int parts = 2; parts <= 3; parts++) {
      JsonNode kmeans = wanted.get("kMeans" + parts);
      Parts clusters = KMeans.of(fat, parts);
      double theirs = kmeans.get("withinSum").asDouble();
      double ours = KMeans.within(fat, clusters);
      assertThat(ours).isLessThanOrEqualTo(theirs * (1 + 1e-9));
      for (int c = 0; c < parts && theirs - ours < 1e-9 * theirs; c++) { // else they missed it
        assertThat(clusters.share(c)).isEqualTo(kmeans.get("shares").get(c).asDouble());
      }
      JsonNode mixture = wanted.get("mixture" + parts);
      GaussianMixture fitted = GaussianMixture.fit(fat, parts);
      for (int c = 0; c < parts; c++) {
        double mean = mixture.get("means").get(c).asDouble();
        assertThat(fitted.mean(c)).isCloseTo(mean, within(1e-3 * mean));
        assertThat(fitted.parts().share(c)).isEqualTo(mixture.get("shares").get(c).asDouble());
      }
    }
  }

  @Test
  void clusters_are_the_best_of_all_cuts() {
    double[] values = {1, 2, 2, 4, 7, 8, 8, 9, 15, 16, 21};
    Brightness brightness = Brightness.of(values);
    double best = Double.POSITIVE_INFINITY;
    for (int a = 1; a < values.length - 1; a++) {
      for (int b = a + 1; b < values.length; b++) {
        best =
            Math.min(best, squares(values, 0, a) + squares(values, a, b) + squares(values, b, 11));
      }
    }

    assertThat(KMeans.within(brightness, KMeans.of(brightness, 3))).isCloseTo(best, within(1e-9));
  }

  private static double squares(double[] values, int from, int to) {
    double mean = 0;
    for (int n = from; n < to; n++) {
      mean += values[n] / (to - from);
    }
    double sum = 0;
    for (int n = from; n < to; n++) {
      sum += (values[n] - mean) * (values[n] - mean);
    }
    return sum;
  }

  @Test
  void too_few_values_are_refused() {
    Brightness one = Brightness.of(new double[] {5, 5, 5});

    assertThatIllegalArgumentException().isThrownBy(() -> Otsu.exact(one));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KMeans.of(one, 2))
        .withMessage("1 distinct values cannot be parted into 2");
  }
}
